"""What the bot starts: only after a yes, once, never in quiet hours, never after an opt-out."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update

from bot.jobs import texts
from bot.jobs.reminders import run_once
from bot.store import sms_consent, sms_outbox
from bot.store.database import session
from bot.store.erasure import delete_patient
from bot.store.links import Claim, claim, join, new_code
from bot.store.models import Appointment, OutboxMessage
from bot.store.reminders import save_plan, take_waiting
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
