"""Appointments as the dialogue and the jobs need them: the core's choices over what is stored."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.booking.choose import Choice, Wish, choose, wish_of
from bot.booking.ics import calendar
from bot.booking.slots import Slot, free
from bot.clinic import clinic
from bot.coaching.plan import say_day, say_time
from bot.entities.when import read_preference
from bot.store import appointments as store


def in_use() -> bool:
    """Tells whether the clinic's profile has times to book."""
    return clinic().booking is not None


def offer(sender_id: str, wish: str | None, now: datetime, urgent: bool, skip: list[str]) -> Choice:
    """Returns up to three free slots for a patient.

    Args:
        sender_id: The patient; a time that they hold themselves is free for them.
        wish: Their words on when they would like to come, or None.
        now: The present moment in the clinic's zone.
        urgent: Whether they must be seen soon.
        skip: Keys of slots that were offered before.
    """
    profile = clinic()
    if profile.booking is None:
        return Choice([])
    slots = free(profile.booking, profile.time_zone, now, store.taken(now, sender_id))
    return choose(slots, _wish(wish, now), profile.booking, now.date(), urgent, skip)


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


def calendar_file(booked: store.Booked, now: datetime) -> dict[str, str]:
    """Returns the appointment as a file for the patient's calendar, for the web page."""
    profile = clinic()
    content = calendar(
        reference=booked.reference,
        starts=booked.slot.starts,
        ends=booked.slot.ends,
        summary=f"Visit at {profile.name}",
        location=profile.address or profile.name,
        description=f"With {booked.slot.therapist}. Reference {booked.reference}. "
        f"To change it, call {profile.phone}.",
        made_at=now,
        sequence=booked.sequence,
    )
    name = f"appointment-{booked.reference}.ics"
    return {"type": "calendar", "filename": name, "content": content}
