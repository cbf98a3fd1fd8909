"""The plan: when it is due, also where clocks change; quiet hours; what a record leads to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.plan import (
    Advice,
    Plan,
    Trend,
    advice,
    is_quiet_time,
    latest_due,
    moment_on,
    next_due,
    say_days,
    say_time,
    streak_weeks,
    trend,
)

CHICAGO = "America/Chicago"
ZONES = st.sampled_from(
    [CHICAGO, "America/New_York", "America/Phoenix", "Europe/London", "Australia/Lord_Howe",
     "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "UTC"]
)  # fmt: skip
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))
PLANS = st.builds(Plan, DAYS, TIMES, DATES, ZONES)
MOMENTS = st.datetimes(
    datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(timezone.utc)
)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)


# --- when it is due ----------------------------------------------------------------------------


@given(PLANS, MOMENTS)
def test_next_due_is_later_on_a_day_of_the_plan(plan: Plan, after: datetime) -> None:
    due = next_due(plan, after)
    assert due is not None
    assert due > after
    local = due.astimezone(ZoneInfo(plan.time_zone))
    assert local.date() >= plan.starts_on
    if local.time() == plan.at:  # but where the clocks skipped it
        assert local.weekday() in plan.days


@given(PLANS, MOMENTS)
def test_nothing_is_due_between(plan: Plan, after: datetime) -> None:
    """No day of the plan lies between a moment and the next due one."""
    due = next_due(plan, after)
    assert due is not None
    day = after.astimezone(ZoneInfo(plan.time_zone)).date()
    while (moment := moment_on(day, plan.at, plan.time_zone)) < due:
        assert moment <= after or not plan.includes(day)
        day += timedelta(1)


@given(PLANS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_latest_due_is_the_last_one_of_walking_there(
    plan: Plan, after: datetime, outage: timedelta
) -> None:
    first = next_due(plan, after)
    assert first is not None
    until = first + outage
    walked = first
    while (following := next_due(plan, walked)) and following <= until:
        walked = following
    assert latest_due(plan, first, until) == walked


@given(DATES, TIMES, ZONES, MOMENTS)
def test_once_is_due_once(on: date, at: time, zone: str, after: datetime) -> None:
    plan = Plan.once(on, at, zone)
    due = next_due(plan, after)
    assert due in (None, moment_on(on, at, zone))
    assert due is None or next_due(plan, due) is None
    assert plan.is_once


def test_a_plan_keeps_its_local_time_over_both_changes_of_the_clocks() -> None:
    plan = Plan(frozenset(range(7)), time(19), date(2026, 3, 1), CHICAGO)
    # Spring, on March 8: 7 pm is an hour earlier in UTC from then on.
    assert next_due(plan, _utc(2026, 3, 7, 12)) == _utc(2026, 3, 8, 1)
    assert next_due(plan, _utc(2026, 3, 8, 12)) == _utc(2026, 3, 9, 0)
    # Autumn, on November 1: an hour later again.
    assert next_due(plan, _utc(2026, 10, 31, 12)) == _utc(2026, 11, 1, 0)
    assert next_due(plan, _utc(2026, 11, 1, 12)) == _utc(2026, 11, 2, 1)


def test_a_time_that_the_clocks_skip_comes_an_hour_later_and_once() -> None:
    plan = Plan(frozenset(range(7)), time(2, 30), date(2026, 3, 1), CHICAGO)
    skipped = next_due(plan, _utc(2026, 3, 8, 0))
    assert skipped == _utc(2026, 3, 8, 8, 30)
    assert f"{skipped.astimezone(ZoneInfo(CHICAGO)):%H:%M}" == "03:30"
    assert next_due(plan, skipped) == _utc(2026, 3, 9, 7, 30)


def test_a_time_that_the_clocks_show_twice_is_due_the_first_time_only() -> None:
    plan = Plan(frozenset(range(7)), time(1, 30), date(2026, 10, 1), CHICAGO)
    first = next_due(plan, _utc(2026, 11, 1, 5))
    assert first == _utc(2026, 11, 1, 6, 30)
    assert next_due(plan, first) == _utc(2026, 11, 2, 7, 30)


# --- quiet hours and words ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "quiet"),
    [(time(21), True), (time(20, 59), False), (time(0), True), (time(7, 59), True),
     (time(8), False), (time(12), False), (time(23, 59), True)],
)  # fmt: skip
def test_quiet_hours(at: time, quiet: bool) -> None:
    assert is_quiet_time(at) is quiet


@given(TIMES)
def test_quiet_hours_may_lie_within_a_day(at: time) -> None:
    assert is_quiet_time(at, time(13), time(15)) is (time(13) <= at < time(15))
    assert not is_quiet_time(at, time(9), time(9))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({0, 1, 2, 3, 4}, "Monday to Friday"),
        (set(range(7)), "every day"),
        ({5, 6}, "Saturday and Sunday"),
        ({0, 2, 4}, "Monday, Wednesday and Friday"),
        ({1}, "every Tuesday"),
    ],
)
def test_days_in_words(days: set[int], said: str) -> None:
    assert say_days(days) == said


def test_times_in_words() -> None:
    said = [say_time(at) for at in (time(19), time(12, 15), time(0, 5), time(8, 30))]
    assert said == ["7 pm", "12:15 pm", "12:05 am", "8:30 am"]


# --- what a record leads to --------------------------------------------------------------------

TODAY = date(2026, 3, 18)  # a Wednesday


def _scores(before: list[int], now: list[int]) -> list[tuple[date, int]]:
    earlier = [(TODAY - timedelta(13 - i), pain) for i, pain in enumerate(before)]
    return earlier + [(TODAY - timedelta(6 - i), pain) for i, pain in enumerate(now)]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ([6, 6, 6], [4, 5, 4], Trend.BETTER),
        ([4, 4], [4, 4], Trend.SAME),
        ([4, 5, 4], [5, 4, 5], Trend.SAME),
        ([3, 3], [4, 4], Trend.WORSE),
        ([3], [8, 8], None),
        ([3, 3], [8], None),
        ([], [], None),
    ],
)
def test_trend_of_two_weeks(before: list[int], now: list[int], found: Trend | None) -> None:
    assert trend(_scores(before, now), TODAY) is found


def test_what_a_trend_leads_to() -> None:
    assert advice(Trend.BETTER) is Advice.GO_ON
    assert advice(Trend.SAME) is Advice.THERAPIST
    assert advice(Trend.WORSE) is Advice.SCREEN


@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 9))))
def test_more_pain_never_reads_as_better(scores: list[tuple[int, int]]) -> None:
    """Raising the newest week's scores never moves the trend toward better."""
    order = [Trend.BETTER, Trend.SAME, Trend.WORSE]
    given_ = [(TODAY - timedelta(back), pain) for back, pain in scores]
    raised = [(TODAY - timedelta(back), pain + (back < 7)) for back, pain in scores]
    before, after = trend(given_, TODAY), trend(raised, TODAY)
    assert (before is None) == (after is None)
    if before and after:
        assert order.index(after) >= order.index(before)


def _weeks_ago(*weeks: int) -> list[date]:
    return [TODAY - timedelta(weeks=back) for back in weeks]


@pytest.mark.parametrize(
    ("days", "weeks"),
    [
        ([], 0),
        (_weeks_ago(0), 1),
        (_weeks_ago(0, 1, 2), 3),
        (_weeks_ago(1, 2), 2),  # this week is not over
        (_weeks_ago(0, 2, 3), 3),  # a week off pauses it
        (_weeks_ago(0, 3), 1),
        ([TODAY, TODAY - timedelta(1)], 1),
    ],
)
def test_streak_forgives(days: list[date], weeks: int) -> None:
    assert streak_weeks(days, TODAY) == weeks


@given(st.lists(DATES, max_size=30), DATES)
def test_one_more_day_never_shortens_a_streak(days: list[date], today: date) -> None:
    past = [day for day in days if day <= today]
    assert streak_weeks([*past, today], today) >= streak_weeks(past, today)
