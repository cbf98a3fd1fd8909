"""Whether anything may wait for a patient's visit: one look in place of three, in every turn."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, exists, or_, select

from bot.store.database import connection
from bot.store.models import OutboxMessage, PatientLink
from bot.store.notices import PATIENT_BOOKED
from bot.store.reminders import SENT

_SENDER = bindparam("sender")
_MESSAGE = and_(
    OutboxMessage.sender_id == _SENDER,
    OutboxMessage.shown_at.is_(None),
    or_(OutboxMessage.kind == PATIENT_BOOKED, OutboxMessage.status == SENT),
)
_JOINED = and_(PatientLink.patient_id == _SENDER, PatientLink.shown_at.is_(None))
_ANY = select(or_(exists().where(_MESSAGE), exists().where(_JOINED)))


def may_wait(sender_id: str) -> bool:
    """Tells whether a confirmation, a reminder or a joined phone is still to be told of."""
    with connection() as opened:
        return bool(opened.execute(_ANY, {"sender": sender_id}).scalar_one())
