"""Deleting a patient's data: every row that is theirs, in one transaction with its audit entry.

Which tables hold a patient's data is read from the schema, so that a new one cannot be forgotten:
whatever has a ``sender_id`` is deleted. A table that must outlive a patient's wish, such as a list
of numbers that may not be texted, says so in ``__table_args__ = {"info": {KEPT: "the reason"}}``.

What stays, without a name, a number or a word of theirs: appointments ahead, as cancelled, until
the clinic was told; that a level of urgency was raised; and the entries of the audit log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.store import audit, sms_numbers
from bot.store.crypto import Encrypted
from bot.store.database import session
from bot.store.links import delete_links, joined_to, patient_of
from bot.store.models import Appointment, Base, OutboxMessage, UrgencyRecord, utc_now
from bot.store.notices import CLINIC_CANCELLED, add_notices

KEPT = "kept"
ERASED = "erased"
"""Stands for every patient whose data was deleted."""


@dataclass(frozen=True)
class Erased:
    """What a deletion did.

    Attributes:
        rows: Rows that were deleted.
        visits: Begins of the appointments ahead, which are cancelled.
    """

    rows: int
    visits: list[datetime]


def patient_tables() -> list[Any]:
    """Returns the tables whose rows belong to a patient, those that others point to last."""
    return [
        table
        for table in reversed(Base.metadata.sorted_tables)
        if "sender_id" in table.columns and KEPT not in table.info
    ]


def delete_patient(sender_id: str, actor: str = audit.PATIENT) -> Erased:
    """Deletes what is stored of a patient; cancels what is ahead, and queues the clinic's notice.

    What a joined channel wrote under its own id goes too: a turn that was late may have stored it
    after the join.

    Args:
        sender_id: The patient, or a channel that is joined to them.
        actor: Who does it, for the audit log.
    """
    now = utc_now()
    patient_id = patient_of(sender_id)
    with session() as opened:
        # First a write: SQLite can then wait for another writer instead of failing.
        _unname_urgencies(opened, [patient_id])
        senders = [patient_id, *joined_to(opened, patient_id)]
        _unname_urgencies(opened, senders)
        messages = delete(OutboxMessage).where(OutboxMessage.sender_id.in_(senders))
        rows = _count(opened.execute(messages))
        visits = _cancel_ahead(opened, senders, now)
        for sender in senders:
            sms_numbers.forget(opened, sender)
            rows += delete_links(opened, sender)
        for table in patient_tables():
            rows += _count(opened.execute(delete(table).where(table.c.sender_id.in_(senders))))
        audit.add(
            opened, actor, "delete", patient_id, f"{rows} rows, visits cancelled: {len(visits)}"
        )
    return Erased(rows, visits)


def _unname_urgencies(opened: Any, senders: list[str]) -> None:
    opened.execute(
        update(UrgencyRecord)
        .where(UrgencyRecord.sender_id.in_(senders))
        .values(sender_id=ERASED)
        .execution_options(synchronize_session=False)
    )


def _count(result: Any) -> int:
    return int(result.rowcount)


def _cancel_ahead(opened: Any, senders: list[str], now: datetime) -> list[datetime]:
    """Cancels a patient's appointments that are ahead, and takes everything of theirs out."""
    query = select(Appointment).where(
        Appointment.sender_id.in_(senders),
        Appointment.status == "booked",
        Appointment.starts_at > now,
    )
    rows = list(opened.execute(query.order_by(Appointment.starts_at)).scalars())
    for row in rows:
        row.status, row.slot_key, row.sequence = "cancelled", None, row.sequence + 1
        row.sender_id = ERASED
        for column in Appointment.__table__.columns:
            if isinstance(column.type, Encrypted):
                setattr(row, column.name, None if column.nullable else "")
        opened.flush()
        add_notices(opened, row, CLINIC_CANCELLED, now)
    return [row.starts_at for row in rows]
