"""The audit log: who did what, to whose data, and when. Entries are added, never changed.

No entry holds a patient's words. The only function that removes any is ``forget_before``, for the
period of retention; the mapping refuses changes and single deletions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, event, func, select

from bot.store.database import session
from bot.store.models import AuditEntry

PATIENT, TERMINAL, JOBS = "patient", "terminal", "jobs"
"""Actors that are no account of the console: an account is named by its user name."""
LONGEST_DETAIL = 200


class AppendOnlyError(Exception):
    """Somebody tried to change the audit log."""


def _refuse(_mapper: Any, _connection: Any, entry: Any) -> None:
    raise AppendOnlyError(f"Entry {entry.id} of the audit log cannot be changed or removed.")


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes:
        id: Its number; later entries have higher ones.
        at: When it was done.
        actor: Who did it: a user name of the console, ``patient``, ``terminal`` or ``jobs``.
        action: What was done, as a short word such as ``view``, ``export`` or ``delete``.
        patient: Whose data it concerned, or None.
        detail: What else is to be known; never a patient's words.
    """

    id: int
    at: datetime
    actor: str
    action: str
    patient: str | None
    detail: str


def add(opened: Any, actor: str, action: str, patient: str | None = None, detail: str = "") -> None:
    """Adds an entry in an open transaction: it is kept if, and only if, the change is."""
    opened.add(
        AuditEntry(actor=actor, action=action, patient=patient, detail=detail[:LONGEST_DETAIL])
    )


def record(actor: str, action: str, patient: str | None = None, detail: str = "") -> None:
    """Adds an entry.

    Args:
        actor: Who did it.
        action: What was done, as a short word.
        patient: Whose data it concerned.
        detail: What else is to be known; never a patient's words.
    """
    with session() as opened:
        add(opened, actor, action, patient, detail)


def entries(patient: str | None = None, action: str | None = None, limit: int = 200) -> list[Entry]:
    """Returns entries, the newest first.

    Args:
        patient: Only those on one patient.
        action: Only those of one action.
        limit: How many at most.
    """
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if patient is not None:
        query = query.where(AuditEntry.patient == patient)
    if action is not None:
        query = query.where(AuditEntry.action == action)
    with session() as opened:
        return [
            Entry(row.id, row.at, row.actor, row.action, row.patient, row.detail)
            for row in opened.execute(query).scalars()
        ]


def last_done(action: str) -> datetime | None:
    """Returns when something was done last, or None."""
    newest = select(AuditEntry.at).where(AuditEntry.action == action)
    with session() as opened:
        found: datetime | None = opened.execute(
            newest.order_by(AuditEntry.id.desc()).limit(1)
        ).scalar_one_or_none()
        return found


def forget_before(moment: datetime, dry_run: bool = False) -> int:
    """Removes entries that are older than the period of retention; returns how many."""
    old = AuditEntry.at < moment
    with session() as opened:
        if dry_run:
            return int(opened.execute(select(func.count(AuditEntry.id)).where(old)).scalar_one())
        return int(opened.execute(delete(AuditEntry).where(old)).rowcount)
