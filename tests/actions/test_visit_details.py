"""What may be added to a booking: an e-mail address, and why the patient comes."""

from __future__ import annotations

from typing import Any

import pytest

from actions.appointments import BY_SLOT
from actions.booking import (
    THE_WAY,
    ActionAskBookingConfirmed,
    ActionStartBooking,
    ActionSubmitBooking,
    ValidateBookingForm,
)
from actions.visit_details import ActionAskBookingReason
from bot.replies import responses
from bot.store import appointments
from bot.store.records import all_bookings, record_assessment
from tests.actions.bookable import PERSON, answered, chosen
from tests.actions.turning import SENDER, run

pytestmark = pytest.mark.usefixtures("bookable")
SUMMARY = "- Fever: no\n- Cancer before: yes"


def _before(requested: str) -> dict[str, Any]:
    given = {**chosen(), **PERSON, "booking_email": "ana@example.com"}
    return {k: v for k, v in given.items() if k not in BY_SLOT[BY_SLOT.index(requested) :]}


# --- e-mail ------------------------------------------------------------------------------------


def test_address_is_taken() -> None:
    outcome = answered("it's Ana.Lopez@Example.com", "booking_email", **_before("booking_email"))
    assert outcome.slots["booking_email"] == "Ana.Lopez@example.com"
    assert outcome.slots["requested_slot"] == "booking_reason"


@pytest.mark.parametrize("said", ["skip", "Skip", "no", "no thanks", "I don't have one"])
def test_address_may_be_left_out(said: str) -> None:
    outcome = answered(said, "booking_email", **_before("booking_email"))
    assert outcome.said == []
    assert outcome.slots["requested_slot"] == "booking_reason"
    assert not outcome.slots["booking_email"]


@pytest.mark.parametrize("said", ["ana@", "ana at example", "@@@", "a@b", "x" * 10_000])
def test_what_is_no_address_is_said_and_asked_again(said: str) -> None:
    outcome = answered(said, "booking_email", **_before("booking_email"))
    assert outcome.said == ["utter_booking_email_invalid"]
    assert outcome.slots["requested_slot"] == "booking_email"


def test_question_instead_of_an_address_is_left_to_the_dialogue() -> None:
    asked = answered("do you share it?", "booking_email", **_before("booking_email"), intent="faq")
    assert asked.events == []


# --- reason ------------------------------------------------------------------------------------


def test_without_a_screening_the_reason_is_asked_for_in_own_words() -> None:
    outcome = run(ActionStartBooking(), "book", "book_evaluation")
    assert outcome.slots["booking_screening"] is None
    assert run(ActionAskBookingReason(), slots=outcome.slots).said == ["utter_booking_reason"]
    said = answered("my back hurts when I sit", "booking_reason", intent="describe_pain",
                    **_before("booking_reason"))  # fmt: skip
    assert said.slots["booking_reason"]["text"] == "my back hurts when I sit"
    assert said.slots["requested_slot"] == "booking_confirmed"


@pytest.mark.parametrize(
    "said",
    [
        "skip", "Skip", "no", "nothing", "not sure", "I'd rather not say", "no thanks", "skip this",
        "nothing to add", "I don't want to", "no reason", "let's skip it", "n/a",
    ],
)  # fmt: skip
def test_reason_may_be_left_out(said: str) -> None:
    outcome = answered(said, "booking_reason", **_before("booking_reason"))
    assert not outcome.slots["booking_reason"]
    assert outcome.slots["requested_slot"] == "booking_confirmed"


@pytest.mark.parametrize(
    "said",
    [
        "nothing helps my sciatica, I don't want surgery", "I don't have feeling for golf any more",
        "none of my exercises help", "a nerve block did nothing", "I need to pass a fitness test",
        "book me with somebody who knows discs",
    ],
)  # fmt: skip
def test_reason_with_a_no_in_it_is_a_reason(said: str) -> None:
    outcome = answered(said, "booking_reason", **_before("booking_reason"))
    assert outcome.slots["booking_reason"]["text"] == said


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("how am I doing", "check_progress"),
        ("book an evaluation", "book_evaluation"),
        ("I'd like to book an appointment please", "book_evaluation"),
    ],
)
def test_other_wish_is_no_reason(said: str, intent: str) -> None:
    outcome = answered(said, "booking_reason", intent=intent, **_before("booking_reason"))
    assert outcome.events == []


@pytest.mark.parametrize("requested", ["booking_name", "booking_email"])
def test_other_wish_is_answered_instead_of_called_invalid(requested: str) -> None:
    outcome = answered("how am I doing", requested, intent="check_progress", **_before(requested))
    assert outcome.events == []
    assert outcome.said == []


def test_reason_that_is_too_long_is_asked_for_again() -> None:
    outcome = answered("it hurts " * 60, "booking_reason", **_before("booking_reason"))
    assert outcome.said == ["utter_booking_reason_long"]
    assert outcome.slots["requested_slot"] == "booking_reason"


