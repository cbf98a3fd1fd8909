"""The ``booking:`` block of the clinic's profile: when the clinic sees patients."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise

from pydantic import BaseModel, Extra, Field, validator

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")
Span = tuple[time, time]


def _span(value: object) -> Span:
    match = _SPAN.fullmatch(str(value))
    try:
        numbers = [int(number) for number in match.groups()] if match else []
        begin, end = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except (ValueError, IndexError):
        numbers = []
    if not numbers:
        raise ValueError(f"has no hours like 08:00-12:00 in '{value}'")
    if begin >= end:
        raise ValueError(f"ends before it begins in '{value}'")
    return begin, end


class BookingRules(BaseModel):
    """When appointments may begin; all times are the clinic's own.

    Attributes:
        visit_minutes: How long one visit takes.
        therapists: The names of those who see patients; each sees one patient at a time.
        hours: Opening hours by the day of the week; a day that is left out is closed.
        closed: Days on which the clinic is closed all the same.
        lead_hours: How long before a visit it must be booked.
        days_ahead: How many days ahead may be booked.
        demo: Whether the times are made up, to try the chat: patients are told so, and in
            production they are not offered.
    """

    visit_minutes: int = Field(60, ge=10, le=240)
    therapists: list[str] = Field(..., min_items=1)
    hours: dict[str, list[Span]]
    closed: list[date] = []
    lead_hours: int = Field(24, ge=0, le=24 * 30)
    days_ahead: int = Field(30, ge=1, le=180)
    demo: bool = False

    class Config:
        """Unknown keys are refused, so that a misspelled one does not vanish silently."""

        extra = Extra.forbid

    @validator("therapists")
    def _names(cls, value: list[str]) -> list[str]:  # noqa: N805
        names = [" ".join(name.split()) for name in value]
        if any(not 1 <= len(name) <= 60 for name in names) or len(set(names)) < len(names):
            raise ValueError("must be different names of 1 to 60 characters")
        return names

    @validator("closed", pre=True)
    def _none_closed(cls, value: object) -> object:  # noqa: N805
        return [] if value is None else value

    @validator("hours", pre=True)
    def _read_hours(cls, value: object) -> dict[str, list[Span]]:  # noqa: N805
        if not isinstance(value, dict) or not value:
            raise ValueError("must hold lines such as 'monday: 08:00-12:00, 13:00-17:00'")
        unknown = [str(day) for day in value if day not in WEEKDAYS]
        if unknown:
            raise ValueError(f"knows no day '{unknown[0]}'")
        return {day: _spans(hours) for day, hours in value.items()}

    def opening(self, day: date) -> list[Span]:
        """Returns the opening hours of a day; none where the clinic is closed."""
        return [] if day in self.closed else self.hours.get(WEEKDAYS[day.weekday()], [])


def _spans(value: object) -> list[Span]:
    parts = value if isinstance(value, list) else str(value or "").split(",")
    spans = sorted(_span(part) for part in parts if str(part).strip())
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise ValueError("has hours that overlap")
    return spans
