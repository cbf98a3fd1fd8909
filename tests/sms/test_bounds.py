"""What bounds the texts to one number, over real HTTP: the limit, and machines that answer."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from bot.channels.sms import guard
from bot.clinic import Clinic, SmsProfile, clinic
from bot.store.database import session
from bot.store.models import utc_now
from bot.store.sms_consent import consent_of
from bot.store.sms_inbox import take_in
from bot.store.sms_models import SmsInbound, SmsOutbound
from bot.store.sms_numbers import hash_of
from bot.texting.machines import WITHIN, Repeats, is_automatic
from tests.sms.harness import PHONE, Running, say

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:sanic.*")
OTHER = "+15125550102"
LEGS = "I can't feel my legs and I wet myself"
MOST = 3


@pytest.fixture
def low(running: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The channel with a limit that a test reaches."""
    profile = clinic().copy(update={"sms": SmsProfile.construct(texts_an_hour=MOST)})
    monkeypatch.setattr(guard, "clinic", lambda: profile)
    return running


async def fill(running: Running, number: str = PHONE) -> None:
    """Sends as many texts as are answered."""
    for place in range(MOST):
        assert f"question {place}" in await running.ask(f"question {place}", number)


async def silent(running: Running, *texts: str) -> bool:
    """Sends texts and tells whether none of them was answered."""
    before = len(running.got())
    for text in texts:
        await running.text(text)
    await running.settled()
    return len(running.got()) == before


def hours_pass(hours: int) -> None:
    """Moves all texts into the past."""
    with session() as opened:
        for table, column in ((SmsInbound, "received_at"), (SmsOutbound, "created_at")):
            moved = {column: utc_now() - timedelta(hours=hours)}
            opened.execute(update(table).values(moved))


# --- the limit -----------------------------------------------------------------------------------


async def test_who_texts_without_end_is_told_once_and_then_gets_silence(low: Running) -> None:
    await fill(low)
    told = await low.ask("one more")
    for fact in ("as many texts as I can answer", "512-215-4227", "911", "988"):
        assert fact in told
    assert "You said" not in told
    assert await silent(low, "hello?", "is walking good?", "START", *(f"{n}" for n in range(9)))
    assert len(low.dialogue.heard) == MOST, "a flood costs no turns of the dialogue"
    assert "You said" in await low.ask("mine", OTHER), "nobody else is over the limit"


async def test_a_flood_at_once_is_answered_up_to_the_limit(low: Running) -> None:
    await low.stop_bot()
    for place in range(30):
        take_in(f"SM{place}", PHONE, f"question {place}")
    await low.start_bot()
    await low.settled()
    answers = [text for text in low.got() if "You said" in text]
    assert len(answers) == MOST
    assert len(low.got()) == MOST + 1


async def test_after_an_hour_texts_are_answered_again(low: Running) -> None:
    await fill(low)
    await low.ask("one more")
    hours_pass(2)
    assert await low.ask("hello again") == "You said: hello again"


