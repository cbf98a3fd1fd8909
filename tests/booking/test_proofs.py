"""Nobody can guess whose a reference is: few tries, from however many conversations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from bot.store import appointments
from bot.store.database import session
from bot.store.models import ProofAttempt, utc_now
from bot.store.proofs import MOST_TRIES, WINDOW, TooManyTriesError, proven
from bot.store.records import new_reference
from tests.booking.times import slot

PHONE = "+15125550100"


def _booked() -> str:
    key = appointments.hold("p1", slot(0))
    return appointments.book("p1", key, "Ana Lopez", PHONE, False, "web").reference


def _try(sender: str, reference: str, phone: str) -> str:
    try:
        return "found" if proven(sender, reference, phone) else "wrong"
    except TooManyTriesError:
        return "locked"


def test_reference_and_phone_together_as_often_as_one_likes(database: str) -> None:
    reference = _booked()
    assert {_try("p2", reference, PHONE) for _ in range(3 * MOST_TRIES)} == {"found"}


@pytest.mark.parametrize("same", ["sender", "reference", "phone"])
def test_guessing_is_stopped_whatever_changes(database: str, same: str) -> None:
    """A new conversation, another reference or another number each time: it is counted."""
    reference = _booked()
    said = [
        _try(
            "p2" if same == "sender" else f"guesser-{number}",
            reference if same == "reference" else new_reference(),
            PHONE if same == "phone" else f"+1512555{number:04}",
        )
        for number in range(1000, 1000 + MOST_TRIES + 3)
    ]
    assert said == ["wrong"] * MOST_TRIES + ["locked"] * 3
    sender = "p2" if same == "sender" else "guesser"
    assert _try(sender, reference, PHONE) == "locked", "even the right pair, for now"
    assert appointments.appointments_of("p1"), "who booked it in this chat needs no proof"
    with time_machine.travel(utc_now() + WINDOW + timedelta(seconds=1), tick=False):
        assert _try(sender, reference, PHONE) == "found"


def test_guesses_at_once_are_counted_each(database: str) -> None:
    reference = _booked()
    guesses = [(f"guesser-{n}", reference, f"+1512555{n:04}") for n in range(1000, 1020)]
    with ThreadPoolExecutor(10) as pool:
        said = list(pool.map(lambda guess: _try(*guess), guesses))
    assert said.count("wrong") <= MOST_TRIES
    assert said.count("locked") == len(guesses) - said.count("wrong")


def test_what_was_tried_cannot_be_read_in_the_database(database: str) -> None:
    reference = _booked()
    _try("p2", reference, "+15125550199")
    with session() as opened:
        (row,) = opened.execute(select(ProofAttempt)).scalars()
        stored = f"{row.reference_digest} {row.phone_digest}"
    assert reference not in stored
    assert "5550199" not in stored
