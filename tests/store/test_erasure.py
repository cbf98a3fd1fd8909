"""Deletion: everything of one patient, on every database, and nothing of another's."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, text

from bot.store import appointments, audit, erasure
from bot.store.database import session
from bot.store.erasure import ERASED, KEPT, delete_patient, patient_tables
from bot.store.handoffs import record_hand_off
from bot.store.models import Appointment, Base, Conversation, PatientLink, Utterance, utc_now
from bot.store.notices import CLINIC_CANCELLED, free_notices
from bot.store.records import (
    export_patient,
    record_assessment,
    record_exercise,
    record_unanswered,
    record_urgency,
    request_booking,
)
from bot.store.reminders import agreed_plans, put_out, save_plan
from tests.booking.times import slot

NOON = datetime(2026, 3, 2, 18, tzinfo=timezone.utc)


def _book(sender: str, number: int) -> appointments.Booked:
    key = appointments.hold(sender, slot(number))
    return appointments.book(sender, key, f"Name of {sender}", "+15125550100", False, "web")


def _fill(sender: str, number: int) -> None:
    with session() as opened:
        opened.add(Conversation(sender_id=sender, state="[]"))
        opened.flush()
        opened.add(Utterance(sender_id=sender, speaker="patient", text="hello"))
    request_booking(sender, f"Name of {sender}", "+15125550100", "Monday")
    record_exercise(sender, "long_bridge", "finished", 5, 3)
    record_unanswered(sender, "blorp", "greet")
    record_urgency(sender, "raised", "er_now", "cauda_equina")
    record_assessment(sender, "self_care", None, "Fever: no.")
    record_hand_off(sender, "web", [("patient", "a human")])
    save_plan(
        sender, "web", NOON, days="024", at_time="12:00", starts_on=NOON.date(), ends_on=None,
        time_zone="America/Chicago",
    )  # fmt: skip
    (agreed,) = agreed_plans(sender)
    assert put_out(agreed, NOON, NOON + timedelta(days=2), None)
    _book(sender, number)


def _everything() -> str:
    """Returns all that is stored but for the audit log, as it is stored."""
    with session() as opened:
        return "".join(
            str(row)
            for table in Base.metadata.sorted_tables
            if table.name != "audit"
            for row in opened.execute(text(f"SELECT * FROM {table.name}")).all()
        )


def test_no_row_names_the_patient_any_more(database: str) -> None:
    _fill("web-1", 0)
    _fill("web-2", 1)
    other = export_patient("web-2")
    assert "web-1" in _everything()
    erased = delete_patient("web-1")
    assert "web-1" not in _everything()
    assert export_patient("web-2") == other
    assert erased.visits == [slot(0).starts]
    assert erased.rows >= 10


@pytest.mark.parametrize("named", ["web-1", "sms-1"])
def test_joined_phone_goes_with_its_patient_whichever_is_named(database: str, named: str) -> None:
    _fill("web-1", 0)
    _fill("web-2", 1)
    other = export_patient("web-2")
    with session() as opened:
        opened.add(PatientLink(sender_id="sms-1", patient_id="web-1", channel="sms"))
    _fill("sms-1", 2)  # a turn that was late: it is stored after the join
    erased = delete_patient(named)
    assert erased.visits == [slot(0).starts, slot(2).starts]
    assert "web-1" not in _everything()
    assert "sms-1" not in _everything()
    assert export_patient("web-2") == other
    assert audit.entries(action="delete")[0].patient == "web-1"


def test_visit_ahead_is_cancelled_freed_and_told_without_a_name(database: str) -> None:
    booked, later = _book("web-1", 0), _book("web-2", 1)
    delete_patient("web-1")
    with session() as opened:
        row = opened.query(Appointment).filter_by(reference=booked.reference).one()
        assert (row.sender_id, row.status, row.name, row.phone, row.slot_key) == (
            ERASED, "cancelled", None, None, None,
        )  # fmt: skip
    told = {(n.reference, n.kind) for n in free_notices(utc_now())}
    assert (booked.reference, CLINIC_CANCELLED) in told
    assert {reference for reference, _ in told} == {booked.reference, later.reference}
    assert _book("web-3", 0).slot.starts == booked.slot.starts, "somebody else can have the time"


def test_held_time_is_free_at_once(database: str) -> None:
    appointments.hold("web-1", slot(0))
    assert delete_patient("web-1").visits == []
    appointments.hold("web-2", slot(0))


def test_deletion_is_audited_with_who_did_it(database: str) -> None:
    _fill("web-1", 0)
    rows = delete_patient("web-1", "dana").rows
    entry = audit.entries(patient="web-1")[0]
    assert (entry.actor, entry.action) == ("dana", "delete")
    assert entry.detail == f"{rows} rows, visits cancelled: 1"


def test_deletion_that_fails_half_way_deletes_nothing(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill("web-1", 0)
    before = _everything()

    def fail(*_values: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(erasure.audit, "add", fail)
    with pytest.raises(ZeroDivisionError):
        delete_patient("web-1")
    assert _everything() == before


def test_table_of_tomorrow_is_deleted_and_exported_unless_it_says_not(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = MetaData()
    diary, stop_list = (
        Table(
            name, schema, Column("id", Integer, primary_key=True), Column("sender_id", String(50)),
            Column("words", String(50)), info=info,
        )
        for name, info in (("diary", {}), ("stop_list", {KEPT: "must not be texted again"}))
    )  # fmt: skip
    with session() as opened:
        schema.create_all(opened.connection())
        for table in (diary, stop_list):
            opened.execute(table.insert().values(sender_id="web-1", words="dear diary"))
    known = Base.metadata.sorted_tables
    monkeypatch.setattr(
        erasure.Base, "metadata", type("M", (), {"sorted_tables": [*known, diary, stop_list]})
    )
    assert export_patient("web-1")["diary"] == [{"words": "dear diary"}]
    delete_patient("web-1")
    assert "diary" not in export_patient("web-1")
    with session() as opened:
        assert opened.execute(diary.select()).all() == []
        assert len(opened.execute(stop_list.select()).all()) == 1


def test_every_table_with_a_patient_in_it_is_known() -> None:
    names = {table.name for table in patient_tables()}
    assert {"conversation", "utterance", "appointment", "hand_off", "outbox_message"} <= names
    assert "audit" not in names
