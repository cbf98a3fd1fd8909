"""Appointments as staff see them: lists for a day, a patient, a file. One query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from bot.store.appointments import BOOKED, CANCELLED
from bot.store.database import session
from bot.store.models import Appointment, OutboxMessage
from bot.store.reminders import SENT

MOST = 5000
"""Rows of an export."""


@dataclass(frozen=True)
class Visit:
    """An appointment that was booked.

    Attributes:
        sender_id: The patient's conversation.
        reference: What patient and clinic call it.
        starts: When it begins.
        ends: When it ends.
        therapist: With whom.
        status: ``booked`` or ``cancelled``.
        urgent: Whether the safety questions marked it.
        name: The patient's name.
        phone: Their number, as E.164.
        booked_at: When it was booked.
        clinic_told: Whether the e-mail on its newest change went out.
        email: The patient's address, or "".
        reason: Why they come, in their words, or "".
    """

    sender_id: str
    reference: str
    starts: datetime
    ends: datetime
    therapist: str
    status: str
    urgent: bool
    name: str
    phone: str
    booked_at: datetime
    clinic_told: bool
    email: str
    reason: str


def _visits(most: int, order: Any, *conditions: Any) -> list[Visit]:
    told = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.appointment_id == Appointment.id,
            OutboxMessage.sequence == Appointment.sequence,
            OutboxMessage.kind.startswith("clinic_"),
            OutboxMessage.status == SENT,
        )
        .exists()
    )
    query = (
        select(Appointment, told.label("told"))
        .where(
            Appointment.status.in_((BOOKED, CANCELLED)),
            Appointment.booked_at.is_not(None),
            *conditions,
        )
        .order_by(order, Appointment.id)
        .limit(most)
    )
    with session() as opened:
        return [
            Visit(
                row.sender_id, row.reference, row.starts_at, row.ends_at, row.therapist, row.status,
                row.urgent, row.name or "", row.phone or "", row.booked_at, bool(was_told),
                row.email or "", row.reason or "",
            )
            for row, was_told in opened.execute(query).all()
        ]  # fmt: skip


def visits_ahead(now: datetime) -> list[Visit]:
    """Returns booked appointments that have not ended, the next first."""
    ahead = [Appointment.status == BOOKED, Appointment.ends_at > now]
    return _visits(MOST, Appointment.starts_at, *ahead)


def visits_over(now: datetime, most: int = 200) -> list[Visit]:
    """Returns appointments that have ended or were cancelled, the latest first."""
    over = or_(Appointment.status == CANCELLED, Appointment.ends_at <= now)
    return _visits(most, Appointment.starts_at.desc(), over)


def visits_of(sender_id: str) -> list[Visit]:
    """Returns a patient's appointments, the latest first."""
    return _visits(MOST, Appointment.starts_at.desc(), Appointment.sender_id == sender_id)


def all_visits() -> list[Visit]:
    """Returns the newest appointments for an export, the latest first."""
    return _visits(MOST, Appointment.starts_at.desc())
