"""The file for calendars: RFC 5545's lines, escapes and folds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.booking.ics import LINE_BYTES, calendar

STARTS = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("America/Chicago"))


def _made(summary: str = "Visit", sequence: int = 0) -> str:
    return calendar(
        reference="K7TW2B", starts=STARTS, ends=STARTS + timedelta(hours=1), summary=summary,
        location="123 Example Street, Austin", description="With Dana; bring shoes\nCall us.",
        made_at=datetime(2026, 11, 30, tzinfo=timezone.utc), sequence=sequence,
    )  # fmt: skip


def _unfolded(content: str) -> list[str]:
    assert content.endswith("\r\n")
    return content.replace("\r\n ", "").split("\r\n")[:-1]


def test_event_is_at_its_moment_and_keeps_its_name() -> None:
    lines = _unfolded(_made(sequence=2))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for line in (
        "DTSTART:20261201T150000Z", "DTEND:20261201T160000Z", "DTSTAMP:20261130T000000Z",
        "UID:K7TW2B@backcoach.invalid", "SEQUENCE:2", "LOCATION:123 Example Street\\, Austin",
        "DESCRIPTION:With Dana\\; bring shoes\\nCall us.",
    ):  # fmt: skip
        assert line in lines


@given(st.text(max_size=300))
def test_no_text_breaks_the_file(summary: str) -> None:
    content = _made(summary.encode("utf-8", "replace").decode())
    for line in content.split("\r\n"):
        assert len(line.encode()) <= LINE_BYTES
        assert "\n" not in line
        assert "\r" not in line
    lines = _unfolded(content)
    assert len(lines) == len(_unfolded(_made()))
    assert sum(line.startswith("BEGIN:") for line in lines) == 2