@pytest.mark.parametrize(
    ("said", "shared"),
    [
        ("Yes, pass them on", True), ("yes", True), ("sure", True), ("No, don't", False),
        ("no", False), ("skip", False), ("not sure", False),
    ],
)  # fmt: skip
def test_answers_of_the_screening_are_passed_on_with_consent_only(said: str, shared: bool) -> None:
    record_assessment(SENDER, "physician_soon", "cancer", SUMMARY)
    record_assessment("web-2", "self_care", None, "- of somebody else")
    slots = run(ActionStartBooking(), "book", "book_evaluation").slots
    (asked,) = run(ActionAskBookingReason(), slots=slots).messages
    assert (asked["response"], asked["summary"]) == ("utter_booking_share", SUMMARY)
    given = {**_before("booking_reason"), "booking_screening": SUMMARY}
    outcome = answered(said, "booking_reason", **given)
    assert outcome.slots["requested_slot"] == "booking_confirmed"
    run(ActionSubmitBooking(), "yes", slots={**given, **outcome.slots})
    (booked,) = appointments.all_appointments()
    assert (SUMMARY in booked.reason) is shared
    assert shared or booked.reason == ""
    assert booked.email == "ana@example.com"


def test_own_words_instead_of_the_answers() -> None:
    given = {**_before("booking_reason"), "booking_screening": SUMMARY}
    outcome = answered("just a check after my fall", "booking_reason", **given)
    assert outcome.slots["booking_reason"]["text"] == "just a check after my fall"


# --- read back, put right ----------------------------------------------------------------------


def test_what_was_added_is_read_back_and_what_was_not_is_not() -> None:
    given = {**_before("booking_reason"), "booking_reason": {"text": "t", "said": "knee too"}}
    (message,) = run(ActionAskBookingConfirmed(), slots=given).messages
    assert message["booking_more"] == "\nE-mail: ana@example.com\nReason: knee too"
    bare = {**given, "booking_email": False, "booking_reason": False}
    assert run(ActionAskBookingConfirmed(), slots=bare).messages[0]["booking_more"] == ""


@pytest.mark.parametrize(
    ("said", "asked"),
    [("the e-mail is wrong", "booking_email"), ("change the reason", "booking_reason")],
)
def test_what_was_added_can_be_put_right(said: str, asked: str) -> None:
    given = {**_before("booking_reason"), "booking_reason": {"text": "t", "said": "t"}}
    assert answered(said, "booking_confirmed", **given).slots["requested_slot"] == asked
    new = answered("use ana2@example.com", "booking_confirmed", **given)
    assert new.slots["booking_email"] == "ana2@example.com"
    assert new.slots["requested_slot"] == "booking_confirmed"


@pytest.mark.parametrize(
    "said", ["yes that's right, how do I get there?", "Yes. Where are you located?",
             "yep, all good, what's the address"],
)  # fmt: skip
def test_yes_with_a_question_for_the_way_confirms_and_answers(said: str) -> None:
    given = {**_before("booking_reason"), "booking_reason": False}
    outcome = answered(said, "booking_confirmed", intent="faq", **given)
    assert outcome.slots["booking_confirmed"] is True
    assert outcome.said == [THE_WAY]
    assert "{clinic_address}" in responses()[THE_WAY][0]["text"]


@pytest.mark.parametrize(
    "said",
    [
        "yes but can we make it thursday, and how do I get there?",
        "how do I get there?",
        "yes, how do I change the time?",
        "yes how much is it?",
    ],
)
def test_question_without_a_plain_yes_confirms_nothing(said: str) -> None:
    given = {**_before("booking_reason"), "booking_reason": False}
    outcome = answered(said, "booking_confirmed", intent="faq", **given)
    assert not outcome.slots.get("booking_confirmed")


@pytest.mark.parametrize("requested", ["booking_time", "booking_name", "booking_email"])
def test_book_in_the_middle_of_a_booking_is_no_wrong_answer(requested: str) -> None:
    outcome = answered("book an evaluation", requested, **_before(requested))
    assert outcome.events == []
    assert outcome.said == []


# --- requests, which the clinic calls back for -------------------------------------------------


def test_request_asks_for_consent_only_and_keeps_what_was_shared() -> None:
    slots = {**PERSON, "booking_time": "mornings", "booking_callback": True}
    assert run(ValidateBookingForm(), "book", slots=slots, loop="booking_form").slots == {
        "requested_slot": "booking_confirmed"
    }
    slots["booking_screening"] = SUMMARY
    asked = run(ValidateBookingForm(), "book", slots=slots, loop="booking_form")
    assert asked.slots == {"requested_slot": "booking_reason"}
    shared = answered("yes", "booking_reason", **slots)
    run(ActionSubmitBooking(), "yes", slots={**slots, **shared.slots})
    (booking,) = all_bookings()
    assert SUMMARY in booking.reason
