"""What waits for the clinic's staff, and what they do about it. Each change is audited with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from bot.store.audit import add
from bot.store.console_models import FollowUp
from bot.store.database import session
from bot.store.erasure import ERASED
from bot.store.handoffs import DONE, WAITING
from bot.store.models import (
    Appointment,
    Assessment,
    BookingRequest,
    Conversation,
    HandOff,
    OutboxMessage,
    PatientLink,
    Unanswered,
    UrgencyRecord,
    Utterance,
)
from bot.store.reminders import CLAIMED, PENDING, UNKNOWN
from bot.store.sms_models import SmsOutbound
from bot.store.sms_reports import SENT_AGAIN

REQUESTED, CALLED_BACK = "requested", "called_back"
SHOWN_MESSAGES = 6
FAILED_TEXTS_SHOWN = timedelta(days=3)


@dataclass(frozen=True)
class Raised:
    """A level that was raised or released in conversation, or that the safety questions ended in.

    Attributes:
        sender_id: The patient.
        at: When.
        event: ``raised``, ``seen``, ``mistake``, or ``screened`` for the safety questions.
        level: The level's label.
        pathology: What the signs belong to, or None.
    """

    sender_id: str
    at: datetime
    event: str
    level: str
    pathology: str | None


def raised_since(moment: datetime, sender_id: str | None = None) -> list[Raised]:
    """Returns levels that were raised, released or found since a moment, the oldest first.

    Those of patients whose data was deleted are nobody's any more, and nobody can be called.
    """
    records = select(UrgencyRecord).where(
        UrgencyRecord.recorded_at >= moment, UrgencyRecord.sender_id != ERASED
    )
    assessed = select(Assessment).where(Assessment.finished_at >= moment)
    if sender_id is not None:
        records = records.where(UrgencyRecord.sender_id == sender_id)
        assessed = assessed.where(Assessment.sender_id == sender_id)
    with session() as opened:
        found = [
            Raised(row.sender_id, row.recorded_at, row.event, row.level, row.pathology)
            for row in opened.execute(records.order_by(UrgencyRecord.id)).scalars()
        ]
        found += [
            Raised(row.sender_id, row.finished_at, "screened", row.level, row.pathology)
            for row in opened.execute(assessed.order_by(Assessment.id)).scalars()
        ]
    return sorted(found, key=lambda one: one.at)


def followed_up() -> dict[str, datetime]:
    """Returns up to which moment each patient's warning signs have been dealt with."""
    query = select(FollowUp.sender_id, func.max(FollowUp.up_to)).group_by(FollowUp.sender_id)
    with session() as opened:
        return {patient: moment for patient, moment in opened.execute(query).all()}


def follow_up(actor: str, sender_id: str, up_to: datetime) -> None:
    """Notes that staff have dealt with a patient's warning signs up to a moment."""
    with session() as opened:
        opened.add(FollowUp(sender_id=sender_id, up_to=up_to, by_name=actor))
        add(opened, actor, "follow up", sender_id)


@dataclass(frozen=True)
class Wish:
    """A patient's wish for a person, with the last messages before it."""

    id: int
    sender_id: str
    at: datetime
    status: str
    messages: list[tuple[str, str]]


def hand_offs(status: str = WAITING, most: int = 100) -> list[Wish]:
    """Returns wishes for a person: waiting ones the oldest first, others the newest first."""
    order = HandOff.id if status == WAITING else HandOff.id.desc()
    query = select(HandOff).where(HandOff.status == status).order_by(order).limit(most)
    with session() as opened:
        return [
            Wish(row.id, row.sender_id, row.created_at, row.status, _messages(opened, row))
            for row in opened.execute(query).scalars()
        ]


def _messages(opened: Any, row: Any) -> list[tuple[str, str]]:
    """Returns what was said before the wish; from the transcript where nothing came with it."""
    turns = json.loads(row.last_messages) if row.last_messages else []
    if turns:
        return [(str(speaker), str(text)) for speaker, text in turns]
    said = opened.execute(
        select(Utterance)
        .where(Utterance.sender_id == row.sender_id, Utterance.said_at <= row.created_at)
        .order_by(Utterance.id.desc())
        .limit(SHOWN_MESSAGES)
    ).scalars()
    return [(one.speaker, one.text) for one in said][::-1]


def _change(actor: str, action: str, table: Any, where: list[Any], **values: Any) -> bool:
    """Changes one row where it is as expected, with its audit entry; tells whether it was."""
    with session() as opened:
        changed = opened.execute(
            update(table)
            .where(*where)
            .values(**values)
            .execution_options(synchronize_session=False)
        ).rowcount
        if changed:
            row = opened.execute(select(table).where(where[0])).scalars().one()
            add(opened, actor, action, row.sender_id, getattr(row, "reference", ""))
        return bool(changed)


def put_back_hand_off(actor: str, number: int) -> bool:
    """Lets a wish for a person wait again."""
    where = [HandOff.id == number, HandOff.status == DONE]
    return _change(actor, "put back hand-off", HandOff, where, status=WAITING, closed_at=None)


def mark_called_back(actor: str, reference: str) -> bool:
    """Marks a request as called back; False where it is not open any more."""
    where = [BookingRequest.reference == reference, BookingRequest.status == REQUESTED]
    return _change(actor, "call back", BookingRequest, where, status=CALLED_BACK)


def open_again(actor: str, reference: str) -> bool:
    """Opens a request again that was marked as called back."""
    where = [BookingRequest.reference == reference, BookingRequest.status == CALLED_BACK]
    return _change(actor, "open request", BookingRequest, where, status=REQUESTED)


