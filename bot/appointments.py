"""Appointments as the dialogue and the jobs need them: the core's choices over what is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.booking.choose import Choice, Wish, choose, wish_of
from bot.booking.ics import calendar
from bot.booking.rules import BookingRules
from bot.booking.slots import Slot, free
from bot.clinic import clinic
from bot.coaching.plan import say_day, say_time
from bot.entities.when import read_preference
from bot.settings import production
from bot.store import appointments as store
from bot.store.notices import Notice


def _rules() -> BookingRules | None:
    """Returns the rules of the times that can be booked; made-up ones never in production."""
    rules = clinic().booking
    return None if rules and rules.demo and production() else rules


def in_use() -> bool:
    """Tells whether the clinic's profile has times to book."""
    return _rules() is not None


def is_demo() -> bool:
    """Tells whether the times are made up, to try the chat."""
    rules = _rules()
    return rules is not None and rules.demo


def offer(sender_id: str, wish: str | None, now: datetime, urgent: bool, skip: list[str]) -> Choice:
    """Returns up to three free slots for a patient.

    Args:
        sender_id: The patient; a time that they hold themselves is free for them.
        wish: Their words on when they would like to come, or None.
        now: The present moment in the clinic's zone.
        urgent: Whether they must be seen soon.
        skip: Keys of slots that were offered before.
    """
    rules = _rules()
    if rules is None:
        return Choice([])
    slots = free(rules, clinic().time_zone, now, store.taken(now, sender_id))
    return choose(slots, _wish(wish, now), rules, now.date(), urgent, skip)


def free_at(sender_id: str, moment: datetime, now: datetime) -> Slot | None:
    """Returns a free slot that begins at a moment, whoever the therapist; None where none does."""
    rules = _rules()
    if rules is None:
        return None
    slots = free(rules, clinic().time_zone, now, store.taken(now, sender_id))
    return next((slot for slot in slots if slot.starts == moment), None)


def _wish(words: str | None, now: datetime) -> Wish:
    if not words:
        return Wish(soonest=True)
    try:
        preference = read_preference(words, now)
    except ValueError:  # the day was ahead when it was said
        preference = None
    return wish_of(preference, now) if preference else Wish(soonest=True)


def say_when(starts: datetime) -> str:
    """Returns a moment in the clinic's time: "Tuesday, December 1 at 9 am"."""
    local = starts.astimezone(ZoneInfo(clinic().time_zone))
    return f"{say_day(local.date())} at {say_time(local.time())}"


def say_slot(slot: Slot) -> str:
    """Returns a slot in words: "Tuesday, December 1 at 9 am with Dana Reyes"."""
    return f"{say_when(slot.starts)} with {slot.therapist}"


def say_day_of(moment: datetime) -> str:
    """Returns the day of a moment in the clinic's zone, and its time unless that is midnight."""
    local = moment.astimezone(ZoneInfo(clinic().time_zone))
    return say_when(moment) if local.hour or local.minute else say_day(local.date())


def say_notice(notice: Notice) -> str:
    """Returns when the appointment of a notice begins."""
    return "" if notice.starts_at is None else say_when(notice.starts_at)


def calendar_file(booked: store.Booked, now: datetime) -> dict[str, str]:
    """Returns the appointment as a file for the patient's calendar, for the web page."""
    content = _calendar(
        booked.reference, booked.slot.starts, booked.slot.ends, booked.slot.therapist,
        made_at=now, sequence=booked.sequence,
    )  # fmt: skip
    name = f"appointment-{booked.reference}.ics"
    return {"type": "calendar", "filename": name, "content": content}


def calendar_of(notice: Notice, now: datetime, cancelled: bool) -> str | None:
    """Returns the appointment of a notice as a file for calendars; None for a request."""
    if notice.starts_at is None or notice.ends_at is None:
        return None
    return _calendar(
        notice.reference, notice.starts_at, notice.ends_at, notice.therapist, made_at=now,
        sequence=notice.sequence, cancelled=cancelled,
    )  # fmt: skip


def _calendar(reference: str, starts: datetime, ends: datetime, therapist: str, **more: Any) -> str:
    profile = clinic()
    return calendar(
        reference=reference,
        starts=starts,
        ends=ends,
        summary=f"Visit at {profile.name}",
        location=profile.address or profile.name,
        description=f"With {therapist}. Reference {reference}. To change it, call {profile.phone}.",
        **more,
    )
