"""Times to choose from, and the appointments that come of them, in conversation."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.turns import logger, now, quietly, quietly_read, standing_level, text
from actions.visit_details import given_email, given_reason
from bot.appointments import (
    calendar_file,
    free_at,
    in_use,
    is_demo,
    offer,
    say_slot,
    say_when,
)
from bot.booking.choose import Choice, WhyNot, pick, wants_others
from bot.booking.named import named_moment
from bot.booking.slots import Slot
from bot.entities.when import MAX_TEXT, PastDateError, read_preference
from bot.safety import Urgency
from bot.store import appointments as store
from bot.store.notices import confirmations_seen

FORM = "booking_form"
BY_REQUEST = ("booking_name", "booking_phone", "booking_time", "booking_confirmed")
BY_SLOT = (
    "booking_time", "booking_name", "booking_phone", "booking_email", "booking_reason",
    "booking_confirmed",
)  # fmt: skip
SLOTS = BY_SLOT
_OWN = ("booking_offer", "booking_hold", "booking_wish", "booking_callback", "booking_moving")
_CALL_BACK = re.compile(
    r"\b(ask for a call|call[ -]?backs?|(have|let) (them|someone|the clinic) call|call me( back)?|"
    r"none of (these|them|those)|none works?|neither)\b"
)
_HOUR = re.compile(
    r"\b(?:make it|change it to|move it to|do|to|at)\s+"
    r"(?P<clock>\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b\.?)?)(?![\w/-])"
)
NONE_OF_THESE = "Ask for a call"


def by_slot(slots: dict[str, Any]) -> bool:
    """Tells whether a time is chosen from those that are free, instead of being requested."""
    return in_use() and not slots.get("booking_callback")


def order(slots: dict[str, Any]) -> tuple[str, ...]:
    """Returns the form's slots in the order in which they are asked for.

    A request, which the clinic calls back for, asks no more than it must; but whether answers to
    the safety questions may be passed on is asked there too.
    """
    if by_slot(slots):
        return BY_SLOT
    if slots.get("booking_screening"):
        return (*BY_REQUEST[:-1], "booking_reason", BY_REQUEST[-1])
    return BY_REQUEST


def unusable(error: ValueError) -> str:
    """Returns the response that says why a day cannot be taken."""
    past = isinstance(error, PastDateError)
    return "utter_booking_time_past" if past else "utter_booking_time_impossible"


def _urgent(tracker: Tracker) -> bool:
    return standing_level(tracker) >= Urgency.PHYSICIAN_SOON


def _as_dict(slot: Slot) -> dict[str, Any]:
    return {
        "starts": slot.starts.isoformat(), "therapist": slot.therapist, "minutes": slot.minutes,
    }  # fmt: skip


def _slot(stored: dict[str, Any]) -> Slot:
    starts = datetime.fromisoformat(stored["starts"]).astimezone(now().tzinfo)
    return Slot(starts, stored["therapist"], stored["minutes"])


def _offered(tracker: Tracker) -> list[Slot]:
    return [_slot(one) for one in (tracker.get_slot("booking_offer") or {}).get("slots", [])]


# --- choosing a time ---------------------------------------------------------------------------


def wish_in(said: str) -> str | None:
    """Returns the patient's words where they name a time that may be wished for."""
    try:
        return said[:MAX_TEXT] if read_preference(said, now()) else None
    except ValueError:
        return None


def _names_day(said: str) -> bool:
    try:
        preference = read_preference(said, now())
    except ValueError:
        return True  # one that is over, or that there is not
    return preference is not None and preference.names_day


