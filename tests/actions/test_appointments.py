"""Booking a time in conversation, where the clinic's profile has times to book."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from actions.appointments import NONE_OF_THESE
from actions.booking import (
    ActionAskBookingConfirmed,
    ActionCancel,
    ActionStartBooking,
    ActionSubmitBooking,
    ValidateBookingForm,
)
from bot.booking.slots import Slot
from bot.clinic import Clinic
from bot.store import appointments
from bot.store.records import all_bookings
from tests.actions.bookable import (
    FORM,
    NOW,
    PERSON,
    RULES,
    answered,
    chosen,
    offer,
    titles,
)
from tests.actions.turning import SENDER, did, run

pytestmark = pytest.mark.usefixtures("bookable")


# --- offering ----------------------------------------------------------------------------------


def test_the_start_takes_the_time_that_was_said_with_it() -> None:
    outcome = run(ActionStartBooking(), "can i come in thursday after 3", "book_evaluation")
    assert outcome.next_action == FORM
    offered = offer(booking_wish=outcome.slots["booking_wish"])
    assert offered.said == ["utter_booking_offer"]
    assert titles(offered) == [
        "Thursday, December 3 at 3 pm", "Thursday, December 3 at 4 pm",
        "Thursday, December 3 at 5 pm", NONE_OF_THESE,
    ]  # fmt: skip
    assert "1. Thursday, December 3 at 3 pm" in offered.messages[0]["booking_times"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("sunday", "utter_slots_closed"), ("today", "utter_slots_too_soon"),
        ("March 3", "utter_slots_too_far"), ("tuesday at 11 pm", "utter_slots_taken"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_other_times_follow(wish: str, said: str) -> None:
    outcome = offer(booking_wish=wish)
    assert outcome.said == [said, "utter_booking_offer"]
    assert len(titles(outcome)) == 4


def test_urgent_patients_get_the_first_times_and_are_flagged() -> None:
    slots = {**PERSON, "urgency": "physician_soon", "booking_wish": "mornings"}
    assert titles(offer(**slots))[:2] == [
        "Tuesday, December 1 at 10 am", "Tuesday, December 1 at 11 am",
    ]  # fmt: skip
    run(ActionSubmitBooking(), "yes", slots=chosen(**slots))
    assert [booked.urgent for booked in appointments.all_appointments()] == [True]


def test_other_times_are_others() -> None:
    first = offer()
    more = answered("anything else?", **first.slots)
    second = offer(**more.slots)
    assert not set(titles(first)) & set(titles(second)) - {NONE_OF_THESE}


@pytest.mark.parametrize(
    ("said", "response"),
    [
        ("31 February", "utter_booking_time_impossible"), ("yesterday", "utter_booking_time_past"),
        ("purple", "utter_booking_time_invalid"), ("7", "utter_booking_time_invalid"),
        ("x" * 10_000, "utter_booking_time_invalid"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_said_and_times_are_offered_again(said: str, response: str) -> None:
    outcome = answered(said, **offer().slots)
    assert outcome.said == [response]
    assert outcome.slots["requested_slot"] == "booking_time"


def test_no_free_time_becomes_a_request() -> None:
    with time_machine.travel(NOW, tick=False):
        made = Clinic(name="C", phone="512-215-4227", area="A", booking={**RULES, "days_ahead": 1,
                      "hours": {"sunday": "09:00-10:00"}})  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.appointments.clinic", lambda: made)
            outcome = offer()
            assert outcome.said == ["utter_booking_no_slots", "utter_ask_booking_time"]
            taken = answered("Friday", **PERSON, **outcome.slots)
            assert taken.slots["booking_time"] == "Friday"
            done = run(ActionSubmitBooking(), "yes",
                       slots={**PERSON, **outcome.slots, **taken.slots})  # fmt: skip
    assert done.said == ["utter_booking_done"]
    assert [booking.preferred for booking in all_bookings()] == ["Friday"]


def test_without_the_database_it_goes_on_as_a_request(bookable: Any, broken_store: None) -> None:
    outcome = offer()
    assert outcome.said == ["utter_booking_no_slots", "utter_ask_booking_time"]


def test_none_of_these_becomes_a_request_with_what_was_said() -> None:
    outcome = answered(NONE_OF_THESE, intent="book_evaluation", booking_wish="mornings")
    assert outcome.said == ["utter_booking_callback"]
    assert outcome.slots["booking_time"] == "mornings"
    assert outcome.slots["requested_slot"] == "booking_name"


# --- a time that is named ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("tuesday 2pm", "Tuesday, December 1 at 2 pm"),
        ("ok, 4 pm thursday", "Thursday, December 3 at 4 pm"),
        ("monday at 10 am", "Monday, December 7 at 10 am"),
        ("how about thursday at 2?", "Thursday, December 3 at 2 pm"),
        ("another day: thursday at 2", "Thursday, December 3 at 2 pm"),
    ],
)
def test_free_time_that_is_named_is_held_at_once_and_said_back(said: str, when: str) -> None:
    outcome = answered(said, **offer().slots)
    assert outcome.slots["booking_time"] == f"{when} with Dana Reyes"
    assert outcome.slots["requested_slot"] == "booking_name"
    assert outcome.said == ["utter_booking_held"]
    assert outcome.messages[0]["booking_when"] == f"{when} with Dana Reyes"
    assert len(appointments.taken(NOW)) == 1


def test_free_time_that_is_named_with_the_first_words_is_held() -> None:
    outcome = run(ActionStartBooking(), "book me on tuesday at 2 pm", "book_evaluation")
    assert outcome.said[-1] == "utter_booking_held"
    when = "Tuesday, December 1 at 2 pm with Dana Reyes"
    assert outcome.messages[-1]["booking_when"] == when
    begun = run(ValidateBookingForm(), "book me on tuesday at 2 pm", slots=outcome.slots,
                loop=FORM, since=[did("action_start_booking")])  # fmt: skip
    assert begun.slots["requested_slot"] == "booking_name"


@pytest.mark.parametrize(
    "said",
    [
        "around 10 on thursday", "thursday at 10 or 11", "thursday after 3", "thursday", "5 pm",
        "tuesday 2pm doesn't work", "not thursday at 2", "thursdays at 10", "thursday at 3:30",
    ],
)  # fmt: skip
def test_time_that_stays_open_is_not_held(said: str) -> None:
    answered(said, **offer().slots)
    run(ActionStartBooking(), said, "book_evaluation")
    assert appointments.taken(NOW) == []


def test_hour_that_is_named_and_gone_is_said_to_be_gone() -> None:
    slot = Slot(datetime(2026, 12, 1, 14, tzinfo=NOW.tzinfo), "Dana Reyes", 60)
    appointments.hold("web-2", slot)
    wish = answered("tuesday 2pm", **offer().slots)
    assert wish.slots["requested_slot"] == "booking_time"
    offered = offer(**wish.slots)
    assert offered.said == ["utter_slots_taken", "utter_booking_offer"]
    assert titles(offered)[0] == "Tuesday, December 1 at 1 pm"


def test_time_that_is_named_while_all_is_read_back_is_read_back_again() -> None:
    outcome = answered("no, make it thursday at 2", "booking_confirmed", **PERSON, **chosen())
    assert outcome.slots["booking_time"] == "Thursday, December 3 at 2 pm with Dana Reyes"
    assert outcome.slots["booking_start"] == "2026-12-03T14:00:00-06:00"
    assert len(appointments.taken(NOW)) == 1, "the first one is free again"


@pytest.mark.parametrize(
    ("said", "hour"),
    [("wait make it 10 instead", "10"), ("can we change it to 11 am", "11"), ("no, at 2 pm", "14")],
)
def test_another_hour_is_one_of_the_same_day(said: str, hour: str) -> None:
    held = chosen()
    outcome = answered(said, "booking_confirmed", intent="change_booking", **PERSON, **held)
    assert outcome.slots["booking_start"] == f"2026-12-01T{hour}:00:00-06:00"
    assert outcome.slots.get("booking_confirmed") is None
    assert len(appointments.taken(NOW)) == 1


def test_an_hour_that_is_not_free_offers_the_day_and_keeps_its_times() -> None:
    held = chosen()
    outcome = answered("make it 8 instead", "booking_confirmed", **PERSON, **held)
    assert outcome.slots["requested_slot"] == "booking_time"
    assert outcome.slots["booking_wish"] == "December 1"


def test_change_while_all_is_read_back_means_what_is_being_booked() -> None:
    said, held = "i want to change my appointment", chosen()
    outcome = answered(said, "booking_confirmed", intent="change_booking", **PERSON, **held)
    assert outcome.slots["requested_slot"] == "booking_time"


# --- taking, booking ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["1", "the first one", "Tuesday, December 1 at 10 am", "tuesday at 10"]
)
def test_time_is_taken_by_number_title_or_words_and_held(said: str) -> None:
    outcome = answered(said, **offer(booking_wish="asap").slots)
    assert outcome.slots["booking_time"] == "Tuesday, December 1 at 10 am with Dana Reyes"
    assert outcome.slots["requested_slot"] == "booking_name"
    assert len(appointments.taken(NOW)) == 1


def test_time_that_somebody_took_meanwhile_is_said_to_be_gone() -> None:
    offered = offer().slots
    _other_takes(offered)
    outcome = answered("1", **offered)
    assert outcome.said == ["utter_booking_slot_gone"]
    assert outcome.slots["requested_slot"] == "booking_time"


def _other_takes(offered: dict[str, Any]) -> None:
    first = offered["booking_offer"]["slots"][0]
    starts = datetime.fromisoformat(first["starts"])
    appointments.hold("web-2", Slot(starts, first["therapist"], first["minutes"]))


def test_everything_is_read_back_booked_and_confirmed_with_a_file_for_the_calendar() -> None:
    slots = {**PERSON, **chosen()}
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
    slots = {**PERSON, **chosen()}
    first, second = (run(ActionSubmitBooking(), "yes", slots=slots) for _ in range(2))
    assert first.messages[0]["reference"] == second.messages[0]["reference"]
    assert len(appointments.all_appointments()) == 1


def test_hold_that_ran_out_is_booked_if_the_time_is_free_and_said_to_be_gone_if_not(
    bookable: Any,
) -> None:
    slots = {**PERSON, **chosen()}
    bookable.move_to(NOW + appointments.HOLD + timedelta(minutes=1))
    appointments.release_expired(NOW + appointments.HOLD * 2)
    assert run(ActionSubmitBooking(), "yes", slots=slots).said == ["utter_appointment_booked"]
    slots = {**PERSON, **chosen()}
    bookable.move_to(NOW + appointments.HOLD * 3)
    _other_takes(slots)
    outcome = run(ActionSubmitBooking(), "yes", slots=slots)
    assert outcome.said == ["utter_booking_slot_gone"]
    assert outcome.next_action == FORM
    assert not set(PERSON) & set(outcome.slots), "name and number are not asked for again"


def test_correction_of_the_time_while_it_is_read_back_offers_others() -> None:
    slots = {**PERSON, **chosen()}
    outcome = answered("actually thursday afternoon", "booking_confirmed", **slots)
    assert outcome.slots["requested_slot"] == "booking_time"
    assert outcome.slots["booking_wish"] == "actually thursday afternoon"


def test_name_of_500_characters_is_asked_for_again() -> None:
    outcome = answered("Ana " * 125, "booking_name", **chosen())
    assert outcome.said == ["utter_booking_name_invalid"]
    assert outcome.slots["requested_slot"] == "booking_name"


@pytest.mark.parametrize("requested", ["booking_name", "booking_phone", "booking_email"])
@pytest.mark.parametrize(
    "said", ["actually, can we make it thursday instead?", "oh wait, another day: thursday"]
)
def test_changed_mind_about_the_time_in_the_middle_offers_others(requested: str, said: str) -> None:
    before = {"booking_phone": PERSON, "booking_email": PERSON}.get(requested, {})
    outcome = answered(said, requested, **chosen(**before))
    assert outcome.slots["requested_slot"] == "booking_time"
    offered = offer(**{**chosen(**before), **outcome.slots})
    assert titles(offered)[0].startswith("Thursday, December 3")


@pytest.mark.parametrize("requested", ["booking_name", "booking_phone", "booking_email"])
@pytest.mark.parametrize("said", ["change the time to thursday", "thursday afternoon"])
def test_other_time_where_something_else_was_asked_is_offered(requested: str, said: str) -> None:
    outcome = answered(said, requested, **chosen())
    assert outcome.said == []
    assert outcome.slots["requested_slot"] == "booking_time"
    assert titles(offer(**{**chosen(), **outcome.slots}))[0].startswith("Thursday, December 3")


def test_name_and_when_to_call_are_no_other_time() -> None:
    assert answered("June May", "booking_name", **chosen()).slots["booking_name"] == "June May"
    called = answered("call me monday morning", "booking_phone", **chosen())
    assert called.said == ["utter_booking_phone_invalid"]


@pytest.mark.parametrize("said", ["bad pain by the end of the day", "it's worse on mondays"])
def test_reason_that_names_a_day_is_a_reason(said: str) -> None:
    outcome = answered(said, "booking_reason", **chosen(**PERSON, booking_email=False))
    assert outcome.slots["booking_reason"]["text"] == said
    assert outcome.slots["requested_slot"] == "booking_confirmed"


@pytest.mark.parametrize("said", ["123", "512-555", "call me"])
def test_wrong_number_is_asked_for_again(said: str) -> None:
    slots = {**chosen(), "booking_name": "Ana Lopez"}
    outcome = answered(said, "booking_phone", **slots)
    assert outcome.said == ["utter_booking_phone_invalid"]
    assert outcome.slots["requested_slot"] == "booking_phone"


def test_urgent_booking_is_said_to_be_marked_and_no_reason_to_wait_with_the_doctor() -> None:
    slots = chosen(**PERSON, urgency="same_day")
    outcome = run(ActionSubmitBooking(), "yes", slots=slots)
    assert outcome.said == ["utter_appointment_booked", "utter_appointment_urgent"]


def test_made_up_times_are_said_to_be_made_up_and_are_not_offered_in_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Clinic(name="C", phone="512-215-4227", area="A", booking={**RULES, "demo": True})
    monkeypatch.setattr("bot.appointments.clinic", lambda: made)
    started = run(ActionStartBooking(), "book", "book_evaluation")
    assert started.said == ["utter_booking_start", "utter_booking_demo"]
    done = run(ActionSubmitBooking(), "yes", slots={**PERSON, **chosen()})
    assert done.said == ["utter_appointment_booked", "utter_booking_demo"]
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    assert run(ActionStartBooking(), "book", "book_evaluation").said == ["utter_booking_start"]
    assert offer().said == ["utter_ask_booking_time"]


def test_leaving_the_form_frees_the_time() -> None:
    outcome = run(ActionCancel(), "stop", "stop_exercise", slots=chosen(), loop=FORM)
    assert outcome.said == ["utter_booking_dropped"]
    assert appointments.taken(NOW) == []
