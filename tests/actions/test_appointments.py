"""Booking a time in conversation, where the clinic's profile has times to book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from actions.appointments import NONE_OF_THESE, ActionAskBookingTime
from actions.booking import (
    ActionAskBookingConfirmed,
    ActionCancel,
    ActionCheckBooking,
    ActionStartBooking,
    ActionSubmitBooking,
    ValidateBookingForm,
)
from bot.booking.slots import Slot
from bot.clinic import Clinic
from bot.jobs.notices import run_once
from bot.store import appointments
from bot.store.records import all_bookings
from tests.actions.turning import SENDER, Outcome, run
from tests.booking.times import AUSTIN

FORM = "booking_form"
NOW = datetime(2026, 11, 30, 10, tzinfo=AUSTIN)  # a Monday
RULES = {
    "therapists": ["Dana Reyes"],
    "hours": dict.fromkeys(("monday", "tuesday", "thursday"), "09:00-12:00, 13:00-18:00"),
}
PERSON = {"booking_name": "Ana Lopez", "booking_phone": "+15125550100"}


@pytest.fixture(autouse=True)
def bookable(store: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The clinic's profile with a booking block, on a day that stands still."""
    made = Clinic(name="The Clinic", phone="512-215-4227", area="Austin", booking=RULES)
    for module in ("actions.turns", "bot.appointments"):
        monkeypatch.setattr(f"{module}.clinic", lambda: made)
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _offer(**slots: Any) -> Outcome:
    return run(ActionAskBookingTime(), slots=slots, loop=FORM)


def _titles(outcome: Outcome) -> list[str]:
    return [title for title, _ in outcome.buttons]


def _answer(text: str, requested: str = "booking_time", **slots: Any) -> Outcome:
    intent = slots.pop("intent", "nlu_fallback")
    known = {**slots, "requested_slot": requested}
    return run(ValidateBookingForm(), text, intent, slots=known, loop=FORM)


def _chosen(text: str = "1", **slots: Any) -> dict[str, Any]:
    """The slots after a time was offered and taken."""
    offered = {**slots, **_offer(**slots).slots}
    return {**offered, **_answer(text, **offered).slots}


def _booked() -> appointments.Booked:
    outcome = run(ActionSubmitBooking(), "yes", slots={**PERSON, **_chosen()})
    assert outcome.said == ["utter_appointment_booked"]
    return appointments.appointments_of(SENDER)[-1]


# --- offering ----------------------------------------------------------------------------------


