"""The plan that a patient agreed to: which days, what time, from when, in which time zone.

Pure functions: the moments at which it is due, quiet hours, and what a record of weeks leads to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from statistics import fmean
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""Local hours in which nothing is sent."""
WEEK = 7
# A change of the weekly mean of the pain scores (0-10) that counts. The project's own judgement,
# to be approved by a clinician: half of the 2 points that studies call important to patients, so
# that a worsening is heard early.
CHANGE = 1.0
LEAST_SCORES = 2
"""Scores that each of the two weeks needs before anything is said about a change."""
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Plan:
    """When a patient exercises and wants to be reminded.

    Attributes:
        days: Days of the week, Monday is 0; at least one.
        at: The local time of day.
        starts_on: The first day.
        time_zone: The name of the zone that days and time belong to.
        ends_on: The last day; that of ``starts_on`` for a reminder that is wanted once.
    """

    days: frozenset[int]
    at: time
    starts_on: date
    time_zone: str
    ends_on: date | None = None

    @classmethod
    def once(cls, on: date, at: time, time_zone: str) -> Plan:
        """Returns the plan of one day."""
        return cls(frozenset((on.weekday(),)), at, on, time_zone, on)

    @property
    def is_once(self) -> bool:
        """Whether it is for one day only."""
        return self.ends_on == self.starts_on

    def includes(self, day: date) -> bool:
        """Tells whether a day is one of the plan's."""
        begun = day >= self.starts_on and (self.ends_on is None or day <= self.ends_on)
        return begun and day.weekday() in self.days


def moment_on(day: date, at: time, time_zone: str) -> datetime:
    """Returns the moment, in UTC, at which a zone's clocks show a time on a day.

    A time that the clocks skip in spring is taken as the same stretch after midnight (2:30 becomes
    3:30); of a time that they show twice in autumn the first is meant.
    """
    local = datetime.combine(day, at, tzinfo=ZoneInfo(time_zone)).replace(fold=0)
    return local.astimezone(timezone.utc)


def next_due(plan: Plan, after: datetime) -> datetime | None:
    """Returns the first moment after another at which the plan is due; None when it is over."""
    day = max(plan.starts_on, after.astimezone(ZoneInfo(plan.time_zone)).date())
    # The day itself, and a week on: the same weekday may be over for today.
    for ahead in range(WEEK + 1):
        on = day + timedelta(ahead)
        if plan.includes(on):
            due = moment_on(on, plan.at, plan.time_zone)
            if due > after:
                return due
    return None


def latest_due(plan: Plan, first: datetime, until: datetime) -> datetime:
    """Returns the last moment up to ``until`` at which the plan was due.

    Args:
        plan: The plan.
        first: A due moment that was not dealt with yet, not after ``until``.
        until: The present.

    Returns:
        ``first`` where the plan was not due again since.
    """
    today = until.astimezone(ZoneInfo(plan.time_zone)).date()
    for back in range(WEEK + 1):
        on = today - timedelta(back)
        if plan.includes(on):
            due = moment_on(on, plan.at, plan.time_zone)
            if due <= until:
                return max(first, due)
    return first


def is_quiet_time(at: time, begins: time = QUIET_FROM, ends: time = QUIET_UNTIL) -> bool:
    """Tells whether a local time of day lies in the quiet hours, which may span midnight."""
    if begins <= ends:
        return begins <= at < ends
    return at >= begins or at < ends


# --- words -------------------------------------------------------------------------------------


def say_days(days: Collection[int]) -> str:
    """Returns days as people say them: "Monday to Friday", "every day", "Tuesday and Friday"."""
    named = sorted(days)
    if len(named) == WEEK:
        return "every day"
    if len(named) > 2 and named[-1] - named[0] == len(named) - 1:
        return f"{_DAY_NAMES[named[0]]} to {_DAY_NAMES[named[-1]]}"
    names = [_DAY_NAMES[day] for day in named]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"every {names[0]}"


def say_time(at: time) -> str:
    """Returns a time of day as people say it: "7 pm", "12:15 pm"."""
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"


def say_day(day: date) -> str:
    """Returns a day as people say it: "Monday, March 9"."""
    return f"{day:%A, %B} {day.day}"


# --- what a record leads to --------------------------------------------------------------------


class Trend(str, Enum):
    """How the pain of two weeks went."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class Advice(str, Enum):
    """What a trend leads to."""

    GO_ON = "go_on"
    THERAPIST = "therapist"
    SCREEN = "screen"


_LEADS_TO = {
    Trend.BETTER: Advice.GO_ON,
    Trend.SAME: Advice.THERAPIST,
    Trend.WORSE: Advice.SCREEN,
}


def trend(scores: Iterable[tuple[date, int]], today: date) -> Trend | None:
    """Compares the pain of the last seven days with that of the seven before.

    Args:
        scores: Days and pain scores (0-10) before exercise.
        today: The last of the fourteen days.

    Returns:
        The trend; None while either week has too few scores to tell.
    """
    weeks: tuple[list[int], list[int]] = ([], [])
    for day, pain in scores:
        back = (today - day).days
        if 0 <= back < 2 * WEEK:
            weeks[back // WEEK].append(pain)
    if min(map(len, weeks)) < LEAST_SCORES:
        return None
    change = fmean(weeks[0]) - fmean(weeks[1])
    if change >= CHANGE:
        return Trend.WORSE
    return Trend.BETTER if change <= -CHANGE else Trend.SAME


def advice(found: Trend) -> Advice:
    """Returns what a trend leads to: go on, talk to the therapist, or screen again."""
    return _LEADS_TO[found]


def streak_weeks(days: Iterable[date], today: date) -> int:
    """Returns for how many weeks exercise has gone on.

    Without guilt: a week counts with one day of exercise; the present week can only add; and one
    week off pauses the streak instead of ending it.

    Args:
        days: Days with exercise.
        today: The present day.
    """
    monday = today - timedelta(today.weekday())
    active = {(monday - (day - timedelta(day.weekday()))).days // WEEK for day in days}
    count, off, back = 0, 0, 0
    while off < 2:
        if back in active:
            count, off = count + 1, 0
        elif back:
            off += 1
        back += 1
    return count
