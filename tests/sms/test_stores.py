"""The rows of text messages under many workers at once, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.store import sms_consent, sms_inbox, sms_outbox, sms_reports
from bot.store.database import session
from bot.store.erasure import delete_patient
from bot.store.models import PatientLink, utc_now
from bot.store.records import export_patient
from bot.store.sms_models import SmsOutbound
from bot.store.sms_numbers import hash_of, known, pass_on

PHONE, OTHER = "+15125550101", "+15125550102"
LEASE = timedelta(minutes=1)
MANY = 10


@pytest.fixture(autouse=True)
def numbers(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of each kind, and a key for numbers."""
    monkeypatch.setenv("BACKCOACH_SMS_KEY", "the key of numbers in tests, long enough")


def at_once(work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(work, range(MANY)))


def taken_in(sid: str = "SM1", number: str = PHONE, **more: Any) -> bool:
    return sms_inbox.take_in(sid, number, "hello", **more)


def queued(*kinds: str, number: str = PHONE) -> list[int]:
    """Takes a text in and settles it with texts of some kinds; returns their rows."""
    sid = f"SM{utc_now().timestamp()}"
    taken_in(sid, number)
    message = sms_inbox.claim_next(hash_of(number), "me", utc_now(), LEASE)
    holder = known(hash_of(number))
    assert message
    assert holder
    texts = [sms_outbox.Text(f"text {n}", 1, kind) for n, kind in enumerate(kinds)]
    outcome = sms_inbox.Outcome(texts, [(sms_consent.REPLIES, "message")])
    return sms_inbox.settle(message, "me", holder.sender_id, number, outcome)


def test_the_same_message_many_times_at_once_is_stored_once() -> None:
    assert sum(at_once(lambda _: taken_in())) == 1


def test_many_first_messages_of_one_number_make_one_patient() -> None:
    assert all(at_once(lambda place: taken_in(f"SM{place}")))
    assert sms_inbox.waiting(utc_now()) == [(hash_of(PHONE), 0)]


def test_a_message_is_claimed_by_one_worker_and_in_order() -> None:
    for place in range(3):
        taken_in(f"SM{place}")
    number = hash_of(PHONE)

    def claim(place: int) -> sms_inbox.Message | None:
        return sms_inbox.claim_next(number, f"worker {place}", utc_now(), LEASE)

    first = [claimed for claimed in at_once(claim) if claimed]
    assert [message.message_sid for message in first] == ["SM0"], "the next one waits for it"


def test_dangers_are_taken_up_first() -> None:
    taken_in("SM1", PHONE)
    taken_in("SM2", OTHER, level=6)
    assert [found for found, _ in sms_inbox.waiting(utc_now())] == [hash_of(OTHER), hash_of(PHONE)]


def test_a_crashed_worker_loses_its_message_to_the_next() -> None:
    taken_in()
    now = utc_now()
    assert sms_inbox.claim_next(hash_of(PHONE), "crashed", now, LEASE)
    assert sms_inbox.claim_next(hash_of(PHONE), "next", now, LEASE) is None
    later = sms_inbox.claim_next(hash_of(PHONE), "next", now + 2 * LEASE, LEASE)
    assert later
    assert later.attempts == 2
    holder = known(later.number_hash)
    assert holder
    nothing = sms_inbox.Outcome()
    assert sms_inbox.settle(later, "crashed", holder.sender_id, PHONE, nothing) == []


def test_a_text_is_claimed_by_one_worker() -> None:
    (row,) = queued("reply")
    won = at_once(lambda place: sms_outbox.claim(row, f"worker {place}", utc_now(), LEASE))
    assert len([claimed for claimed in won if claimed]) == 1


def test_texts_of_one_number_go_out_one_after_the_other_and_emergencies_at_once() -> None:
    first, second = queued("reply", "reply")
    (urgent,) = queued("emergency")
    (other,) = queued("reply", number=OTHER)
    assert [row for row, _ in sms_outbox.ready(utc_now())] == [urgent, first, other]
    assert sms_outbox.claim(first, "me", utc_now(), LEASE)
    assert second not in [row for row, _ in sms_outbox.ready(utc_now())]
    assert sms_outbox.mark_sent(first, "me", "SMout1")
    assert second in [row for row, _ in sms_outbox.ready(utc_now())]


