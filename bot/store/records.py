"""What the dialogue writes and reads: small functions over one session each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from bot.store import sms_consent, sms_numbers
from bot.store.database import session
from bot.store.models import (
    Appointment,
    Assessment,
    BookingRequest,
    Conversation,
    ExercisePlan,
    ExerciseSession,
    HandOff,
    OutboxMessage,
    Reminder,
    Unanswered,
    UrgencyRecord,
    Utterance,
    utc_now,
)

# Without vowels and look-alikes: read over the phone without a mistake, and never a word.
_REFERENCE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
# The same request sent again within this time is the same request: a double click, a retry.
SAME_REQUEST = timedelta(minutes=10)


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


def new_reference() -> str:
    """Returns a reference for a request or an appointment."""
    return "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(6))


def _listed(row: BookingRequest) -> Booking:
    return Booking(
        row.reference, row.created_at, row.status, row.urgent,
        row.name, row.phone, row.preferred, row.preferred_start,
    )  # fmt: skip


def request_booking(  # noqa: PLR0913  one field each
    sender_id: str,
    name: str,
    phone: str,
    preferred: str,
    preferred_start: datetime | None = None,
    urgent: bool = False,
) -> Booking:
    """Stores a patient's request for an evaluation.

    The same request again within ten minutes returns the stored one, so that a retry or a double
    click books once.
    """
    with session() as opened:
        recent = opened.execute(
            select(BookingRequest)
            .where(
                BookingRequest.sender_id == sender_id,
                BookingRequest.status == "requested",
                BookingRequest.created_at >= utc_now() - SAME_REQUEST,
            )
            .order_by(BookingRequest.id.desc())
        ).scalars()
        for row in recent:
            if (row.name, row.phone, row.preferred) == (name, phone, preferred):
                return _listed(row)
        row = BookingRequest(
            reference=new_reference(),
            sender_id=sender_id,
            name=name,
            phone=phone,
            preferred=preferred,
            preferred_start=preferred_start,
            urgent=urgent,
        )
        opened.add(row)
        opened.flush()
        return _listed(row)


def bookings_of(sender_id: str) -> list[Booking]:
    """Returns a patient's open requests, the newest first."""
    with session() as opened:
        rows = opened.execute(
            select(BookingRequest)
            .where(BookingRequest.sender_id == sender_id, BookingRequest.status == "requested")
            .order_by(BookingRequest.id.desc())
        ).scalars()
        return [_listed(row) for row in rows]


def cancel_bookings(sender_id: str) -> list[Booking]:
    """Cancels a patient's open requests and returns them."""
    with session() as opened:
        rows = list(
            opened.execute(
                select(BookingRequest).where(
                    BookingRequest.sender_id == sender_id, BookingRequest.status == "requested"
                )
            ).scalars()
        )
        for row in rows:
            row.status = "cancelled"
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


def record_hand_off(sender_id: str) -> None:
    """Records that a patient wants to talk to a person, once while it waits."""
    with session() as opened:
        waiting = opened.execute(
            select(func.count(HandOff.id)).where(
                HandOff.sender_id == sender_id, HandOff.status == "waiting"
            )
        ).scalar_one()
        if not waiting:
            opened.add(HandOff(sender_id=sender_id))


def delete_patient(sender_id: str) -> None:
    """Deletes what is stored of a patient but that urgencies were raised, which has no text."""
    with session() as opened:
        for table in (
            Utterance,
            Conversation,
            BookingRequest,
            ExerciseSession,
            OutboxMessage,
            Appointment,
            Reminder,
            ExercisePlan,
            HandOff,
            Unanswered,
            Assessment,
        ):
            opened.execute(delete(table).where(table.sender_id == sender_id))
        sms_numbers.forget(opened, sender_id)


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
            "bookings": rows(
                BookingRequest, "reference", "created_at", "status", "urgent", "name", "phone",
                "preferred", "preferred_start",
            ),
            "appointments": rows(
                Appointment, "reference", "status", "therapist", "starts_at", "ends_at", "urgent",
                "name", "phone", "created_at", "booked_at",
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
            "hand_offs": rows(HandOff, "created_at", "status"),
            "not_understood": rows(Unanswered, "created_at", "text"),
            "text_message_consents": sms_consent.history(opened, sender_id),
        }  # fmt: skip


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
