"""The outbox's messages about appointments and requests: to the clinic and to the patient.

They are written in the transaction of the change that they tell of. A notice to the clinic goes out
at least once, is never too old, and never before an earlier one of the same appointment; the number
of its row names it, so that a repeated e-mail has the same Message-ID. A confirmation is said in
the conversation; one that was not said there is sent where the channel can (``bot.jobs.texts``),
else it waits for the next visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import aliased

from bot.store.database import session
from bot.store.models import Appointment, BookingRequest, OutboxMessage, utc_now

CLINIC_BOOKED, CLINIC_MOVED, CLINIC_CANCELLED = "clinic_booked", "clinic_moved", "clinic_cancelled"
CLINIC_REQUEST, CLINIC_WITHDRAWN = "clinic_request", "clinic_withdrawn"
PATIENT_BOOKED = "patient_booked"
CLINIC_HAND_OFF = "clinic_hand_off"
MAIL_BOOKED, MAIL_MOVED, MAIL_CANCELLED = "mail_booked", "mail_moved", "mail_cancelled"
TO_CLINIC = (CLINIC_BOOKED, CLINIC_MOVED, CLINIC_CANCELLED, CLINIC_REQUEST, CLINIC_WITHDRAWN)
TO_PATIENT = (MAIL_BOOKED, MAIL_MOVED, MAIL_CANCELLED)
_MAIL_OF = dict(zip(TO_CLINIC, TO_PATIENT, strict=False))
EMAIL = "email"
PUSHED = frozenset({"sms"})
"""Channels that reach a patient who is not there."""
GRACE = timedelta(minutes=1)
"""How long the conversation has to say a confirmation before it is pushed."""
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=1)
"""After a failure the next attempt waits, twice as long each time."""


@dataclass(frozen=True)
class Notice:
    """A message about an appointment or a request, as that is now.

    Attributes:
        id: The number of its row.
        kind: One of the kinds above.
        sequence: The change that it tells of.
        reference: The reference of the appointment or request.
        starts_at: When the appointment begins; None for a request.
        ends_at: When it ends.
        wished: When the patient of a request would like to come, where their words named a day.
        therapist: Who the appointment is with; empty for a request.
        urgent: Whether the patient's answers were urgent.
        name: The patient's name.
        phone: Their number.
        email: Their address, or empty.
        has_reason: Whether they gave a reason, which the clinic reads in its list.
        is_newest: Whether nothing changed after what it tells of.
        channel: Where it goes.
        sender_id: The patient's conversation.
        attempts: Sends that were begun.
    """

    id: int
    kind: str
    sequence: int
    reference: str
    starts_at: datetime | None
    ends_at: datetime | None
    wished: datetime | None
    therapist: str
    urgent: bool
    name: str
    phone: str
    email: str
    has_reason: bool
    is_newest: bool
    channel: str
    sender_id: str
    attempts: int

    @property
    def is_for_clinic(self) -> bool:
        """Whether the clinic is told, and not the patient."""
        return self.kind in TO_CLINIC


# --- queueing, inside the transaction of the change ----------------------------------------------


def add_notices(opened: Any, row: Any, kind: str, now: datetime) -> None:
    """Queues the clinic's notice of an appointment's change, and the patient's e-mail."""
    _add(opened, row, kind, now)
    if row.email:
        _add(opened, row, _MAIL_OF[kind], now)


def _add(opened: Any, row: Any, kind: str, now: datetime) -> None:
    opened.add(
        OutboxMessage(
            sender_id=row.sender_id, appointment_id=row.id, kind=kind, sequence=row.sequence,
            channel=EMAIL, due_at=now,
        )
    )  # fmt: skip


def add_confirmation(opened: Any, row: Any, now: datetime, channel: str) -> None:
    """Queues the patient's confirmation in the chat."""
    pushed = channel in PUSHED
    opened.add(
        OutboxMessage(
            sender_id=row.sender_id, appointment_id=row.id, kind=PATIENT_BOOKED,
            sequence=row.sequence, channel=channel, due_at=now + GRACE if pushed else now,
            status="pending" if pushed else "sent",
        )
    )  # fmt: skip


def channel_of(opened: Any, row: Any) -> str | None:
    """Returns the channel on which an appointment was booked."""
    found = opened.execute(
        select(OutboxMessage.channel)
        .where(OutboxMessage.appointment_id == row.id, OutboxMessage.kind == PATIENT_BOOKED)
        .order_by(OutboxMessage.id)
        .limit(1)
    ).scalar()
    return str(found) if found else None


def add_request_notice(opened: Any, row: Any, kind: str, now: datetime) -> None:
    """Queues the clinic's notice of a request for a call."""
    opened.add(
        OutboxMessage(
            sender_id=row.sender_id, request_id=row.id, kind=kind, sequence=0, channel=EMAIL,
            due_at=now,
        )
    )  # fmt: skip


# --- sending -------------------------------------------------------------------------------------


