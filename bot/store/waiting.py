"""Whether anything may wait for a patient's visit: one look in place of three, in every turn."""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select

from bot.store.database import session
from bot.store.models import OutboxMessage, PatientLink
from bot.store.notices import PATIENT_BOOKED
from bot.store.reminders import SENT


def may_wait(sender_id: str) -> bool:
    """Tells whether a confirmation, a reminder or a joined phone is still to be told of."""
    told_of = or_(OutboxMessage.kind == PATIENT_BOOKED, OutboxMessage.status == SENT)
    message = and_(OutboxMessage.sender_id == sender_id, OutboxMessage.shown_at.is_(None), told_of)
    joined = and_(PatientLink.patient_id == sender_id, PatientLink.shown_at.is_(None))
    with session() as opened:
        query = select(or_(exists().where(message), exists().where(joined)))
        return bool(opened.execute(query).scalar_one())
