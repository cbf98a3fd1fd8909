"""Deletes what is older than its period; nothing that is ahead, active or on its way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, delete, func, or_, select

from bot.retention import Cutoffs
from bot.store import audit
from bot.store.console_models import FollowUp
from bot.store.database import session
from bot.store.models import (
    Appointment,
    Assessment,
    BookingRequest,
    Conversation,
    ExercisePlan,
    ExerciseSession,
    HandOff,
    LinkAttempt,
    LinkCode,
    OutboxMessage,
    PatientLink,
    ProofAttempt,
    Reminder,
    Unanswered,
    UrgencyRecord,
    Utterance,
    WebMessage,
)
from bot.store.sms_models import SmsInbound, SmsOutbound

RETENTION = "retention"
"""The audit log's word for a run."""
_ON_THE_WAY = ("pending", "claimed")


def _outdated(before: Cutoffs) -> list[tuple[Any, Any]]:
    """Returns each table with the condition of its rows that go, those that point to others first.

    The last turns in a conversation's state go with newer ones, or with the conversation once
    nobody has written in it for the period.
    """
    active = select(Reminder.plan_id).where(Reminder.next_due_at.is_not(None))
    stopped = select(Reminder.plan_id).where(Reminder.stopped_at < before.records)
    plan_over = or_(
        ExercisePlan.ended_at < before.records,
        ExercisePlan.ends_on < before.records.date(),
        ExercisePlan.id.in_(stopped),
    )
    unused_link = PatientLink.sender_id.not_in(select(Conversation.sender_id))
    return [
        (Utterance, Utterance.said_at < before.messages),
        (Conversation, Conversation.updated_at < before.messages),
        (Unanswered, Unanswered.created_at < before.messages),
        (WebMessage, WebMessage.at < before.messages),
        (LinkCode, LinkCode.expires_at < before.messages),
        (LinkAttempt, LinkAttempt.tried_at < before.messages),
        (PatientLink, and_(PatientLink.linked_at < before.records, unused_link)),
        (ProofAttempt, ProofAttempt.tried_at < before.messages),
        (
            OutboxMessage,
            and_(OutboxMessage.due_at < before.messages, OutboxMessage.status.not_in(_ON_THE_WAY)),
        ),
        (SmsInbound, SmsInbound.received_at < before.messages),
        (SmsOutbound, SmsOutbound.created_at < before.messages),
        (HandOff, HandOff.created_at < before.messages),
        (ExerciseSession, ExerciseSession.finished_at < before.records),
        (Assessment, Assessment.finished_at < before.records),
        (UrgencyRecord, UrgencyRecord.recorded_at < before.records),
        (FollowUp, FollowUp.up_to < before.records),
        (ExercisePlan, and_(plan_over, ExercisePlan.id.not_in(active))),
        (Appointment, Appointment.starts_at < before.bookings),
        (
            BookingRequest,
            and_(
                BookingRequest.created_at < before.bookings,
                or_(
                    BookingRequest.preferred_start.is_(None),
                    BookingRequest.preferred_start < before.now,
                ),
            ),
        ),
    ]


def sweep(before: Cutoffs, actor: str, dry_run: bool = False) -> dict[str, int]:
    """Deletes what is outdated, in one transaction with its audit entry.

    Args:
        before: The moments before which data is outdated.
        actor: Who does it, for the audit log.
        dry_run: Only count.

    Returns:
        Numbers of rows by table, without the tables that have none.
    """
    done: dict[str, int] = {}
    with session() as opened:
        for table, outdated in _outdated(before):
            if dry_run:
                query = select(func.count()).select_from(table).where(outdated)
                number = int(opened.execute(query).scalar_one())
            else:
                statement = delete(table).where(outdated)
                kept_out = statement.execution_options(synchronize_session=False)
                number = int(opened.execute(kept_out).rowcount)
            if number:
                done[table.__tablename__] = number
        if not dry_run:
            said = ", ".join(f"{name} {number}" for name, number in done.items())
            audit.add(opened, actor, RETENTION, detail=said or "nothing was outdated")
    old = audit.forget_before(before.audit, dry_run)
    return {**done, "audit": old} if old else done
