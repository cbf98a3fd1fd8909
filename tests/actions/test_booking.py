"""Requests for an evaluation in conversation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.booking import (
    ActionAskBookingConfirmed,
    ActionCancel,
    ActionCheckBooking,
    ActionStartBooking,
    ActionSubmitBooking,
    ValidateBookingForm,
)
from actions.turns import now
from bot.coaching.session import Session
from bot.store.records import all_bookings, bookings_of, request_booking
from tests.actions.turning import SENDER, Outcome, did, run

FORM = "booking_form"
ANA = {
    "booking_name": "Ana Lopez",
    "booking_phone": "+15125550100",
    "booking_time": "Tuesday after 5",
    "booking_start": "2030-01-08T17:00:00-06:00",
}
COACHING = Session("long_bridge", pain_before=3).as_dict()


def _answer(requested: str, text: str, intent: str = "nlu_fallback", **more: Any) -> Outcome:
    order = ["booking_name", "booking_phone", "booking_time"]
    known = {
        name: ANA[name]
        for name in (order if requested not in order else order[: order.index(requested)])
    }
    slots = {**known, "requested_slot": requested, **more.pop("slots", {})}
    return run(ValidateBookingForm(), text, intent, slots=slots, loop=FORM, **more)


# --- starting ----------------------------------------------------------------------------------


def test_start_opens_the_form() -> None:
    outcome = run(ActionStartBooking(), "book", "book_evaluation")
    assert outcome.said == ["utter_booking_start"]
    assert outcome.next_action == FORM


def test_start_keeps_an_exercise_aside() -> None:
    outcome = run(ActionStartBooking(), "book", loop="coaching_form", slots={"coaching": COACHING})
    assert outcome.said == ["utter_exercise_aside", "utter_booking_start"]
    assert outcome.leaves_form
    assert "coaching" not in outcome.slots, "where it was is not forgotten"


def test_book_in_the_middle_of_booking_goes_on() -> None:
    outcome = run(ActionStartBooking(), "book", loop=FORM)
    assert (outcome.said, outcome.events) == ([], [])


# --- name, phone, time -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Ana Lopez", "Ana Lopez"), ("my name is ana lopez", "Ana Lopez"),
        ("it's José Ñáñez", "José Ñáñez"), ("O'Neil, Mary-Ann", "O'Neil, Mary-Ann"),
    ],
)  # fmt: skip
def test_name_is_taken(said: str, name: str) -> None:
    outcome = _answer("booking_name", said)
    assert outcome.slots == {"booking_name": name, "requested_slot": "booking_phone"}
    assert outcome.said == []


@pytest.mark.parametrize(
    "said",
    ["123", "😀", "<script>alert(1)</script>", "'; DROP TABLE booking_request;--", "x" * 10_000,
     "my back hurts so much when I sit down", "/restart{}"],
)  # fmt: skip
def test_what_is_no_name_is_said_and_asked_again(said: str) -> None:
    outcome = _answer("booking_name", said)
    assert outcome.slots["booking_name"] is None
    assert outcome.slots["requested_slot"] == "booking_name"
    assert outcome.said == ["utter_booking_name_invalid"]


def test_name_and_phone_in_one_message() -> None:
    outcome = _answer("booking_name", "Ana Lopez, my number is 512-555-0100")
    assert outcome.slots["booking_name"] == "Ana Lopez"
    assert outcome.slots["booking_phone"] == "+15125550100"
    assert outcome.slots["requested_slot"] == "booking_time"


@pytest.mark.parametrize(
    "said", ["512-555-0100", "(512) 555 0100", "call me on 5125550100 please", "+1 512 555 0100"]
)
def test_phone_is_taken(said: str) -> None:
    outcome = _answer("booking_phone", said)
    assert outcome.slots == {"booking_phone": "+15125550100", "requested_slot": "booking_time"}


@pytest.mark.parametrize("said", ["123", "no phone", "call me", "1" * 5000])
def test_what_is_no_phone_is_said_and_asked_again(said: str) -> None:
    outcome = _answer("booking_phone", said)
    assert outcome.slots == {"booking_phone": None, "requested_slot": "booking_phone"}
    assert outcome.said == ["utter_booking_phone_invalid"]


def test_phone_without_its_area_code_is_asked_again() -> None:
    outcome = _answer("booking_phone", "555-0100")
    assert outcome.said == ["utter_booking_phone_invalid"]


@pytest.mark.parametrize("said", ["as soon as possible", "mornings", "Tuesday after 5", "tomorrow"])
def test_time_is_taken_in_the_patients_words(said: str) -> None:
    outcome = _answer("booking_time", said)
    assert outcome.slots["booking_time"] == said
    assert outcome.slots["requested_slot"] == "booking_confirmed"
    start = outcome.slots["booking_start"]
    if said == "tomorrow":
        tomorrow = (now() + timedelta(days=1)).date()
        assert datetime.fromisoformat(start).date() == tomorrow
    if said == "mornings":
        assert start is None


@pytest.mark.parametrize(
    ("said", "response"),
    [
        ("yesterday", "utter_booking_time_past"),
        ("February 30", "utter_booking_time_impossible"),
        ("purple", "utter_booking_time_invalid"),
    ],
)
def test_unusable_time_is_said_and_asked_again(said: str, response: str) -> None:
    outcome = _answer("booking_time", said)
    assert outcome.slots == {"booking_time": None, "requested_slot": "booking_time"}
    assert outcome.said == [response]


@pytest.mark.parametrize("requested", ["booking_name", "booking_phone", "booking_time"])
@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("do I need a referral?", "faq"),
        ("can I talk to a person?", "talk_to_human"),
        ("never mind, stop this", "stop_exercise"),
        ("are you a robot?", "bot_challenge"),
        ("how long is the first visit?", "faq"),
    ],
)
def test_digression_is_left_to_the_dialogue(requested: str, said: str, intent: str) -> None:
    """No events: the form rejects the message, the rules answer it, the form asks again."""
    outcome = _answer(requested, said, intent)
    assert (outcome.said, outcome.events) == ([], [])


@pytest.mark.parametrize("requested", ["booking_name", "booking_phone", "booking_time"])
def test_message_that_was_dealt_with_is_not_read_again(requested: str) -> None:
    """After an answered question the form only repeats its own question."""
    outcome = _answer(requested, "Ana 512-555-0100 tomorrow", since=[did("utter_faq")])
    assert outcome.slots == {"requested_slot": requested}
    assert outcome.said == []


def test_form_that_starts_reads_nothing_of_the_message_that_started_it() -> None:
    outcome = run(ValidateBookingForm(), "Ana Lopez wants tomorrow", loop=FORM)
    assert outcome.slots == {"requested_slot": "booking_name"}


def test_form_that_starts_anew_keeps_what_was_told() -> None:
    outcome = run(ValidateBookingForm(), "book", loop=FORM, slots={"booking_name": "Ana Lopez"})
    assert outcome.slots == {"requested_slot": "booking_phone"}


# --- reading back ------------------------------------------------------------------------------


def test_everything_is_read_back() -> None:
    outcome = run(ActionAskBookingConfirmed(), slots=ANA)
    (message,) = outcome.messages
    assert message["response"] == "utter_booking_read_back"
    assert message["booking_name"] == "Ana Lopez"
    assert message["booking_phone"] == "(512) 555-0100"
    assert message["booking_when"] == '"Tuesday after 5" (Tuesday, January 8 at 5:00 pm)'


def test_time_without_a_moment_is_read_back_as_it_was_said() -> None:
    slots = {**ANA, "booking_time": "mornings", "booking_start": None}
    (message,) = run(ActionAskBookingConfirmed(), slots=slots).messages
    assert message["booking_when"] == '"mornings"'


@pytest.mark.parametrize("said", ["yes", "Yes, that's right", "yep", "sí"])
def test_yes_confirms(said: str) -> None:
    outcome = _answer("booking_confirmed", said, "affirm")
    assert outcome.slots == {"booking_confirmed": True, "requested_slot": None}


@pytest.mark.parametrize("said", ["no", "Something is wrong", "nope"])
def test_no_is_not_confirmed(said: str) -> None:
    outcome = _answer("booking_confirmed", said, "deny")
    assert not outcome.slots.get("booking_confirmed")
    assert outcome.slots.get("requested_slot") == "booking_confirmed"


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("no, 512-555-0199", "booking_phone", "+15125550199"),
        ("actually Friday morning", "booking_time", "actually Friday morning"),
        ("the name is wrong", "booking_name", None),
        ("my phone number is wrong", "booking_phone", None),
        ("name", "booking_name", None),
        ("the time is wrong", "booking_time", None),
    ],
)
def test_correction_while_it_is_read_back(said: str, slot: str, value: str | None) -> None:
    outcome = _answer("booking_confirmed", said, "deny")
    assert outcome.slots[slot] == value
    assert not outcome.slots.get("booking_confirmed")
    assert outcome.slots["requested_slot"] == (slot if value is None else "booking_confirmed")


def test_question_with_a_day_in_it_is_not_the_new_time() -> None:
    outcome = _answer("booking_confirmed", "are you open on Saturday?", "faq")
    assert (outcome.said, outcome.events) == ([], [])


def test_phone_of_the_patient_is_not_lost_by_a_yes() -> None:
    outcome = _answer("booking_confirmed", "yes, 512-555-0100 is right", "affirm")
    assert outcome.slots.get("booking_phone", "+15125550100") == "+15125550100"


# --- storing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "urgent"),
    [(None, False), ("pt_evaluation", False), ("physician_soon", True), ("same_day", True)],
)
def test_request_is_stored_and_confirmed(store: Any, level: str | None, urgent: bool) -> None:
    outcome = run(ActionSubmitBooking(), "yes", slots={**ANA, "urgency": level})
    (booking,) = all_bookings()
    assert (booking.name, booking.phone) == ("Ana Lopez", "+15125550100")
    assert booking.preferred == "Tuesday after 5"
    assert booking.preferred_start == datetime.fromisoformat(ANA["booking_start"])
    assert booking.urgent is urgent
    assert outcome.said[0] == "utter_booking_done"
    assert ("utter_appointment_urgent" in outcome.said) is urgent
    assert outcome.messages[0]["reference"] == booking.reference
    for slot in ANA:
        assert outcome.slots[slot] is None, "the next request starts anew"


def test_retry_books_once(store: Any) -> None:
    first, second = (run(ActionSubmitBooking(), "yes", slots=ANA) for _ in range(2))
    assert len(all_bookings()) == 1
    assert first.messages[0]["reference"] == second.messages[0]["reference"]


def test_exercise_that_waits_is_offered_but_not_under_an_urgency(store: Any) -> None:
    slots = {**ANA, "coaching": COACHING}
    assert "utter_exercise_waiting" in run(ActionSubmitBooking(), "yes", slots=slots).said
    urgent = run(ActionSubmitBooking(), "yes", slots={**slots, "urgency": "same_day"})
    assert "utter_exercise_waiting" not in urgent.said


@pytest.mark.usefixtures("broken_store")
def test_failure_to_store_is_said_honestly_and_can_be_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcome = run(ActionSubmitBooking(), "yes", slots=ANA)
    assert outcome.said == ["utter_booking_failed"]
    assert not outcome.slots.get("booking_confirmed")
    assert not set(ANA) & set(outcome.slots), "what was told is kept for the next try"
    assert "Ana" not in caplog.text
    assert "5550100" not in caplog.text
    assert len(caplog.records) == 1


# --- cancelling, checking ----------------------------------------------------------------------


def test_cancel_in_a_form_ends_the_form_only(store: Any) -> None:
    request_booking(SENDER, "Ana Lopez", "+15125550100", "Monday")
    outcome = run(ActionCancel(), "cancel", "cancel_booking", loop=FORM)
    assert outcome.said == ["utter_booking_dropped"]
    assert outcome.leaves_form
    assert len(bookings_of(SENDER)) == 1


def test_cancel_outside_a_form_cancels_the_request_of_this_patient(store: Any) -> None:
    own = request_booking(SENDER, "Ana Lopez", "+15125550100", "Monday")
    request_booking("web-2", "Bob Ray", "+15125550199", "Monday")
    outcome = run(ActionCancel(), "cancel my booking", "cancel_booking")
    assert outcome.said == ["utter_booking_cancelled"]
    assert outcome.messages[0]["reference"] == own.reference
    assert [booking.name for booking in all_bookings("requested")] == ["Bob Ray"]


def test_cancel_without_a_request_says_so(store: Any) -> None:
    assert run(ActionCancel(), "cancel it", "cancel_booking").said == ["utter_booking_none"]


def test_stop_cancels_no_request(store: Any) -> None:
    request_booking(SENDER, "Ana Lopez", "+15125550100", "Monday")
    outcome = run(ActionCancel(), "stop", "stop_exercise")
    assert outcome.said == ["utter_nothing_to_stop"]
    assert len(bookings_of(SENDER)) == 1


@pytest.mark.parametrize("loop", ["screen_form", "ball_form"])
def test_stop_leaves_the_questions(store: Any, loop: str) -> None:
    outcome = run(ActionCancel(), "stop", "stop_exercise", loop=loop)
    assert outcome.said == ["utter_stopped_asking"]
    assert outcome.leaves_form


@pytest.mark.parametrize(
    ("intent", "response"),
    [("check_booking", "utter_booking_found"), ("change_booking", "utter_booking_change")],
)
def test_check_reads_the_newest_open_request(store: Any, intent: str, response: str) -> None:
    assert run(ActionCheckBooking(), "my booking", intent).said == ["utter_booking_none"]
    request_booking(SENDER, "Ana Lopez", "+15125550100", "Monday")
    newest = request_booking(SENDER, "Ana Lopez", "+15125550100", "Friday")
    (message,) = run(ActionCheckBooking(), "my booking", intent).messages
    assert message["response"] == response
    assert (message["reference"], message["booking_when"]) == (newest.reference, "Friday")


@pytest.mark.usefixtures("broken_store")
def test_unreadable_bookings_are_never_said_to_be_none() -> None:
    with pytest.raises(Exception, match="unable to open database"):
        run(ActionCheckBooking(), "my booking", "check_booking")
    with pytest.raises(Exception, match="unable to open database"):
        run(ActionCancel(), "cancel my booking", "cancel_booking")
