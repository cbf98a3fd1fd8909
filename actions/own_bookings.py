"""Checking, changing and cancelling what a patient booked, and the proof that it is theirs.

Proof is the conversation that it was booked in, whose sender the channel has verified, or the
reference together with the phone number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.appointments import FORM as BOOKING_FORM
from actions.appointments import forget, take_named, wish_in
from actions.forms import Events, FormValidation
from actions.turns import REQUESTED_SLOT, intent, now, quietly_read, text
from actions.visit_details import SKIPPED
from bot.appointments import in_use, say_slot
from bot.entities.person import read_phone
from bot.entities.reference import asks_for_reference, read_reference
from bot.store import appointments as store
from bot.store.notices import clinic_knows
from bot.store.proofs import TooManyTriesError, proven
from bot.store.records import (
    Booking,
    bookings_of,
    cancel_bookings,
    cancel_request,
    request_with,
)

FORM = "proof_form"
CANCEL, CHECK, CHANGE = "cancel", "check", "change"
_SLOTS = ("proof_reference", "proof_phone")
_HAS_REFERENCE = re.compile(r"\breference\b", re.IGNORECASE)
# "The day after tomorrow" is seen from today.
_DAY_BESIDE = re.compile(
    r"\b(?:the |one |a )?(?:(?:next|following) day|day (?:after|later)|"
    r"(?P<before>day (?:before|earlier)|previous day))\b"
    r"(?! (?:tomorrow|yesterday|[a-z]*day|the|my|\d))",
    re.IGNORECASE,
)
_SURE = 0.6


@dataclass(frozen=True)
class Found:
    """What a message is about.

    Attributes:
        booked: Appointments that are the patient's.
        requests: Requests that are the patient's.
        named: Whether a reference chose them.
        instead: Events of what comes first, for example the question for proof; else None.
    """

    booked: list[store.Booked] = field(default_factory=list)
    requests: list[Booking] = field(default_factory=list)
    named: bool = False
    instead: Events | None = None


# --- finding, with proof -------------------------------------------------------------------------


def _find(dispatcher: CollectingDispatcher, tracker: Tracker, purpose: str) -> Found:
    """Finds what a message is about among what is the patient's."""
    said = text(tracker)
    booked = store.appointments_of(tracker.sender_id)
    requests = bookings_of(tracker.sender_id)
    named = read_reference(said)
    if named is None:
        if _HAS_REFERENCE.search(said) and not asks_for_reference(said):
            return Found(instead=_ask_for_proof(purpose, None))
        if booked or requests:
            return Found(booked, requests)
        return _proven_before(tracker)
    reference, rest = named
    own = Found(
        [one for one in booked if one.reference == reference],
        [one for one in requests if one.reference == reference],
        named=True,
    )
    if own.booked or own.requests:
        return own
    phone = read_phone(rest)
    if phone is None:
        return Found(instead=_ask_for_proof(purpose, reference))
    return _with_proof(dispatcher, tracker, reference, phone)


def _with_proof(
    dispatcher: CollectingDispatcher, tracker: Tracker, reference: str, phone: str
) -> Found:
    emptied = [SlotSet(name, None) for name in _SLOTS]
    try:
        found = proven(tracker.sender_id, reference, phone)
    except TooManyTriesError:
        dispatcher.utter_message(response="utter_proof_locked")
        return Found(instead=emptied)
    if found is None:
        dispatcher.utter_message(response="utter_appointment_no_match")
        return Found(instead=emptied)
    return _as_found(found)


def _as_found(found: store.Booked | Booking) -> Found:
    if isinstance(found, store.Booked):
        return Found(booked=[found], named=True)
    return Found(requests=[found], named=True)


def _proven_before(tracker: Tracker) -> Found:
    """Returns what this conversation has proven before to be the patient's."""
    reference, phone = (tracker.get_slot(name) for name in _SLOTS)
    if not (reference and phone):
        return Found()
    found = store.appointment_with(reference, phone) or request_with(reference, phone)
    return _as_found(found) if found else Found()


def _ask_for_proof(purpose: str, reference: str | None) -> Events:
    return [
        SlotSet("proof_purpose", purpose), SlotSet("proof_reference", reference),
        SlotSet("proof_phone", None), ActiveLoop(None), SlotSet(REQUESTED_SLOT, None),
        FollowupAction(FORM),
    ]  # fmt: skip


class ValidateProofForm(FormValidation):
    """Reads the reference and the phone number."""

    form = FORM

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Reads what was asked for, and the other where it comes along."""
        said = text(tracker)
        reference, rest = read_reference(said) or (None, said)
        phone = read_phone(rest)
        events = [SlotSet("proof_reference", reference)] if reference else []
        events += [SlotSet("proof_phone", phone)] if phone else []
        if any(event["name"] == requested for event in events):
            return events
        name, confidence = intent(tracker)
        if "?" in said or (name != "nlu_fallback" and confidence >= _SURE):
            return None
        dispatcher.utter_message(response=f"utter_{requested}_invalid")
        return [*events, SlotSet(requested, None)]

    def next_slot(self, slots: dict[str, Any]) -> str | None:
        """Returns what is still to be asked for."""
        return next((name for name in _SLOTS if not slots.get(name)), None)


class ActionUseProof(Action):
    """Goes on with what the proof was asked for."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_use_proof"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Checks the proof, and cancels, changes or says the appointment."""
        reference, phone = (tracker.get_slot(name) for name in _SLOTS)
        found = _with_proof(dispatcher, tracker, reference, phone)
        do = {CANCEL: _cancel, CHANGE: _change}.get(tracker.get_slot("proof_purpose"), _check)
        if found.instead is not None:
            return found.instead
        return do(dispatcher, tracker, found)


# --- cancelling, checking, changing --------------------------------------------------------------


def cancel(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Cancels the appointment or request that is meant, if it is the patient's."""
    return _cancel(dispatcher, tracker, _find(dispatcher, tracker, CANCEL))


