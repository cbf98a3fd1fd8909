"""An appointment as a file for calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timezone

LINE_BYTES = 75
"""RFC 5545, 3.1: longer lines are folded; a fold is a line break and one space."""


def calendar(  # noqa: PLR0913  one field each
    *,
    reference: str,
    starts: datetime,
    ends: datetime,
    summary: str,
    location: str,
    description: str,
    made_at: datetime,
    sequence: int = 0,
) -> str:
    """Returns a calendar with one event.

    Args:
        reference: Names the event for good, so that a later file moves it instead of doubling it.
        starts: The begin.
        ends: The end.
        summary: The event's title.
        location: Where it is.
        description: What else to know.
        made_at: When this file is made.
        sequence: How often the event was changed.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//BackCoach//Appointments//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{reference}@backcoach.invalid",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_moment(made_at)}",
        f"DTSTART:{_moment(starts)}",
        f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_text(summary)}",
        f"LOCATION:{_text(location)}",
        f"DESCRIPTION:{_text(description)}",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(moment: datetime) -> str:
    """Writes a moment in UTC, which needs no description of a time zone."""
    return f"{moment.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Escapes a text (RFC 5545, 3.3.11) and drops control characters."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n")):
        text = text.replace(sign, written)
    kept = (sign for sign in text.replace("\r", "\n") if sign == "\n" or sign.isprintable())
    return "".join(kept).replace("\n", "\\n")


def _folded(line: str) -> str:
    """Folds a line between characters, never within one."""
    done, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE_BYTES:
            done, size = f"{done}\r\n ", 1
        done, size = done + sign, size + width
    return done
