"""Who a conversation belongs to: names and numbers from requests and appointments.

Names are encrypted each with a nonce of its own, so the database cannot search them: a search opens
the newest ``SEARCHED`` rows of each table in memory, which takes under a second.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.store.database import session
from bot.store.models import Appointment, BookingRequest, Conversation, PatientLink
from bot.store.sms_models import SmsNumber

SEARCHED = 5000
_AT_ONCE = 400
_SHORTEST_NUMBER = 3
_MARKS = re.compile(r"[\s().+\-/]")


@dataclass(frozen=True)
class Person:
    """A patient as far as they have said who they are.

    Attributes:
        sender_id: The conversation.
        name: The name that they gave last, or "".
        phone: The number that they gave last, or that they text from, as E.164, or "".
        since: When they gave them.
    """

    sender_id: str
    name: str
    phone: str
    since: datetime


def people(sender_ids: Collection[str]) -> dict[str, Person]:
    """Returns those of some conversations who gave a name, or whose phone number is known."""
    wanted = sorted(set(sender_ids))
    found: dict[str, Person] = {}
    with session() as opened:
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            for table in (BookingRequest, Appointment):
                rows = opened.execute(
                    select(table)
                    .where(table.sender_id.in_(some), table.name.is_not(None))
                    .order_by(table.id)
                ).scalars()
                for row in rows:
                    _keep_newest(found, row)
            texting = select(SmsNumber).where(
                SmsNumber.sender_id.in_(some), SmsNumber.number.is_not(None)
            )
            for row in opened.execute(texting).scalars():
                number = Person(row.sender_id, "", row.number, row.first_at)
                found.setdefault(row.sender_id, number)
    return found


def _keep_newest(found: dict[str, Person], row: Any) -> None:
    known = found.get(row.sender_id)
    if known is None or row.created_at >= known.since:
        found[row.sender_id] = Person(row.sender_id, row.name, row.phone or "", row.created_at)


def search(words: str, most: int = 50) -> list[Person]:
    """Returns patients by a part of the name, some digits of the phone, or the reference."""
    asked = " ".join(words.split()).casefold()
    if not asked:
        return []
    found: dict[str, Person] = {}
    for row in _newest():
        if _fits(asked, row):
            _keep_newest(found, row)
    return sorted(found.values(), key=lambda person: person.since, reverse=True)[:most]


def _newest() -> Iterator[Any]:
    with session() as opened:
        for table in (BookingRequest, Appointment):
            yield from opened.execute(
                select(table)
                .where(table.name.is_not(None))
                .order_by(table.id.desc())
                .limit(SEARCHED)
            ).scalars()


def _fits(asked: str, row: Any) -> bool:
    number = _MARKS.sub("", asked)
    if number.isdecimal() and len(number) >= _SHORTEST_NUMBER:
        return number in "".join(c for c in row.phone or "" if c.isdecimal())
    name = row.name.casefold()
    return row.reference.casefold() == asked or all(word in name for word in asked.split())


def newest_conversations(most: int = 20) -> list[tuple[str, datetime]]:
    """Returns the patients whose conversations were used last, with when.

    A patient on two channels is one patient.
    """
    query = (
        select(Conversation.sender_id, Conversation.updated_at, PatientLink.patient_id)
        .outerjoin(PatientLink, PatientLink.sender_id == Conversation.sender_id)
        .order_by(Conversation.updated_at.desc())
        .limit(most)
    )
    found: dict[str, datetime] = {}
    with session() as opened:
        for row in opened.execute(query).all():
            found.setdefault(row.patient_id or row.sender_id, row.updated_at)
    return list(found.items())
