"""Requests for an evaluation in conversation."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import appointments, own_bookings, visit_details
from actions import booking_words as words
from actions.appointments import FORM, SLOTS, by_slot, order, unusable
from actions.booking_changes import books_one_more, reopened_slot, wants_other_time, wants_to_move
from actions.coaching import FORM as COACHING_FORM
from actions.coaching import stop_session
from actions.forms import Events, FormValidation
from actions.sessions import current_session
from actions.turns import (
    REQUESTED_SLOT,
    actions_since_user,
    active_loop,
    answer,
    intent,
    logger,
    now,
    previous_turn_did,
    standing_level,
    text,
)
from bot.appointments import is_demo
from bot.entities.email import read_email
from bot.entities.person import read_name, read_phone, spoken_phone
from bot.entities.when import Preference, read_preference
from bot.entities.yes_no import Answer
from bot.safety import Urgency
from bot.store.records import request_booking

_DROPPED = {
    FORM: "utter_booking_dropped",
    "reminder_form": "utter_reminder_dropped",
    own_bookings.FORM: "utter_proof_dropped",
}
# Messages with these intents are never taken for a name or a time.
_DIGRESSIONS = frozenset(
    {"faq", "talk_to_human", "bot_challenge", "ask_capabilities", "stop_exercise", "cancel_booking",
     "start_exercise", "ask_privacy", "delete_my_data", "export_my_data", "check_booking",
     "describe_pain", "resume_exercise", "change_booking", "check_progress"}
)  # fmt: skip
_AFTER_TIME = frozenset(SLOTS) - {"booking_time", "booking_confirmed"}
THE_WAY = "utter_faq/contact"
_SURE, _CERTAIN = 0.6, 0.8


def _is_digression(tracker: Tracker) -> bool:
    name, confidence = intent(tracker)
    return name in _DIGRESSIONS and confidence >= _SURE


def _when(dispatcher: CollectingDispatcher, tracker: Tracker, preference: Preference) -> Events:
    if by_slot(tracker.slots):
        return appointments.other_time(dispatcher, tracker)
    start = preference.start.isoformat() if preference.start else None
    return [SlotSet("booking_time", preference.text), SlotSet("booking_start", start)]


class ActionStartBooking(Action):
    """Starts or takes up a request for an evaluation."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_start_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Opens the form, keeping an exercise aside and what was already told."""
        loop = active_loop(tracker)
        if loop == FORM:
            return []
        ahead = own_bookings.ahead(tracker)
        if ahead and not loop and wants_to_move(text(tracker)):
            return own_bookings.change(dispatcher, tracker)
        if ahead and not books_one_more(text(tracker)):
            return own_bookings.say_ahead(dispatcher, ahead)
        if loop == COACHING_FORM:
            dispatcher.utter_message(response="utter_exercise_aside")
        if any(name.startswith("utter_sign_cleared") for name in actions_since_user(tracker)):
            dispatcher.utter_message(response="utter_booking_goes_on")
        else:
            dispatcher.utter_message(response="utter_booking_start")
            if is_demo():
                dispatcher.utter_message(response="utter_booking_demo")
        return [
            *appointments.start(dispatcher, tracker),
            *visit_details.screening_to_share(tracker),
            ActiveLoop(None),
            SlotSet(REQUESTED_SLOT, None),
            FollowupAction(FORM),
        ]


