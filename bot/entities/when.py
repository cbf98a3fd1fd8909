"""Reads when a patient would like to come.

A grammar of our own, small and strict: the general parsers of dates read "12/3" as the twelfth of
March, find a Tuesday in "die hard", and log the patient's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.entities import when_words as words
from bot.entities.calendar_days import Day, NoSuchDateError, PastDateError, read_days
from bot.entities.clock import Clock, bare_hour, part_of, read_clock, read_part
from bot.entities.plain import plain

__all__ = ["MAX_TEXT", "NoSuchDateError", "PastDateError", "Preference", "read_preference"]

MAX_TEXT = 200


@dataclass(frozen=True)
class Preference:
    """When a patient would like to come.

    Attributes:
        text: The patient's words, cut to ``MAX_TEXT`` characters.
        start: The moment that was meant, where one was named; midnight where only its day was.
        part_of_day: ``morning``, ``afternoon`` or ``evening``, where it was said or follows from
            the clock time.
        names_day: Whether one certain day was named. Without it, ``start`` is the next time that
            the clock shows the time that was named.
        names_clock: Whether a clock time was named.
    """

    text: str
    start: datetime | None = None
    part_of_day: str | None = None
    names_day: bool = False
    names_clock: bool = False


def read_preference(text: str, now: datetime) -> Preference | None:
    """Reads a preferred time for an evaluation.

    Args:
        text: The patient's message, for example "next Tuesday after work".
        now: The present moment in the clinic's time zone.

    Returns:
        The preference, or None when the message names no time, asks something else about times
        or tells of the past.

    Raises:
        PastDateError: The named day is over.
        NoSuchDateError: The calendar has no such day.
    """
    said = words.GREETING.sub(" ", plain(text, MAX_TEXT))
    if words.NOT_TODAY.fullmatch(said.strip()) or _is_about_something_else(said):
        return None
    shown = " ".join(text.split())[:MAX_TEXT].strip()
    wanted = words.LEFT_OUT.sub(" ", said)
    days = read_days(wanted, now.date())
    clock = _clock(wanted, days)
    part = part_of(clock.at) if clock else read_part(_without(wanted, days))
    day = _one_day(days, wanted)
    named = clock if clock and not clock.is_upper_bound else None
    if day:
        start = _moment(day, named, part, now)
        return Preference(shown, start, part, True, named is not None)
    is_open = clock is None or clock.is_bound or words.FREE_FROM.search(wanted)
    if clock and not days and not is_open and not words.OPEN_WISH.search(wanted):
        return Preference(shown, _next(clock.at, now), part, False, True)
    if days or clock or part or wanted != said or words.OPEN_WISH.search(wanted):
        return Preference(shown, None, part, False, named is not None)
    return None


def _is_about_something_else(said: str) -> bool:
    if words.QUESTION.search(said):
        return True
    if words.HOPED.search(said) or words.REQUEST.search(said):
        return False
    return bool(words.STORY.search(said) or words.ACHES.search(said))


def _clock(said: str, days: list[Day]) -> Clock | None:
    """Reads the clock time beside the days, so that no part of a date is taken for one."""
    rest = _without(said, days)
    return read_clock(rest) or (bare_hour(rest) if days else None)


def _without(said: str, days: list[Day]) -> str:
    for day in days:
        if "this" not in day.text and "tonight" not in day.text and "esta" not in day.text:
            said = said.replace(day.text, " ")
    return " ".join(said.split())


def _one_day(days: list[Day], said: str) -> Day | None:
    """Returns the day where one certain day is named."""
    if not days or any(day.recurs for day in days) or len({day.on for day in days}) > 1:
        return None
    day = days[0]
    return None if words.bounds(day.text).search(said) else day


def _moment(day: Day, clock: Clock | None, part: str | None, now: datetime) -> datetime:
    start = datetime.combine(day.on, clock.at if clock else time(), tzinfo=now.tzinfo)
    is_today = day.on == now.date()
    if is_today and clock and not clock.is_bound and start < now:
        raise PastDateError
    if is_today and not clock and part == words.MORNING and now.hour >= 12:
        raise PastDateError
    return start


def _next(at: time, now: datetime) -> datetime:
    """Returns the next moment at which the clock shows a time."""
    start = datetime.combine(now.date(), at, tzinfo=now.tzinfo)
    return start if start >= now else start + timedelta(days=1)
