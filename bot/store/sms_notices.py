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
    """A message about an appointment, as the appointment is now."""

    id: int
    sender_id: str
    reference: str
    starts_at: datetime


def _free(now: datetime) -> Any:
    left = and_(OutboxMessage.status == "claimed", OutboxMessage.lease_until < now)
    fresh = and_(OutboxMessage.status == "pending", OutboxMessage.due_at <= now)
    return and_(
        OutboxMessage.channel == CHANNEL, OutboxMessage.appointment_id.is_not(None),
        or_(fresh, left),
    )  # fmt: skip


def free_appointed(now: datetime) -> list[Appointed]:
    """Returns the messages that may be claimed, of appointments that are booked and ahead."""
    query = (
        select(OutboxMessage, Appointment)
        .join(Appointment, Appointment.id == OutboxMessage.appointment_id)
        .where(_free(now), Appointment.status == "booked", Appointment.starts_at > now)
        .order_by(OutboxMessage.id)
    )
    with session() as opened:
        return [
            Appointed(message.id, message.sender_id, row.reference, row.starts_at)
            for message, row in opened.execute(query).all()
        ]


def claim_appointed(message_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
    """Claims a message and counts the attempt; tells whether this call won it."""
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, _free(now))
        .values(
            status="claimed", claimed_by=owner, lease_until=now + lease,
            attempts=OutboxMessage.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    with session() as opened:
        return bool(opened.execute(statement).rowcount)
