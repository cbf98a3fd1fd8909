"""What the dialogue writes and reads: small functions over one session each."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bot.entities.reference import LENGTH, LETTERS
from bot.store import sms_consent, web_messages
from bot.store.database import session
from bot.store.erasure import patient_tables
from bot.store.models import (
    Appointment,
    Assessment,
    BookingRequest,
    ExercisePlan,
    ExerciseSession,
    HandOff,
    OutboxMessage,
    PatientLink,
    Reminder,
    Unanswered,
    UrgencyRecord,
    Utterance,
    WebMessage,
    utc_now,
)
from bot.store.notices import CLINIC_REQUEST, CLINIC_WITHDRAWN, add_request_notice

# The same request sent again within this time is the same request: a double click, a retry.
SAME_REQUEST = timedelta(minutes=10)

_INTERNAL = frozenset({"id", "sender_id", "idempotency_key", "claimed_by", "lease_until"})
# Tables that an export names in its own way. What the conversation's state holds of the patient's
# words is in the transcript too.
_EXPORTED = frozenset(
    {"appointment", "assessment", "booking_request", "conversation", "exercise_plan",
     "exercise_session", "hand_off", "outbox_message", "reminder", "unanswered", "urgency_record",
     "utterance", "web_message"}
)  # fmt: skip


@dataclass(frozen=True)
class Booking:
    """A request for an evaluation, as it is listed."""

    reference: str
    created_at: datetime
    status: str
    urgent: bool
    name: str
    phone: str
    preferred: str
    preferred_start: datetime | None
    email: str = ""
    reason: str = ""


def new_reference() -> str:
    """Returns a reference for a request or an appointment."""
    made = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return made if any(map(str.isalpha, made)) else new_reference()


def _listed(row: BookingRequest) -> Booking:
    return Booking(
        row.reference, row.created_at, row.status, row.urgent, row.name, row.phone, row.preferred,
        row.preferred_start, row.email or "", row.reason or "",
    )  # fmt: skip


def request_booking(  # noqa: PLR0913  one field each
    sender_id: str,
    name: str,
    phone: str,
    preferred: str,
    preferred_start: datetime | None = None,
    urgent: bool = False,
    *,
    email: str | None = None,
    reason: str | None = None,
    key: str | None = None,
) -> Booking:
    """Stores a patient's request for an evaluation, and queues the clinic's notice with it.

    The same key again, or the same request within ten minutes, returns the stored one, so that a
    retry or a double click books once.

    Args:
        sender_id: The patient.
        name: Their name.
        phone: Their number.
        preferred: When they would like to come, in their words.
        preferred_start: The moment that those words mean, or None.
        urgent: Whether they must be seen soon.
        email: Their e-mail address, or None.
        reason: Why they come, or None.
        key: Names this request; the database keeps it unique.
    """
    wanted = BookingRequest(
        reference=new_reference(), sender_id=sender_id, name=name, phone=phone,
        preferred=preferred, preferred_start=preferred_start, urgent=urgent, email=email,
        reason=reason, idempotency_key=key,
    )  # fmt: skip
    try:
        with session() as opened:
            same = _same_request(opened, wanted)
            if same is None:
                opened.add(wanted)
                opened.flush()
                add_request_notice(opened, wanted, CLINIC_REQUEST, utc_now())
            return _listed(same or wanted)
    except IntegrityError:
        with session() as opened:
            same = _same_request(opened, wanted)
            if same is None:
                raise
            return _listed(same)


def _same_request(opened: Any, wanted: BookingRequest) -> BookingRequest | None:
    """Returns the stored request that a wanted one repeats."""
    if wanted.idempotency_key:
        query = select(BookingRequest).where(
            BookingRequest.idempotency_key == wanted.idempotency_key
        )
        by_key_found: BookingRequest | None = opened.execute(query).scalars().first()
        if by_key_found:
            return by_key_found
    recent = opened.execute(
        select(BookingRequest)
        .where(
            BookingRequest.sender_id == wanted.sender_id,
            BookingRequest.status == "requested",
            BookingRequest.created_at >= utc_now() - SAME_REQUEST,
        )
        .order_by(BookingRequest.id.desc())
    ).scalars()
    asked = (wanted.name, wanted.phone, wanted.preferred)
    return next((row for row in recent if (row.name, row.phone, row.preferred) == asked), None)


def bookings_of(sender_id: str) -> list[Booking]:
    """Returns a patient's open requests, the newest first."""
    with session() as opened:
        rows = opened.execute(
            select(BookingRequest)
            .where(BookingRequest.sender_id == sender_id, BookingRequest.status == "requested")
            .order_by(BookingRequest.id.desc())
        ).scalars()
        return [_listed(row) for row in rows]


