"""The schema."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)

from bot.store import sms_models  # noqa: F401  they belong to the same schema
from bot.store.base import Base, UtcDateTime, utc_now
from bot.store.crypto import Encrypted

# What all tables stand on is had from here too.
__all__ = ["Base", "UtcDateTime", "utc_now"]


class Conversation(Base):
    """A conversation as the dialogue engine needs it: its state and its last turns."""

    __tablename__ = "conversation"

    sender_id = Column(String(128), primary_key=True)
    state = Column(Encrypted, nullable=False)
    last_event_at = Column(Float, nullable=False, default=0.0)
    updated_at = Column(UtcDateTime, nullable=False, default=utc_now, onupdate=utc_now)


class Utterance(Base):
    """One message of the transcript, by the patient or by the bot."""

    __tablename__ = "utterance"

    id = Column(Integer, primary_key=True)
    sender_id = Column(
        String(128), ForeignKey("conversation.sender_id", ondelete="CASCADE"), nullable=False
    )
    said_at = Column(UtcDateTime, nullable=False, default=utc_now)
    speaker = Column(String(8), nullable=False)
    text = Column(Encrypted, nullable=False)

    __table_args__ = (Index("ix_utterance_sender_said", "sender_id", "said_at"),)


class UrgencyRecord(Base):
    """A level of urgency that was raised, or released after the patient was asked."""

    __tablename__ = "urgency_record"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    recorded_at = Column(UtcDateTime, nullable=False, default=utc_now)
    event = Column(String(16), nullable=False)
    level = Column(String(16), nullable=False)
    pathology = Column(String(32))


class Assessment(Base):
    """One screening interview: its answers, and what it ended in."""

    __tablename__ = "assessment"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    finished_at = Column(UtcDateTime, nullable=False, default=utc_now)
    level = Column(String(16), nullable=False)
    pathology = Column(String(32))
    summary = Column(Encrypted, nullable=False)


class BookingRequest(Base):
    """A patient's request for an evaluation."""

    __tablename__ = "booking_request"

    id = Column(Integer, primary_key=True)
    reference = Column(String(12), nullable=False, unique=True)
    sender_id = Column(String(128), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    status = Column(String(16), nullable=False, default="requested")
    urgent = Column(Boolean, nullable=False, default=False)
    name = Column(Encrypted, nullable=False)
    phone = Column(Encrypted, nullable=False)
    preferred = Column(Encrypted, nullable=False)
    preferred_start = Column(UtcDateTime)
    email = Column(Encrypted)
    reason = Column(Encrypted)
    idempotency_key = Column(String(64))

    __table_args__ = (
        UniqueConstraint("idempotency_key", name="uq_booking_request_idempotency_key"),
    )


class ExerciseSession(Base):
    """One exercise that a patient did: the pain before and after (0-10), and how it felt."""

    __tablename__ = "exercise_session"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    exercise = Column(String(32), nullable=False)
    finished_at = Column(UtcDateTime, nullable=False, default=utc_now)
    outcome = Column(String(16), nullable=False)
    pain_before = Column(Integer)
    pain_after = Column(Integer)
    felt = Column(String(8))


class HandOff(Base):
    """A patient's wish to talk to a person: ``waiting``, or ``done`` at ``closed_at``.

    ``last_messages`` holds the last turns before the wish as JSON: lists of speaker and text.
    """

    __tablename__ = "hand_off"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    status = Column(String(16), nullable=False, default="waiting")
    channel = Column(String(16))
    last_messages = Column(Encrypted)
    closed_at = Column(UtcDateTime)


class Unanswered(Base):
    """A message that the bot did not understand, kept for the clinic's review."""

    __tablename__ = "unanswered"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False)
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    text = Column(Encrypted, nullable=False)
    nearest = Column(String(200), nullable=False, default="")


class ExercisePlan(Base):
    """Days and time that a patient agreed to; the newest that has not ended is the one that holds.

    ``days`` holds the days of the week as digits, Monday is 0; ``at_time`` is local, as HH:MM.
    """

    __tablename__ = "exercise_plan"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    agreed_at = Column(UtcDateTime, nullable=False, default=utc_now)
    days = Column(String(7), nullable=False)
    at_time = Column(String(5), nullable=False)
    starts_on = Column(Date, nullable=False)
    ends_on = Column(Date)
    time_zone = Column(String(64), nullable=False)
    ended_at = Column(UtcDateTime)


class Reminder(Base):
    """The reminder of a plan; ``next_due_at`` is empty once it is stopped or over.

    On the local days from ``skip_from`` to ``skip_until`` nothing is sent.
    """

    __tablename__ = "reminder"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    plan_id = Column(Integer, ForeignKey("exercise_plan.id", ondelete="CASCADE"), nullable=False)
    channel = Column(String(16), nullable=False)
    quiet_from = Column(String(5), nullable=False, default="21:00")
    quiet_until = Column(String(5), nullable=False, default="08:00")
    next_due_at = Column(UtcDateTime, index=True)
    snoozed_at = Column(UtcDateTime)
    skip_from = Column(Date)
    skip_until = Column(Date)
    stopped_at = Column(UtcDateTime)