class ValidateBookingForm(FormValidation):
    """Reads name, phone, time and the confirmation."""

    form = FORM

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Reads the answer to the requested slot, or what an earlier answer should be."""
        if words.BOOKS.fullmatch(text(tracker).lower()):
            return None  # that is going on already
        if requested in _AFTER_TIME and wants_other_time(requested, tracker):
            return appointments.other_time(dispatcher, tracker)
        if requested != "booking_confirmed":
            reopened = reopened_slot(requested, tracker)
            if reopened:
                return [SlotSet(reopened, None)]
        reader = {
            "booking_name": self._name,
            "booking_phone": self._phone,
            "booking_time": self._time,
            "booking_email": self._email,
            "booking_reason": self._reason,
            "booking_confirmed": self._confirmed,
        }[requested]
        return reader(dispatcher, tracker)

    @staticmethod
    def _name(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        said = text(tracker)
        name = read_name(said)
        certain = intent(tracker)[1] >= _CERTAIN
        if _is_digression(tracker) and (name is None or len(name.split()) != 2 or certain):
            return None
        if name is None:
            if "?" in said:
                return None
            dispatcher.utter_message(response="utter_booking_name_invalid")
            return [SlotSet("booking_name", None)]
        phone = read_phone(said)
        also = [SlotSet("booking_phone", phone)] if phone else []
        return [SlotSet("booking_name", name), *also]

    @staticmethod
    def _phone(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        phone, email = read_phone(text(tracker)), read_email(text(tracker))
        if phone:
            also = [SlotSet("booking_email", email)] if email else []
            return [SlotSet("booking_phone", phone), *also]
        if _is_digression(tracker) or "?" in text(tracker):
            return None
        dispatcher.utter_message(response="utter_booking_phone_invalid")
        return [SlotSet("booking_phone", None)]

    @staticmethod
    def _email(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        return visit_details.take_email(dispatcher, tracker, _is_digression(tracker))

    @staticmethod
    def _reason(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        return visit_details.take_reason(dispatcher, tracker)

    @staticmethod
    def _time(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        if by_slot(tracker.slots):
            return appointments.take_time(dispatcher, tracker, _is_digression(tracker))
        try:
            preference = read_preference(text(tracker), now())
        except ValueError as error:
            dispatcher.utter_message(response=unusable(error))
            return [SlotSet("booking_time", None)]
        if preference is None or (_is_digression(tracker) and "?" in text(tracker)):
            if _is_digression(tracker) or "?" in text(tracker):
                return None
            dispatcher.utter_message(response="utter_booking_time_invalid")
            return [SlotSet("booking_time", None)]
        return _when(dispatcher, tracker, preference)

    @classmethod
    def _confirmed(cls, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        said = text(tracker)
        if words.AGREES_AND_ASKS_THE_WAY.search(said.lower()):
            dispatcher.utter_message(response=THE_WAY)
            return [SlotSet("booking_confirmed", True)]
        if intent(tracker)[0] == "faq" and _is_digression(tracker) and "?" in said:
            return None
        given = answer(tracker)
        phone = read_phone(said)
        if phone and phone != tracker.get_slot("booking_phone"):
            return [SlotSet("booking_phone", phone)]
        email = read_email(said)
        if email and email != tracker.get_slot("booking_email"):
            return [SlotSet("booking_email", email)]
        agrees = given is Answer.YES or (given is None and words.AGREES.search(said.lower()))
        if agrees and not words.BUT.search(said.lower()) and "?" not in said:
            return [SlotSet("booking_confirmed", True)]
        corrected = cls._correction(dispatcher, tracker, said)
        if corrected:
            return corrected
        if given is Answer.NO:
            return [SlotSet("booking_wrong", True)]
        return None

    @classmethod
    def _correction(cls, dispatcher: CollectingDispatcher, tracker: Tracker, said: str) -> Events:
        """Reads what the patient puts right while everything is read back."""
        topic = words.topic_of(said)
        if topic == "booking_name":
            name = None if words.WRONG.search(said.lower()) else read_name(said)
            return [SlotSet("booking_name", name)]
        if topic in ("booking_phone", "booking_email", "booking_reason"):
            return [SlotSet(topic, None)]
        other = appointments.same_day(dispatcher, tracker)
        if other:
            return other
        try:
            preference = read_preference(said, now())
        except ValueError as error:
            dispatcher.utter_message(response=unusable(error))
            return [SlotSet("booking_time", None)]
        if preference:
            return _when(dispatcher, tracker, preference)
        # What is to be changed is what is being booked; there may be no other appointment.
        meant = topic or words.BACK.search(said.lower()) or intent(tracker)[0] == "change_booking"
        return [SlotSet("booking_time", None)] if meant else []

    def next_slot(self, slots: dict[str, Any]) -> str | None:
        """Returns the next open slot."""
        # What a patient would rather not say is False: filled, and empty.
        return next((name for name in order(slots) if slots.get(name) in (None, "")), None)


def say_when(preference: Preference | None, spoken: str) -> str:
    """Returns a preferred time as it is read back: the patient's words, and the day they mean."""
    if preference is None or preference.start is None:
        return f'"{spoken}"'
    start = preference.start
    day = f"{start:%A, %B} {start.day}"
    at = f" at {start.hour % 12 or 12}:{start:%M} {'am' if start.hour < 12 else 'pm'}"
    return f'"{spoken}" ({day}{at if start.hour else ""})'


