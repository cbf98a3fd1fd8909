"""Reads when somebody wants to be reminded."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities.calendar_days import NoSuchDateError, PastDateError
from bot.entities.schedule import Wish, excepted, read_pause, read_wish

NOW = datetime(2026, 3, 4, 14, 0, tzinfo=ZoneInfo("America/Chicago"))  # a Wednesday
DAILY, WORK, WEEKEND = {0, 1, 2, 3, 4, 5, 6}, {0, 1, 2, 3, 4}, {5, 6}


@pytest.mark.parametrize(
    ("text", "days", "at"),
    [
        ("remind me at 7 pm on weekdays", WORK, "19:00"),
        ("text me every day at 8", DAILY, "08:00"),
        ("daily reminder 9am", DAILY, "09:00"),
        ("weekdays at noon", WORK, "12:00"),
        ("nightly", DAILY, "20:00"),
        ("every other day at 6", {0, 2, 4}, "18:00"),
        ("put me down for reminders every day but Sunday", {0, 1, 2, 3, 4, 5}, None),
        ("Might I have a reminder on Saturday as well as on weekdays?", {0, 1, 2, 3, 4, 5}, None),
        ("Can I get a prompt at 7:30 on Mondays and Thursdays?", {0, 3}, "19:30"),
        ("7pm mon wed fri", {0, 2, 4}, "19:00"),
        ("from monday to friday at 7", WORK, "19:00"),
        ("monday through friday at half six", WORK, "18:30"),
        ("each morning at nine", DAILY, "09:00"),
        ("can my reminders b weekends only", WEEKEND, None),
        ("I work nights, remind me at 3 in the afternoon", set(), "15:00"),
        ("every sunday at 10", {6}, "10:00"),
        ("set it for 630", set(), "18:30"),
        ("7", set(), "19:00"),
        ("8 pm", set(), "20:00"),
        ("quiero recordatorios todos los días", DAILY, None),
        ("at 7am on weekdays", WORK, "07:00"),
        ("6 in the morning", set(), "06:00"),
        ("remind me 2x a week", set(), None),
        ("set a reminder", set(), None),
        ("yes", set(), None),
        ("good morning", set(), None),
        ("do I hold it for 5 minutes?", set(), None),
        ("my pain is a 7", set(), None),
        ("no", set(), None),
    ],
)
def test_days_and_time(text: str, days: set[int], at: str | None) -> None:
    wish = read_wish(text, NOW)
    assert wish.days == days
    assert (f"{wish.at:%H:%M}" if wish.at else None) == at
    assert wish.on is None


@pytest.mark.parametrize(
    ("text", "on", "at"),
    [
        ("remind me tomorrow at 5", date(2026, 3, 5), time(17)),
        ("remind me in 2 hrs", date(2026, 3, 4), time(16)),
        ("remind me in an hour", date(2026, 3, 4), time(15)),
        ("snooze it for half an hour", date(2026, 3, 4), time(14, 30)),
        ("hit me up on sunday", date(2026, 3, 8), None),
        ("tonight", date(2026, 3, 4), time(19)),
        ("march 9 at 10", date(2026, 3, 9), time(10)),
    ],
)
def test_once(text: str, on: date, at: time | None) -> None:
    wish = read_wish(text, NOW)
    assert (wish.on, wish.at, wish.days) == (on, at, frozenset())


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("move it to 8", time(20)),
        ("make it 6:15", time(18, 15)),
        ("could it come an hour later?", time(20)),
        ("half an hour earlier please", time(18, 30)),
        ("switch my reminder from mornings to evenings", time(19)),
        ("change it to 8 in the morning", time(8)),
    ],
)
def test_a_change_is_read_against_the_present_time(text: str, at: time) -> None:
    assert read_wish(text, NOW, time(19)).at == at


def test_from_when_and_time_zone() -> None:
    wish = read_wish("weekdays at 7 pm eastern starting next monday", NOW)
    assert wish.starts_on == date(2026, 3, 9)
    assert wish.time_zone == "America/New_York"
    assert (wish.days, wish.at) == (WORK, time(19))
    assert read_wish("every day at 9 am, starting tomorrow", NOW).starts_on == date(2026, 3, 5)
    assert read_wish("from december 1", NOW) == Wish(starts_on=date(2026, 12, 1))


def test_a_day_that_is_over_or_does_not_exist_is_refused() -> None:
    with pytest.raises(PastDateError):
        read_wish("remind me yesterday", NOW)
    with pytest.raises(NoSuchDateError):
        read_wish("remind me on february 30", NOW)


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("skip tmrws reminder", (date(2026, 3, 5), date(2026, 3, 5))),
        ("pause reminders this week im on vacation", (date(2026, 3, 4), date(2026, 3, 8))),
        ("no reminders next week", (date(2026, 3, 9), date(2026, 3, 15))),
        ("pause for 3 days", (date(2026, 3, 4), date(2026, 3, 6))),
        ("pause them until march 10", (date(2026, 3, 4), date(2026, 3, 9))),
        ("don't remind me today", (date(2026, 3, 4), date(2026, 3, 4))),
        ("stop my reminders", None),
        ("stop the 8am thing", None),
        ("quit texting me every morning", None),
        ("no reminders on weekends", None),
    ],
)
def test_pause(text: str, pause: tuple[date, date] | None) -> None:
    assert read_pause(text, NOW.date()) == pause


def test_days_that_are_given_up() -> None:
    assert excepted("no reminders on weekends") == WEEKEND
    assert excepted("cancel the tuesday one, the reminder") == {1}
    assert excepted("stop my reminders") == frozenset()


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        wish = read_wish(text, NOW, time(19))
        read_pause(text, NOW.date())
    except (PastDateError, NoSuchDateError):
        return
    assert isinstance(wish, Wish)
    assert wish.days <= frozenset(range(7))
    excepted(text)
