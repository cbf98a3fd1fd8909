"""Retention: what is outdated goes, daily and audited; nothing ahead, active or on its way."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.cli import main
from bot.clinic import Clinic, load_clinic
from bot.jobs.loop import JOBS
from bot.jobs.retention import run, run_daily
from bot.retention import LONGEST, SHORTEST, RetentionRules, cutoffs
from bot.settings import SettingsError
from bot.store import appointments, audit
from bot.store.database import session
from bot.store.handoffs import record_hand_off
from bot.store.inbox import follow_up
from bot.store.links import patient_of
from bot.store.models import (
    Base,
    Conversation,
    LinkAttempt,
    LinkCode,
    PatientLink,
    ProofAttempt,
    Utterance,
    WebMessage,
    utc_now,
)
from bot.store.records import (
    record_assessment,
    record_exercise,
    record_unanswered,
    record_urgency,
    request_booking,
)
from bot.store.reminders import agreed_plans, put_out, save_plan, stop_reminders
from bot.store.retention import sweep
from bot.store.sms_consent import consent_of
from bot.store.sms_models import SmsConsent, SmsInbound, SmsNumber, SmsOutbound
from tests.booking.times import slot

FACTS = {"name": "The Clinic", "phone": "512-215-4227", "area": "Austin"}
LONG_AGO = utc_now() - timedelta(days=3000)


def _counts() -> dict[str, int]:
    with session() as opened:
        counted = {
            table.name: int(opened.execute(select(func.count()).select_from(table)).scalar_one())
            for table in Base.metadata.sorted_tables
        }
    return {name: number for name, number in counted.items() if number}


def _fill(sender: str, when: datetime) -> None:
    """Fills every table, as of a moment."""
    with time_machine.travel(when, tick=False):
        with session() as opened:
            opened.add(Conversation(sender_id=sender, state='[{"text": "hello"}]'))
            opened.flush()
            opened.add(Utterance(sender_id=sender, speaker="patient", text="hello"))
            opened.add(
                ProofAttempt(
                    sender_id=sender, reference_digest="r", phone_digest="p", tried_at=when
                )
            )
            opened.add(SmsInbound(message_sid=sender, number_hash="h", received_at=when))
            opened.add(
                SmsOutbound(
                    key=sender, sender_id=sender, number_hash="h", number="+15125550100",
                    kind="reply", segments=1, created_at=when, expires_at=when,
                )
            )  # fmt: skip
            opened.add(PatientLink(sender_id=f"sms-{sender}", patient_id=sender, channel="sms"))
            opened.add(LinkCode(patient_id=sender, code_hash=f"h{sender}", expires_at=when))
            opened.add(LinkAttempt(sender_id=sender))
            opened.add(WebMessage(sender_id=sender, seq=1, speaker="me", body="hello"))
        request_booking(sender, "Ana Lopez", "+15125550100", "Monday", when + timedelta(days=1))
        record_exercise(sender, "long_bridge", "finished", 5, 3)
        record_unanswered(sender, "blorp", "greet")
        record_urgency(sender, "raised", "same_day", None)
        record_assessment(sender, "self_care", None, "Fever: no.")
        record_hand_off(sender, "web", [("patient", "a human")])
        save_plan(
            sender, "web", when, days="024", at_time="12:00", starts_on=when.date(), ends_on=None,
            time_zone="America/Chicago",
        )  # fmt: skip
        (agreed,) = agreed_plans(sender)
        assert put_out(agreed, when, when + timedelta(days=2), None)
        stop_reminders(sender)
        appointments.hold(sender, slot(0))
        follow_up("dana", sender, when)


def _phone(patient_id: str | None) -> None:
    """Stores an old number that waits for an answer, joined to a patient where one is given."""
    with session() as opened:
        opened.add(
            SmsNumber(
                number_hash="h", sender_id="sms-1", number="+15125550101", choices='["Yes"]',
                asked="reminders", first_at=LONG_AGO,
            )
        )  # fmt: skip
        if patient_id:
            opened.add(
                PatientLink(
                    sender_id="sms-1", patient_id=patient_id, channel="sms", linked_at=LONG_AGO
                )
            )


def _number() -> tuple[str | None, str | None, str | None]:
    with session() as opened:
        row = opened.get(SmsNumber, "h")
        return row.number, row.choices, row.asked


def _let_it_be_past(when: datetime) -> None:
    with session() as opened:
        opened.execute(
            Base.metadata.tables["appointment"].update().values(starts_at=when, ends_at=when)
        )


# --- what goes and what stays ------------------------------------------------------------------


def test_what_is_outdated_goes_from_every_table(database: str) -> None:
    _fill("web-1", LONG_AGO)
    _let_it_be_past(LONG_AGO)
    counted = _counts()
    # The consents to text messages must outlast everything; staff's accounts are theirs.
    stays = {"console_user", "console_session", "sign_in_attempt", "sms_number", "sms_consent"}
    assert set(counted) == set(Base.metadata.tables) - stays, "every other table is part of this"
    told = run("dana", dry_run=True)
    assert _counts() == counted, "a dry run deletes nothing"
    done = run("dana")
    assert {**told, "outbox_message": 0} == {**done, "outbox_message": 0}
    assert _counts() == {"audit": 1}, "only that it was done"
    (entry,) = audit.entries()
    assert (entry.actor, entry.action) == ("dana", "retention")
    assert "utterance 1" in entry.detail
    assert "conversation 1" in entry.detail


def test_what_is_recent_stays(database: str) -> None:
    _fill("web-1", utc_now() - timedelta(days=5))
    before = _counts()
    assert run("dana", dry_run=True) == {}
    assert run("dana") == {}
    assert _counts() == {**before, "audit": before["audit"] + 1}


def test_visit_ahead_stays_however_old_its_booking_is(database: str) -> None:
    with time_machine.travel(LONG_AGO, tick=False):
        key = appointments.hold("web-1", slot(0))
        booked = appointments.book("web-1", key, "Ana Lopez", "+15125550100", False, "web")
        ahead = slot(0).starts
        request_booking("web-1", "Ana Lopez", "+15125550100", "2090", ahead)
    run("dana")
    (left,) = appointments.appointments_of("web-1")
    assert left.reference == booked.reference
    assert _counts()["booking_request"] == 1
    with session() as opened:
        kinds = {row.kind for row in opened.execute(select(Base.metadata.tables["outbox_message"]))}
    assert "clinic_booked" in kinds, "the clinic's e-mail is still on its way"


@given(days=st.integers(SHORTEST["bookings"], LONGEST))
def test_no_period_reaches_what_is_ahead(days: int) -> None:
    now = utc_now()
    assert cutoffs(RetentionRules(bookings=days), now).bookings < now


def test_plan_that_still_reminds_stays(database: str) -> None:
    with time_machine.travel(LONG_AGO, tick=False):
        save_plan(
            "web-1", "web", utc_now(), days="024", at_time="12:00", starts_on=LONG_AGO.date(),
            ends_on=LONG_AGO.date(), time_zone="America/Chicago",
        )  # fmt: skip
    run("dana")
    assert _counts()["exercise_plan"] == _counts()["reminder"] == 1
    stop_reminders("web-1")
    run("dana")
    assert "exercise_plan" not in _counts()
    assert "reminder" not in _counts()


def test_conversation_that_goes_on_keeps_its_state_and_loses_old_messages(database: str) -> None:
    with session() as opened:
        opened.add(Conversation(sender_id="web-1", state="[]"))
        opened.flush()
        for when in (LONG_AGO, utc_now()):
            opened.add(Utterance(sender_id="web-1", speaker="patient", text="hi", said_at=when))
    assert run("dana") == {"utterance": 1}
    assert _counts() == {"conversation": 1, "utterance": 1, "audit": 1}


@pytest.mark.parametrize("who", ["sms-1", "web-1"])
def test_link_and_number_stay_while_either_side_is_in_use(database: str, who: str) -> None:
    _phone("web-1")
    with session() as opened:
        opened.add(Conversation(sender_id=who, state="[]"))
    assert run("dana") == {}
    assert patient_of("sms-1") == "web-1"
    assert _number() == ("+15125550101", '["Yes"]', "reminders")


def test_link_and_number_stay_while_a_reminder_is_active(database: str) -> None:
    _phone("web-1")
    save_plan(
        "web-1", "sms", utc_now(), days="024", at_time="12:00", starts_on=utc_now().date(),
        ends_on=None, time_zone="America/Chicago",
    )  # fmt: skip
    assert run("dana") == {}
    assert _number()[0] == "+15125550101"


def test_number_that_reaches_nobody_is_emptied_and_its_opt_out_stays(database: str) -> None:
    _phone(None)
    with session() as opened:
        opened.add(SmsConsent(number_hash="h", event="opt_out", how="keyword"))
    before = cutoffs(RetentionRules(), utc_now())
    assert sweep(before, "dana", dry_run=True) == {"sms_number": 1}
    assert sweep(before, "dana") == {"sms_number": 1}
    assert _number() == (None, None, None)
    assert consent_of("h").opted_out
    assert sweep(before, "dana") == {}


def test_old_number_that_writes_again_is_not_emptied_before_it_is_answered(database: str) -> None:
    _phone(None)
    with session() as opened:
        opened.add(SmsInbound(message_sid="SM1", number_hash="h", text="hello"))
    assert run("dana") == {}
    assert _number()[0] == "+15125550101"


def test_run_that_fails_half_way_deletes_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill("web-1", LONG_AGO)
    before = _counts()

    def fail(*_values: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "add", fail)
    with pytest.raises(ZeroDivisionError):
        sweep(cutoffs(RetentionRules(), utc_now()), "dana")
    assert _counts() == before


# --- once a day --------------------------------------------------------------------------------


def test_job_runs_once_a_day(store: Path) -> None:
    _fill("web-1", LONG_AGO)
    now = utc_now()
    assert run_daily(now)["utterance outdated"] == 1
    assert run_daily(now + timedelta(hours=23)) == {}
    assert len(audit.entries(action="retention")) == 1
    run_daily(now + timedelta(hours=25))
    assert [entry.actor for entry in audit.entries(action="retention")] == ["jobs", "jobs"]


def test_job_is_among_those_that_run_in_the_background() -> None:
    assert JOBS["retention"] is run_daily


# --- the clinic's periods ----------------------------------------------------------------------


def test_clinic_may_set_its_own_periods(store: Path, tmp_path: Path) -> None:
    profile = Clinic(**FACTS, retention={"messages": 30})
    assert (profile.retention.messages, profile.retention.records) == (30, 730)
    said = profile.facts()["clinic_retention"]
    assert "30 days" in said
    assert "2 years" in said
    assert Clinic(**FACTS, retention=None).retention == RetentionRules()


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ("messages: 0", "retention.messages"),
        ("messages: -5", "retention.messages"),
        ("messages: soon", "retention.messages"),
        ("audit: 30", "retention.audit"),
        ("records: 99999", "retention.records"),
        ("message: 30", "retention.message"),
    ],
)
def test_periods_that_make_no_sense_are_refused_with_their_line(
    tmp_path: Path, lines: str, field: str
) -> None:
    path = tmp_path / "clinic.yml"
    facts = "".join(f"{name}: {value}\n" for name, value in FACTS.items())
    path.write_text(f"{facts}retention:\n  {lines}\n")
    with pytest.raises(SettingsError, match=rf"^clinic\.yml: '{field}' .*\.$"):
        load_clinic(path)


# --- the command -------------------------------------------------------------------------------


def test_command_counts_then_deletes(store: Path) -> None:
    _fill("web-1", LONG_AGO)
    dry = CliRunner().invoke(main, ["retention", "run", "--dry-run", "--json"])
    said = json.loads(dry.stdout)
    assert said["dry_run"]
    assert said["rows"]["utterance"] == 1
    assert "Would be deleted: 1 of utterance" in (
        CliRunner().invoke(main, ["retention", "run", "--dry-run"]).stdout
    )
    assert json.loads(
        CliRunner().invoke(main, ["retention", "run", "--json"]).stdout
    )["rows"]["utterance"] == 1  # fmt: skip
    assert "nothing" in CliRunner().invoke(main, ["retention", "run"]).stdout


def test_audit_log_can_be_read(store: Path) -> None:
    assert "No entries" in CliRunner().invoke(main, ["audit"]).stdout
    audit.record("dana", "view", "web-1", "patient page")
    audit.record("dana", "export", "web-2")
    rows = json.loads(CliRunner().invoke(main, ["audit", "--patient", "web-1", "--json"]).stdout)
    assert [(row["who"], row["what"], row["patient"]) for row in rows] == [
        ("dana", "view", "web-1")
    ]
    assert "export" in CliRunner().invoke(main, ["audit", "--action", "export"]).stdout
