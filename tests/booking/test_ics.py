"""The file for calendars: what a calendar reads in it, whatever the texts hold."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.booking.ics import calendar

STARTS = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("America/Chicago"))
LINE_BYTES = 75  # RFC 5545, 3.1


def _made(summary: str = "Visit", sequence: int = 0, cancelled: bool = False) -> str:
    return calendar(
        reference="K7TW2B", starts=STARTS, ends=STARTS + timedelta(hours=1), summary=summary,
        location="123 Example Street, Austin", description="With Dana; bring shoes\nCall us.",
        made_at=datetime(2026, 11, 30, tzinfo=timezone.utc), sequence=sequence,
        cancelled=cancelled,
    )  # fmt: skip


def test_event_is_at_its_moment_and_keeps_its_name() -> None:
    content = _made(sequence=2)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart") == STARTS
    assert event.decoded("dtend") == STARTS + timedelta(hours=1)
    assert event["uid"] == "K7TW2B@backcoach.invalid"
    assert event["sequence"] == 2
    assert event["status"] == "CONFIRMED"
    assert event["location"] == "123 Example Street, Austin"
    assert event["description"] == "With Dana; bring shoes\nCall us."
    # Outlook takes no file without them, and the two moments need no zone's rules.
    for line in ("VERSION:2.0", "METHOD:PUBLISH", "DTSTART:20261201T150000Z"):
        assert line in content.split("\r\n")


def test_cancelled_visit_is_taken_off_the_calendar() -> None:
    (event,) = Calendar.from_ical(_made(sequence=1, cancelled=True)).walk("VEVENT")
    assert event["uid"] == "K7TW2B@backcoach.invalid"
    assert event["status"] == "CANCELLED"


@given(st.text(max_size=300))
def test_no_text_breaks_the_file(summary: str) -> None:
    content = _made(summary.encode("utf-8", "replace").decode())
    assert content.endswith("\r\n")
    for line in content.split("\r\n"):
        assert len(line.encode()) <= LINE_BYTES
        assert "\n" not in line
        assert "\r" not in line
    read = Calendar.from_ical(content)
    assert not read.errors
    (event,) = read.walk("VEVENT")
    assert event["uid"] == "K7TW2B@backcoach.invalid"
