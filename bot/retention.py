"""How long data is kept: the clinic's periods, and the moments before which things are deleted.

The defaults are the project's own judgement, on the principle that what nobody needs any more is
not kept; they are no legal advice, and the chat is not the clinic's record of treatment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, Extra, validator
from pydantic.fields import ModelField

SHORTEST = {"messages": 7, "records": 30, "bookings": 30, "audit": 365}
LONGEST = 3650


class RetentionRules(BaseModel):
    """Periods in days.

    Attributes:
        messages: Transcript, the conversation's state, hand-offs, what was not understood, and
            messages that were sent. Half a year covers a course of treatment and a question about
            it afterwards.
        records: Exercises, plans, screening answers and levels of urgency. Back pain comes back:
            two years let a patient compare with the last time.
        bookings: Appointments and requests, from their day on. The clinic's own calendar has them.
        audit: The audit log. Six years, as 45 CFR 164.316(b)(2)(i) asks for documentation.
    """

    messages: int = 180
    records: int = 730
    bookings: int = 365
    audit: int = 2190

    class Config:
        """Unknown keys are refused, so that a misspelled one does not vanish silently."""

        extra = Extra.forbid

    @validator("*")
    def _sensible(cls, days: int, field: ModelField) -> int:  # noqa: N805
        shortest = SHORTEST[field.name]
        if not shortest <= days <= LONGEST:
            raise ValueError(f"must be {shortest} to {LONGEST} days")
        return days

    def in_words(self) -> str:
        """Returns what a patient is told of the periods."""
        return (
            f"Messages are deleted {_say(self.messages)} after you wrote them, scores and safety "
            f"answers after {_say(self.records)}, and bookings {_say(self.bookings)} after the "
            "visit."
        )


def _say(days: int) -> str:
    """Returns a period in words: "180 days", "2 years"."""
    years, rest = divmod(days, 365)
    if rest:
        return f"{days} days"
    return "1 year" if years == 1 else f"{years} years"


@dataclass(frozen=True)
class Cutoffs:
    """The moments before which each kind of data is deleted."""

    now: datetime
    messages: datetime
    records: datetime
    bookings: datetime
    audit: datetime


def cutoffs(rules: RetentionRules, now: datetime) -> Cutoffs:
    """Returns the moments of a run."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    return Cutoffs(
        now, before(rules.messages), before(rules.records), before(rules.bookings),
        before(rules.audit),
    )  # fmt: skip