def check(dispatcher: CollectingDispatcher, tracker: Tracker, is_change: bool = False) -> Events:
    """Says what is booked or requested.

    Args:
        dispatcher: Takes what is said.
        tracker: The conversation.
        is_change: Whether a change was asked for that cannot be made now.
    """
    return _check(dispatcher, tracker, _find(dispatcher, tracker, CHECK), is_change)


def ahead(tracker: Tracker) -> list[store.Booked]:
    """Returns the appointments that a patient has where no booking of theirs is under way."""
    under_way = ("booking_hold", "booking_callback")
    if not in_use() or any(tracker.get_slot(name) for name in under_way):
        return []
    return quietly_read(store.appointments_of, tracker.sender_id) or []


def say_ahead(dispatcher: CollectingDispatcher, found: list[store.Booked]) -> Events:
    """Says what is booked already, and offers to change it or to book one more."""
    for booked in found[:-1]:
        _say(dispatcher, "utter_appointment_found", booked)
    dispatcher.utter_message(
        response="utter_appointment_found",
        reference=found[-1].reference,
        booking_when=say_slot(found[-1].slot),
        buttons=[
            {"title": "Change my appointment", "payload": "/change_booking"},
            {"title": "Book another appointment", "payload": "/book_evaluation"},
        ],
    )
    return []


def change(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Starts to move an appointment to another time."""
    return _change(dispatcher, tracker, _find(dispatcher, tracker, CHANGE))


def _none(dispatcher: CollectingDispatcher) -> Events:
    known = "utter_appointment_none" if in_use() else "utter_booking_none"
    dispatcher.utter_message(response=known)
    return []


def _which(dispatcher: CollectingDispatcher, found: list[store.Booked]) -> Events:
    lines = [f"{booked.reference}: {say_slot(booked.slot)}" for booked in found]
    dispatcher.utter_message(response="utter_appointment_which", booking_times="\n".join(lines))
    return []


def _say(dispatcher: CollectingDispatcher, response: str, booked: store.Booked) -> None:
    dispatcher.utter_message(
        response=response, reference=booked.reference, booking_when=say_slot(booked.slot)
    )


def _cancel(dispatcher: CollectingDispatcher, tracker: Tracker, found: Found) -> Events:
    if found.instead is not None:
        return found.instead
    if len(found.booked) > 1:
        return _which(dispatcher, found.booked)
    if found.booked:
        cancelled = store.cancel(found.booked[0].reference)
        if cancelled is None:
            return _none(dispatcher)
        _say(dispatcher, "utter_appointment_cancelled", cancelled)
        return []
    if not found.requests:
        return _none(dispatcher)
    dropped = (
        cancel_request(found.requests[0].reference)
        if found.named or found.requests[0] not in bookings_of(tracker.sender_id)
        else cancel_bookings(tracker.sender_id)
    )
    references = ", ".join(one.reference for one in dropped)
    dispatcher.utter_message(response="utter_booking_cancelled", reference=references)
    return []


def _check(
    dispatcher: CollectingDispatcher, tracker: Tracker, found: Found, is_change: bool = False
) -> Events:
    if found.instead is not None:
        return found.instead
    for booked in found.booked:
        _say(dispatcher, "utter_appointment_found", booked)
    if found.booked:
        told = all(booked.clinic_told for booked in found.booked)
    elif found.requests:
        newest = found.requests[0]
        dispatcher.utter_message(
            response="utter_booking_change" if is_change else "utter_booking_found",
            reference=newest.reference,
            booking_when=newest.preferred,
        )
        told = clinic_knows(newest.reference)
    else:
        return _none(dispatcher)
    if told:
        dispatcher.utter_message(response="utter_appointment_told")
    return []


def _relative(said: str, day: date) -> str:
    """Returns a message with "the day after" named as the day that it is, seen from the booked one.

    Where that day is over, the words stay.
    """
    found = _DAY_BESIDE.search(said)
    if found is None:
        return said
    meant = day + timedelta(-1 if found["before"] else 1)
    return f"{said[: found.start()]}{meant:%B} {meant.day}{said[found.end() :]}"


def _change(dispatcher: CollectingDispatcher, tracker: Tracker, found: Found) -> Events:
    if found.instead is not None:
        return found.instead
    if len(found.booked) > 1:
        return _which(dispatcher, found.booked)
    if not found.booked or not in_use():
        return _check(dispatcher, tracker, found, is_change=True)
    booked = found.booked[0]
    _say(dispatcher, "utter_appointment_change", booked)
    said = _relative(text(tracker), booked.slot.starts.astimezone(now().tzinfo).date())
    wish = wish_in(said)
    return [
        *forget(),
        SlotSet("booking_moving", booked.reference),
        SlotSet("booking_name", booked.name),
        SlotSet("booking_phone", booked.phone),
        SlotSet("booking_email", booked.email or SKIPPED),
        SlotSet("booking_reason", SKIPPED),
        SlotSet("booking_time", None),
        SlotSet("booking_wish", wish),
        *(take_named(dispatcher, said, tracker) or []),
        ActiveLoop(None),
        SlotSet(REQUESTED_SLOT, None),
        FollowupAction(BOOKING_FORM),
    ]
