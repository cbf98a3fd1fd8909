"""What fits into a text, what its words ask for, who writes it: without any channel."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.sms_consent import (
    CONFIRMATION,
    EMERGENCY,
    HELP,
    NO_REMINDERS,
    OPT_IN,
    OPT_OUT,
    REMINDERS,
    REPLIES,
    REPLY,
    STARTED,
    Consent,
)
from bot.texting.choices import chosen, is_bare, numbered
from bot.texting.delivery import EXPLAINED, Verdict, delay, verdict
from bot.texting.gsm7 import plain, size, transliterate
from bot.texting.identity import Stranger, is_same_person, stranger
from bot.texting.keywords import Keyword, asks_how_to_stop, asks_to_start, asks_to_stop, keyword
from bot.texting.parts import cut, fits, halves
from bot.texting.render import render
from tests.sms.harness import say

# --- segments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("é" * 160, "GSM-7", 160, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("[" * 81, "GSM-7", 162, 2),
        # A sign of two places is not cut: the segment before it stays one short.
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("í" * 70, "UCS-2", 70, 1),
        ("í" * 71, "UCS-2", 71, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("😀" * 67, "UCS-2", 134, 3),
    ],
)
def test_segments_are_counted_as_carriers_do(
    text: str, alphabet: str, units: int, segments: int
) -> None:
    counted = size(text)
    assert (counted.alphabet, counted.units, counted.segments) == (alphabet, units, segments)


def test_signs_that_say_the_same_are_replaced_and_accents_are_not() -> None:
    fancy = "“Don’t” – rest… • 2×3\u00a0½ → it’s"
    assert transliterate(fancy) == "\"Don't\" - rest... - 2x3 1/2 -> it's"
    assert size(transliterate(fancy)).alphabet == "GSM-7"
    assert transliterate("espalda aquí") == "espalda aquí"
    assert transliterate("cafe\u0301") == "café"


def test_markup_is_taken_away_and_links_stay_links() -> None:
    said = (
        "**Long bridge**, *step 1*\n\n- [Videos](https://example.com/a_b)\n- snake_case_word 2*3*4"
    )
    assert plain(said) == (
        "Long bridge, step 1\n- Videos: https://example.com/a_b\n- snake_case_word 2*3*4"
    )


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=900))
def test_no_word_is_lost_when_a_text_is_cut(text: str) -> None:
    parts = cut(text)
    bare = [re.sub(r"^\(\d+/\d+\) ", "", part) for part in parts] if len(parts) > 1 else parts
    assert "".join("".join(bare).split()) == "".join(text.split())
    assert all(fits(part) for part in parts)
    assert all(part.startswith(f"({n}/{len(parts)}) ") for n, part in enumerate(parts, 1)) or (
        len(parts) == 1
    )


def test_texts_are_cut_at_sentences() -> None:
    sentence = "This is a sentence of some length that says a thing. "
    parts = cut(sentence * 8)
    assert len(parts) == 2
    assert all(part.endswith("thing.") for part in parts)


@given(st.text("ab cd.", min_size=2, max_size=400))
def test_halves_hold_everything(text: str) -> None:
    assert "".join("".join(halves(text)).split()) == "".join(text.split())


# --- choices -------------------------------------------------------------------------------------

YES_NO = ("No", "Yes", "Not sure")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("1", "No"), ("2.", "Yes"), ("(3)", "Not sure"), ("one", "No"), ("Two", "Yes"),
        ("reply 1", "No"), ("Reply: 2", "Yes"), ("option 3", "Not sure"), ("#2", "Yes"),
        ("2 please", "Yes"), ("the second one", "Yes"), ("1st", "No"), ("2️⃣", "Yes"),
        ("2 yes", "Yes"), ("1) No", "No"), ("3 - not sure", "Not sure"), (" 2 ", "Yes"),
        ("1 yes", None), ("4", None), ("0", None), ("12", None), ("1 or 2?", None),
        ("2 weeks ago", None), ("1 2", None), ("one leg", None), ("yes", None), ("", None),
        ("2:30", None), ("5125550100", None), ("I did 2", None), ("no. 2 days", None),
    ],
)  # fmt: skip
def test_a_choice_is_a_number_alone(said: str, title: str | None) -> None:
    assert chosen(said, YES_NO) == title


def test_a_number_without_a_question_chooses_nothing() -> None:
    assert chosen("1", ()) is None


@pytest.mark.parametrize("said", ["1", "yes", "N", "next", "no thanks", "ok", "reply 2"])
def test_bare_answers(said: str) -> None:
    assert is_bare(said)


@pytest.mark.parametrize("said", ["", "my leg hurts", "is walking good for me?", "text you later"])
def test_what_says_something_itself_is_no_bare_answer(said: str) -> None:
    assert not is_bare(said)


def test_short_choices_take_one_line_and_long_ones_a_list() -> None:
    assert numbered(YES_NO) == "Reply 1 for No, 2 for Yes, 3 for Not sure."
    listed = numbered(("Book an evaluation", "Not now", "I've been seen by a doctor"))
    assert listed.splitlines()[0] == "1. Book an evaluation"
    assert listed.endswith("Reply with a number.")


def test_only_the_last_question_offers_choices() -> None:
    said = render([say("Hello.", "Start"), say("Numb?", "No", "Yes")])
    assert said.choices == ["No", "Yes"]
    assert said.texts == ["Hello.\nNumb?\nReply 1 for No, 2 for Yes."]
    assert render([say("Numb?", "No", "Yes"), say("How bad, 0 to 10?")]).choices == []


def test_a_list_that_is_numbered_already_is_not_numbered_twice() -> None:
    text = "These times are free:\n1. Monday at 9\n2. Tuesday at 3\nReply with its number."
    said = render([say(text, "Monday at 9", "Tuesday at 3", "None of these")])
    assert said.texts[0].count("Monday at 9") == 1
    assert "2. Tuesday at 3\n3. None of these\nReply" in said.texts[0]
    assert said.choices == ["Monday at 9", "Tuesday at 3", "None of these"]


def test_choices_are_never_torn_apart() -> None:
    titles = ("Book an evaluation", "I've been seen by a doctor", "That was a mistake")
    said = render([say("Please see a doctor today about what you told me. " * 5, *titles)])
    assert len(said.texts) == 2
    assert said.texts[1] == numbered(titles)


def test_the_picture_of_a_step_is_its_png() -> None:
    step = say("1/4 Lie down.", type="exercise_step", picture="/pictures/long_bridge_1.svg")
    assert render([step]).picture == "long_bridge_1.png"


# --- keywords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["STOP", "stop", " Stop. ", "STOPALL", "Stop all", "UNSUBSCRIBE", "end", "QUIT!", "Revoke",
     "OPTOUT", "opt-out", "please stop", "STOP STOP STOP"],
)  # fmt: skip
def test_stop_words(said: str) -> None:
    assert keyword(said) is Keyword.STOP


@pytest.mark.parametrize(
    "said",
    ["please stop texting me", "Stop messaging me!!", "can you stop texting me?",
     "quit sending me messages", "stop sending these texts", "don't text me anymore",
     "do not contact me again", "dont ever message me", "take me off your list",
     "I want to stop getting these texts",
     "remove me from this list please", "remove my number", "no more texts",
     "no more of these texts",
     "I don't want any more messages from you", "i dont want to get these texts",
     "unsubscribe me now", "I want to opt out", "opt me out", "I revoke my consent",
     "leave me alone",
     "lose my number", "cancel my texts", "stop all the texts and reminders", "stop spamming us",
     "STOP texting me, I can't feel my legs", "why do you keep writing? stop texting me",
     "deja de mandarme mensajes", "STOP I can't feel my legs", "Stop. I can't feel my legs",
     "STOP! he can't pee", "STOP\nmy legs are numb"],
)  # fmt: skip
def test_opt_out_in_words(said: str) -> None:
    assert asks_to_stop(said), said


@pytest.mark.parametrize(
    "said",
    ["when should I stop?", "should i stop if it hurts", "it won't stop hurting",
     "stop hurting me lol",
     "should I stop taking ibuprofen?", "I can't stop peeing", "the pain never stops",
     "my ex won't stop texting me", "he keeps texting me, told him to stop", "stop my reminders",
     "stop the exercise", "stop texting me reminders", "how do I stop the pain?", "stop",
     "I stopped the exercise", "don't want to stop", "my doctor said stop running",
     "should I stop texting while walking", "is it ok to stop early?", "no more pain",
     "I don't need a message, I need help", "cancel my appointment", "can I quit early?",
     "how do I unsubscribe?", "tell me when to stop", "stop it hurts", "STOP the exercise",
     "STOP my reminders", "I stop. I rest."],
)  # fmt: skip
def test_questions_about_stopping_are_no_opt_out(said: str) -> None:
    assert not asks_to_stop(said), said


def test_how_to_opt_out_is_a_question_that_has_an_answer() -> None:
    assert asks_how_to_stop("How do I unsubscribe?")
    assert asks_how_to_stop("how can I stop getting your texts")
    assert asks_how_to_stop("how do i stop receiving these messages?")
    assert asks_how_to_stop("how can i opt out")
    assert not asks_how_to_stop("how do I stop the pain?")


@pytest.mark.parametrize("said", ["start", "UNSTOP", "Opt in"])
def test_start_words(said: str) -> None:
    assert keyword(said) is Keyword.START


def test_other_words() -> None:
    assert keyword("HELP") is keyword("Info?") is Keyword.HELP
    assert keyword("Yes") is Keyword.YES
    assert keyword("cancel") is Keyword.CANCEL
    assert asks_to_start("ok you can text me again")
    assert not asks_to_start("stop texting me, then start texting my wife")
    for said in ("help me with the bridge", "start the long bridge", "yes please", "s", "n", ""):
        assert keyword(said) is None


# --- who writes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("wrong number", Stranger.WRONG_NUMBER),
        ("you have the wrong number", Stranger.WRONG_NUMBER),
        ("sorry wrong person", Stranger.WRONG_NUMBER), ("I don't know who this is",
                                                        Stranger.WRONG_NUMBER),
        ("this is his wife", Stranger.OTHER), ("Hi, this is Sam's daughter", Stranger.OTHER),
        ("I'm her husband", Stranger.OTHER), ("new phone who dis", Stranger.OTHER),
        ("I just got this number", Stranger.OTHER), ("she no longer has this number",
                                                     Stranger.OTHER),
        ("someone else has this phone now", Stranger.OTHER),
        ("who is this?", Stranger.ASKS), ("Who's this", Stranger.ASKS), ("who are you",
                                                                        Stranger.ASKS),
        ("my wife says I should rest", None), ("I got a new phone number 512-555-0100", None),
        ("I don't know this exercise", None), ("that's the wrong one", None),
        ("who is the therapist?", None), ("this is hard", None), ("his back hurts", None),
        ("I'm not a patient yet, can I book?", None),
    ],
)  # fmt: skip
def test_who_holds_the_phone(said: str, who: Stranger | None) -> None:
    assert stranger(said) is who


def test_the_same_person_says_so_plainly() -> None:
    assert all(map(is_same_person, ("ME", "it's me", "Same person", "still me.")))
    assert not any(map(is_same_person, ("help me", "new", "it's me, his wife", "my back")))


# --- consent and delivery ------------------------------------------------------------------------

EVENTS = st.lists(st.sampled_from([REPLIES, REMINDERS, NO_REMINDERS, OPT_OUT, OPT_IN]), max_size=8)


@given(EVENTS)
def test_consent_is_what_was_said_last(events: list[str]) -> None:
    holds = Consent()
    for event in events:
        holds = holds.after(event)
    if events and events[-1] == OPT_OUT:
        assert not holds.allows(REPLY)
        assert not holds.allows(STARTED)
    if REMINDERS not in events:
        assert not holds.allows(STARTED)
    if holds.allows(STARTED):
        assert OPT_OUT not in events[events.index(REMINDERS) :] or (
            REMINDERS in events[len(events) - 1 - events[::-1].index(OPT_OUT) :]
        )
    assert all(holds.allows(kind) for kind in (EMERGENCY, HELP, CONFIRMATION))


@pytest.mark.parametrize(
    ("http", "code", "what"),
    [
        (400, 21610, Verdict.OPTED_OUT), (400, 21617, Verdict.SPLIT), (429, 20429, Verdict.RETRY),
        (503, None, Verdict.RETRY), (None, None, Verdict.RETRY), (401, 20003, Verdict.SETTINGS),
        (404, 21703, Verdict.SETTINGS), (400, 21211, Verdict.FAIL), (400, 21614, Verdict.FAIL),
    ],
)  # fmt: skip
def test_errors_are_handled_each_as_it_deserves(
    http: int | None, code: int | None, what: Verdict
) -> None:
    assert verdict(http, code) is what


def test_pauses_double_and_are_bounded() -> None:
    assert [delay(n).total_seconds() for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert delay(50) == timedelta(minutes=1)


def test_every_code_of_the_carriers_is_explained_to_the_clinic() -> None:
    assert set(range(30003, 30009)) <= set(EXPLAINED)
    assert all(text.endswith(".") for text in EXPLAINED.values())
