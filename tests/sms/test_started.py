"""What the bot starts: only after a yes, once, never in quiet hours, never after an opt-out."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update

from bot.booking.slots import Slot
from bot.channels.waiting import waiting_replies
from bot.jobs import notices, texts
from bot.jobs.reminders import run_once
from bot.store import appointments, sms_consent, sms_outbox
from bot.store.database import session
from bot.store.erasure import delete_patient
from bot.store.links import Claim, claim, join, new_code
from bot.store.models import Appointment, OutboxMessage, utc_now
from bot.store.notices import GRACE, confirmations_seen
from bot.store.reminders import save_plan, stop_reminders, take_waiting
from bot.store.sms_models import SmsOutbound
from bot.store.sms_numbers import hash_of, known, meet, pass_on

pytestmark = pytest.mark.usefixtures("store")
PHONE = "+15125550101"
NOON = datetime(2026, 3, 2, 18, tzinfo=timezone.utc)  # in Austin
LEASE = timedelta(minutes=1)


@pytest.fixture
def patient() -> str:
    """A patient with a reminder that is due."""
    number = meet(PHONE)
    agree(sms_consent.REPLIES)
    holder = known(number)
    assert holder
    save_plan(
        holder.sender_id, "sms", NOON, days="0123456", at_time="12:00", starts_on=date(2026, 3, 1),
        ends_on=None, time_zone="America/Chicago",
    )  # fmt: skip
    return holder.sender_id


def agree(event: str) -> None:
    with session() as opened:
        sms_consent.record(opened, hash_of(PHONE), event, "answer")


def queued() -> list[SmsOutbound]:
    with session() as opened:
        rows = list(opened.execute(select(SmsOutbound)).scalars())
        opened.expunge_all()
        return rows


def test_a_reminder_goes_out_by_text_after_an_explicit_yes(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    assert run_once(now=NOON) == {"put out": 1, "sent": 1}
    (row,) = queued()
    assert (row.kind, row.number, row.status) == ("started", PHONE, "pending")
    assert "at 12 pm" in row.text
    assert take_waiting(patient, "sms") is None, "what was sent is not said again"
    assert run_once(now=NOON) == {}
    assert len(queued()) == 1


def test_without_that_yes_it_waits_for_the_patients_next_text(patient: str) -> None:
    run_once(now=NOON)
    assert queued() == []
    assert take_waiting(patient, "sms") is not None


def test_it_waits_too_after_an_opt_out(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    agree(sms_consent.OPT_OUT)
    run_once(now=NOON)
    assert queued() == []


def test_an_opt_out_at_the_last_moment_holds(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    run_once(now=NOON)
    agree(sms_consent.OPT_OUT)
    (row,) = queued()
    now = datetime.now(timezone.utc)
    assert sms_outbox.claim(row.id, "worker", now, LEASE) is None
    (row,) = queued()
    assert (row.status, row.reason, row.text) == ("dropped", "opted_out", None)


def test_after_a_crash_it_is_queued_once(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    run_once(now=NOON)
    with session() as opened:  # the mark was lost, and the lease ran out
        opened.execute(update(OutboxMessage).values(status="claimed", lease_until=NOON, attempts=1))
    assert run_once(now=NOON + timedelta(minutes=5)) == {"sent again": 1}
    assert len(queued()) == 1


def _claim_at(hour_utc: int) -> sms_outbox.Outgoing | None:
    moment = datetime(2026, 3, 3, hour_utc, 30, tzinfo=timezone.utc)
    with session() as opened:
        row = opened.execute(select(SmsOutbound)).scalar_one()
        row.due_at, row.expires_at = moment, moment + timedelta(hours=2)
        number = row.id
    return sms_outbox.claim(number, "worker", moment, LEASE)


def test_in_quiet_hours_it_waits(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    run_once(now=NOON)
    assert _claim_at(5) is None, "23:30 in Austin"
    assert queued()[0].status == "pending"
    assert _claim_at(18) is not None


def test_what_came_too_late_is_dropped(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    run_once(now=NOON)
    (row,) = queued()
    now = datetime.now(timezone.utc)  # days after its reminder
    assert sms_outbox.claim(row.id, "worker", now, LEASE) is None
    assert queued()[0].reason == "late"


def test_nothing_is_started_for_an_earlier_holder_of_a_number(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    assert pass_on(hash_of(PHONE)) != patient
    run_once(now=NOON)
    assert queued() == []


def _appointment(sender_id: str) -> None:
    with session() as opened:
        row = Appointment(
            reference="K7TW2B", idempotency_key="k", sender_id=sender_id, therapist="Dana Reyes",
            starts_at=NOON + timedelta(days=2), ends_at=NOON + timedelta(days=2, hours=1),
            status="booked", name="Ana Lopez", phone=PHONE,
        )  # fmt: skip
        opened.add(row)
        opened.flush()
        opened.add(
            OutboxMessage(
                sender_id=sender_id, appointment_id=row.id, kind="patient_reminder", sequence=0,
                channel="sms", due_at=NOON, status="pending",
            )
        )  # fmt: skip


def test_an_appointment_is_told_without_names(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    _appointment(patient)
    assert texts.run_once(NOON) == {"texts queued": 1}
    (row,) = queued()
    assert "K7TW2B" in row.text
    assert "Wednesday, March 4 at 12 pm" in row.text
    assert "Ana" not in row.text
    assert "Dana" not in row.text
    assert texts.run_once(NOON) == {}


def test_an_appointment_is_not_told_without_a_yes(patient: str) -> None:
    _appointment(patient)
    assert texts.run_once(NOON) == {"texts not agreed to": 1}
    assert queued() == []


def test_the_ids_of_a_number_tell_nothing_and_change_with_its_holder() -> None:
    first = known(meet(PHONE))
    assert first
    second = pass_on(first.number_hash)
    assert first.sender_id != second
    for found in (first.sender_id, first.number_hash, second):
        assert PHONE[2:] not in found
    assert meet("+15125550199") != first.number_hash


def test_a_plan_of_the_joined_web_chat_reaches_the_phone_until_all_is_deleted(patient: str) -> None:
    code = new_code("web-1", NOON)
    assert code
    assert claim(patient, code, NOON) is Claim.MATCHED
    assert join(patient, "sms", NOON)
    agree(sms_consent.REMINDERS)
    assert run_once(now=NOON) == {"put out": 1, "sent": 1}
    (row,) = queued()
    assert (row.number, row.sender_id) == (PHONE, "web-1")
    delete_patient("web-1")
    assert queued() == []
    assert known(hash_of(PHONE)) is None, "the number goes with the web chat"


# --- confirmations of bookings -------------------------------------------------------------------


def _slot(days: int = 3) -> Slot:
    begins = (utc_now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return Slot(begins, "Dana Reyes", 45)


def _booked(sender: str) -> appointments.Booked:
    key = appointments.hold(sender, _slot())
    return appointments.book(sender, key, "Ana Lopez", PHONE, False, "sms")


def _run_jobs() -> None:
    now = utc_now() + GRACE * 2
    notices.run_once(now=now)
    texts.run_once(now)


def _states() -> list[tuple[str, str | None]]:
    return [(row.status, row.reason) for row in queued()]


def test_a_confirmation_that_was_not_said_is_texted_once_as_one(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    booked = _booked(patient)
    assert texts.run_once(utc_now()) == {}, "the conversation has its minute"
    _run_jobs()
    _run_jobs()
    (row,) = queued()
    assert "you're booked for" in row.text
    assert booked.reference in row.text
    assert waiting_replies(patient, "sms") == []


def test_a_confirmation_that_was_said_is_not_texted(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    _booked(patient)
    confirmations_seen(patient)
    _run_jobs()
    assert queued() == []


def test_a_confirmation_without_a_yes_is_said_at_the_next_text(patient: str) -> None:
    booked = _booked(patient)
    _run_jobs()
    assert queued() == []
    (reply,) = waiting_replies(patient, "sms")
    assert booked.reference in reply["text"]


def test_a_confirmation_of_an_older_time_is_not_texted(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    booked = _booked(patient)
    key = appointments.hold("web-1", _slot(5))
    moved = appointments.move(booked.reference, "web-1", key, "web")
    _run_jobs()
    (row,) = queued()
    assert moved.sequence == 1
    assert "you're booked for" in row.text


def test_what_was_cancelled_or_moved_before_it_went_out_is_taken_back(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    booked = _booked(patient)
    _run_jobs()
    key = appointments.hold(patient, _slot(5))
    appointments.move(booked.reference, patient, key, "sms")
    assert _states() == [("dropped", "newer")]
    _run_jobs()
    appointments.cancel(booked.reference)
    assert _states() == [("dropped", "newer")] * 2
    assert {row.text for row in queued()} == {None}


def test_a_message_claimed_before_it_changed_is_not_handed_over(patient: str) -> None:
    from bot.store.sms_notices import claim_appointed, free_appointed

    agree(sms_consent.REMINDERS)
    booked = _booked(patient)
    now = utc_now() + GRACE * 2
    (message,) = free_appointed(now)
    appointments.cancel(booked.reference)
    assert not claim_appointed(message.id, "me", now, LEASE)


# --- reminders that are stopped ------------------------------------------------------------------


def test_a_stopped_reminder_that_waits_goes_out_no_more(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    _booked(patient)
    _run_jobs()
    run_once(now=NOON)
    assert stop_reminders(patient)
    confirmation, reminder = queued()
    assert (reminder.status, reminder.reason, reminder.text) == ("dropped", "stopped", None)
    assert confirmation.status == "pending"
    assert not sms_consent.consent_of(hash_of(PHONE)).reminders


def test_the_next_holder_of_a_number_has_agreed_to_nothing(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    run_once(now=NOON)
    pass_on(hash_of(PHONE))
    assert not sms_consent.consent_of(hash_of(PHONE)).reminders
    assert _states() == [("dropped", "stranger")]


# --- quiet hours ---------------------------------------------------------------------------------


def test_what_waits_for_the_morning_holds_up_no_answer(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    run_once(now=NOON)
    assert _claim_at(5) is None, "23:30 in Austin"
    with session() as opened:
        to = sms_outbox.Recipient(patient, hash_of(PHONE), PHONE)
        sms_outbox.add(opened, sms_outbox.Text("Is it numb?", 1, sms_consent.REPLY), "in-1", to)
    answer = queued()[-1].id
    assert [row for row, _ in sms_outbox.ready(utc_now())][-1:] == [answer]


def test_without_quiet_hours_it_goes_out_at_any_time(patient: str) -> None:
    agree(sms_consent.REMINDERS)
    run_once(now=NOON)
    with session() as opened:
        opened.execute(update(SmsOutbound).values(quiet="||America/Chicago"))
    assert _claim_at(5) is not None