@dataclass(frozen=True)
class Request:
    """A request for an evaluation, with whose it is."""

    sender_id: str
    reference: str
    at: datetime
    status: str
    urgent: bool
    name: str
    phone: str
    preferred: str
    email: str
    reason: str


def requests(status: str | None = REQUESTED, sender_id: str | None = None) -> list[Request]:
    """Returns requests: urgent ones first, open ones the oldest first, others the newest first."""
    order = BookingRequest.id if status == REQUESTED else BookingRequest.id.desc()
    query = select(BookingRequest).order_by(BookingRequest.urgent.desc(), order).limit(1000)
    if status is not None:
        query = query.where(BookingRequest.status == status)
    if sender_id is not None:
        query = query.where(BookingRequest.sender_id == sender_id)
    with session() as opened:
        return [
            Request(
                row.sender_id, row.reference, row.created_at, row.status, row.urgent, row.name,
                row.phone, row.preferred, row.email or "", row.reason or "",
            )
            for row in opened.execute(query).scalars()
        ]  # fmt: skip


@dataclass(frozen=True)
class Unsent:
    """A message that has not gone out as it should have."""

    sender_id: str
    kind: str
    channel: str
    due_at: datetime
    attempts: int
    status: str
    reference: str


def unsent(now: datetime, grace: timedelta) -> list[Unsent]:
    """Returns messages that failed, or that should have gone out some time ago, the newest first.

    A reminder on the web page waits for the patient's next visit: that is no failure.
    """
    late = OutboxMessage.due_at <= now - grace
    waiting = OutboxMessage.status.in_((PENDING, CLAIMED))
    failed = or_(OutboxMessage.attempts > 0, late)
    query = (
        select(OutboxMessage, func.coalesce(Appointment.reference, BookingRequest.reference, ""))
        .outerjoin(Appointment, Appointment.id == OutboxMessage.appointment_id)
        .outerjoin(BookingRequest, BookingRequest.id == OutboxMessage.request_id)
        .where(
            or_(waiting & failed, OutboxMessage.status == UNKNOWN),
            or_(OutboxMessage.kind != "reminder", OutboxMessage.channel != "web"),
            OutboxMessage.due_at >= now - timedelta(days=30),
        )
        .order_by(OutboxMessage.id.desc())
        .limit(50)
    )
    with session() as opened:
        return [
            Unsent(
                row.sender_id, row.kind, row.channel, row.due_at, row.attempts, row.status,
                reference,
            )
            for row, reference in opened.execute(query).all()
        ]  # fmt: skip


def failed_texts(now: datetime) -> list[Unsent]:
    """Returns texts to patients of the last days that did not arrive, the newest first."""
    lost = ("failed", "undelivered")
    query = (
        select(SmsOutbound)
        .where(
            or_(SmsOutbound.status == "failed", SmsOutbound.provider_status.in_(lost)),
            SmsOutbound.created_at >= now - FAILED_TEXTS_SHOWN,
            or_(SmsOutbound.reason.is_(None), SmsOutbound.reason != SENT_AGAIN),
        )
        .order_by(SmsOutbound.id.desc())
        .limit(50)
    )
    with session() as opened:
        return [
            Unsent(
                row.sender_id, f"text_{row.kind}", "sms", row.created_at, row.attempts, "failed", ""
            )
            for row in opened.execute(query).scalars()
        ]


def assessments_of(sender_id: str) -> list[tuple[datetime, str, str | None, str]]:
    """Returns a patient's safety questions, the newest first: when, level, sign, summary."""
    query = (
        select(Assessment).where(Assessment.sender_id == sender_id).order_by(Assessment.id.desc())
    )
    with session() as opened:
        return [
            (row.finished_at, row.level, row.pathology, row.summary)
            for row in opened.execute(query).scalars()
        ]


def transcript(sender_id: str, most: int) -> tuple[list[tuple[datetime, str, str]], int]:
    """Returns a patient's newest messages, the oldest first, and how many there are.

    Those of a channel that they joined are among them.
    """
    joined = select(PatientLink.sender_id).where(PatientLink.patient_id == sender_id)
    mine = or_(Utterance.sender_id == sender_id, Utterance.sender_id.in_(joined))
    newest = (Utterance.said_at.desc(), Utterance.id.desc())
    query = select(Utterance).where(mine).order_by(*newest).limit(most)
    with session() as opened:
        said = [(row.said_at, row.speaker, row.text) for row in opened.execute(query).scalars()]
        total = opened.execute(select(func.count(Utterance.id)).where(mine)).scalar_one()
        return said[::-1], int(total)


def is_known(sender_id: str) -> bool:
    """Tells whether a patient has a conversation, a request, an appointment or an urgency."""
    with session() as opened:
        return any(
            opened.execute(select(table.sender_id).where(table.sender_id == sender_id).limit(1))
            .first()
            for table in (Conversation, BookingRequest, Appointment, UrgencyRecord)
        )  # fmt: skip


@dataclass(frozen=True)
class Missed:
    """A message that was not understood, with whose it is and the nearest intents."""

    id: int
    sender_id: str
    at: datetime
    text: str
    nearest: str


def missed(most: int = 200) -> list[Missed]:
    """Returns messages that were not understood and not reviewed yet, the newest first."""
    query = select(Unanswered).order_by(Unanswered.id.desc()).limit(most)
    with session() as opened:
        return [_missed(row) for row in opened.execute(query).scalars()]


def missed_one(number: int) -> Missed | None:
    """Returns one of them, or None where it was reviewed."""
    with session() as opened:
        row = opened.get(Unanswered, number)
        return _missed(row) if row else None


def _missed(row: Any) -> Missed:
    return Missed(row.id, row.sender_id, row.created_at, row.text, row.nearest)
