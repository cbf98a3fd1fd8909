"""Checking, changing and cancelling: one's own, with proof, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.booking import (
    ActionCancel,
    ActionCheckBooking,
    ActionStartBooking,
    ActionSubmitBooking,
)
from actions.own_bookings import ActionUseProof, ValidateProofForm
from bot.booking.slots import Slot
from bot.channels.waiting import waiting_replies
from bot.jobs.mail import Mail
from bot.jobs.notices import run_once
from bot.store import appointments
from bot.store.proofs import MOST_TRIES, WINDOW
from bot.store.records import all_bookings, request_booking
from tests.actions.bookable import FORM, NOW, booked_now, chosen
from tests.actions.turning import SENDER, Outcome, did, run, user
from tests.booking.times import AUSTIN

pytestmark = pytest.mark.usefixtures("bookable")


def test_check_says_what_is_booked_and_that_the_clinic_knows_only_when_it_does() -> None:
    booked = booked_now()
    outcome = run(ActionCheckBooking(), "my booking", "check_booking")
    assert outcome.said == ["utter_appointment_found"]
    assert outcome.messages[0]["reference"] == booked.reference

    class _Post:
        def send(self, mail: Mail) -> None:
            assert "Ana Lopez" in mail.text

    assert run_once(_Post()) == {"notices sent": 1}
    outcome = run(ActionCheckBooking(), "my booking", "check_booking")
    assert outcome.said == ["utter_appointment_found", "utter_appointment_told"]


def test_change_keeps_the_old_time_until_the_new_one_is_booked() -> None:
    booked = booked_now()
    outcome = run(ActionCheckBooking(), "move my visit to thursday", "change_booking")
    assert outcome.said == ["utter_appointment_change"]
    assert outcome.next_action == FORM
    assert appointments.appointments_of(SENDER)[0].slot == booked.slot
    slots = chosen("1", **{k: v for k, v in outcome.slots.items() if k != "requested_slot"})
    done = run(ActionSubmitBooking(), "yes", slots=slots)
    assert done.said == ["utter_appointment_moved"]
    (moved,) = appointments.appointments_of(SENDER)
    assert moved.reference == booked.reference
    assert moved.slot.starts.astimezone(AUSTIN).date().isoformat() == "2026-12-03"
    assert "SEQUENCE:1" in done.messages[0]["custom"]["content"]


@pytest.mark.parametrize(
    "said", ["I'd like it on thursday actually", "i want it on thursday instead"]
)
def test_other_day_after_a_booking_moves_it_and_books_no_second(said: str) -> None:
    booked = booked_now()
    outcome = run(ActionStartBooking(), said, "book_evaluation")
    assert outcome.said == ["utter_appointment_change"]
    assert outcome.slots["booking_moving"] == booked.reference
    assert outcome.slots["booking_wish"] == said


def test_booking_again_says_what_is_booked_and_books_one_more_only_where_it_is_meant() -> None:
    booked = booked_now()
    outcome = run(ActionStartBooking(), "book an evaluation", "book_evaluation")
    assert outcome.said == ["utter_appointment_found"]
    assert outcome.messages[0]["reference"] == booked.reference
    change, more = outcome.messages[0]["buttons"]
    assert change["payload"] == "/change_booking"
    assert run(ActionStartBooking(), more["title"], "book_evaluation").next_action == FORM
    assert run(ActionStartBooking(), "book my wife in", "book_evaluation").said == outcome.said
    wifes = run(ActionStartBooking(), "book a visit for my wife", "book_evaluation")
    assert wifes.next_action == FORM


def test_booking_that_was_put_aside_goes_on_although_another_is_ahead() -> None:
    booked_now()
    outcome = run(ActionStartBooking(), "book", "book_evaluation", slots=chosen())
    assert outcome.next_action == FORM


def test_move_that_was_put_aside_goes_on_as_a_move() -> None:
    booked = booked_now()
    moving = run(ActionCheckBooking(), "move it to thursday at 2 pm", "change_booking").slots
    outcome = run(ActionStartBooking(), "book", "book_evaluation", slots=moving)
    assert outcome.next_action == FORM
    slots = {**moving, **outcome.slots}
    assert run(ActionSubmitBooking(), "yes", slots=slots).said == ["utter_appointment_moved"]
    assert [b.reference for b in appointments.appointments_of(SENDER)] == [booked.reference]


def test_move_that_was_stopped_is_no_second_booking() -> None:
    booked_now()
    moving = run(ActionCheckBooking(), "move it to thursday", "change_booking").slots
    left = run(ActionCancel(), "stop", "stop_exercise", slots=moving, loop=FORM).slots
    outcome = run(ActionStartBooking(), "book", "book_evaluation", slots={**moving, **left})
    assert outcome.said == ["utter_appointment_found"]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("can you move it to the day after", "December 2"),
        ("move it to the following day at 2 pm", "December 2 at 2 pm"),
        ("move it to the day before", "November 30"),
        ("move it to the day after tomorrow", "day after tomorrow"),
    ],
)
def test_day_after_is_seen_from_the_day_that_is_booked(said: str, day: str) -> None:
    booked_now()  # on Tuesday, December 1
    outcome = run(ActionCheckBooking(), said, "change_booking")
    assert outcome.said == ["utter_appointment_change"]
    assert day in outcome.slots["booking_wish"]


def test_move_to_a_free_time_that_is_named_is_read_back_at_once() -> None:
    booked_now()
    outcome = run(ActionCheckBooking(), "move it to thursday at 2 pm", "change_booking")
    assert outcome.slots["booking_time"] == "Thursday, December 3 at 2 pm with Dana Reyes"
    done = run(ActionSubmitBooking(), "yes", slots=outcome.slots)
    assert done.said == ["utter_appointment_moved"]


def test_cancel_frees_the_time() -> None:
    booked = booked_now()
    outcome = run(ActionCancel(), "cancel my appointment", "cancel_booking")
    assert outcome.said == ["utter_appointment_cancelled"]
    assert outcome.messages[0]["reference"] == booked.reference
    assert appointments.taken(NOW) == []
    again = run(ActionCancel(), "cancel my appointment", "cancel_booking")
    assert again.said == ["utter_appointment_none"]


def test_cancel_it_after_it_was_told_means_the_appointment() -> None:
    booked_now()
    before = [user("when is it?", "check_booking"), did("action_check_booking")]
    outcome = run(ActionCancel(), "cancel it", "stop_exercise", before=before)
    assert outcome.said == ["utter_appointment_cancelled"]
    assert run(ActionCancel(), "stop", "stop_exercise").said == ["utter_nothing_to_stop"]


def test_several_appointments_are_listed_and_one_is_named() -> None:
    first, second = booked_now(), booked_now()
    for action, intent in ((ActionCancel(), "cancel_booking"),
                           (ActionCheckBooking(), "change_booking")):  # fmt: skip
        assert run(action, "my appointment", intent).said == ["utter_appointment_which"]
    named = f"cancel {second.reference.lower()}"
    assert run(ActionCancel(), named, "cancel_booking").said == ["utter_appointment_cancelled"]
    left = appointments.appointments_of(SENDER)
    assert [booked.reference for booked in left] == [first.reference]


# --- somebody else's, or one's own from elsewhere ------------------------------------------------

PROOF = "proof_form"
OTHERS = pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionCancel(), "cancel_booking"), (ActionCheckBooking(), "check_booking"),
        (ActionCheckBooking(), "change_booking"),
    ],
)  # fmt: skip


def _others() -> appointments.Booked:
    key = appointments.hold("web-2", Slot(NOW + timedelta(days=3), "Dana Reyes", 60))
    return appointments.book("web-2", key, "Bob Ray", "+15125550199", False, "web")


def _proof(text: str, requested: str, intent: str = "nlu_fallback", **slots: Any) -> Outcome:
    known = {**slots, "requested_slot": requested}
    return run(ValidateProofForm(), text, intent, slots=known, loop=PROOF)


@OTHERS
def test_reference_alone_opens_nothing(action: Any, intent: str) -> None:
    other = _others()
    outcome = run(action, f"my appointment {other.reference}", intent)
    assert outcome.said == []
    assert outcome.next_action == PROOF
    assert outcome.slots["proof_reference"] == other.reference
    asked = run(ValidateProofForm(), loop=PROOF, slots=outcome.slots)
    assert asked.slots["requested_slot"] == "proof_phone"


@OTHERS
def test_wrong_phone_opens_nothing(action: Any, intent: str) -> None:
    other = _others()
    outcome = run(action, f"my appointment {other.reference}, 512-555-0100", intent)
    assert outcome.said == ["utter_appointment_no_match"]
    assert outcome.next_action is None
    assert appointments.appointments_of("web-2")


@OTHERS
def test_reference_and_phone_open_it(action: Any, intent: str) -> None:
    other = _others()
    proven = run(action, f"my appointment {other.reference}, 512-555-0199", intent)
    assert proven.messages[0]["reference"] == other.reference
    assert bool(appointments.appointments_of("web-2")) is (intent != "cancel_booking")


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("cancel", "utter_appointment_cancelled"), ("check", "utter_appointment_found"),
        ("change", "utter_appointment_change"),
    ],
)  # fmt: skip
def test_phone_that_is_asked_for_goes_on_with_what_was_wanted(purpose: str, said: str) -> None:
    other = _others()
    taken = _proof("512 555 0199", "proof_phone", proof_reference=other.reference)
    assert taken.slots == {"proof_phone": "+15125550199", "requested_slot": None}
    slots = {"proof_reference": other.reference, "proof_phone": "+15125550199",
             "proof_purpose": purpose}  # fmt: skip
    assert run(ActionUseProof(), slots=slots).said == [said]


def test_what_was_proven_once_is_not_asked_for_again() -> None:
    other = _others()
    slots = {"proof_reference": other.reference, "proof_phone": "+15125550199"}
    outcome = run(ActionCancel(), "please cancel it", "cancel_booking", slots=slots)
    assert outcome.said == ["utter_appointment_cancelled"]
    outcome = run(ActionCancel(), "please cancel it", "cancel_booking", slots=slots)
    assert outcome.said == ["utter_appointment_none"]


@pytest.mark.parametrize(
    "said",
    ["what is my reference number", "what's the reference of my booking", "lost my reference"],
)
def test_reference_that_is_asked_for_is_told(said: str) -> None:
    assert run(ActionCheckBooking(), said, "check_booking").said == ["utter_appointment_none"]
    booked = booked_now()
    outcome = run(ActionCheckBooking(), said, "check_booking")
    assert outcome.said == ["utter_appointment_found"]
    assert outcome.messages[0]["reference"] == booked.reference


def test_patient_who_says_that_they_have_a_reference_is_asked_for_it() -> None:
    outcome = run(ActionCheckBooking(), "I have a reference", "check_booking")
    assert outcome.next_action == PROOF
    both = _proof("k7tw2b and 512-555-0199", "proof_reference")
    assert both.slots["proof_reference"] == "K7TW2B"
    assert both.slots["requested_slot"] is None


@pytest.mark.parametrize("requested", ["proof_reference", "proof_phone"])
def test_what_is_no_proof_is_said_and_asked_again(requested: str) -> None:
    outcome = _proof("hmm 12", requested, proof_reference="K7TW2B" if "phone" in requested else "")
    assert outcome.said == [f"utter_{requested}_invalid"]
    assert outcome.slots["requested_slot"] == requested
    assert _proof("how much is a visit?", requested, "faq").events == []


def test_leaving_the_proof_changes_nothing() -> None:
    other = _others()
    outcome = run(ActionCancel(), "never mind", "stop_exercise", loop=PROOF,
                  slots={"proof_reference": other.reference})  # fmt: skip
    assert outcome.said == ["utter_proof_dropped"]
    assert outcome.leaves_form
    assert appointments.appointments_of("web-2")


def test_guessing_ends_after_some_tries_even_with_the_right_number(bookable: Any) -> None:
    other = _others()
    for last in range(MOST_TRIES):
        guess = f"check {other.reference} 512-555-010{last}"
        assert run(ActionCheckBooking(), guess, "check_booking").said == [
            "utter_appointment_no_match"
        ]
    right = f"check {other.reference} 512-555-0199"
    assert run(ActionCheckBooking(), right, "check_booking").said == ["utter_proof_locked"]
    bookable.move_to(NOW + WINDOW + timedelta(minutes=1))
    assert run(ActionCheckBooking(), right, "check_booking").said == ["utter_appointment_found"]


def test_request_from_elsewhere_is_opened_by_reference_and_phone() -> None:
    made = request_booking("web-2", "Bob Ray", "+15125550199", "Monday")
    said = f"cancel {made.reference}, 512-555-0199"
    outcome = run(ActionCancel(), said, "cancel_booking")
    assert outcome.said == ["utter_booking_cancelled"]
    assert [one.status for one in all_bookings()] == ["cancelled"]


def test_moved_from_elsewhere_the_first_conversation_is_told() -> None:
    other = _others()
    proven = run(ActionCheckBooking(), f"move {other.reference} 512-555-0199", "change_booking")
    slots = chosen("1", **{k: v for k, v in proven.slots.items() if k != "requested_slot"})
    assert run(ActionSubmitBooking(), "yes", slots=slots).said == ["utter_appointment_moved"]
    (moved,) = appointments.appointments_of("web-2")
    assert moved.slot != other.slot
    assert waiting_replies(SENDER, "web") == []
    (told,) = waiting_replies("web-2", "web")
    assert moved.reference in told["text"]