def free(now: datetime) -> Any:
    """Returns the condition of a message that nobody is sending."""
    left = and_(OutboxMessage.status == "claimed", OutboxMessage.lease_until < now)
    fresh = and_(OutboxMessage.status == "pending", OutboxMessage.due_at <= now)
    return or_(fresh, left)


def _is_next() -> Any:
    """Returns the condition that the clinic knows all that came before of the same appointment."""
    earlier = aliased(OutboxMessage)
    same = or_(
        earlier.appointment_id == OutboxMessage.appointment_id,
        earlier.request_id == OutboxMessage.request_id,
    )
    unsent = (
        select(earlier.id)
        .where(
            same,
            earlier.id < OutboxMessage.id,
            earlier.kind.in_(TO_CLINIC),
            earlier.status.in_(("pending", "claimed")),
        )
        .correlate(OutboxMessage)
    )
    return or_(OutboxMessage.kind.not_in(TO_CLINIC), ~unsent.exists())


def _found(*conditions: Any) -> list[Notice]:
    query = (
        select(OutboxMessage, Appointment, BookingRequest)
        .outerjoin(Appointment, Appointment.id == OutboxMessage.appointment_id)
        .outerjoin(BookingRequest, BookingRequest.id == OutboxMessage.request_id)
        .where(*conditions)
        .order_by(OutboxMessage.id)
    )
    with session() as opened:
        return [
            _notice(message, appointment or request, appointment is not None)
            for message, appointment, request in opened.execute(query).all()
            if appointment or request
        ]


def _notice(message: Any, row: Any, is_appointment: bool) -> Notice:
    return Notice(
        message.id, message.kind, message.sequence or 0, row.reference,
        row.starts_at if is_appointment else None, row.ends_at if is_appointment else None,
        None if is_appointment else row.preferred_start, row.therapist if is_appointment else "",
        row.urgent, row.name or "", row.phone or "", row.email or "", bool(row.reason),
        not is_appointment or row.sequence == message.sequence,
        message.channel, message.sender_id, message.attempts,
    )  # fmt: skip


def free_notices(now: datetime) -> list[Notice]:
    """Returns the e-mails that may be claimed, the oldest first."""
    return _found(OutboxMessage.kind.in_((*TO_CLINIC, *TO_PATIENT)), free(now))


def _change(conditions: list[Any], **values: Any) -> bool:
    statement = update(OutboxMessage).where(*conditions).values(**values)
    with session() as opened:
        done = opened.execute(statement.execution_options(synchronize_session=False))
        return bool(done.rowcount)


def claim_notice(notice_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
    """Claims a message and counts the attempt; tells whether this call won it."""
    claimable = [
        OutboxMessage.id == notice_id, free(now), OutboxMessage.shown_at.is_(None), _is_next(),
    ]  # fmt: skip
    return _change(
        claimable, status="claimed", claimed_by=owner, lease_until=now + lease,
        attempts=OutboxMessage.attempts + 1,
    )  # fmt: skip


class Attempted(Protocol):
    """A message that somebody tried to send."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def attempts(self) -> int:
        """How often it was tried before."""


def _claimed(notice: Attempted, owner: str) -> list[Any]:
    return [
        OutboxMessage.id == notice.id,
        OutboxMessage.status == "claimed",
        OutboxMessage.claimed_by == owner,
    ]


def put_back(notice: Attempted, owner: str, now: datetime) -> bool:
    """Puts a claimed message back that could not be sent, for a later attempt."""
    delay = min(FIRST_DELAY * 2 ** min(notice.attempts, 10), LONGEST_DELAY)
    claimed = _claimed(notice, owner)
    return _change(claimed, status="pending", due_at=now + delay, lease_until=None)


# --- what waits for the patient's visit ----------------------------------------------------------


def take_confirmations(sender_id: str, channel: str) -> list[tuple[str, datetime, str]]:
    """Takes the confirmations that a patient has not seen, each once.

    Returns:
        Reference, begin and therapist of appointments that are still ahead.
    """
    unseen = [
        *_unseen(sender_id), OutboxMessage.channel == channel, Appointment.status == "booked",
        Appointment.starts_at > utc_now(), OutboxMessage.sequence == Appointment.sequence,
    ]  # fmt: skip
    return [
        (notice.reference, notice.starts_at, notice.therapist)
        for notice in _found(*unseen)
        if notice.starts_at
        and _change(
            [OutboxMessage.id == notice.id, OutboxMessage.shown_at.is_(None)], shown_at=utc_now()
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
    _change([*_unseen(sender_id), OutboxMessage.status != "claimed"], status="sent",
            shown_at=utc_now())  # fmt: skip


def clinic_knows(reference: str) -> bool:
    """Tells whether the notice of a request went out to the clinic."""
    sent = (
        select(OutboxMessage.id)
        .join(BookingRequest, BookingRequest.id == OutboxMessage.request_id)
        .where(
            BookingRequest.reference == reference,
            OutboxMessage.kind == CLINIC_REQUEST,
            OutboxMessage.status == "sent",
        )
    )
    with session() as opened:
        return opened.execute(sent).first() is not None
