"""Deletes what is older than its period; nothing that is ahead, active or on its way.

Phone numbers that nobody is reached by any more are emptied.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, delete, func, or_, select, union_all, update

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
from bot.store.sms_models import SmsInbound, SmsNumber, SmsOutbound

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
    unused_link = and_(
        PatientLink.sender_id.not_in(_in_use(before)),
        PatientLink.patient_id.not_in(_in_use(before)),
    )
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


def _in_use(before: Cutoffs) -> Any:
    """Selects who still has a conversation, a reminder that is active or an appointment ahead.

    A conversation that is outdated counts no more, so that a dry run counts what a run deletes.
    """
    return union_all(
        select(Conversation.sender_id).where(Conversation.updated_at >= before.messages),
        select(Reminder.sender_id).where(Reminder.next_due_at.is_not(None)),
        select(Appointment.sender_id).where(
            Appointment.status == "booked", Appointment.starts_at >= before.now
        ),
    )


def _unused_number(before: Cutoffs) -> Any:
    """Returns the condition of phone numbers that nobody is reached by any more.

    The row stays, with the hash only: whether the number opted out outlasts what was said.
    """
    used_link = select(PatientLink.sender_id).where(PatientLink.patient_id.in_(_in_use(before)))
    # Who has just written has no conversation yet.
    newly = select(SmsInbound.number_hash).where(SmsInbound.received_at >= before.messages)
    return and_(
        or_(
            SmsNumber.number.is_not(None), SmsNumber.choices.is_not(None),
            SmsNumber.asked.is_not(None),
        ),
        SmsNumber.first_at < before.messages,
        SmsNumber.number_hash.not_in(newly),
        SmsNumber.sender_id.not_in(_in_use(before)),
        SmsNumber.sender_id.not_in(used_link),
    )  # fmt: skip


def sweep(before: Cutoffs, actor: str, dry_run: bool = False) -> dict[str, int]:
    """Deletes or empties what is outdated, in one transaction with its audit entry.

    Args:
        before: The moments before which data is outdated.
        actor: Who does it, for the audit log.
        dry_run: Only count.

    Returns:
        Numbers of rows by table, without the tables that have none.
    """
    done: dict[str, int] = {}
    with session() as opened:
        # Numbers first: who is reached by them is told by what goes after them.
        emptied = update(SmsNumber).values(number=None, choices=None, asked=None, question_id=None)
        todo = [(SmsNumber, _unused_number(before), emptied)]
        todo += [(table, outdated, delete(table)) for table, outdated in _outdated(before)]
        for table, outdated, change in todo:
            if dry_run:
                query = select(func.count()).select_from(table).where(outdated)
                number = int(opened.execute(query).scalar_one())
            else:
                statement = change.where(outdated)
                kept_out = statement.execution_options(synchronize_session=False)
                number = int(opened.execute(kept_out).rowcount)
            if number:
                done[table.__tablename__] = number
        if not dry_run:
            said = ", ".join(f"{name} {number}" for name, number in done.items())
            audit.add(opened, actor, RETENTION, detail=said or "nothing was outdated")
    old = audit.forget_before(before.audit, dry_run)
    return {**done, "audit": old} if old else done
