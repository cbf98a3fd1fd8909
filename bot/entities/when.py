"""Reads when a patient would like to come, and says it back."""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass
from datetime import datetime

MAX_TEXT = 200
EARLIEST_HOUR = 7

_SOON = re.compile(r"\b(asap|as soon as (possible|you can)|soonest|earliest|right away|today|"
                   r"first available|any ?time|whenever|lo antes posible)\b")  # fmt: skip
_PART = re.compile(r"\b(mornings?|afternoons?|evenings?|noon|after (work|school|lunch|\d{1,2}\b)|"
                   r"before (work|noon|\d{1,2}\b)|weekdays?|weekends?|lunch ?time|early|late)\b")  # fmt: skip
_DAY = re.compile(
    r"\b(mon(day)?|tues?(day)?|wed(nesday)?|thur?s?(day)?|fri(day)?|sat(urday)?|sun(day)?|tomorrow|"
    r"tmrw|tonight|next week|this week|next month|ma[nñ]ana|lunes|martes|mi[eé]rcoles|jueves|"
    r"viernes)s?\b"
)
_CLOCK = re.compile(
    r"\b\d{1,2}(:\d{2})?\s*(am|pm|a\.m\.|p\.m\.|o'?clock)\b|\bat \d{1,2}\b|\bhalf past\b"
)


@dataclass(frozen=True)
class Preference:
    """When a patient would like to come.

    Attributes:
        text: The patient's words, cut to ``MAX_TEXT`` characters.
        start: The moment that was meant, where one was named.
    """

    text: str
    start: datetime | None = None


class PastDateError(ValueError):
    """The time that was named is over."""


class NoSuchDateError(ValueError):
    """The calendar has no such day."""


_IMPOSSIBLE = re.compile(
    r"\b(feb(ruary)? (3[01])|(3[01])(st|th)? (of )?feb(ruary)?|(apr(il)?|june?|sept?(ember)?|"
    r"nov(ember)?) 31|31(st)? (of )?(april|june|september|november)|\d+/(3[2-9]|[4-9]\d)\b)"
)


def _moment(text: str, now: datetime) -> datetime | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ctparse import ctparse

        # It would log the patient's words when it finds no time in them.
        logging.getLogger("ctparse").setLevel(logging.CRITICAL)
        found = ctparse(text, ts=now.replace(tzinfo=None), timeout=1.0, latent_time=True)
    resolution = getattr(found, "resolution", None)
    start = getattr(resolution, "t_from", None) or resolution
    year, month, day, hour, minute = (
        getattr(start, part, None) for part in ("year", "month", "day", "hour", "minute")
    )
    if not (year and month and day):
        return None
    if hour and hour < EARLIEST_HOUR and not re.search(r"\d\s*a\.?m", text):
        hour += 12  # "after 5" is the afternoon: nobody is treated at 5 in the morning
    return datetime(year, month, day, hour or 0, minute or 0, tzinfo=now.tzinfo)


def read_preference(text: str, now: datetime) -> Preference | None:
    """Reads a preferred time for an evaluation.

    Args:
        text: The patient's message, for example "next Tuesday after work".
        now: The present moment in the clinic's time zone.

    Returns:
        The preference, or None when the message names no time.

    Raises:
        PastDateError: The named day is over.
        NoSuchDateError: The calendar has no such day.
    """
    lowered = " ".join(text.lower().split())[:MAX_TEXT]
    if _IMPOSSIBLE.search(lowered):
        raise NoSuchDateError
    said = " ".join(text.split())[:MAX_TEXT]
    if _SOON.search(lowered):
        return Preference(said)
    explicit = _DAY.search(lowered) or _CLOCK.search(lowered)
    date_like = re.search(
        r"\d{1,2}/\d{1,2}|\b\d{1,2}(st|nd|rd|th)\b|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
        r"[a-z]*\.? \d|yesterday|last (week|mon|tue|wed|thu|fri)",
        lowered,
    )
    if not (explicit or date_like):
        return Preference(said) if _PART.search(lowered) else None
    moment = _moment(lowered, now)
    if re.search(r"yesterday|last (week|mon|tue|wed|thu|fri)", lowered):
        raise PastDateError
    if moment and moment.date() < now.date():
        raise PastDateError
    return Preference(said, moment)