async def test_the_limit_of_a_day_holds_for_the_day(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = clinic().copy(update={"sms": SmsProfile.construct(texts_a_day=MOST)})
    monkeypatch.setattr(guard, "clinic", lambda: profile)
    await fill(running)
    assert "as many texts" in await running.ask("one more")
    hours_pass(2)
    assert await silent(running, "and one more")
    hours_pass(25)
    assert "You said" in await running.ask("good morning")


async def test_an_emergency_is_answered_however_many_texts_came(low: Running) -> None:
    low.dialogue.answer = lambda text: (
        [say("Go to the emergency room now.", "Book", type="alert"), say("Anything else?")]
        if "legs" in text
        else [say(f"You said: {text}")]
    )
    await fill(low)
    await low.ask("one more")
    assert await low.ask(LEGS) == "Go to the emergency room now."
    assert await silent(low, "hello?")
    assert await low.ask(LEGS) == "Go to the emergency room now."


async def test_what_may_be_a_sign_counts_as_one_where_nothing_can_be_asked(low: Running) -> None:
    await fill(low)
    await low.ask("one more")
    words = "my groin feels kind of numb"
    low.dialogue.answer = lambda _text: [say("Is that new?", "No", "Yes")]
    said = await low.ask(words)
    assert "emergency" in said.lower() or "911" in said


async def test_the_answer_to_a_question_about_a_sign_is_heard_over_the_limit(low: Running) -> None:
    replies = {
        "ask": [say("Can't feel it when you wipe?", "No", "Yes")],
        "Yes": [say("Go to the emergency room now.", "Book", type="alert")],
    }
    low.dialogue.answer = lambda text: replies.get(text, [say(f"You said: question {text}")])
    for place in range(MOST - 1):
        await low.ask(f"question {place}")
    await low.ask("ask")
    assert await low.ask("2") == "Go to the emergency room now."


async def test_what_the_dialogue_says_over_the_limit_is_not_sent_but_for_a_danger(
    low: Running,
) -> None:
    low.dialogue.answer = lambda text: [say(f"You said: {text}", "No", "Yes")]
    await fill(low)
    assert "as many texts" in await low.ask("1")
    assert await silent(low, "2", "2", "yes")
    assert [text for _, text in low.dialogue.heard][MOST:] == ["No"], "nothing is open any more"


async def test_stop_and_help_hold_over_the_limit_and_have_an_end(low: Running) -> None:
    await fill(low)
    await low.ask("one more")
    assert "988" in await low.ask("HELP")
    assert await silent(low, "HELP", "INFO")
    assert "opted out" in await low.ask("STOP")
    assert consent_of(hash_of(PHONE)).opted_out
    assert await silent(low, "START")
    assert not consent_of(hash_of(PHONE)).opted_out
    assert await silent(low, "STOP", "START", "STOP")
    assert consent_of(hash_of(PHONE)).opted_out


def test_a_limit_that_an_exercise_would_reach_is_refused() -> None:
    facts = {"name": "C", "phone": "512-215-4227", "area": "Austin"}
    with pytest.raises(ValueError, match="40 or more"):
        Clinic(**facts, sms={"texts_an_hour": 5})
    assert Clinic(**facts).sms.texts_an_hour >= 40


# --- machines ------------------------------------------------------------------------------------

AUTOMATIC = [
    "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get "
    "where I’m going.",
    "I'm driving, will reply later",
    "I'm driving right now",
    "Sorry, I'm driving. I'll call you later.",
    "I'm not receiving notifications. If this is urgent, reply \"urgent\" to send a notification "
    "through with your original message.",
    "Sorry, I can't talk right now. I'll call you later.",
    "This number is not monitored.",
    "This phone isn't monitored, please call 512-555-0100",
    "This number does not accept text messages.",
    "Please do not reply to this message.",
    "Auto-reply: I am away until Monday",
    "AUTOMATIC REPLY: out of office",
    "This is an automated message. We are closed.",
    "Thank you for contacting Acme Plumbing! Our team will get back to you shortly.",
    "Thanks for your message. We'll respond during business hours.",
    "I am out of the office with limited access to email.",
    "Your message has been received.",
    "Free Msg: Unable to send message - Message Blocking is active.",
    "Respuesta automática: no estoy disponible",
]  # fmt: skip
PERSONS = [
    "I'm driving to Austin for three hours, should I stop and stretch?",
    "driving makes my back hurt",
    "I'm driving a truck all day and it hurts",
    "it hurts when I'm driving, worse later in the day",
    "is this number monitored?",
    "is this an automated message?",
    "I got an automated message from you about my visit",
    "thanks for your message, that helped",
    "thank you for contacting me, I'd like to book",
    "I'm out of the office on Friday, can we do Friday?",
    "I can't talk to my doctor until Monday",
    "my phone doesn't get texts from you",
    "I can't text and drive lol, is sitting bad for me?",
    "are you closed on Sunday?",
    "I don't get texts from you about my exercises",
    "my automatic car is bad for my back",
    "1", "N", "yes", "",
]  # fmt: skip


@pytest.mark.parametrize("text", AUTOMATIC)
def test_automatic_replies(text: str) -> None:
    assert is_automatic(text)


@pytest.mark.parametrize("text", PERSONS)
def test_what_persons_write(text: str) -> None:
    assert not is_automatic(text)


def test_only_the_same_text_in_a_row_and_soon_counts() -> None:
    repeats, noon = Repeats(), datetime(2026, 3, 2, 12, tzinfo=timezone.utc)

    def count(text: str, minutes: float = 0.0, whose: str = "a") -> int:
        return repeats.count(whose, text, noon + timedelta(minutes=minutes))

    assert [count("Thanks, we got it all."), count("THANKS,  we got it all.")] == [1, 2]
    assert count("thanks, we got it all.", whose="b") == 1
    assert count("something else entirely") == 1
    assert count("Thanks, we got it all.") == 1
    later = WITHIN.total_seconds() / 60 + 1
    assert count("Thanks, we got it all.", later) == 1
    assert [count(text, later) for text in ("next", "next", "next", "1", "1", "next step")] == [
        1
    ] * 6


@pytest.mark.parametrize("words", AUTOMATIC[:2] + AUTOMATIC[6:7])
async def test_an_automatic_reply_gets_one_answer(running: Running, words: str) -> None:
    await running.ask("is walking good?")
    told = await running.ask(words)
    assert "automatic reply" in told
    assert "512-215-4227" in told
    assert await silent(running, words, words, "This number is not monitored.")
    assert [text for _, text in running.dialogue.heard] == ["is walking good?"]
    assert await running.ask("ok and swimming?") == "You said: ok and swimming?"


async def test_an_automatic_reply_answers_no_question(running: Running) -> None:
    running.dialogue.answer = lambda text: [say(f"Heard {text}.", "No", "Yes")]
    await running.ask("ask")
    await running.ask("I'm driving, will reply later")
    assert (await running.ask("2")).startswith("Heard Yes.")


async def test_two_machines_do_not_answer_each_other_without_end(running: Running) -> None:
    """Whatever the other one says, it says it again at each of our texts."""
    words = "Howdy from the front desk of the Acme ranch."
    answered = 0
    for _ in range(20):
        if await silent(running, words):
            break
        answered += 1
    assert answered == 3
    assert "automatic reply" in running.got()[-1]
    assert await silent(running, words, words)
    assert await running.ask("is walking good?") == "You said: is walking good?"


async def test_the_same_words_go_on_from_step_to_step(running: Running) -> None:
    steps = iter(range(9))
    running.dialogue.answer = lambda _text: [
        say(f"{next(steps)}/9 Lift.", "Next", type="exercise_step")
    ]
    for place in range(6):
        assert f"{place}/9" in await running.ask("go on to the next step please")


async def test_a_danger_that_is_written_again_and_again_is_answered_each_time(
    running: Running,
) -> None:
    running.dialogue.answer = lambda _text: [say("Go to the emergency room now.", type="alert")]
    for _ in range(5):
        assert "emergency room" in await running.ask(LEGS)
    assert "emergency room" in await running.ask(
        "I'm driving, will reply later. can't feel my legs"
    )


async def test_an_unclear_answer_to_a_question_about_a_sign_is_heard_each_time(
    running: Running,
) -> None:
    said: list[str] = []

    def answer(text: str) -> list[dict[str, object]]:
        said.append(text)
        if said.count("what do you mean by that") == 3:
            return [say("Go to the emergency room now.", type="alert")]
        return [say("Can't feel it when you wipe?", "No", "Yes")]

    running.dialogue.answer = answer
    await running.ask("ask")
    for _ in range(2):
        assert "wipe" in await running.ask("what do you mean by that")
    assert await running.ask("what do you mean by that") == "Go to the emergency room now."
