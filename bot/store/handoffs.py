"""Wishes to talk to a person: kept for the clinic with the last messages, told by e-mail once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select

from bot.store import audit
from bot.store.database import session
from bot.store.models import (
    Appointment,
    BookingRequest,
    HandOff,
    OutboxMessage,
    Utterance,
    utc_now,
)
from bot.store.notices import CLINIC_HAND_OFF, EMAIL, free
from bot.store.reminders import SENT, urgency_since

WAITING, DONE = "waiting", "done"
LAST_MESSAGES = 12
_EVER = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Wish:
    """A wish to talk to a person, as it stands after it was noted.

    Attributes:
        is_new: Whether nothing was waiting before.
        told_at: When the clinic's e-mail went out, or None.
    """

    is_new: bool
    told_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """A wish as it is listed.

    Attributes:
        id: Its number.
        sender_id: The patient.
        created_at: When it was said first.
        status: ``waiting`` or ``done``.
        channel: Where the patient writes.
        urgent: Whether the patient's newest level of urgency stands.
        name: The name of their newest booking, or "".
        phone: Its phone number, or "".
        told_at: When the clinic was e-mailed, or None.
        messages: The last turns before the wish: speaker and text.
    """

    id: int
    sender_id: str
    created_at: datetime
    status: str
    channel: str
    urgent: bool
    name: str
    phone: str
    told_at: datetime | None
    messages: list[tuple[str, str]]


@dataclass(frozen=True)
class HandOffNotice:
    """An e-mail to the clinic that waits to be sent."""

    id: int
    attempts: int
    wish: Waiting


def last_said(sender_id: str, most: int = LAST_MESSAGES) -> list[tuple[str, str]]:
    """Returns speaker and text of a patient's last messages and the answers, the oldest first."""
    newest = select(Utterance).where(Utterance.sender_id == sender_id).order_by(Utterance.id.desc())
    with session() as opened:
        found = opened.execute(newest.limit(most)).scalars()
        return [(row.speaker, row.text) for row in found][::-1]


def record_hand_off(
    sender_id: str, channel: str = "web", messages: Sequence[tuple[str, str]] = ()
) -> Wish:
    """Notes that a patient wants to talk to a person, and queues the clinic's e-mail.

    Said again while it waits it is the same wish, with newer messages and no other e-mail.

    Args:
        sender_id: The patient.
        channel: Where they write.
        messages: Speaker and text of the last turns, the oldest first.
    """
    last = json.dumps([list(turn) for turn in messages[-LAST_MESSAGES:]], ensure_ascii=False)
    with session() as opened:
        waiting = select(HandOff).where(HandOff.sender_id == sender_id, HandOff.status == WAITING)
        row = opened.execute(waiting.limit(1)).scalars().first()
        if row is not None:
            row.last_messages, row.channel = last, channel
            return Wish(False, _told_at(opened, row.id))
        row = HandOff(sender_id=sender_id, channel=channel, last_messages=last)
        opened.add(row)
        opened.flush()
        opened.add(
            OutboxMessage(
                sender_id=sender_id, hand_off_id=row.id, kind=CLINIC_HAND_OFF, channel=EMAIL,
                due_at=utc_now(),
            )
        )  # fmt: skip
        return Wish(True, None)


def _told_at(opened: Any, hand_off_id: int) -> datetime | None:
    found: datetime | None = opened.execute(
        select(OutboxMessage.sent_at).where(
            OutboxMessage.hand_off_id == hand_off_id, OutboxMessage.status == SENT
        )
    ).scalar_one_or_none()
    return found


def _contact(opened: Any, sender_id: str) -> tuple[str, str]:
    """Returns name and phone number of the newest appointment, or else of the newest request."""
    for table in (Appointment, BookingRequest):
        query = select(table).where(table.sender_id == sender_id).order_by(table.id.desc())
        for row in opened.execute(query).scalars():
            if row.phone:
                return row.name or "", row.phone
    return "", ""


def _waiting(opened: Any, row: Any) -> Waiting:
    name, phone = _contact(opened, row.sender_id)
    turns = json.loads(row.last_messages) if row.last_messages else []
    return Waiting(
        row.id, row.sender_id, row.created_at, row.status, row.channel or "",
        urgency_since(row.sender_id, _EVER), name, phone, _told_at(opened, row.id),
        [(speaker, text) for speaker, text in turns],
    )  # fmt: skip


def hand_offs(also_done: bool = False) -> list[Waiting]:
    """Returns the wishes that wait, urgent patients first, then the oldest first."""
    query = select(HandOff).order_by(HandOff.id)
    if not also_done:
        query = query.where(HandOff.status == WAITING)
    with session() as opened:
        found = [_waiting(opened, row) for row in opened.execute(query).scalars()]
    return sorted(found, key=lambda wish: (wish.status != WAITING, not wish.urgent))


def hand_off(number: int) -> Waiting | None:
    """Returns one wish, or None where there is none of that number."""
    with session() as opened:
        row = opened.get(HandOff, number)
        return _waiting(opened, row) if row else None


def close_hand_off(number: int, actor: str) -> bool:
    """Marks a wish as done; tells whether it was waiting."""
    with session() as opened:
        row = opened.get(HandOff, number)
        if row is None or row.status != WAITING:
            return False
        row.status, row.closed_at = DONE, utc_now()
        audit.add(opened, actor, "hand_off_done", row.sender_id, f"hand-off {number}")
        return True


def free_hand_off_notices(now: datetime) -> list[HandOffNotice]:
    """Returns the e-mails that may be claimed, the oldest first; none of what is done already."""
    query = (
        select(OutboxMessage, HandOff)
        .join(HandOff, HandOff.id == OutboxMessage.hand_off_id)
        .where(free(now), HandOff.status == WAITING)
        .order_by(OutboxMessage.id)
    )
    with session() as opened:
        return [
            HandOffNotice(message.id, message.attempts, _waiting(opened, row))
            for message, row in opened.execute(query).all()
        ]
