"""The outbox's messages about appointments that patients get by SMS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update

from bot.store.database import session
from bot.store.models import Appointment, OutboxMessage

CHANNEL = "sms"


@dataclass(frozen=True)
class Appointed:
    """A message about an appointment, as the appointment is now; ``kind`` is what it tells."""

    id: int
    kind: str
    sender_id: str
    reference: str
    starts_at: datetime


def _free(now: datetime) -> Any:
    left = and_(OutboxMessage.status == "claimed", OutboxMessage.lease_until < now)
    fresh = and_(OutboxMessage.status == "pending", OutboxMessage.due_at <= now)
    return and_(
        OutboxMessage.channel == CHANNEL, OutboxMessage.shown_at.is_(None), or_(fresh, left),
    )  # fmt: skip


def _holds(now: datetime) -> list[Any]:
    """Returns the conditions that what a message tells is still so."""
    return [
        Appointment.id == OutboxMessage.appointment_id, Appointment.status == "booked",
        Appointment.sequence == OutboxMessage.sequence, Appointment.starts_at > now,
    ]  # fmt: skip


def free_appointed(now: datetime) -> list[Appointed]:
    """Returns the messages that may be claimed: not said before, and still as they tell."""
    query = (
        select(OutboxMessage, Appointment)
        .join(Appointment, Appointment.id == OutboxMessage.appointment_id)
        .where(_free(now), *_holds(now))
        .order_by(OutboxMessage.id)
    )
    with session() as opened:
        return [
            Appointed(message.id, message.kind, message.sender_id, row.reference, row.starts_at)
            for message, row in opened.execute(query).all()
        ]


def claim_appointed(message_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
    """Claims a message and counts the attempt; tells whether this call won it."""
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            _free(now),
            select(Appointment.id).where(*_holds(now)).correlate(OutboxMessage).exists(),
        )
        .values(
            status="claimed", claimed_by=owner, lease_until=now + lease,
            attempts=OutboxMessage.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    with session() as opened:
        return bool(opened.execute(statement).rowcount)
