"""One time, one patient: with many at once, after a kill at any step, on both databases."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.settings import ROOT
from bot.store import appointments as store
from bot.store.database import session
from bot.store.models import Appointment, OutboxMessage, utc_now
from bot.store.records import all_bookings, request_booking
from tests.booking.times import slot

ANA = ("Ana Lopez", "+15125550100", False, "web")
BOTH = [("clinic_booked", 0), ("patient_booked", 0)]


def _book(sender: str, number: int = 0) -> store.Booked:
    return store.book(sender, store.hold(sender, slot(number)), *ANA)


def _outbox() -> list[tuple[str, int]]:
    with session() as opened:
        rows = opened.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars()
        return sorted((row.kind, row.sequence) for row in rows)


def _rows() -> list[tuple[str, str, bool]]:
    with session() as opened:
        rows = opened.execute(select(Appointment).order_by(Appointment.id)).scalars()
        return [(row.sender_id, row.status, row.slot_key is not None) for row in rows]


# --- one time, one patient -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_fifty_patients_want_ten_times(database: str, seed: int) -> None:
    """All start at once; each goes on until they have a time or none is left."""
    barrier = threading.Barrier(50)

    def patient(number: int) -> str | None:
        numbers = list(range(10))
        random.Random(seed * 50 + number).shuffle(numbers)
        barrier.wait()
        while numbers:
            try:
                key = store.hold(f"p{number}", slot(numbers[0]))
                return store.book(f"p{number}", key, *ANA).slot.key
            except store.SlotTakenError:
                numbers.pop(0)
            except NoConnectionError:
                continue  # all were in use for seconds, on a slow machine: they ask again
        return None

    with ThreadPoolExecutor(50) as pool:
        got = list(pool.map(patient, range(50)))
    assert Counter(got) == Counter({**{slot(n).key: 1 for n in range(10)}, None: 40})
    booked = store.all_appointments("booked")
    assert len(booked) == len({b.slot.starts for b in booked}) == len({b.sender_id for b in booked})
    assert len({b.reference for b in booked}) == 10
    assert Counter(_outbox()) == Counter({kind: 10 for kind in BOTH})


def test_three_processes_want_one_time(database: str) -> None:
    """As several action servers would: real processes, one database."""
    started = [_changer() for _ in range(3)]
    for number, process in enumerate(started):
        assert process.stdin
        process.stdin.write(f"0 hold p{number} 0\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[0].strip() for process in started]
    assert sorted(said) == ["ended", "taken", "taken"]
    assert [row[1:] for row in _rows()] == [("held", True)]


def test_the_database_itself_refuses_a_second_patient(database: str) -> None:
    """Whatever the code does: the same therapist and moment cannot be stored twice."""
    _book("p1")
    with session() as opened:
        row = opened.execute(select(Appointment)).scalars().one()
        copied = {
            c.name: getattr(row, c.name) for c in Appointment.__table__.columns if c.name != "id"
        }
    copied |= {"reference": "OTHER1", "idempotency_key": "other", "sender_id": "p2"}
    with pytest.raises(IntegrityError), session() as opened:
        opened.add(Appointment(**copied))
    for given_up in range(2):
        with session() as opened:
            free = {**copied, "reference": f"R{given_up}", "idempotency_key": f"k{given_up}"}
            opened.add(Appointment(**{**free, "slot_key": None, "status": "cancelled"}))


def test_two_therapists_see_two_patients_at_once(database: str) -> None:
    _book("p1")
    key = store.hold("p2", slot(0, "Sam Okafor"))
    assert store.book("p2", key, *ANA).slot.therapist == "Sam Okafor"


def test_patients_who_change_places_never_lock_each_other_up(database: str) -> None:
    store.hold("p0", slot(0))
    store.hold("p1", slot(1))
    barrier = threading.Barrier(2)

    def swap(number: int) -> str:
        barrier.wait()
        try:
            return store.hold(f"p{number}", slot(1 - number))
        except store.SlotTakenError:
            return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert "taken" in set(pool.map(swap, range(2)))
    held = [row for row in _rows() if row[1] == "held"]
    assert len(held) == 2
    assert all(row[2] for row in held)


# --- a retry, a double click ---------------------------------------------------------------------


def test_double_click_books_once(database: str) -> None:
    key = store.hold("p1", slot(0))
    barrier = threading.Barrier(8)

    def click(_number: int) -> str:
        barrier.wait()
        return store.book("p1", key, *ANA).reference

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(click, range(8)))
    assert len(references) == 1
    assert _outbox() == BOTH


def test_retried_request_is_stored_once(database: str) -> None:
    barrier = threading.Barrier(8)

    def retry(_number: int) -> str:
        barrier.wait()
        return request_booking("p1", "Ana Lopez", "+15125550100", "mornings", key="k1").reference

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(retry, range(8)))
    assert len(references) == len(all_bookings()) == 1
    assert _outbox() == [("clinic_request", 0)]


def test_the_same_time_held_again_is_the_same_hold(database: str) -> None:
    assert store.hold("p1", slot(0)) == store.hold("p1", slot(0))
    assert len(_rows()) == 1


def test_key_of_somebody_else_books_nothing(database: str) -> None:
    key = store.hold("p1", slot(0))
    with pytest.raises(store.SlotTakenError):
        store.book("p2", key, *ANA)
    assert _outbox() == []


# --- holds ---------------------------------------------------------------------------------------


def test_held_time_is_nobody_elses_until_it_runs_out(database: str) -> None:
    begin = utc_now()
    with time_machine.travel(begin, tick=False):
        first = store.hold("p1", slot(0))
        with pytest.raises(store.SlotTakenError):
            store.hold("p2", slot(0))
        assert [t.starts for t in store.taken(begin)] == [slot(0).starts]
        assert store.taken(begin, but_for="p1") == []
    later = begin + store.HOLD + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        assert store.taken(later) == []
        _book("p2")
        with pytest.raises(store.SlotTakenError):
            store.book("p1", first, *ANA)
        with pytest.raises(store.SlotTakenError):
            store.hold("p1", slot(0))


def test_hold_that_ran_out_and_that_nobody_wanted_can_still_be_booked(database: str) -> None:
    begin = utc_now()
    with time_machine.travel(begin, tick=False):
        key = store.hold("p1", slot(0))
    with time_machine.travel(begin + store.HOLD * 2, tick=False):
        assert store.book("p1", key, *ANA).status == "booked"


def test_holds_are_freed_by_the_job_by_another_choice_and_by_leaving(database: str) -> None:
    begin = utc_now()
    with time_machine.travel(begin, tick=False):
        store.hold("p1", slot(0))
        store.hold("p1", slot(1))
        assert _rows() == [("p1", "expired", False), ("p1", "held", True)]
        store.release("p1")
        store.hold("p2", slot(1))
        assert store.release_expired(begin) == 0
    assert store.release_expired(begin + store.HOLD) == 1
    assert not any(keeps for *_, keeps in _rows())


# --- moving, cancelling --------------------------------------------------------------------------


def test_move_frees_the_old_time_and_keeps_the_reference(database: str) -> None:
    booked = _book("p1")
    key = store.hold("p1", slot(3))
    moved, again = (store.move(booked.reference, "p1", key, "web") for _ in range(2))
    assert moved.reference == again.reference == booked.reference
    assert moved.slot.starts == again.slot.starts == slot(3).starts
    _book("p2", 0)
    with pytest.raises(store.SlotTakenError):
        store.hold("p3", slot(3))
    assert Counter(_outbox())["clinic_moved", 1] == 1


def test_cancelled_time_is_free_again_and_told_once(database: str) -> None:
    booked = _book("p1")
    assert store.cancel(booked.reference)
    assert store.cancel(booked.reference) is None
    assert store.appointments_of("p1") == []
    _book("p2")
    assert Counter(_outbox())["clinic_cancelled", 1] == 1


def test_appointment_is_shown_for_reference_and_phone_only(database: str) -> None:
    booked = _book("p1")
    assert store.appointment_with(booked.reference, "+15125550100")
    assert store.appointment_with(booked.reference, "+15125550199") is None
    assert store.appointment_with("BBBBBB", "+15125550100") is None


# --- a kill at any step --------------------------------------------------------------------------


def _changer() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.booking.killed"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def kill(database: str) -> Iterator[Callable[..., bool]]:
    """Makes a change that is killed at a step; tells whether it got to its end."""
    process = _changer()

    def killed(step: int, action: str, sender: str, what: str) -> bool:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{step} {action} {sender} {what}\n")
        process.stdin.flush()
        said = process.stdout.readline().strip()
        assert said in ("killed", "ended")
        return said == "ended"

    yield killed
    process.communicate(timeout=60)


def _state() -> tuple[Any, Any, Any]:
    return _rows(), _outbox(), [booking.reference for booking in all_bookings()]


MAILED = {"email": "ana@example.com"}
NOTICES = {
    "hold": [],
    "book": [*BOTH, ("mail_booked", 0)],
    "move": [("clinic_moved", 1), ("mail_moved", 1), ("patient_booked", 1)],
    "cancel": [("clinic_cancelled", 1), ("mail_cancelled", 1)],
    "request": [("clinic_request", 0)],
}


def _prepared(action: str, sender: str, number: int) -> str:
    """Does what comes before a change; returns the change's last word."""
    if action == "hold":
        return str(number)
    key = store.hold(sender, slot(number))
    if action in ("book", "request"):
        return key
    booked = store.book(sender, key, *ANA, **MAILED)
    if action == "cancel":
        return booked.reference
    return f"{booked.reference}:{store.hold(sender, slot(number + 1))}"