class ActionAskBookingConfirmed(Action):
    """Reads everything back before it is sent."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_ask_booking_confirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Asks whether name, phone and time are right, or after a no what is wrong."""
        if tracker.get_slot("booking_wrong"):
            dispatcher.utter_message(response="utter_booking_what_wrong")
            return [SlotSet("booking_wrong", None)]
        start = tracker.get_slot("booking_start")
        spoken = tracker.get_slot("booking_time")
        preference = Preference(spoken, datetime.fromisoformat(start) if start else None)
        dispatcher.utter_message(
            response="utter_booking_read_back",
            booking_name=tracker.get_slot("booking_name"),
            booking_phone=spoken_phone(tracker.get_slot("booking_phone")),
            booking_when=spoken
            if tracker.get_slot("booking_hold")
            else say_when(preference, spoken),
            booking_more=visit_details.read_back(tracker),
        )
        return []


def _key(tracker: Tracker) -> str | None:
    """Names the request that a message confirms, so that a retry of the call stores it once."""
    message = tracker.latest_message.get("message_id")
    named = f"{tracker.sender_id} {message}".encode()
    return sha256(named).hexdigest() if message else None


class ActionSubmitBooking(Action):
    """Stores the request and confirms it, or says honestly that it could not be stored."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_submit_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Books the time that is held; without one, stores the request once."""
        start = tracker.get_slot("booking_start")
        urgent = standing_level(tracker) >= Urgency.PHYSICIAN_SOON
        try:
            booked = appointments.submit(dispatcher, tracker)
            if booked is not None:
                again = any(event["event"] == "followup" for event in booked)
                return booked if again else self._done(dispatcher, tracker, booked)
            booking = request_booking(
                tracker.sender_id,
                tracker.get_slot("booking_name"),
                tracker.get_slot("booking_phone"),
                tracker.get_slot("booking_time"),
                datetime.fromisoformat(start) if start else None,
                urgent=urgent,
                email=visit_details.given_email(tracker),
                reason=visit_details.given_reason(tracker),
                key=_key(tracker),
            )
        except Exception as error:
            logger.error("A booking request could not be stored: %s", type(error).__name__)
            dispatcher.utter_message(response="utter_booking_failed")
            return [SlotSet("booking_confirmed", None)]
        dispatcher.utter_message(response="utter_booking_done", reference=booking.reference)
        if urgent:
            dispatcher.utter_message(response="utter_appointment_urgent")
        return self._done(dispatcher, tracker, appointments.forget())

    @staticmethod
    def _done(dispatcher: CollectingDispatcher, tracker: Tracker, events: Events) -> Events:
        """Empties the form, and reminds of an exercise that waits."""
        emptied = (*SLOTS, "booking_start", "booking_wrong", "booking_screening")
        cleared = [*events, *(SlotSet(name, None) for name in emptied)]
        stored = tracker.get_slot("coaching") or {}
        if stored and not tracker.get_slot("urgency"):
            dispatcher.utter_message(response="utter_exercise_waiting")
        return cleared


def _spoke_of_one(tracker: Tracker) -> bool:
    """Tells whether the bot has just told of a booking, which "cancel it" means then."""
    told = ("action_check_booking", "action_submit_booking", "action_use_proof")
    return any(previous_turn_did(tracker, action) for action in told)


class ActionCancel(Action):
    """Ends what is going on, or cancels the request that was stored."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_cancel"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Leaves the active form first; without one, cancels stored requests."""
        loop = active_loop(tracker)
        stopping = intent(tracker)[0] == "stop_exercise"
        session = current_session(tracker)
        if loop == COACHING_FORM and words.ABOUT_A_BOOKING.search(text(tracker).lower()):
            return own_bookings.cancel(dispatcher, tracker)
        if session and (loop == COACHING_FORM or (stopping and not loop)):
            return stop_session(dispatcher, tracker, session)
        if loop:
            dispatcher.utter_message(response=_DROPPED.get(loop, "utter_stopped_asking"))
            freed = appointments.drop(tracker) if loop == FORM else []
            return [*freed, ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        if stopping and not (words.CANCEL.search(text(tracker).lower()) and _spoke_of_one(tracker)):
            dispatcher.utter_message(response="utter_nothing_to_stop")
            return []
        return own_bookings.cancel(dispatcher, tracker)


class ActionCheckBooking(Action):
    """Says what is booked or requested, and changes it."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_check_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Reads what is booked, or starts to move it."""
        if intent(tracker)[0] != "change_booking":
            return own_bookings.check(dispatcher, tracker)
        if active_loop(tracker):
            return own_bookings.check(dispatcher, tracker, is_change=True)
        return own_bookings.change(dispatcher, tracker)