def request_with(reference: str, phone: str) -> Booking | None:
    """Returns the open request of a reference, for who also knows the phone number of it."""
    with session() as opened:
        row = opened.execute(
            select(BookingRequest).where(
                BookingRequest.reference == reference, BookingRequest.status == "requested"
            )
        ).scalar_one_or_none()
        return _listed(row) if row and row.phone == phone else None


def cancel_bookings(sender_id: str) -> list[Booking]:
    """Cancels a patient's open requests and returns them."""
    return _cancel(BookingRequest.sender_id == sender_id)


def cancel_request(reference: str) -> list[Booking]:
    """Cancels the open request of a reference, whose patient has proven to be theirs."""
    return _cancel(BookingRequest.reference == reference)


def _cancel(whose: Any) -> list[Booking]:
    with session() as opened:
        query = select(BookingRequest).where(whose, BookingRequest.status == "requested")
        rows = list(opened.execute(query).scalars())
        for row in rows:
            row.status = "cancelled"
            add_request_notice(opened, row, CLINIC_WITHDRAWN, utc_now())
        return [_listed(row) for row in rows]


def all_bookings(status: str | None = None) -> list[Booking]:
    """Returns all requests, urgent ones first, then the oldest first."""
    query = select(BookingRequest).order_by(BookingRequest.urgent.desc(), BookingRequest.id)
    if status:
        query = query.where(BookingRequest.status == status)
    with session() as opened:
        return [_listed(row) for row in opened.execute(query).scalars()]


def record_urgency(sender_id: str, event: str, level: str, pathology: str | None) -> None:
    """Records that a level was ``raised`` or released (``seen`` or ``mistake``)."""
    with session() as opened:
        opened.add(
            UrgencyRecord(sender_id=sender_id, event=event, level=level, pathology=pathology)
        )


def record_assessment(sender_id: str, level: str, pathology: str | None, summary: str) -> None:
    """Records a screening interview that was finished."""
    with session() as opened:
        opened.add(
            Assessment(sender_id=sender_id, level=level, pathology=pathology, summary=summary)
        )


def assessment_since(sender_id: str, moment: datetime) -> str | None:
    """Returns the summary of a patient's newest screening interview since a moment, or None."""
    with session() as opened:
        found = opened.execute(
            select(Assessment.summary)
            .where(Assessment.sender_id == sender_id, Assessment.finished_at >= moment)
            .order_by(Assessment.id.desc())
            .limit(1)
        ).scalar()
        return str(found) if found else None


def record_exercise(
    sender_id: str, exercise: str, outcome: str, pain_before: int | None, pain_after: int | None
) -> None:
    """Records an exercise that was finished or stopped."""
    with session() as opened:
        opened.add(
            ExerciseSession(
                sender_id=sender_id,
                exercise=exercise,
                outcome=outcome,
                pain_before=pain_before,
                pain_after=pain_after,
            )
        )