def start(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Begins a booking, with the time that was named where it is free.

    Returns:
        The events; none where times cannot be booked.
    """
    if not in_use():
        return []
    # What is held goes on; a move that was put aside never becomes a second booking.
    old = ("booking_time", "booking_hold", "booking_moving")
    kept = () if tracker.get_slot("booking_hold") else old
    emptied = ("booking_offer", "booking_callback", *kept)
    return [
        *(SlotSet(name, None) for name in emptied),
        SlotSet("booking_wish", wish_in(text(tracker))),
        *(take_named(dispatcher, text(tracker), tracker) or []),
    ]


def other_time(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Takes the time that a new wish names; else times are offered that fit it."""
    return take_named(dispatcher, text(tracker), tracker) or [
        SlotSet("booking_time", None), SlotSet("booking_offer", None),
        SlotSet("booking_wish", text(tracker)[:MAX_TEXT]),
    ]  # fmt: skip


def same_day(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
    """Takes another hour of the day that is held: "make it 10 instead".

    Returns:
        The events, with the day's other times to choose from where that hour is not free; None
        where no hour is named, or a day with it.
    """
    held = tracker.get_slot("booking_hold")
    hour = _HOUR.search(text(tracker).lower())
    if not held or not hour or _names_day(text(tracker)):
        return None
    starts = _slot(held).starts
    day = f"{starts:%B} {starts.day}"
    return take_named(dispatcher, f"{day} at {hour['clock']}", tracker) or [
        SlotSet("booking_time", None), SlotSet("booking_offer", None),
        SlotSet("booking_wish", day),
    ]  # fmt: skip


def take_named(dispatcher: CollectingDispatcher, said: str, tracker: Tracker) -> Events | None:
    """Holds the one time that a message names by day and clock, and says it back.

    Returns:
        The events; None where no such time is named, or it is not free.
    """
    moment = named_moment(said, now()) if in_use() else None
    slot = quietly_read(free_at, tracker.sender_id, moment, now()) if moment else None
    if slot is None:
        return None
    held = _hold(dispatcher, tracker, slot)
    if any(event["name"] == "booking_hold" for event in held):
        dispatcher.utter_message(response="utter_booking_held", booking_when=say_slot(slot))
    return held


def take_time(dispatcher: CollectingDispatcher, tracker: Tracker, digresses: bool) -> Events | None:
    """Reads which of the offered times is taken, or what else would suit.

    Args:
        dispatcher: Takes what is said.
        tracker: The conversation.
        digresses: Whether the message is about something else, unless it names a time.
    """
    said = text(tracker)
    offered = _offered(tracker)
    if _CALL_BACK.search(said.lower()):
        return _by_request(dispatcher, tracker)
    try:
        preference = read_preference(said, now())
    except ValueError as error:
        dispatcher.utter_message(response=unusable(error))
        return [SlotSet("booking_time", None)]
    is_asked = digresses and (preference is None or "?" in said)
    chosen = pick(said, offered, [_title(slot) for slot in offered], now())
    if chosen:
        taken: Events | None = _hold(dispatcher, tracker, chosen)
    else:
        taken = None if is_asked else take_named(dispatcher, said, tracker)
    if taken:
        return taken
    if wants_others(said):
        stored = tracker.get_slot("booking_offer") or {}
        skip = [*stored.get("skip", []), *(slot.key for slot in offered)]
        return [SlotSet("booking_time", None), SlotSet("booking_offer", {"skip": skip})]
    if is_asked:
        return None
    if preference:
        return other_time(dispatcher, tracker)
    if "?" in said:
        return None
    dispatcher.utter_message(response="utter_booking_time_invalid")
    return [SlotSet("booking_time", None)]


def _by_request(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Goes on as a request that the clinic calls back for."""
    dispatcher.utter_message(response="utter_booking_callback")
    quietly(store.release, tracker.sender_id)
    wish = tracker.get_slot("booking_wish")
    return [
        SlotSet("booking_callback", True), SlotSet("booking_hold", None),
        SlotSet("booking_moving", None), SlotSet("booking_time", wish),
        SlotSet("booking_start", None),
    ]  # fmt: skip


def _hold(dispatcher: CollectingDispatcher, tracker: Tracker, slot: Slot) -> Events:
    """Holds a time, or says that it is gone."""
    try:
        key = store.hold(tracker.sender_id, slot)
    except store.SlotTakenError:
        dispatcher.utter_message(response="utter_booking_slot_gone")
        return [SlotSet("booking_time", None), SlotSet("booking_offer", None)]
    return [
        SlotSet("booking_time", say_slot(slot)),
        SlotSet("booking_start", slot.starts.isoformat()),
        SlotSet("booking_hold", {**_as_dict(slot), "key": key}),
    ]


def _title(slot: Slot) -> str:
    return say_when(slot.starts)


class ActionAskBookingTime(Action):
    """Offers times, or asks for one where the clinic has none to choose from."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_ask_booking_time"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Offers up to three free times that fit what the patient said."""
        if not by_slot(tracker.slots):
            dispatcher.utter_message(response="utter_ask_booking_time")
            return []
        skip = (tracker.get_slot("booking_offer") or {}).get("skip", [])
        try:
            choice = self._choice(tracker, skip)
        except Exception as error:
            logger.error("Free times could not be read: %s", type(error).__name__)
            choice = Choice([])
        if not choice.slots:
            dispatcher.utter_message(response="utter_booking_no_slots")
            dispatcher.utter_message(response="utter_ask_booking_time")
            return [SlotSet("booking_callback", True), SlotSet("booking_moving", None)]
        if choice.why_not:
            dispatcher.utter_message(response=f"utter_slots_{choice.why_not.value}")
        self._say(dispatcher, choice.slots)
        slots = [_as_dict(slot) for slot in choice.slots]
        return [SlotSet("booking_offer", {"slots": slots, "skip": skip})]

    @staticmethod
    def _choice(tracker: Tracker, skip: list[str]) -> Choice:
        wish = tracker.get_slot("booking_wish")
        sender, urgent = tracker.sender_id, _urgent(tracker)
        choice = offer(sender, wish, now(), urgent, skip)
        if choice.slots or not skip:
            return choice
        return Choice(offer(sender, wish, now(), urgent, []).slots, WhyNot.TAKEN)

    @staticmethod
    def _say(dispatcher: CollectingDispatcher, slots: list[Slot]) -> None:
        titles = [_title(slot) for slot in slots]
        buttons = [{"title": t, "payload": "/book_evaluation"} for t in (*titles, NONE_OF_THESE)]
        lines = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
        dispatcher.utter_message(
            response="utter_booking_offer", booking_times="\n".join(lines), buttons=buttons
        )


# --- booking, moving ---------------------------------------------------------------------------


def forget() -> Events:
    """Returns the events that empty the slots of this module."""
    return [SlotSet(name, None) for name in _OWN] if in_use() else []


def drop(tracker: Tracker) -> Events:
    """Frees what a patient holds as they leave the form."""
    if not tracker.get_slot("booking_hold"):
        return forget()
    quietly(store.release, tracker.sender_id)
    return [*forget(), SlotSet("booking_time", None), SlotSet("booking_start", None)]


def submit(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
    """Books the time that is held and says so.

    Returns:
        Events: those of the booking, or of a time that was lost; None where nothing is held.

    Raises:
        Exception: It could not be stored.
    """
    held = tracker.get_slot("booking_hold")
    if not held or not by_slot(tracker.slots):
        return None
    try:
        booked = _commit(tracker, held["key"])
    except store.SlotTakenError:
        try:
            # The hold ran out; the time may be free all the same.
            booked = _commit(tracker, store.hold(tracker.sender_id, _slot(held)))
        except store.SlotTakenError:
            dispatcher.utter_message(response="utter_booking_slot_gone")
            lost = ("booking_time", "booking_hold", "booking_confirmed", "booking_offer")
            return [*(SlotSet(name, None) for name in lost), FollowupAction(FORM)]
    moved = bool(tracker.get_slot("booking_moving"))
    _confirm(dispatcher, tracker, booked, moved)
    quietly(confirmations_seen, tracker.sender_id)
    return forget()


def _confirm(
    dispatcher: CollectingDispatcher, tracker: Tracker, booked: store.Booked, moved: bool
) -> None:
    dispatcher.utter_message(
        response="utter_appointment_moved" if moved else "utter_appointment_booked",
        reference=booked.reference,
        booking_when=say_slot(booked.slot),
    )
    if tracker.get_latest_input_channel() != "sms":
        dispatcher.messages[-1]["custom"] = calendar_file(booked, now())
    if booked.urgent and not moved:
        dispatcher.utter_message(response="utter_appointment_urgent")
    if is_demo():
        dispatcher.utter_message(response="utter_booking_demo")


def _commit(tracker: Tracker, key: str) -> store.Booked:
    channel = tracker.get_latest_input_channel() or "web"
    moving = tracker.get_slot("booking_moving")
    if moving:
        return store.move(moving, tracker.sender_id, key, channel)
    return store.book(
        tracker.sender_id,
        key,
        tracker.get_slot("booking_name"),
        tracker.get_slot("booking_phone"),
        _urgent(tracker),
        channel,
        email=given_email(tracker),
        reason=given_reason(tracker),
    )
