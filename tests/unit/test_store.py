"""What is kept: encrypted at rest, booked once, deleted and exported at the patient's word."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from bot.booking.slots import Slot
from bot.store import crypto, records
from bot.store.appointments import hold
from bot.store.crypto import DecryptionError, decrypt, encrypt
from bot.store.database import downgrade, is_current, migrate, session
from bot.store.erasure import ERASED, delete_patient
from bot.store.handoffs import record_hand_off
from bot.store.inbox import follow_up
from bot.store.links import Claim, claim, join, new_code
from bot.store.models import (
    Base,
    BookingRequest,
    Conversation,
    UrgencyRecord,
    Utterance,
    WebMessage,
)
from bot.store.proofs import proven
from bot.store.records import (
    all_bookings,
    all_unanswered,
    bookings_of,
    cancel_bookings,
    exercises_of,
    export_patient,
    record_assessment,
    record_exercise,
    record_unanswered,
    record_urgency,
    request_booking,
)
from bot.store.reminders import agreed_plans, put_out, save_plan

NOON = datetime(2026, 3, 2, 18, tzinfo=timezone.utc)
KEY = "a key of this module, long enough"


# --- encryption --------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def key() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(crypto.KEY_VARIABLE, KEY)
        yield


@given(st.text())
def test_what_is_encrypted_opens_again(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_ciphertext_differs_each_time_and_hides_the_text() -> None:
    sealed = [encrypt("I can't feel my legs") for _ in range(20)]
    assert len(set(sealed)) == 20
    assert not any("legs" in one for one in sealed)
    assert {one.partition(":")[0] for one in sealed} == {sealed[0].partition(":")[0]}


@pytest.mark.parametrize("place", [0, 3, 12, 20, -5])
def test_changed_ciphertext_is_refused(place: int) -> None:
    sealed = encrypt("Ana Lopez, 512-555-0100")
    changed = list(sealed)
    changed[place] = "A" if changed[place] != "A" else "B"
    with pytest.raises(DecryptionError):
        decrypt("".join(changed))


@pytest.mark.parametrize("stored", ["", ":", "plain text", "abcd:", "abcd:not base64!", "x:QUJD"])
def test_what_was_never_encrypted_is_refused(stored: str) -> None:
    with pytest.raises(DecryptionError):
        decrypt(stored)


def test_another_key_is_refused_and_the_mend_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = encrypt("secret words")
    monkeypatch.setenv(crypto.KEY_VARIABLE, "another key that is long enough")
    with pytest.raises(DecryptionError, match="BACKCOACH_DATA_KEY") as raised:
        decrypt(sealed)
    assert "secret words" not in str(raised.value)
    assert KEY not in str(raised.value)


def test_nothing_that_a_patient_said_is_plain_in_the_file(store: Path) -> None:
    words = ["Zebedee Quill", "+15125550177", "when pigs fly", "xylophone pain", "gibberish-word"]
    request_booking("web-1", words[0], words[1], words[2])
    record_unanswered("web-1", words[4], "greet")
    with session() as opened:
        opened.add(Conversation(sender_id="web-1", state=f'[{{"text": "{words[3]}"}}]'))
        opened.flush()
        opened.add(Utterance(sender_id="web-1", speaker="patient", text=words[3]))
    files = [path for path in store.parent.iterdir() if path.name.startswith(store.name)]
    raw = b"".join(path.read_bytes() for path in files)
    assert b"web-1" in raw, "the bytes were read"
    for word in words:
        assert word.encode() not in raw
        assert word.encode("utf-16-le") not in raw
    assert all_bookings()[0].name == words[0]
    assert all_unanswered()[0].text == words[4]


# --- migrations --------------------------------------------------------------------------------


def test_migrations_up_down_and_up_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    assert not is_current(url)
    migrate(url)
    assert is_current(url)
    migrate(url)
    downgrade("base", url)
    assert not is_current(url)
    with sqlite3.connect(tmp_path / "x.db") as opened:
        names = {row[0] for row in opened.execute("select name from sqlite_master")}
    opened.close()
    assert not names & set(Base.metadata.tables)
    migrate(url)
    assert is_current(url)


def test_migrated_schema_is_that_of_the_models(migrated_file: Path) -> None:
    found = inspect(create_engine(f"sqlite:///{migrated_file}", future=True))
    assert set(found.get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    for name, table in Base.metadata.tables.items():
        columns = {c["name"]: c["nullable"] for c in found.get_columns(name)}
        assert columns == {c.name: bool(c.nullable) for c in table.columns}, name


# --- bookings ----------------------------------------------------------------------------------

REQUEST = ("Ana Lopez", "+15125550100", "Tuesday after 5")


def test_request_is_stored_and_listed(store: Path) -> None:
    start = datetime(2026, 3, 10, 17, tzinfo=timezone(timedelta(hours=-5)))
    made = request_booking("web-1", *REQUEST, start, urgent=True)
    assert (made.name, made.phone, made.preferred) == REQUEST
    assert made.status == "requested"
    assert made.urgent
    assert made.preferred_start == start
    assert len(made.reference) == 6
    assert not set(made.reference) & set("AEIOU01")
    assert all_bookings() == bookings_of("web-1") == [made]
    assert bookings_of("web-2") == []


def test_same_request_twice_books_once(store: Path) -> None:
    first = request_booking("web-1", *REQUEST)
    assert request_booking("web-1", *REQUEST) == first
    assert len(all_bookings()) == 1


@pytest.mark.parametrize("place", range(3))
def test_another_name_phone_or_time_is_another_request(store: Path, place: int) -> None:
    request_booking("web-1", *REQUEST)
    other = [*REQUEST]
    other[place] = "+15125550199" if place == 1 else "Other"
    request_booking("web-1", *other)
    assert len(all_bookings()) == 2


def test_another_patient_with_the_same_words_is_another_request(store: Path) -> None:
    request_booking("web-1", *REQUEST)
    request_booking("web-2", *REQUEST)
    assert len(all_bookings()) == 2


def test_same_words_much_later_or_after_a_cancellation_are_a_new_request(store: Path) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = request_booking("web-1", *REQUEST)
        clock.move_to(NOON + timedelta(minutes=11))
        second = request_booking("web-1", *REQUEST)
        assert second.reference != first.reference
        cancel_bookings("web-1")
        third = request_booking("web-1", *REQUEST)
    assert len({first.reference, second.reference, third.reference}) == 3


def test_cancelling_ends_all_open_requests_of_one_patient(store: Path) -> None:
    request_booking("web-1", *REQUEST)
    request_booking("web-1", "Ana Lopez", "+15125550100", "Friday")
    other = request_booking("web-2", *REQUEST)
    assert {booking.status for booking in cancel_bookings("web-1")} == {"cancelled"}
    assert bookings_of("web-1") == []
    assert cancel_bookings("web-1") == []
    assert bookings_of("web-2") == [other]
    assert len(all_bookings("cancelled")) == 2
    assert all_bookings("requested") == [other]


def test_urgent_requests_are_listed_first(store: Path) -> None:
    for number, urgent in enumerate([False, True, False, True]):
        request_booking(f"web-{number}", *REQUEST, urgent=urgent)
    assert [booking.urgent for booking in all_bookings()] == [True, True, False, False]


def test_request_is_not_half_stored_when_it_fails(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records.secrets, "choice", lambda letters: letters[0])
    request_booking("web-1", *REQUEST)
    with pytest.raises(SQLAlchemyError):
        request_booking("web-2", *REQUEST)  # the same reference
    assert len(all_bookings()) == 1


# --- exercises ---------------------------------------------------------------------------------


def test_exercises_are_listed_the_oldest_first(store: Path) -> None:
    assert exercises_of("web-1") == []
    with time_machine.travel(NOON, tick=False) as clock:
        record_exercise("web-1", "long_bridge", "finished", 6, 5)
        clock.move_to(NOON + timedelta(days=1))
        record_exercise("web-1", "ta_activation", "stopped", 3, None)
        record_exercise("web-2", "long_bridge", "finished", 9, 9)
    assert exercises_of("web-1") == [
        records.LoggedExercise(NOON, "long_bridge", "finished", 6, 5),
        records.LoggedExercise(NOON + timedelta(days=1), "ta_activation", "stopped", 3, None),
    ]


# --- the patient's data ------------------------------------------------------------------------


def _fill(sender: str) -> None:
    request_booking(sender, *REQUEST)
    record_exercise(sender, "long_bridge", "finished", 5, 3)
    record_hand_off(sender)
    record_unanswered(sender, "blorp", "greet, faq/hours")
    record_assessment(sender, "self_care", None, "Fever: no.")
    save_plan(
        sender, "web", NOON, days="024", at_time="12:00", starts_on=NOON.date(), ends_on=None,
        time_zone="America/Chicago",
    )  # fmt: skip
    hold(sender, Slot(datetime(2090, 3, 6, 9, tzinfo=timezone.utc), f"Dana of {sender}", 60))
    (agreed,) = agreed_plans(sender)
    assert put_out(agreed, NOON, NOON + timedelta(days=2), None)
    assert proven(sender, "BBBBBB", "+15125550111") is None, "a wrong try is counted"
    code = new_code(sender, NOON)
    assert code
    assert claim(f"sms-of-{sender}", code, NOON) is Claim.MATCHED
    assert join(f"sms-of-{sender}", "sms", NOON)
    record_urgency(sender, "raised", "er_now", "cauda_equina")
    with session() as opened:
        opened.add(Conversation(sender_id=sender, state="[]"))
        opened.flush()
        opened.add(Utterance(sender_id=sender, speaker="patient", text="hello there"))
        opened.add(
            WebMessage(sender_id=sender, seq=1, speaker="me", body='{"text": "hello there"}')
        )
    follow_up("dana", sender, NOON)


def test_export_holds_everything_of_one_patient(store: Path) -> None:
    _fill("web-1")
    _fill("web-2")
    exported = export_patient("web-1")
    assert exported["patient"] == "web-1"
    assert [m["text"] for m in exported["messages"]] == ["hello there"]
    assert [(b["name"], b["phone"], b["preferred"]) for b in exported["bookings"]] == [REQUEST]
    assert [(e["pain_before"], e["pain_after"]) for e in exported["exercise_sessions"]] == [(5, 3)]
    assert [u["level"] for u in exported["urgencies"]] == ["er_now"]
    assert [h["status"] for h in exported["hand_offs"]] == ["waiting"]
    assert [a["summary"] for a in exported["assessments"]] == ["Fever: no."]
    assert [n["text"] for n in exported["not_understood"]] == ["blorp"]
    assert [(p["days"], p["at_time"]) for p in exported["plans"]] == [("024", "12:00")]
    assert [r["next_due_at"][:10] for r in exported["reminders"]] == ["2026-03-04"]
    assert {(m["kind"], m["status"]) for m in exported["reminder_messages"]} == {
        ("clinic_hand_off", "pending"), ("clinic_request", "pending"), ("reminder", "pending"),
    }  # fmt: skip
    assert [json.loads(m["body"])["text"] for m in exported["web_messages"]] == ["hello there"]
    assert [c["channel"] for c in exported["joined_channels"]] == ["sms"]


def test_deletion_removes_all_of_one_patient_and_nothing_of_another(store: Path) -> None:
    """But for the note that an urgency was raised, which is nobody's any more."""
    _fill("web-1")
    _fill("web-2")
    before = export_patient("web-2")
    delete_patient("web-1")
    left = export_patient("web-1")
    assert left.pop("patient") == "web-1"
    assert all(rows == [] for rows in left.values()), left
    assert export_patient("web-2") == before
    with session() as opened:
        kept = {
            name: len(list(opened.execute(select(t))))
            for name, t in Base.metadata.tables.items()
            if "sender_id" in t.columns and not name.startswith("sms_")  # tests/sms
        }
        assert opened.get(Conversation, "web-1") is None
        owners = [row.sender_id for row in opened.execute(select(UrgencyRecord)).scalars()]
    assert sorted(owners) == [ERASED, "web-2"]
    assert kept.pop("urgency_record") == 2
    assert kept.pop("outbox_message") == 3, (
        "a reminder, and e-mails on a request and a wish to talk"
    )
    assert set(kept.values()) == {1}
    assert delete_patient("web-1").rows == 0


def test_moments_are_in_utc(store: Path) -> None:
    with time_machine.travel(NOON, tick=False):
        request_booking("web-1", *REQUEST)
        record_urgency("web-1", "raised", "er_now", None)
    with session() as opened:
        for table in (BookingRequest.created_at, UrgencyRecord.recorded_at):
            assert opened.execute(select(table)).scalar_one() == NOON


@pytest.mark.usefixtures("broken_store")
def test_broken_database_is_an_error_and_not_a_silence() -> None:
    with pytest.raises(SQLAlchemyError):
        request_booking("web-1", *REQUEST)
    with pytest.raises(SQLAlchemyError):
        record_urgency("web-1", "seen", "er_now", None)


def test_a_replaced_file_is_noticed(store: Path, migrated_file: Path) -> None:
    """A kept connection must not go on writing into a file that nobody will read again."""
    record_hand_off("web-1")
    for file in store.parent.glob(f"{store.name}*"):
        file.unlink()
    shutil.copy(migrated_file, store)
    record_hand_off("web-2")
    with sqlite3.connect(store) as direct:
        found = direct.execute("SELECT sender_id FROM hand_off").fetchall()
    assert found == [("web-2",)]
