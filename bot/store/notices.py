"""The outbox's messages about appointments: to the clinic by e-mail, to the patient in the chat.

They are written in the transaction of the change that they tell of. A notice to the clinic goes out
at least once and is never too old; the number of its row names it, so that a repeated e-mail has
the same Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import and_, or_, select, update

from bot.store.database import session
from bot.store.models import Appointment, OutboxMessage, utc_now

CLINIC_BOOKED, CLINIC_MOVED = "clinic_booked", "clinic_moved"
CLINIC_CANCELLED, PATIENT_BOOKED = "clinic_cancelled", "patient_booked"
CLINIC_HAND_OFF = "clinic_hand_off"
_TO_CLINIC = (CLINIC_BOOKED, CLINIC_MOVED, CLINIC_CANCELLED, CLINIC_HAND_OFF)
EMAIL = "email"
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=1)
"""After a failure the next attempt waits, twice as long each time."""


@dataclass(frozen=True)
class Notice:
    """A notice to the clinic, as the appointment is now."""

    id: int
    kind: str
    sequence: int
    reference: str
    starts_at: datetime
    therapist: str
    urgent: bool
    name: str
    phone: str
    attempts: int


def add_notice(opened: Any, row: Any, kind: str, now: datetime, channel: str = EMAIL) -> None:
    """Queues a message in an open transaction."""
    waits_for_visit = kind == PATIENT_BOOKED
    opened.add(
        OutboxMessage(
            sender_id=row.sender_id, appointment_id=row.id, kind=kind, sequence=row.sequence,
            channel=channel, due_at=now, status="sent" if waits_for_visit else "pending",
        )
    )  # fmt: skip


def free(now: datetime) -> Any:
    """Returns the condition of a message to the clinic that nobody is sending."""
    left = and_(OutboxMessage.status == "claimed", OutboxMessage.lease_until < now)
    fresh = and_(OutboxMessage.status == "pending", OutboxMessage.due_at <= now)
    return and_(OutboxMessage.kind.in_(_TO_CLINIC), or_(fresh, left))


def free_notices(now: datetime) -> list[Notice]:
    """Returns the notices to the clinic that may be claimed, the oldest first."""
    query = (
        select(OutboxMessage, Appointment)
        .join(Appointment, Appointment.id == OutboxMessage.appointment_id)
        .where(free(now))
        .order_by(OutboxMessage.id)
    )
    with session() as opened:
        return [
            Notice(
                message.id, message.kind, message.sequence, row.reference, row.starts_at,
                row.therapist, row.urgent, row.name or "", row.phone or "", message.attempts,
            )
            for message, row in opened.execute(query).all()
        ]  # fmt: skip


def _change(conditions: list[Any], **values: Any) -> bool:
    statement = update(OutboxMessage).where(*conditions).values(**values)
    with session() as opened:
        done = opened.execute(statement.execution_options(synchronize_session=False))
        return bool(done.rowcount)


def claim_notice(notice_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
    """Claims a notice and counts the attempt; tells whether this call won it."""
    return _change(
        [OutboxMessage.id == notice_id, free(now)], status="claimed", claimed_by=owner,
        lease_until=now + lease, attempts=OutboxMessage.attempts + 1,
    )  # fmt: skip


class Attempted(Protocol):
    """A notice that somebody tried to send."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def attempts(self) -> int:
        """How often it was tried before."""


def put_back(notice: Attempted, owner: str, now: datetime) -> bool:
    """Puts a claimed notice back that could not be sent, for a later attempt."""
    delay = min(FIRST_DELAY * 2 ** min(notice.attempts, 10), LONGEST_DELAY)
    claimed = [OutboxMessage.id == notice.id, OutboxMessage.claimed_by == owner]
    return _change(claimed, status="pending", due_at=now + delay, lease_until=None)


def take_confirmations(sender_id: str, channel: str) -> list[tuple[str, datetime, str]]:
    """Takes the confirmations that a patient has not seen, each once.

    Returns:
        Reference, begin and therapist of appointments that are still ahead.
    """
    query = (
        select(OutboxMessage, Appointment)
        .join(Appointment, Appointment.id == OutboxMessage.appointment_id)
        .where(*_unseen(sender_id), OutboxMessage.channel == channel)
        .order_by(OutboxMessage.id)
    )
    with session() as opened:
        found = {
            row.reference: (message.id, row.starts_at, row.therapist)
            for message, row in opened.execute(query).all()
            if row.status == "booked" and row.starts_at > utc_now()
            and message.sequence == row.sequence
        }  # fmt: skip
    return [
        (reference, starts, therapist)
        for reference, (number, starts, therapist) in found.items()
        if _change(
            [OutboxMessage.id == number, OutboxMessage.shown_at.is_(None)], shown_at=utc_now()
        )
    ]


def _unseen(sender_id: str) -> list[Any]:
    return [
        OutboxMessage.sender_id == sender_id,
        OutboxMessage.kind == PATIENT_BOOKED,
        OutboxMessage.shown_at.is_(None),
    ]


def confirmations_seen(sender_id: str) -> None:
    """Marks a patient's confirmations as seen: they were said in the conversation."""
    _change(_unseen(sender_id), shown_at=utc_now())
