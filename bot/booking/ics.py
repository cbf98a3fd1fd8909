"""An appointment as a file for calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timezone

from icalendar import Calendar, Event


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
    cancelled: bool = False,
) -> str:
    """Returns a calendar with one event; its moments are in UTC, which needs no zone's rules.

    Args:
        reference: Names the event for good, so that a later file moves it instead of doubling it.
        starts: The begin.
        ends: The end.
        summary: The event's title.
        location: Where it is.
        description: What else to know.
        made_at: When this file is made.
        sequence: How often the event was changed.
        cancelled: Whether it does not take place any more.
    """
    event = Event()
    event.add("uid", f"{reference}@backcoach.invalid")
    event.add("sequence", sequence)
    for name, moment in (("dtstamp", made_at), ("dtstart", starts), ("dtend", ends)):
        event.add(name, moment.astimezone(timezone.utc))
    for name, text in (("summary", summary), ("location", location), ("description", description)):
        event.add(name, _printable(text))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    made = Calendar()
    made.add("prodid", "-//BackCoach//Appointments//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(event)
    content: str = made.to_ical().decode()
    return content


def _printable(text: str) -> str:
    """Drops control characters, which RFC 5545 (3.1) forbids."""
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable())
