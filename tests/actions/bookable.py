"""A clinic with times to book, on a day that stands still, and what a patient does there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from actions.appointments import ActionAskBookingTime
from actions.booking import ActionSubmitBooking, ValidateBookingForm
from bot.clinic import Clinic
from bot.store import appointments
from tests.actions.turning import SENDER, Outcome, run
from tests.booking.times import AUSTIN

FORM = "booking_form"
NOW = datetime(2026, 11, 30, 10, tzinfo=AUSTIN)  # a Monday
RULES = {
    "therapists": ["Dana Reyes"],
    "hours": dict.fromkeys(("monday", "tuesday", "thursday"), "09:00-12:00, 13:00-18:00"),
}
PERSON = {"booking_name": "Ana Lopez", "booking_phone": "+15125550100"}


@pytest.fixture
def bookable(store: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The clinic's profile with a booking block, on a day that stands still."""
    made = Clinic(name="The Clinic", phone="512-215-4227", area="Austin", booking=RULES)
    for module in ("actions.turns", "bot.appointments"):
        monkeypatch.setattr(f"{module}.clinic", lambda: made)
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def offer(**slots: Any) -> Outcome:
    return run(ActionAskBookingTime(), slots=slots, loop=FORM)


def titles(outcome: Outcome) -> list[str]:
    return [title for title, _ in outcome.buttons]


def answered(text: str, requested: str = "booking_time", **slots: Any) -> Outcome:
    intent = slots.pop("intent", "nlu_fallback")
    known = {**slots, "requested_slot": requested}
    return run(ValidateBookingForm(), text, intent, slots=known, loop=FORM)


def chosen(text: str = "1", **slots: Any) -> dict[str, Any]:
    """The slots after a time was offered and taken."""
    offered = {**slots, **offer(**slots).slots}
    return {**offered, **answered(text, **offered).slots}


def booked_now() -> appointments.Booked:
    outcome = run(ActionSubmitBooking(), "yes", slots={**PERSON, **chosen()})
    assert outcome.said == ["utter_appointment_booked"]
    return appointments.appointments_of(SENDER)[-1]
