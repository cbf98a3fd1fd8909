"""The times that can be booked: inside the hours, never two at once, whatever the clocks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.booking.rules import WEEKDAYS, BookingRules
from bot.booking.slots import Slot, Taken, free, generate

CHICAGO = "America/Chicago"
ZONES = [CHICAGO, "Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata"]
NOW = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo(CHICAGO))  # a Monday
DAILY = dict.fromkeys(WEEKDAYS, "09:00-12:00")


def _rules(**more: object) -> BookingRules:
    given = {"therapists": ["Dana"], "hours": DAILY, "lead_hours": 0, "days_ahead": 7}
    return BookingRules(**{**given, **more})


@st.composite
def _some_rules(draw: st.DrawFn) -> BookingRules:
    hours = {}
    for day in WEEKDAYS:
        edges = sorted(draw(st.sets(st.integers(0, 47), max_size=4)))
        edges = edges[: len(edges) // 2 * 2]
        spans = [
            f"{a // 2:02}:{a % 2 * 30:02}-{b // 2:02}:{b % 2 * 30:02}"
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
        hours[day] = ", ".join(spans)
    return BookingRules(
        visit_minutes=draw(st.sampled_from([20, 30, 45, 60, 90])),
        therapists=["Dana", "Sam"][: draw(st.integers(1, 2))],
        hours=hours,
        lead_hours=draw(st.integers(0, 72)),
        days_ahead=draw(st.integers(1, 20)),
        closed=draw(st.lists(st.dates(date(2026, 3, 1), date(2026, 11, 30)), max_size=3)),
    )


# Around the days on which clocks change, and any others.
_MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 3, 1), datetime(2026, 4, 10)),
    st.datetimes(datetime(2026, 9, 25), datetime(2026, 11, 10)),
).map(lambda moment: moment.replace(tzinfo=timezone.utc))


@given(_some_rules(), st.sampled_from(ZONES), _MOMENTS)
def test_slots_lie_inside_the_hours_and_never_overlap(
    rules: BookingRules, zone: str, now: datetime
) -> None:
    slots = list(generate(rules, zone, now))
    assert slots == sorted(slots, key=lambda slot: slot.starts.astimezone(timezone.utc))
    assert len({slot.key for slot in slots}) == len(slots)
    ends: dict[str, datetime] = {}
    for slot in slots:
        begin, end = (m.astimezone(timezone.utc) for m in (slot.starts, slot.ends))
        assert end - begin == timedelta(minutes=rules.visit_minutes)
        assert begin >= ends.get(slot.therapist, begin)
        ends[slot.therapist] = end
        assert begin >= now + timedelta(hours=rules.lead_hours)
        local, day = slot.starts, slot.starts.date()
        assert local.astimezone(timezone.utc).astimezone(local.tzinfo) == local, "no such time"
        assert day not in rules.closed
        assert day <= now.astimezone(ZoneInfo(zone)).date() + timedelta(rules.days_ahead)
        opened = [
            [datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(timezone.utc) for at in s]
            for s in rules.opening(day)
        ]
        assert any(opens <= begin and end <= closes for opens, closes in opened)


@given(_some_rules(), _MOMENTS, st.data())
def test_what_is_taken_is_never_free_and_nothing_else_is_lost(
    rules: BookingRules, now: datetime, data: st.DataObject
) -> None:
    slots = list(generate(rules, CHICAGO, now))
    chosen = data.draw(st.sets(st.sampled_from(slots), max_size=5)) if slots else set()
    taken = [Taken(slot.therapist, slot.starts, slot.ends) for slot in chosen]
    assert set(free(rules, CHICAGO, now, taken)) == set(slots) - chosen


def test_appointment_made_under_other_rules_blocks_all_that_it_overlaps() -> None:
    begin = datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo(CHICAGO))
    taken = [Taken("Dana", begin, begin + timedelta(minutes=60))]
    left = [s for s in free(_rules(), CHICAGO, NOW, taken) if s.starts.date() == begin.date()]
    assert [slot.starts.hour for slot in left] == [11]


def test_hour_that_the_clocks_skip_is_no_slot() -> None:
    rules = _rules(hours={"sunday": "01:00-05:00"})
    now = datetime(2026, 3, 7, 12, tzinfo=ZoneInfo(CHICAGO))
    hours = [slot.starts.hour for slot in generate(rules, CHICAGO, now) if slot.starts.day == 8]
    assert hours == [1, 3, 4]


def test_days_and_times_are_the_clinics_own() -> None:
    rules = _rules(hours={"tuesday": "09:00-11:00"}, closed=["2026-12-08"], days_ahead=20)
    for now in (NOW, NOW.astimezone(ZoneInfo("Asia/Tokyo"))):
        starts = [slot.starts for slot in generate(rules, CHICAGO, now)]
        assert [f"{s:%m-%d %H:%M}" for s in starts] == [
            "12-01 09:00", "12-01 10:00", "12-15 09:00", "12-15 10:00",
        ]  # fmt: skip


def test_key_is_the_moment_whatever_the_zone_says_of_it() -> None:
    slot = Slot(NOW, "Dana", 60)
    assert slot.key == Slot(NOW.astimezone(timezone.utc), "Dana", 30).key
    assert slot.key != Slot(NOW, "Sam", 60).key


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": {}}, {"hours": {"mondays": "08:00-12:00"}}, {"hours": {"monday": "8 to 12"}},
        {"hours": {"monday": "12:00-08:00"}}, {"hours": {"monday": "08:00-25:00"}},
        {"hours": {"monday": "08:00-12:00, 11:00-13:00"}}, {"therapists": []},
        {"therapists": ["Dana", "Dana"]}, {"therapists": [" "]}, {"visit_minutes": 5},
        {"closed": ["31 February"]}, {"lead_hours": -1}, {"days_ahead": 0}, {"minutes": 60},
    ],
)  # fmt: skip
def test_rules_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _rules(**wrong)


def test_hours_may_be_a_list_or_a_line() -> None:
    line = _rules(hours={"monday": "13:00-17:00, 8:00-12:00"})
    written = _rules(hours={"monday": ["08:00-12:00", "13:00-17:00"], "tuesday": None})
    assert line.opening(date(2026, 11, 30)) == written.opening(date(2026, 11, 30))
    assert line.opening(date(2026, 11, 30))[0] == (time(8), time(12))
    assert written.opening(date(2026, 12, 1)) == []