def test_an_opt_out_beats_every_text_that_is_not_yet_claimed() -> None:
    rows = queued("reply", "emergency", "started")
    with session() as opened:
        sms_consent.record(opened, hash_of(PHONE), sms_consent.OPT_OUT, "keyword")
    claimed = [sms_outbox.claim(row, "me", utc_now(), LEASE) is not None for row in rows]
    assert claimed == [False, True, False]


def kept(row: int) -> SmsOutbound:
    with session() as opened:
        found: SmsOutbound = opened.get(SmsOutbound, row)
        opened.expunge(found)
        return found


def sent(kind: str = "reply", sid: str = "SMout1") -> int:
    """Queues and sends a text; returns its row."""
    (row,) = queued(kind)
    assert sms_outbox.claim(row, "me", utc_now(), LEASE)
    assert sms_outbox.mark_sent(row, "me", sid)
    return row


def open_texts() -> list[SmsOutbound]:
    with session() as opened:
        found = opened.execute(select(SmsOutbound).where(SmsOutbound.status == "pending"))
        rows = list(found.scalars())
        opened.expunge_all()
        return rows


@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_a_text_that_has_ended_keeps_neither_words_nor_number(status: str) -> None:
    row = sent()
    assert kept(row).text == "text 0", "it may have to be sent again"
    sms_reports.report("SMout1", "", "sent", None)
    sms_reports.report("SMout1", "", status, 30007 if status == "undelivered" else None)
    assert (kept(row).text, kept(row).number, kept(row).status) == (None, "", "sent")


def test_words_are_not_kept_where_no_report_comes() -> None:
    row = sent()
    sms_reports.empty_unreported(utc_now())
    assert kept(row).text is not None
    sms_reports.empty_unreported(utc_now() + 2 * sms_reports.KEPT)
    assert (kept(row).text, kept(row).number) == (None, "")


def test_a_report_that_is_quicker_than_the_answer_empties_the_text() -> None:
    (row,) = queued("reply")
    claimed = sms_outbox.claim(row, "me", utc_now(), LEASE)
    assert claimed
    assert sms_reports.report("SMout1", claimed.key, "delivered", None)
    assert sms_outbox.mark_sent(row, "me", "SMout1")
    assert (kept(row).text, kept(row).number) == (None, "")


@pytest.mark.parametrize("code", [30003, 30008])
def test_what_a_phone_that_is_off_did_not_get_is_sent_twice_more(code: int) -> None:
    row = sent()
    for tried, pause in enumerate(sms_reports.AGAIN_AFTER, start=1):
        assert sms_reports.report(f"SMout{tried}", "", "undelivered", code)
        assert sms_reports.report(f"SMout{tried}", "", "undelivered", code), "twice"
        assert sms_reports.report(f"SMout{tried}", "", "sent", None), "late"
        (again,) = open_texts()
        assert (again.text, again.number, again.kind) == ("text 0", PHONE, "reply")
        assert again.due_at > utc_now() + pause / 2
        assert sms_outbox.claim(again.id, "me", utc_now(), LEASE) is None, "not yet"
        later = again.due_at + timedelta(seconds=1)
        assert sms_outbox.claim(again.id, "me", later, 10 * LEASE)
        assert sms_outbox.mark_sent(again.id, "me", f"SMout{tried + 1}")
    sms_reports.report("SMout3", "", "undelivered", code)
    assert open_texts() == []
    assert kept(row).text is None


def test_an_answer_is_not_sent_again_after_a_newer_one_and_an_emergency_is() -> None:
    sent("reply", "SMout1")
    sent("emergency", "SMout2")
    sent("reply", "SMout3")
    sms_reports.report("SMout1", "", "undelivered", 30003)
    assert open_texts() == []
    sms_reports.report("SMout2", "", "undelivered", 30003)
    assert [row.kind for row in open_texts()] == ["emergency"]


def test_an_opt_out_meanwhile_keeps_a_text_from_being_sent_again() -> None:
    sent()
    sms_reports.report("SMout1", "", "undelivered", 30003)
    with session() as opened:
        sms_consent.record(opened, hash_of(PHONE), sms_consent.OPT_OUT, "keyword")
    (again,) = open_texts()
    assert sms_outbox.claim(again.id, "me", again.due_at, LEASE) is None
    assert open_texts() == []