def test_the_start_takes_the_time_that_was_said_with_it() -> None:
    outcome = run(ActionStartBooking(), "can i come in thursday after 3", "book_evaluation")
    assert outcome.next_action == FORM
    offer = _offer(booking_wish=outcome.slots["booking_wish"])
    assert offer.said == ["utter_booking_offer"]
    assert _titles(offer) == [
        "Thursday, December 3 at 3 pm", "Thursday, December 3 at 4 pm",
        "Thursday, December 3 at 5 pm", NONE_OF_THESE,
    ]  # fmt: skip
    assert "1. Thursday, December 3 at 3 pm" in offer.messages[0]["booking_times"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("sunday", "utter_slots_closed"), ("today", "utter_slots_too_soon"),
        ("March 3", "utter_slots_too_far"), ("tuesday at 11 pm", "utter_slots_taken"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_other_times_follow(wish: str, said: str) -> None:
    outcome = _offer(booking_wish=wish)
    assert outcome.said == [said, "utter_booking_offer"]
    assert len(_titles(outcome)) == 4


def test_urgent_patients_get_the_first_times_and_are_flagged() -> None:
    slots = {**PERSON, "urgency": "physician_soon", "booking_wish": "mornings"}
    assert _titles(_offer(**slots))[:2] == [
        "Tuesday, December 1 at 10 am", "Tuesday, December 1 at 11 am",
    ]  # fmt: skip
    run(ActionSubmitBooking(), "yes", slots=_chosen(**slots))
    assert [booked.urgent for booked in appointments.all_appointments()] == [True]


def test_other_times_are_others() -> None:
    first = _offer()
    more = _answer("anything else?", **first.slots)
    second = _offer(**more.slots)
    assert not set(_titles(first)) & set(_titles(second)) - {NONE_OF_THESE}


@pytest.mark.parametrize(
    ("said", "response"),
    [
        ("31 February", "utter_booking_time_impossible"), ("yesterday", "utter_booking_time_past"),
        ("purple", "utter_booking_time_invalid"), ("7", "utter_booking_time_invalid"),
        ("x" * 10_000, "utter_booking_time_invalid"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_said_and_times_are_offered_again(said: str, response: str) -> None:
    outcome = _answer(said, **_offer().slots)
    assert outcome.said == [response]
    assert outcome.slots["requested_slot"] == "booking_time"


def test_no_free_time_becomes_a_request() -> None:
    with time_machine.travel(NOW, tick=False):
        made = Clinic(name="C", phone="512-215-4227", area="A", booking={**RULES, "days_ahead": 1,
                      "hours": {"sunday": "09:00-10:00"}})  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.appointments.clinic", lambda: made)
            outcome = _offer()
            assert outcome.said == ["utter_booking_no_slots", "utter_ask_booking_time"]
            taken = _answer("Friday", **PERSON, **outcome.slots)
            assert taken.slots["booking_time"] == "Friday"
            done = run(ActionSubmitBooking(), "yes",
                       slots={**PERSON, **outcome.slots, **taken.slots})  # fmt: skip
    assert done.said == ["utter_booking_done"]
    assert [booking.preferred for booking in all_bookings()] == ["Friday"]


@pytest.mark.usefixtures("broken_store")
def test_without_the_database_it_goes_on_as_a_request() -> None:
    outcome = _offer()
    assert outcome.said == ["utter_booking_no_slots", "utter_ask_booking_time"]


def test_none_of_these_becomes_a_request_with_what_was_said() -> None:
    outcome = _answer(NONE_OF_THESE, intent="book_evaluation", booking_wish="mornings")
    assert outcome.said == ["utter_booking_callback"]
    assert outcome.slots["booking_time"] == "mornings"
    assert outcome.slots["requested_slot"] == "booking_name"


# --- taking, booking ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["1", "the first one", "Tuesday, December 1 at 10 am", "tuesday at 10"]
)
def test_time_is_taken_by_number_title_or_words_and_held(said: str) -> None:
    outcome = _answer(said, **_offer(booking_wish="asap").slots)
    assert outcome.slots["booking_time"] == "Tuesday, December 1 at 10 am with Dana Reyes"
    assert outcome.slots["requested_slot"] == "booking_name"
    assert len(appointments.taken(NOW)) == 1


def test_time_that_somebody_took_meanwhile_is_said_to_be_gone() -> None:
    offered = _offer().slots
    _other_takes(offered)
    outcome = _answer("1", **offered)
    assert outcome.said == ["utter_booking_slot_gone"]
    assert outcome.slots["requested_slot"] == "booking_time"


def _other_takes(offered: dict[str, Any]) -> None:
    first = offered["booking_offer"]["slots"][0]
    starts = datetime.fromisoformat(first["starts"])
    appointments.hold("web-2", Slot(starts, first["therapist"], first["minutes"]))


def test_everything_is_read_back_booked_and_confirmed_with_a_file_for_the_calendar() -> None:
    slots = {**PERSON, **_chosen()}
    (message,) = run(ActionAskBookingConfirmed(), slots=slots).messages
    assert message["booking_when"] == "Tuesday, December 1 at 10 am with Dana Reyes"
    outcome = run(ActionSubmitBooking(), "yes", slots=slots)
    assert outcome.said == ["utter_appointment_booked"]
    (booked,) = appointments.appointments_of(SENDER)
    assert (booked.name, booked.phone) == ("Ana Lopez", "+15125550100")
    (message,) = outcome.messages
    assert message["reference"] == booked.reference
    assert message["custom"]["type"] == "calendar"
    assert message["custom"]["filename"] == f"appointment-{booked.reference}.ics"
    assert "DTSTART:20261201T160000Z" in message["custom"]["content"]
    assert all(outcome.slots[name] is None for name in (*PERSON, "booking_hold", "booking_time"))
    assert all_bookings() == []


def test_retry_of_the_booking_books_once() -> None:
    slots = {**PERSON, **_chosen()}
    first, second = (run(ActionSubmitBooking(), "yes", slots=slots) for _ in range(2))
    assert first.messages[0]["reference"] == second.messages[0]["reference"]
    assert len(appointments.all_appointments()) == 1


def test_hold_that_ran_out_is_booked_if_the_time_is_free_and_said_to_be_gone_if_not(
    bookable: Any,
) -> None:
    slots = {**PERSON, **_chosen()}
    bookable.move_to(NOW + appointments.HOLD + timedelta(minutes=1))
    appointments.release_expired(NOW + appointments.HOLD * 2)
    assert run(ActionSubmitBooking(), "yes", slots=slots).said == ["utter_appointment_booked"]
    slots = {**PERSON, **_chosen()}
    bookable.move_to(NOW + appointments.HOLD * 3)
    _other_takes(slots)
    outcome = run(ActionSubmitBooking(), "yes", slots=slots)
    assert outcome.said == ["utter_booking_slot_gone"]
    assert outcome.next_action == FORM
    assert not set(PERSON) & set(outcome.slots), "name and number are not asked for again"


def test_correction_of_the_time_while_it_is_read_back_offers_others() -> None:
    slots = {**PERSON, **_chosen()}
    outcome = _answer("actually thursday afternoon", "booking_confirmed", **slots)
    assert outcome.slots["requested_slot"] == "booking_time"
    assert outcome.slots["booking_wish"] == "actually thursday afternoon"


def test_name_of_500_characters_is_asked_for_again() -> None:
    outcome = _answer("Ana " * 125, "booking_name", **_chosen())
    assert outcome.said == ["utter_booking_name_invalid"]
    assert outcome.slots["requested_slot"] == "booking_name"


def test_leaving_the_form_frees_the_time() -> None:
    outcome = run(ActionCancel(), "stop", "stop_exercise", slots=_chosen(), loop=FORM)
    assert outcome.said == ["utter_booking_dropped"]
    assert appointments.taken(NOW) == []


# --- checking, changing, cancelling ------------------------------------------------------------


def test_check_says_what_is_booked_and_that_the_clinic_knows_only_when_it_does() -> None:
    booked = _booked()
    outcome = run(ActionCheckBooking(), "my booking", "check_booking")
    assert outcome.said == ["utter_appointment_found"]
    assert outcome.messages[0]["reference"] == booked.reference

    class _Mail:
        def send(self, number: int, subject: str, text: str) -> None:
            assert "Ana Lopez" in text

    assert run_once(_Mail()) == {"notices sent": 1}
    outcome = run(ActionCheckBooking(), "my booking", "check_booking")
    assert outcome.said == ["utter_appointment_found", "utter_appointment_told"]


def test_change_keeps_the_old_time_until_the_new_one_is_booked() -> None:
    booked = _booked()
    outcome = run(ActionCheckBooking(), "move my visit to thursday", "change_booking")
    assert outcome.said == ["utter_appointment_change"]
    assert outcome.next_action == FORM
    assert appointments.appointments_of(SENDER)[0].slot == booked.slot
    slots = _chosen("1", **{k: v for k, v in outcome.slots.items() if k != "requested_slot"})
    done = run(ActionSubmitBooking(), "yes", slots=slots)
    assert done.said == ["utter_appointment_moved"]
    (moved,) = appointments.appointments_of(SENDER)
    assert moved.reference == booked.reference
    assert moved.slot.starts.astimezone(AUSTIN).date().isoformat() == "2026-12-03"
    assert "SEQUENCE:1" in done.messages[0]["custom"]["content"]


def test_cancel_frees_the_time() -> None:
    booked = _booked()
    outcome = run(ActionCancel(), "cancel my appointment", "cancel_booking")
    assert outcome.said == ["utter_appointment_cancelled"]
    assert outcome.messages[0]["reference"] == booked.reference
    assert appointments.taken(NOW) == []
    again = run(ActionCancel(), "cancel my appointment", "cancel_booking")
    assert again.said == ["utter_appointment_none"]


def test_several_appointments_are_listed_and_one_is_named() -> None:
    first, second = _booked(), _booked()
    for action, intent in ((ActionCancel(), "cancel_booking"),
                           (ActionCheckBooking(), "change_booking")):  # fmt: skip
        assert run(action, "my appointment", intent).said == ["utter_appointment_which"]
    named = f"cancel {second.reference.lower()}"
    assert run(ActionCancel(), named, "cancel_booking").said == ["utter_appointment_cancelled"]
    left = appointments.appointments_of(SENDER)
    assert [booked.reference for booked in left] == [first.reference]


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionCancel(), "cancel_booking"), (ActionCheckBooking(), "check_booking"),
        (ActionCheckBooking(), "change_booking"),
    ],
)  # fmt: skip
def test_somebody_elses_appointment_needs_its_reference_and_phone(action: Any, intent: str) -> None:
    key = appointments.hold("web-2", Slot(NOW + timedelta(days=3), "Dana Reyes", 60))
    other = appointments.book("web-2", key, "Bob Ray", "+15125550199", False, "web")
    for proof in ("", ", 512-555-0100"):
        outcome = run(action, f"my appointment {other.reference}{proof}", intent)
        assert outcome.said == ["utter_appointment_no_match"]
        assert outcome.next_action is None
    assert appointments.appointments_of("web-2")
    proven = run(action, f"my appointment {other.reference}, 512-555-0199", intent)
    assert proven.messages[0]["reference"] == other.reference
    assert proven.said != ["utter_appointment_no_match"]