class Appointment(Base):
    """A time with a therapist: held while a patient decides, booked, cancelled or expired.

    ``slot_key`` names therapist and moment while the time is held or booked, and is empty after
    that: its uniqueness is what keeps two patients from one time, on every database alike.
    ``idempotency_key`` comes with the hold: booking with it again is the same booking.
    ``sequence`` counts the changes that somebody is told of.
    """

    __tablename__ = "appointment"

    id = Column(Integer, primary_key=True)
    reference = Column(String(12), nullable=False, unique=True)
    idempotency_key = Column(String(64), nullable=False, unique=True)
    sender_id = Column(String(128), nullable=False, index=True)
    therapist = Column(String(80), nullable=False)
    starts_at = Column(UtcDateTime, nullable=False, index=True)
    ends_at = Column(UtcDateTime, nullable=False)
    slot_key = Column(String(120), unique=True)
    status = Column(String(16), nullable=False)
    held_until = Column(UtcDateTime)
    sequence = Column(Integer, nullable=False, default=0)
    urgent = Column(Boolean, nullable=False, default=False)
    name = Column(Encrypted)
    phone = Column(Encrypted)
    email = Column(Encrypted)
    reason = Column(Encrypted)
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    booked_at = Column(UtcDateTime)


class OutboxMessage(Base):
    """One message on its way: to be sent, being sent, sent, or dropped and why.

    ``kind`` is ``reminder`` for a reminder that came due; ``clinic_hand_off`` belongs to a wish for
    a person; the other kinds belong to an appointment (``bot.store.notices``) and carry the
    ``sequence`` of the change that they tell of, or to a request for a call.

    ``attempts`` counts the sends that were begun. Two of them mean that the first may have gone out
    although it was not marked: the one duplicate that a crash can cause. ``shown_at`` is for
    channels that cannot push: when the patient was there to be told.
    """

    __tablename__ = "outbox_message"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    kind = Column(String(24), nullable=False, default="reminder", server_default="reminder")
    reminder_id = Column(Integer, ForeignKey("reminder.id", ondelete="CASCADE"))
    appointment_id = Column(Integer, ForeignKey("appointment.id", ondelete="CASCADE"))
    hand_off_id = Column(Integer, ForeignKey("hand_off.id", ondelete="CASCADE"))
    request_id = Column(Integer, ForeignKey("booking_request.id", ondelete="CASCADE"))
    sequence = Column(Integer)
    channel = Column(String(16), nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    status = Column(String(16), nullable=False, default="pending", index=True)
    reason = Column(String(16))
    attempts = Column(Integer, nullable=False, default=0)
    claimed_by = Column(String(64))
    lease_until = Column(UtcDateTime)
    sent_at = Column(UtcDateTime)
    shown_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("reminder_id", "due_at", name="uq_outbox_reminder_due"),
        UniqueConstraint("appointment_id", "kind", "sequence", name="uq_outbox_appointment_event"),
        UniqueConstraint("hand_off_id", "kind", name="uq_outbox_hand_off"),
        UniqueConstraint("request_id", "kind", name="uq_outbox_request_event"),
    )


class AuditEntry(Base):
    """One entry of the audit log: who did what, to whose data, and when (``bot.store.audit``)."""

    __tablename__ = "audit"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, default=utc_now, index=True)
    actor = Column(String(80), nullable=False)
    action = Column(String(40), nullable=False, index=True)
    patient = Column(String(128), index=True)
    detail = Column(String(200), nullable=False, default="")


class WebMessage(Base):
    """One bubble of the website's chat, by the patient (``me``) or by the ``bot``.

    ``seq`` counts a visitor's bubbles from 1. ``client_id`` is what the page calls a message of the
    patient: its uniqueness is what processes a message once that is sent twice. ``answered`` tells
    whether a patient's message got its replies; ``hidden`` ones are from before a new start.
    """

    __tablename__ = "web_message"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False)
    seq = Column(Integer, nullable=False)
    speaker = Column(String(8), nullable=False)
    at = Column(UtcDateTime, nullable=False, default=utc_now)
    client_id = Column(String(64))
    answered = Column(Boolean, nullable=False, default=False)
    hidden = Column(Boolean, nullable=False, default=False)
    body = Column(Encrypted, nullable=False)

    __table_args__ = (
        UniqueConstraint("sender_id", "seq", name="uq_web_message_seq"),
        UniqueConstraint("sender_id", "client_id", name="uq_web_message_client"),
    )


class ProofAttempt(Base):
    """A reference with a phone number that did not belong together, so that nobody can guess on.

    Reference and number are kept as keyed digests: enough to count them, not to read them.
    """

    __tablename__ = "proof_attempt"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    reference_digest = Column(String(64), nullable=False, index=True)
    phone_digest = Column(String(64), nullable=False, index=True)
    tried_at = Column(UtcDateTime, nullable=False, default=utc_now, index=True)


class PatientLink(Base):
    """Another channel of a patient: what ``sender_id`` says belongs to ``patient_id``.

    ``shown_at`` is when the patient was told of it where the code came from.
    """

    __tablename__ = "patient_link"

    sender_id = Column(String(128), primary_key=True)
    patient_id = Column(String(128), nullable=False, index=True)
    channel = Column(String(16), nullable=False)
    linked_at = Column(UtcDateTime, nullable=False, default=utc_now)
    shown_at = Column(UtcDateTime)


class LinkCode(Base):
    """A one-time code with which another channel joins a patient; only its keyed hash is kept.

    ``claimed_by`` is who sent it; they join after one more yes.
    """

    __tablename__ = "link_code"

    id = Column(Integer, primary_key=True)
    patient_id = Column(String(128), nullable=False, index=True)
    code_hash = Column(String(64), nullable=False, unique=True)
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    expires_at = Column(UtcDateTime, nullable=False)
    claimed_by = Column(String(128), index=True)


class LinkAttempt(Base):
    """One try at a code, kept for a day so that guesses can be limited."""

    __tablename__ = "link_attempt"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    tried_at = Column(UtcDateTime, nullable=False, default=utc_now)