def record_felt(sender_id: str, exercise: str, felt: str) -> None:
    """Records how a patient's newest finished exercise felt: ``easy``, ``right`` or ``hard``."""
    with session() as opened:
        row = opened.execute(
            select(ExerciseSession)
            .where(ExerciseSession.sender_id == sender_id, ExerciseSession.exercise == exercise)
            .order_by(ExerciseSession.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        if row is not None:
            row.felt = felt


@dataclass(frozen=True)
class LoggedExercise:
    """One exercise of a patient's record."""

    finished_at: datetime
    exercise: str
    outcome: str
    pain_before: int | None
    pain_after: int | None


def exercises_of(sender_id: str) -> list[LoggedExercise]:
    """Returns the exercises that a patient finished or stopped, the oldest first."""
    with session() as opened:
        rows = opened.execute(
            select(ExerciseSession)
            .where(ExerciseSession.sender_id == sender_id)
            .order_by(ExerciseSession.id)
        ).scalars()
        return [
            LoggedExercise(
                row.finished_at, row.exercise, row.outcome, row.pain_before, row.pain_after
            )
            for row in rows
        ]


def record_unanswered(sender_id: str, text: str, nearest: str) -> None:
    """Keeps a message that was not understood, with the nearest intents."""
    with session() as opened:
        opened.add(Unanswered(sender_id=sender_id, text=text, nearest=nearest[:200]))


@dataclass(frozen=True)
class Missed:
    """A message that was not understood, with the nearest intents."""

    id: int
    when: datetime
    text: str
    nearest: str


def all_unanswered(limit: int = 200) -> list[Missed]:
    """Returns messages that were not understood and not reviewed yet, the newest first."""
    with session() as opened:
        rows = opened.execute(
            select(Unanswered).order_by(Unanswered.id.desc()).limit(limit)
        ).scalars()
        return [Missed(row.id, row.created_at, row.text, row.nearest) for row in rows]


def unanswered_text(number: int) -> str | None:
    """Returns the text of a message that was not understood, or None where there is none."""
    with session() as opened:
        row = opened.get(Unanswered, number)
        return row.text if row else None


def close_unanswered(number: int) -> bool:
    """Takes a message off the list after its review; tells whether it was there."""
    with session() as opened:
        return bool(opened.execute(delete(Unanswered).where(Unanswered.id == number)).rowcount)


def export_patient(sender_id: str) -> dict[str, object]:
    """Returns everything that is stored of a patient, ready for JSON."""
    with session() as opened:

        def rows(table: Any, *columns: str) -> list[dict[str, object]]:
            found = opened.execute(select(table).where(table.sender_id == sender_id)).scalars()
            return [{name: _plain(getattr(row, name)) for name in columns} for row in found]

        return {
            "patient": sender_id,
            "messages": rows(Utterance, "said_at", "speaker", "text"),
            "web_messages": [
                {**row, "body": web_messages.exported(str(row["body"]))}
                for row in rows(WebMessage, "at", "speaker", "body")
            ],
            "bookings": rows(
                BookingRequest, "reference", "created_at", "status", "urgent", "name", "phone",
                "preferred", "preferred_start", "email", "reason",
            ),
            "appointments": rows(
                Appointment, "reference", "status", "therapist", "starts_at", "ends_at", "urgent",
                "name", "phone", "email", "reason", "created_at", "booked_at",
            ),
            "exercise_sessions": rows(
                ExerciseSession, "finished_at", "exercise", "outcome", "pain_before", "pain_after",
                "felt",
            ),
            "plans": rows(
                ExercisePlan, "agreed_at", "days", "at_time", "starts_on", "ends_on", "time_zone",
                "ended_at",
            ),
            "reminders": rows(
                Reminder, "channel", "quiet_from", "quiet_until", "next_due_at", "snoozed_at",
                "skip_from", "skip_until", "stopped_at",
            ),
            "reminder_messages": rows(
                OutboxMessage, "kind", "channel", "due_at", "status", "reason", "attempts",
                "sent_at", "shown_at",
            ),
            "assessments": rows(Assessment, "finished_at", "level", "pathology", "summary"),
            "urgencies": rows(UrgencyRecord, "recorded_at", "event", "level", "pathology"),
            "hand_offs": [
                {**row, "last_messages": json.loads(str(row["last_messages"] or "[]"))}
                for row in rows(
                    HandOff, "created_at", "status", "channel", "closed_at", "last_messages"
                )
            ],
            "not_understood": rows(Unanswered, "created_at", "text"),
            "joined_channels": [
                {"channel": link.channel, "linked_at": _plain(link.linked_at)}
                for link in opened.execute(
                    select(PatientLink).where(PatientLink.patient_id == sender_id)
                ).scalars()
            ],
            **_others(opened, sender_id),
            "text_message_consents": sms_consent.history(opened, sender_id),
        }  # fmt: skip


def _others(opened: Any, sender_id: str) -> dict[str, object]:
    """Returns what other tables hold of a patient: a new table is part of an export at once."""
    found: dict[str, object] = {}
    for table in patient_tables():
        if table.name in _EXPORTED:
            continue
        names = [c.name for c in table.columns if c.name not in _INTERNAL]
        query = select(*(table.columns[name] for name in names))
        rows = opened.execute(query.where(table.c.sender_id == sender_id)).all()
        if rows:
            found[table.name] = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
