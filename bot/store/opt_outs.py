"""Who may not be texted, as staff see it: read from the consents of the SMS channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.store.database import session
from bot.store.sms_consent import NO_REMINDERS, OPT_IN, OPT_OUT, REMINDERS
from bot.store.sms_models import SmsConsent, SmsNumber

_BEGINS_AGAIN = {OPT_OUT: OPT_IN, NO_REMINDERS: REMINDERS}


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


def opt_outs() -> list[OptOut]:
    """Returns what holds now, the newest first."""
    query = (
        select(SmsConsent, SmsNumber)
        .outerjoin(SmsNumber, SmsNumber.number_hash == SmsConsent.number_hash)
        .order_by(SmsConsent.id)
    )
    holding: dict[tuple[str, str], Any] = {}
    with session() as opened:
        for said, number in opened.execute(query).all():
            for end, again in _BEGINS_AGAIN.items():
                if said.event == end:
                    holding.setdefault((said.number_hash, end), (said, number))
                elif said.event == again:
                    holding.pop((said.number_hash, end), None)
        found = [
            OptOut(
                number.sender_id if number else "", (number.number if number else None) or "",
                said.at, end == OPT_OUT, said.how,
            )
            for (whose, end), (said, number) in holding.items()
            if end == OPT_OUT or (whose, OPT_OUT) not in holding
        ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)
