"""Who may not be texted: read from the consents of the SMS channel, where it is installed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, column, inspect, select, table

from bot.store.crypto import Encrypted
from bot.store.database import engine, session
from bot.store.models import UtcDateTime

# Named here and not imported: the console runs where there is no SMS channel.
_CONSENT = table(
    "sms_consent", column("id", Integer), column("number_hash", String), column("at", UtcDateTime),
    column("event", String), column("how", String),
)  # fmt: skip
_NUMBER = table(
    "sms_number", column("number_hash", String), column("sender_id", String),
    column("number", Encrypted("sms_number.number")),
)  # fmt: skip
_ENDS, _BEGINS = ("opt_out", "no_reminders"), {"opt_out": "opt_in", "no_reminders": "reminders"}


@dataclass(frozen=True)
class OptOut:
    """A number that gets no texts, or no reminders.

    Attributes:
        sender_id: The conversation of its holder, or "" where their data was deleted.
        number: The number as E.164, or "" where it was deleted.
        at: Since when.
        nothing: Whether nothing at all may be sent; otherwise no reminders.
        how: By what it was said, for example ``keyword`` for a STOP.
    """

    sender_id: str
    number: str
    at: datetime
    nothing: bool
    how: str


def in_use() -> bool:
    """Tells whether this installation keeps consents to texts."""
    found = inspect(engine())
    return all(found.has_table(one.name) for one in (_CONSENT, _NUMBER))


def opt_outs() -> list[OptOut]:
    """Returns what holds now, the newest first."""
    query = (
        select(_CONSENT, _NUMBER.c.sender_id, _NUMBER.c.number)
        .outerjoin(_NUMBER, _NUMBER.c.number_hash == _CONSENT.c.number_hash)
        .order_by(_CONSENT.c.id)
    )
    holding: dict[tuple[str, str], Any] = {}
    with session() as opened:
        for row in opened.execute(query).all():
            for end in _ENDS:
                if row.event == end:
                    holding.setdefault((row.number_hash, end), row)
                elif row.event == _BEGINS[end]:
                    holding.pop((row.number_hash, end), None)
    stopped = {number for number, end in holding if end == "opt_out"}
    found = [
        OptOut(row.sender_id or "", row.number or "", row.at, end == "opt_out", row.how)
        for (number, end), row in holding.items()
        if end == "opt_out" or number not in stopped
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)
