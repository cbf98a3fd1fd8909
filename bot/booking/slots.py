"""The times that can be booked: generated from the clinic's rules, never stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.booking.rules import BookingRules


@dataclass(frozen=True, order=True)
class Slot:
    """A time with one therapist.

    Attributes:
        starts: When it begins, in the clinic's time zone.
        therapist: The therapist's name.
        minutes: How long it takes.
    """

    starts: datetime
    therapist: str
    minutes: int

    @property
    def key(self) -> str:
        """What no two appointments may share: therapist and moment."""
        return f"{self.starts.astimezone(timezone.utc):%Y%m%dT%H%M}Z {self.therapist}"

    @property
    def ends(self) -> datetime:
        """When it ends; counted in real minutes, whatever the clocks do."""
        ends = self.starts.astimezone(timezone.utc) + timedelta(minutes=self.minutes)
        return ends.astimezone(self.starts.tzinfo)


@dataclass(frozen=True)
class Taken:
    """A time that a therapist is not free."""

    therapist: str
    starts: datetime
    ends: datetime


def generate(rules: BookingRules, time_zone: str, now: datetime) -> Iterator[Slot]:
    """Yields all slots that may be booked now, the earliest first, free or not.

    Visits are laid end to end in real time from each opening on: where the clocks change within
    the opening hours no two slots overlap, none is lost, and none lies outside.

    Args:
        rules: The clinic's rules.
        time_zone: The clinic's zone.
        now: The present moment.
    """
    zone, length = ZoneInfo(time_zone), timedelta(minutes=rules.visit_minutes)
    earliest = now.astimezone(timezone.utc) + timedelta(hours=rules.lead_hours)
    today = now.astimezone(zone).date()
    for ahead in range(rules.days_ahead + 1):
        day = today + timedelta(days=ahead)
        for opens, closes in rules.opening(day):
            begin, end = (
                datetime.combine(day, at, tzinfo=zone).astimezone(timezone.utc)
                for at in (opens, closes)
            )
            while begin + length <= end:
                if begin >= earliest:
                    for therapist in rules.therapists:
                        yield Slot(begin.astimezone(zone), therapist, rules.visit_minutes)
                begin += length


def free(
    rules: BookingRules, time_zone: str, now: datetime, taken: Collection[Taken]
) -> list[Slot]:
    """Returns the slots that overlap with nothing that is taken, the earliest first.

    Args:
        rules: The clinic's rules.
        time_zone: The clinic's zone.
        now: The present moment.
        taken: Appointments and holds, also those made under other rules.
    """
    busy: dict[str, list[tuple[datetime, datetime]]] = {}
    for one in taken:
        busy.setdefault(one.therapist, []).append((one.starts, one.ends))
    return [
        slot
        for slot in generate(rules, time_zone, now)
        if not any(
            begin.astimezone(timezone.utc) < slot.ends.astimezone(timezone.utc)
            and slot.starts.astimezone(timezone.utc) < end.astimezone(timezone.utc)
            for begin, end in busy.get(slot.therapist, [])
        )
    ]
