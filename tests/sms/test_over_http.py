"""The channel over real HTTP, with the sandbox and the provider's own library."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import aiohttp
import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from bot.channels.sms import channel, turn, worker
from bot.channels.sms.settings import TOKEN
from bot.clinic import SmsProfile, clinic
from bot.store import sms_inbox
from bot.store.database import session
from bot.store.erasure import delete_patient
from bot.store.models import utc_now
from bot.store.records import export_patient
from bot.store.sms_consent import consent_of
from bot.store.sms_inbox import Message, claim_next, take_in, waiting
from bot.store.sms_models import SmsInbound, SmsNumber, SmsOutbound
from bot.store.sms_numbers import hash_of, known
from bot.store.sms_outbox import counts, troubles
from bot.texting.reactions import is_reaction
from tests.sms.harness import PHONE, Running, open_rows, say

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:sanic.*")
OTHER = "+15125550102"
LEGS = "I can't feel my legs and I wet myself"


async def post(running: Running, form: dict[str, str], **headers: str) -> int:
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{running.url}/sms/inbound", data=form, headers=headers) as answer,
    ):
        return answer.status


def form(running: Running, body: str = "hello", sid: str = "SM1", **more: str) -> dict[str, str]:
    account = running.settings.account_sid
    return {"AccountSid": account, "MessageSid": sid, "From": PHONE, "Body": body, **more}


def sign(running: Running, fields: dict[str, str], url: str | None = None) -> dict[str, str]:
    validator = RequestValidator(running.settings.auth_token)
    signed = validator.compute_signature(url or f"{running.url}/sms/inbound", fields)
    return {"X-Twilio-Signature": signed}


async def welcomed(running: Running) -> None:
    """Gets the first text, which says who writes, out of the way."""
    await running.ask("hello there")


# --- in and out ----------------------------------------------------------------------------------


async def test_a_text_is_answered(running: Running) -> None:
    answer = await running.ask("is walking good?")
    assert answer.endswith("You said: is walking good?")
    assert all(word in answer for word in ("automated", "911", "988", "HELP", "STOP"))
    assert await running.ask("and swimming?") == "You said: and swimming?"
    assert len({sender for sender, _ in running.dialogue.heard}) == 1
    await running.until(lambda: running.sent()[-1].status == "delivered")


async def test_one_number_never_reaches_anothers_conversation(running: Running) -> None:
    await asyncio.gather(running.ask("mine"), running.ask("theirs", OTHER))
    senders = {text: sender for sender, text in running.dialogue.heard}
    assert senders["mine"] != senders["theirs"]
    assert "theirs" not in " ".join(running.got())


async def test_nothing_that_is_kept_shows_number_or_text(running: Running) -> None:
    await running.ask("my secret words")
    await running.sandbox.reported()
    with session() as opened:
        rows = [*opened.execute(select(SmsInbound)).scalars(),
                *opened.execute(select(SmsOutbound)).scalars()]  # fmt: skip
        kept = str([vars(row) for row in rows])
        assert opened.execute(select(SmsNumber.number)).scalar_one() == PHONE
    assert "secret" not in kept
    assert PHONE not in kept
    assert PHONE[1:] not in running.dialogue.heard[0][0]


@pytest.mark.parametrize("media", [1, 3])
async def test_a_picture_is_answered_kindly(running: Running, media: int) -> None:
    await welcomed(running)
    assert "I can't look at pictures" in await running.ask("", media=media)
    both = await running.ask("what is this rash?", media=media)
    assert "I can't look at pictures" in both
    assert both.endswith("You said: what is this rash?")


async def test_fields_that_are_unknown_blank_or_missing_do_no_harm(running: Running) -> None:
    fields = form(running, Unknown="x", FromCity="", BodyExtra="é ñ 😀")
    assert await post(running, fields, **sign(running, fields)) == 200
    del fields["Body"]
    fields["MessageSid"] = "SM2"
    assert await post(running, fields, **sign(running, fields)) == 200
    await running.settled()
    assert [text for _, text in running.dialogue.heard] == ["hello", ""]
    no_sender = {"AccountSid": running.settings.account_sid, "Body": "hi"}
    assert await post(running, no_sender, **sign(running, no_sender)) == 200
    assert open_rows() == 0


# --- signatures ----------------------------------------------------------------------------------


async def test_what_the_provider_did_not_sign_is_refused(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    fields = form(running, "forged words")
    good = sign(running, fields)
    changed = {**fields, "Body": "other words"}
    elsewhere = sign(running, fields, "https://example.org/sms/inbound")
    other_account = {**fields, "AccountSid": "AC" + "0" * 32}
    with caplog.at_level(logging.DEBUG, "backcoach"):
        assert await post(running, fields) == 403
        assert await post(running, fields, **{"X-Twilio-Signature": "x"}) == 403
        assert await post(running, fields, **{"X-Twilio-Signature": "é"}) == 403
        assert await post(running, changed, **good) == 403
        assert await post(running, fields, **elsewhere) == 403
        assert await post(running, other_account, **sign(running, other_account)) == 403
    assert "forged words" not in caplog.text
    assert PHONE not in caplog.text
    assert running.dialogue.heard == []
    with session() as opened:
        assert list(opened.execute(select(SmsInbound)).scalars()) == []


async def test_a_replayed_request_does_nothing(running: Running) -> None:
    fields = form(running, "once only")
    for _ in range(3):
        assert await post(running, fields, **sign(running, fields)) == 200
        await running.settled()
    assert [text for _, text in running.dialogue.heard] == ["once only"]
    assert len(running.got()) == 1


async def test_the_same_message_ten_times_at_once_is_answered_once(running: Running) -> None:
    fields = form(running, "once only")
    posts = (post(running, fields, **sign(running, fields)) for _ in range(10))
    assert await asyncio.gather(*posts) == [200] * 10
    await running.settled()
    assert len(running.dialogue.heard) == len(running.got()) == 1


async def test_without_settings_there_is_no_service(
    running: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fields = form(running)
    await running.stop_bot()
    monkeypatch.delenv(TOKEN)
    with caplog.at_level(logging.ERROR, "backcoach"):
        await running.start_bot()
        for _ in range(3):
            assert await post(running, fields, **sign(running, fields)) == 503
    assert caplog.text.count("SMS is off") == 1
    assert TOKEN in caplog.text
    assert running.settings.auth_token not in caplog.text


async def test_reports_need_a_signature_and_never_go_backwards(running: Running) -> None:
    await running.ask("hello")
    sid = running.sent()[0].sid
    await running.until(lambda: _reported() == "delivered")
    url = f"{running.url}/sms/status"
    late = {"MessageSid": sid, "MessageStatus": "sent"}
    async with aiohttp.ClientSession() as client, client.post(url, data=late) as answer:
        assert answer.status == 403
    assert await running.sandbox.signed(url, late) == 204
    assert await running.sandbox.signed(url, {**late, "MessageSid": "SMunknown"}) == 204
    assert _reported() == "delivered"


def _reported() -> str | None:
    with session() as opened:
        found: str | None = opened.execute(select(SmsOutbound.provider_status)).scalar_one()
        return found


# --- order ---------------------------------------------------------------------------------------


async def test_texts_of_one_patient_are_worked_on_in_order(running: Running) -> None:
    running.dialogue.hold = asyncio.Event()
    for number in range(5):
        await running.text(f"text {number}")
        await running.text(f"other {number}", OTHER)
    running.dialogue.hold.set()
    await running.settled()
    heard = [text for _, text in running.dialogue.heard]
    assert [text for text in heard if text.startswith("text")] == [f"text {n}" for n in range(5)]
    got = " ".join(running.got())
    assert [got.index(f"text {n}") for n in range(5)] == sorted(
        got.index(f"text {n}") for n in range(5)
    )


async def test_a_danger_does_not_wait_behind_other_patients(running: Running) -> None:
    running.dialogue.hold = asyncio.Event()
    for number in range(20):
        await running.text("hello", f"+151255502{number:02}")
    await running.text(LEGS, PHONE)
    await running.until(lambda: running.dialogue.most_at_once == 2)
    running.dialogue.hold.set()
    await running.settled()
    heard = [text for _, text in running.dialogue.heard]
    assert heard.index(LEGS) < 3, "only what was being answered already went before"


async def test_ordinary_texts_let_visitors_of_the_website_go_first(running: Running) -> None:
    """A danger does not."""
    running.dialogue.idle = 0.0
    await running.text("hello")
    await running.text(LEGS, OTHER)
    await running.until(lambda: bool(running.dialogue.heard))
    assert [text for _, text in running.dialogue.heard] == [LEGS]
    running.dialogue.idle = math.inf
    await running.settled()
    assert len(running.dialogue.heard) == 2


async def test_ordinary_texts_wait_for_an_engine_that_is_starting(running: Running) -> None:
    """After a restart nobody gets an apology by text; a danger does not wait."""
    running.dialogue.loading = asyncio.Event()
    await running.text("hello")
    await running.text(LEGS, OTHER)
    await running.until(lambda: bool(running.dialogue.heard))
    assert [text for _, text in running.dialogue.heard] == [LEGS]
    running.dialogue.loading.set()
    await running.settled()
    assert len(running.dialogue.heard) == 2


async def test_a_bare_answer_that_crossed_the_question_is_not_taken_for_one(
    running: Running,
) -> None:
    """Two texts "1" in a row: the second was written before its question could be read."""
    await welcomed(running)
    answers = iter([[say("Numb?", "No", "Yes")], [say("Fever?", "No", "Yes")], [say("Done.")]])
    running.dialogue.answer = lambda _text: next(answers)
    await running.ask("start")
    running.dialogue.hold = asyncio.Event()
    await running.text("1")
    await running.text("1")
    running.dialogue.hold.set()
    await running.settled()
    assert [text for _, text in running.dialogue.heard] == ["hello there", "start", "No"]
    assert "texts crossed" in running.got()[-1]
    assert "Fever?" in running.got()[-1]
    assert await running.ask("1") == "Done."


# --- choices -------------------------------------------------------------------------------------


async def test_a_number_chooses_of_the_last_question_only(running: Running) -> None:
    await welcomed(running)
    running.dialogue.answer = lambda text: (
        [say("Numb?", "No", "Yes", "Not sure")] if text == "ask" else [say(f"Heard {text}.")]
    )
    for said, title in (("2", "Yes"), ("Reply 3.", "Not sure"), ("one", "No"), ("yes", "yes")):
        assert "1 for No, 2 for Yes, 3 for Not sure" in await running.ask("ask")
        assert await running.ask(said) == f"Heard {title}."
    assert await running.ask("2") == "Heard 2.", "no question is open"


async def test_where_a_number_is_asked_for_it_is_no_choice(running: Running) -> None:
    await welcomed(running)
    running.dialogue.answer = lambda text: (
        [say("Your reminder.", "Start", "Later"), say("How bad is it, 0 to 10?")]
        if text == "ask"
        else [say(f"Heard {text}.")]
    )
    asked = await running.ask("ask")
    assert "Reply 1" not in asked
    assert await running.ask("2") == "Heard 2."


async def test_choices_outlast_a_restart(running: Running) -> None:
    running.dialogue.answer = lambda text: [say(f"Heard {text}.", "No", "Yes")]
    await running.ask("ask")
    await running.stop_bot()
    await running.start_bot()
    assert "Heard Yes." in await running.ask("2")


# --- restarts and outages ------------------------------------------------------------------------


async def test_what_was_unfinished_is_taken_up_after_a_restart(running: Running) -> None:
    await running.stop_bot()
    for number in range(30):
        assert take_in(f"SM{number}", f"+151255505{number:02}", "hello")
    assert take_in("SMlast", PHONE, LEGS, level=5)
    await running.start_bot()
    await running.settled()
    heard = [text for _, text in running.dialogue.heard]
    assert len(heard) == 31
    assert heard.index(LEGS) < 8, "the danger is among the first that are taken up"
    assert len(running.got()) == len(running.got("+15125550500")) == 1


async def test_a_stop_gives_back_what_takes_too_long(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STOP_SECONDS", 0.05)
    running.dialogue.hold = asyncio.Event()
    await running.text("hello")
    await running.until(lambda: waiting(utc_now()) == [])
    await running.stop_bot()
    assert waiting(utc_now()) == [(hash_of(PHONE), 0)], "without waiting for a lease to run out"
    running.dialogue.hold = None
    await running.start_bot()
    await running.settled()
    assert len(running.got()) == 1


async def test_a_danger_overtakes_an_ordinary_text_of_the_same_number(running: Running) -> None:
    running.dialogue.hold = asyncio.Event()
    await running.text("is walking good?")
    await running.until(lambda: waiting(utc_now()) == [])
    await running.text(LEGS)
    await running.until(lambda: running.dialogue.at_once == 2)
    running.dialogue.hold.set()
    await running.settled()


async def test_what_nobody_can_take_up_is_not_asked_for_again_and_again(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def none(number_hash: str, *values: Any) -> Message | None:
        if number_hash == hash_of(OTHER):
            return claim_next(number_hash, *values)
        looked.append(number_hash)
        return None

    with monkeypatch.context() as patch:
        patch.setattr(sms_inbox, "claim_next", none)
        await running.text("hello")
        for number in range(1, 6):
            await running.text(f"hi {number}", OTHER)
            await running.until(lambda number=number: len(running.got(OTHER)) == number)  # type: ignore[misc]
    assert len(looked) <= 12, "at each text that comes in, and after each that was answered"


@pytest.mark.parametrize("hangs", [False, True])
async def test_without_the_database_a_danger_is_answered_in_the_webhook(
    running: Running, monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    over = threading.Event()

    def broken(*_values: object, **_named: object) -> bool:
        if hangs:
            over.wait(20)
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(channel, "STORE_SECONDS", 0.2)
        patch.setattr(sms_inbox, "take_in", broken)
        calm, urgent = form(running, "hello"), form(running, LEGS, "SM2")
        assert await post(running, calm, **sign(running, calm)) == 503
        url = f"{running.url}/sms/inbound"
        async with (
            aiohttp.ClientSession() as client,
            client.post(url, data=urgent, headers=sign(running, urgent)) as answer,
        ):
            assert answer.status == 200
            said = ElementTree.fromstring(await answer.text())
        over.set()
    assert [message.text for message in said] == ["Call 911 & go to the ER <now>."]


async def test_a_turn_that_a_crash_cut_off_is_not_done_twice(running: Running) -> None:
    """The dialogue had answered; the answer had not been stored."""
    await running.stop_bot()
    take_in("SMa", PHONE, "do it")
    number = hash_of(PHONE)
    claimed = claim_next(number, "crashed", utc_now(), timedelta(0))
    assert isinstance(claimed, Message)
    holder = known(number)
    assert holder
    await running.dialogue.reply(holder.sender_id, "do it", "sms")
    await running.start_bot()
    await running.settled()
    assert len(running.dialogue.heard) == 1
    assert running.got()[-1].endswith("You said: do it")


async def test_nothing_is_lost_while_the_provider_is_down(running: Running) -> None:
    running.faults.down = True
    for number in range(5):
        await running.text(f"hello {number}", f"+151255503{number:02}")
    await running.until(lambda: counts().get("pending") == 5 and len(troubles(_long_ago())) > 0)
    running.faults.down = False
    await running.settled()
    for number in range(5):
        got = running.got(f"+151255503{number:02}")
        assert len(got) == 1, "sent, and once"
        assert got[0].endswith(f"hello {number}")


def _long_ago() -> datetime:
    return utc_now() - timedelta(days=1)


async def test_too_many_requests_are_tried_again_later(running: Running) -> None:
    running.faults.limited = 2
    assert "You said: hello" in await running.ask("hello")
    assert len(running.got()) == 1


async def test_an_answer_of_the_provider_that_is_lost_sends_no_text_twice(
    running: Running,
) -> None:
    running.faults.lose_answers = 1
    await running.text("hello")
    await running.settled()
    assert len(running.got()) == 1
    with session() as opened:
        assert opened.execute(select(SmsOutbound.message_sid)).scalar_one() == running.sent()[0].sid


async def test_a_text_that_is_too_long_for_the_provider_is_split(running: Running) -> None:
    await welcomed(running)
    running.faults.longest = 100
    running.dialogue.answer = lambda _text: [say("One sentence of some words. " * 6)]
    got = await running.ask("tell me")
    assert " ".join(got.split()) == " ".join(("One sentence of some words. " * 6).split())
    assert all(len(text) <= 100 for text in running.got()[1:])


@pytest.mark.parametrize("code", [30003, 30004, 30005, 30006, 30007, 30008])
async def test_a_text_that_does_not_arrive_is_told_to_the_clinic(
    running: Running, code: int
) -> None:
    phone = f"+150055{code}"
    await running.text("hello", phone)
    await running.until(lambda: any(t.code == code for t in troubles(_long_ago())))
    again = {"pending": 1} if code in (30003, 30008) else {}
    assert counts() == {"sent": 1, **again}


@pytest.mark.parametrize("phone", ["+15005550001", "+15005550003", "+15005550009"])
async def test_a_number_that_is_refused_is_not_tried_again(running: Running, phone: str) -> None:
    await running.text("hello", phone)
    await running.settled()
    assert counts() == {"failed": 1}


async def test_fifty_patients_are_answered_beside_each_other(running: Running) -> None:
    running.faults.delay = 0.2
    phones = [f"+151255504{number:02}" for number in range(50)]
    await asyncio.gather(*(running.text(f"I am {phone}", phone) for phone in phones))
    await running.settled()
    assert all(running.got(phone)[0].endswith(f"I am {phone}") for phone in phones)
    assert all(len(running.got(phone)) == 1 for phone in phones)


# --- consent -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["STOP", "Stop.", "unsubscribe", "please stop texting me", "take me off your list"]
)
async def test_who_opts_out_gets_one_confirmation_and_nothing_more(
    running: Running, words: str
) -> None:
    await welcomed(running)
    confirmed = await running.ask(words)
    assert "opted out" in confirmed
    assert "START" in confirmed
    for more in ("hello?", words, "is walking good?", "1"):
        await running.text(more)
    await running.settled()
    assert len(running.got()) == 2
    assert consent_of(hash_of(PHONE)).opted_out
    assert "answers to your texts again" in await running.ask("START")
    assert await running.ask("hi") == "You said: hi"


async def test_what_waits_is_taken_back_by_an_opt_out(running: Running) -> None:
    running.faults.down = True
    await running.text("tell me about my legs")
    await running.until(lambda: counts().get("pending") == 1)
    await running.text("STOP")
    await running.until(lambda: counts().get("dropped") == 1)
    running.faults.down = False
    await running.settled()
    (only,) = running.got()
    assert "opted out" in only


async def test_a_danger_with_stop_opts_out_and_gets_the_one_instruction(running: Running) -> None:
    await welcomed(running)
    running.dialogue.answer = lambda _text: [
        say("Please go to the emergency room now.", "Book", type="alert"), say("Anything else?"),
    ]  # fmt: skip
    answer = await running.ask("STOP texting me, I can't feel my legs and I wet myself")
    assert answer == "Please go to the emergency room now."
    assert consent_of(hash_of(PHONE)).opted_out
    await running.text("hello?")
    await running.settled()
    assert len(running.got()) == 2


@pytest.mark.parametrize("words", ["STOP I can't feel my legs", "Stop. I can't feel my legs"])
async def test_a_danger_after_the_word_stop_gets_one_text_too(running: Running, words: str) -> None:
    await welcomed(running)
    await running.text(words)
    await running.settled()
    assert consent_of(hash_of(PHONE)).opted_out
    assert "911" in "\n".join(running.got()[1:])
    assert "opted out" not in "\n".join(running.got()[1:])


@pytest.mark.parametrize("opted_out", [False, True])
async def test_a_danger_goes_before_the_answer_on_how_to_stop(
    running: Running, opted_out: bool
) -> None:
    await running.ask("STOP" if opted_out else "hello")
    running.dialogue.answer = lambda _text: [say("Go to the emergency room now.", type="alert")]
    words = "How do I stop these texts? I can't feel my groin and I can't pee"
    assert await running.ask(words) == "Go to the emergency room now."
    assert consent_of(hash_of(PHONE)).opted_out is opted_out


async def test_a_danger_goes_before_the_word_that_texts_begin_again(running: Running) -> None:
    await running.ask("STOP")
    running.dialogue.answer = lambda _text: [say("Go to the emergency room now.", type="alert")]
    words = "please text me again, I can't pee and my legs are numb"
    assert await running.ask(words) == "Go to the emergency room now."
    assert not consent_of(hash_of(PHONE)).opted_out


async def test_a_danger_is_answered_even_after_an_opt_out(running: Running) -> None:
    await running.ask("STOP")
    answer = await running.ask(LEGS)
    assert "emergency room" in answer or "911" in answer
    assert consent_of(hash_of(PHONE)).opted_out


@pytest.mark.parametrize("word", ["HELP", "info", "Help!"])
async def test_help_names_the_clinic_and_the_emergency_numbers(running: Running, word: str) -> None:
    answer = await running.ask(word)
    for fact in ("Spine & Core", "512-215-4227", "911", "988", "STOP"):
        assert fact in answer
    assert running.dialogue.heard == []


async def test_keywords_that_the_provider_answers_are_not_answered_twice(running: Running) -> None:
    running.faults.keywords = True
    await welcomed(running)
    await running.text("STOP")
    await running.settled()
    assert [t for t in running.got() if "opted out" in t] == []
    assert consent_of(hash_of(PHONE)).opted_out
    await running.text("START")
    await running.settled()
    assert not consent_of(hash_of(PHONE)).opted_out
    assert await running.ask("hi") == "You said: hi"


async def test_an_opt_out_that_only_the_provider_knows_is_recorded(running: Running) -> None:
    await welcomed(running)
    running.sandbox.exchange.blocked.add(PHONE)
    await running.text("hello?")
    await running.settled()
    assert consent_of(hash_of(PHONE)).opted_out


async def test_reminders_by_text_need_an_explicit_yes(running: Running) -> None:
    await welcomed(running)
    running.dialogue.answer = lambda text: (
        [say("Set.", type="plan")] if text == "plan" else [say(f"Heard {text}.")]
    )
    assert "Reply YES" in await running.ask("plan")
    assert await running.ask("is walking good?") == "Heard is walking good?."
    assert await running.ask("yes") == "Heard yes.", "the question is not the last one any more"
    assert not consent_of(hash_of(PHONE)).reminders
    await running.ask("plan")
    assert "I'll text you your reminders" in await running.ask("Yes please")
    assert consent_of(hash_of(PHONE)).reminders
    assert "Reply YES" not in await running.ask("plan")


# --- who holds the phone -------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["this is his wife", "new phone who dis", "wrong number"])
async def test_somebody_else_gets_to_read_nothing_of_before(running: Running, words: str) -> None:
    await running.ask("my left leg tingles")
    first = running.dialogue.heard[-1][0]
    said = await running.ask(words)
    assert "leg" not in said
    assert "NEW" in said
    assert "nothing from before" in (await running.ask("NEW")).lower()
    await running.ask("who am I?")
    assert running.dialogue.heard[-1][0] != first
    assert not consent_of(hash_of(PHONE)).reminders


async def test_the_same_person_goes_on(running: Running) -> None:
    await running.ask("my left leg tingles")
    first = running.dialogue.heard[-1][0]
    assert "512-215-4227" in await running.ask("who is this?")
    await running.ask("me")
    await running.ask("is walking good?")
    assert running.dialogue.heard[-1][0] == first


async def test_any_other_answer_begins_a_conversation_of_its_own(running: Running) -> None:
    await running.ask("my left leg tingles")
    first = running.dialogue.heard[-1][0]
    await running.ask("this is his wife")
    await running.ask("how much is a visit?")
    assert running.dialogue.heard[-1][0] != first


async def test_what_waits_is_not_sent_to_somebody_else(running: Running) -> None:
    await welcomed(running)
    running.faults.down = True
    await running.text("my left leg tingles")
    await running.until(lambda: counts().get("pending") == 1)
    await running.text("this is his wife")
    await running.until(lambda: counts().get("dropped") == 1)
    running.faults.down = False
    await running.settled()
    assert "leg" not in running.got()[-1]
    assert len(running.got()) == 2


async def test_new_is_understood_after_another_answer_too(running: Running) -> None:
    await running.ask("my left leg tingles")
    await running.ask("this is his wife")
    await running.ask("what did he write?")
    assert "fresh start" in await running.ask("NEW")
    assert await running.ask("new") == "You said: new", "it is no command at any other time"


REACTIONS = [
    "Liked “Can you feel it when you wipe? Reply STOP to opt out.”",
    'Loved "Please tell me if you can\'t feel your legs."',
    "👍 to “ Emergency: 911. Crisis: 988. STOP to opt out. ”",
    "Removed a like from “Numb between the legs?”",
    "Reacted 😂 to “I wet myself laughing”",
    "Liked an image",
]


@pytest.mark.parametrize("words", REACTIONS)
async def test_a_reaction_is_no_answer_no_danger_and_no_opt_out(
    running: Running, words: str
) -> None:
    running.dialogue.answer = lambda text: (
        [say("Numb?", "No", "Yes")] if text == "ask" else [say(f"Heard {text}.")]
    )
    await running.ask("is walking good?")
    await running.text(words)
    await running.settled()
    assert len(running.got()) == 1
    await running.ask("ask")
    again = await running.ask(words)
    assert "reaction" in again
    assert "Numb?" in again
    assert await running.ask("2") == "Heard Yes."
    assert not consent_of(hash_of(PHONE)).opted_out


@pytest.mark.parametrize(
    "words", ["I liked the bridge but can't feel my legs", 'she said "stop texting me"', "liked it"]
)
def test_what_is_no_reaction(words: str) -> None:
    assert not is_reaction(words)


async def test_a_caregivers_first_text_is_a_question_like_any_other(running: Running) -> None:
    assert (await running.ask("I'm his wife, what helps?")).endswith("what helps?")


async def test_a_danger_goes_before_the_question_who_writes(running: Running) -> None:
    await running.ask("hello")
    words = "this is his wife, he can't feel his legs and wet himself"
    await running.ask(words)
    assert running.dialogue.heard[-1][1] == words
    assert running.dialogue.heard[-1][0] != running.dialogue.heard[0][0]


async def test_deleted_is_deleted_and_an_opt_out_stays(running: Running) -> None:
    await running.ask("hello")
    await running.ask("STOP")
    sender = running.dialogue.heard[0][0]
    events = [event["event"] for event in export_patient(sender)["text_message_consents"]]  # type: ignore[attr-defined]
    assert events == ["replies", "opt_out"]
    delete_patient(sender)
    with session() as opened:
        assert opened.execute(select(SmsNumber.number)).scalar_one() is None
        assert list(opened.execute(select(SmsOutbound)).scalars()) == []
    assert consent_of(hash_of(PHONE)).opted_out
    await running.text("hello again")
    await running.settled()
    assert len(running.got()) == 2


# --- CANCEL --------------------------------------------------------------------------------------


async def test_cancel_opts_out_unless_the_clinic_set_it_up(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await welcomed(running)
    profile = clinic().copy(update={"sms": SmsProfile(cancel_word="booking")})
    with monkeypatch.context() as patch:
        patch.setattr(turn, "clinic", lambda: profile)
        assert await running.ask("CANCEL") == "You said: cancel my booking"
    assert "opted out" in await running.ask("CANCEL")
