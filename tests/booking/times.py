"""Slots for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.booking.slots import Slot

AUSTIN = ZoneInfo("America/Chicago")
FIRST = datetime(2090, 3, 6, 9, tzinfo=AUSTIN)


def slot(number: int, therapist: str = "Dana Reyes") -> Slot:
    """The slot of a number: one an hour from 9 on, seven a day."""
    days, hours = divmod(number, 7)
    return Slot(FIRST + timedelta(days=days, hours=hours), therapist, 60)
