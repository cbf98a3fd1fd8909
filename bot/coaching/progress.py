"""A patient's record in numbers, as an accessible table, and as the data of a chart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from statistics import fmean
from typing import Any

from bot.coaching.exercises import exercises
from bot.coaching.pain_rules import STOP_AT_RISE_OF
from bot.coaching.plan import WEEK, Plan, Trend, streak_weeks, trend

SHOWN_DAYS = 28
"""Days that the table and the chart hold, counted back from the newest with exercise."""
CAPTION = "Exercises and pain by day. Pain is from 0 (none) to 10 (the worst)."
COLUMNS = ("Day", "Exercises", "Pain before", "Pain after")


@dataclass(frozen=True)
class Done:
    """One exercise that a patient did.

    Attributes:
        on: The local day.
        exercise: The exercise's id.
        finished: Whether it was done to its end.
        pain_before: Pain before it, 0-10, or None.
        pain_after: Pain after it, 0-10, or None.
    """

    on: date
    exercise: str
    finished: bool
    pain_before: int | None = None
    pain_after: int | None = None


@dataclass(frozen=True)
class Progress:
    """The numbers for "how am I doing".

    Attributes:
        finished: Exercises done to their end.
        days: Days with at least one of them.
        recent_days: Such days among the last seven.
        planned_days: Days of the plan among the last seven, or None without a plan.
        first_pain: The first pain score, or None.
        last_pain: The newest pain score, or None.
        streak: Weeks that exercise has gone on for (see ``streak_weeks``).
        trend: How the pain of the last two weeks went, or None.
    """

    finished: int
    days: int
    recent_days: int
    planned_days: int | None
    first_pain: int | None
    last_pain: int | None
    streak: int
    trend: Trend | None

    @property
    def is_rising(self) -> bool:
        """Tells whether the pain got worse: over two weeks, or before that from first to last."""
        if self.trend is not None:
            return self.trend is Trend.WORSE
        if self.first_pain is None or self.last_pain is None:
            return False
        return self.last_pain - self.first_pain >= STOP_AT_RISE_OF


def progress(record: Sequence[Done], today: date, plan: Plan | None = None) -> Progress:
    """Counts a record.

    Args:
        record: What was done, the oldest first.
        today: The present day where the patient is.
        plan: The plan that was agreed, if any.
    """
    days = {done.on for done in record if done.finished}
    week = [today - timedelta(back) for back in range(WEEK)]
    scores = [s for done in record for s in (done.pain_before, done.pain_after) if s is not None]
    before = [(done.on, done.pain_before) for done in record if done.pain_before is not None]
    return Progress(
        finished=sum(done.finished for done in record),
        days=len(days),
        recent_days=len(days & set(week)),
        planned_days=sum(plan.includes(day) for day in week) if plan else None,
        first_pain=scores[0] if scores else None,
        last_pain=scores[-1] if scores else None,
        streak=streak_weeks(days, today),
        trend=trend(before, today),
    )


@dataclass(frozen=True)
class Day:
    """One day of the record.

    Attributes:
        on: The day.
        names: Names of the exercises done to their end, in their order.
        stopped: How many were stopped before their end.
        pain_before: Mean of the pain scores before, or None.
        pain_after: Mean of the pain scores after, or None.
    """

    on: date
    names: tuple[str, ...]
    stopped: int
    pain_before: float | None
    pain_after: float | None


def by_day(record: Sequence[Done]) -> list[Day]:
    """Returns the newest four weeks of a record by day, the oldest first."""
    if not record:
        return []
    first = max(done.on for done in record) - timedelta(SHOWN_DAYS - 1)
    shown = sorted((done for done in record if done.on >= first), key=lambda done: done.on)
    return [_day(on, list(group)) for on, group in groupby(shown, key=lambda done: done.on)]


def _day(on: date, group: Sequence[Done]) -> Day:
    return Day(
        on,
        tuple(_name(done.exercise) for done in group if done.finished),
        sum(not done.finished for done in group),
        _mean([done.pain_before for done in group if done.pain_before is not None]),
        _mean([done.pain_after for done in group if done.pain_after is not None]),
    )


def _name(exercise: str) -> str:
    known = exercises().get(exercise)
    return known.name if known else exercise


def _mean(scores: Sequence[int]) -> float | None:
    return fmean(scores) if scores else None


def rows(record: Sequence[Done]) -> list[list[str]]:
    """Returns the rows of the table under ``COLUMNS``, every cell in words."""
    return [
        [
            f"{day.on:%a, %b} {day.on.day}",
            _exercises(day),
            _score(day.pain_before),
            _score(day.pain_after),
        ]
        for day in by_day(record)
    ]


def _exercises(day: Day) -> str:
    said = list(day.names)
    if day.stopped:
        said.append(f"{day.stopped} stopped early")
    return ", ".join(said)


def _score(pain: float | None) -> str:
    return "not given" if pain is None else f"{pain:.1f}".removesuffix(".0")


def table(record: Sequence[Done]) -> dict[str, Any]:
    """Returns the table as plain values, for a page or an export."""
    return {"caption": CAPTION, "columns": list(COLUMNS), "rows": rows(record)}


def in_words(record: Sequence[Done]) -> str:
    """Returns what the chart shows, as its text for those who don't see it."""
    shown = by_day(record)
    if not shown:
        return "No exercises yet."
    before = [day.pain_before for day in shown if day.pain_before is not None]
    pain = ""
    if len(before) == 1:
        pain = f" Pain before exercise was {_score(before[0])}."
    elif before:
        pain = f" Pain before exercise went from {_score(before[0])} to {_score(before[-1])}."
    count = sum(len(day.names) for day in shown)
    ends = [f"{day.on:%B} {day.on.day}" for day in (shown[0], shown[-1])]
    span = " to ".join(dict.fromkeys(ends))
    return f"Chart, {span}: {_number(count, 'exercise')} on {_number(len(shown), 'day')}.{pain}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