@pytest.mark.parametrize("code", [30004, 30005, 30006])
def test_nothing_more_is_started_where_nobody_reads_it(code: int) -> None:
    row = sent()
    (reminder,) = queued("started")
    with session() as opened:
        sms_consent.record(opened, hash_of(PHONE), sms_consent.REMINDERS, "answer")
    sms_reports.report("SMout1", "", "undelivered", code)
    assert not sms_consent.consent_of(hash_of(PHONE)).reminders
    assert kept(reminder).status == "dropped"
    assert kept(row).provider_code == code


def test_a_report_before_the_answer_settles_a_text_that_may_have_gone_out() -> None:
    (row,) = queued("reply")
    claimed = sms_outbox.claim(row, "me", utc_now(), LEASE)
    assert claimed
    sms_outbox.try_later(row, "me", utc_now(), sms_outbox.UNKNOWN)
    assert sms_reports.report("SMout1", claimed.key, "delivered", None)
    assert sms_outbox.claim(row, "me", utc_now(), LEASE) is None
    assert sms_outbox.counts() == {"sent": 1}
    assert sms_reports.report("SMout1", claimed.key, "sent", None), "late"
    assert not sms_reports.report("SMunknown", "", "sent", None)


def test_a_patients_download_holds_what_they_agreed_to_on_a_phone_they_joined() -> None:
    queued(sms_consent.REPLY)
    queued(sms_consent.REPLY, number=OTHER)
    holder = known(hash_of(PHONE))
    assert holder
    with session() as opened:
        opened.add(PatientLink(sender_id=holder.sender_id, patient_id="web-1", channel="sms"))
    consents = export_patient("web-1")["text_message_consents"]
    assert isinstance(consents, list)
    assert [(said["event"], said["how"]) for said in consents] == [("replies", "message")]
    assert export_patient("web-2")["text_message_consents"] == []


def test_the_next_holder_of_a_number_has_a_conversation_of_their_own() -> None:
    taken_in()
    first = known(hash_of(PHONE))
    assert first
    second = pass_on(first.number_hash)
    now = known(first.number_hash)
    assert now
    assert (now.sender_id, now.choices, now.asked) == (second, (), None)
    assert second != first.sender_id


def test_a_danger_that_waits_outlasts_a_deletion() -> None:
    taken_in("SM1")
    number = hash_of(PHONE)
    holder = known(number)
    deletes = sms_inbox.claim_next(number, "me", utc_now(), LEASE)
    assert holder
    assert deletes
    taken_in("SM2", level=5)
    taken_in("SM3")
    delete_patient(holder.sender_id)
    sms_inbox.settle(deletes, "me", holder.sender_id, PHONE, sms_inbox.Outcome())
    assert known(number), "the answer has somewhere to go"
    danger = sms_inbox.claim_next(number, "me", utc_now(), LEASE)
    assert danger
    assert (danger.message_sid, danger.text) == ("SM2", "hello")
    sms_inbox.settle(danger, "me", holder.sender_id, PHONE, sms_inbox.Outcome())
    assert sms_inbox.waiting(utc_now()) == []


def test_a_danger_goes_past_an_older_message_that_somebody_works_on() -> None:
    taken_in("SM1")
    number, now = hash_of(PHONE), utc_now()
    assert sms_inbox.claim_next(number, "crashed", now, LEASE)
    taken_in("SM2")
    assert sms_inbox.waiting(now) == [], "nothing can be taken up"
    taken_in("SM3", level=5)
    assert sms_inbox.waiting(now) == [(number, 5)]
    danger = sms_inbox.claim_next(number, "me", now, LEASE)
    assert danger
    assert danger.message_sid == "SM3"
    assert sms_inbox.claim_next(number, "me", now, LEASE) is None


def test_a_settled_message_is_never_given_back() -> None:
    taken_in()
    message = sms_inbox.claim_next(hash_of(PHONE), "me", utc_now(), LEASE)
    assert message
    sms_inbox.settle(message, "me", "sms-1", PHONE, sms_inbox.Outcome())
    sms_inbox.release(message, "me")
    assert sms_inbox.waiting(utc_now()) == []


def test_a_server_that_hangs_fails_in_seconds(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.startswith("postgresql"):
        return
    from bot.store import database as module

    with session() as opened:
        assert opened.execute(text("SHOW statement_timeout")).scalar() == "5s"
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 1)
    module.engine.cache_clear()
    with pytest.raises(OperationalError), session() as opened:
        opened.execute(text("SELECT pg_sleep(60)"))