@pytest.mark.parametrize("action", NOTICES)
def test_kill_at_any_step_leaves_all_or_nothing(kill: Callable[..., bool], action: str) -> None:
    """Before each step's end nothing has changed; with the last one, all of it has."""
    whole = nothing = 0
    for step in range(1, 40):
        sender, number = f"p{step}", 2 * step
        what = _prepared(action, sender, number)
        before = _state()
        ended = kill(step, action, sender, what)
        if _state() == before:
            nothing += 1
            assert not ended
            assert not whole, "an earlier step had stored it already"
            continue
        whole += 1
        new = Counter(_outbox()) - Counter(before[1])
        assert new == Counter(NOTICES[action]), "a change without its notices, or the reverse"
        if ended:
            break
    assert nothing >= 3
    assert whole >= 1


def test_time_held_by_a_patient_whose_process_died_is_free_again(
    kill: Callable[..., bool],
) -> None:
    """The hold was stored, and nobody is there any more to book it or to give it up."""
    while_held = next(step for step in range(1, 40) if _dies_holding(kill, step))
    assert while_held
    later = utc_now() + store.HOLD + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        _book("p99", 0)


def _dies_holding(kill: Callable[..., bool], step: int) -> bool:
    kill(step, "hold", "p1", "0")
    return bool(store.taken(utc_now()))
