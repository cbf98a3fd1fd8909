"""One patient on two channels: one-time codes, the links that they make, and parting them again.

A code is shown to the patient on one channel and sent by them on the other. Each change is one
transaction; the number of rows that a statement changed tells who won, so that a code can never be
claimed twice.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from bot.settings import secret
from bot.store import audit
from bot.store.console_models import FollowUp
from bot.store.crypto import KEY_VARIABLE
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
    Reminder,
    Unanswered,
    UrgencyRecord,
    Utterance,
)

# Without vowels and look-alikes; 27 signs to the power of 8 are 38 bits.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
LENGTH = 8
VALID = timedelta(minutes=15)
MOST_CODES = 5
"""Codes that a patient may ask for in an hour."""
MOST_ATTEMPTS = 5
"""Codes that a phone may try while one is valid."""
_KEPT = timedelta(days=1)
_MOVED = (
    BookingRequest, ExerciseSession, OutboxMessage, Appointment, Reminder, ExercisePlan, HandOff,
    Unanswered, Assessment, UrgencyRecord,
)  # fmt: skip


class Claim(Enum):
    """What became of a code that was sent."""

    MATCHED = "matched"
    WRONG = "wrong"
    TOO_MANY = "too_many"


def code_hash(code: str) -> str:
    """Returns the keyed hash of a code, however it was typed: case, spaces and hyphens go."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(secret(KEY_VARIABLE).encode(), plain.encode(), hashlib.sha256).hexdigest()


def patient_of(sender_id: str) -> str:
    """Returns whose patient a sender is: themselves, unless their channel was joined to another."""
    with session() as opened:
        link = opened.get(PatientLink, sender_id)
        return str(link.patient_id) if link else sender_id


def senders_of(patient_id: str, channel: str) -> list[str]:
    """Returns a patient's senders on another channel, the newest first: where they are reached."""
    with session() as opened:
        found = opened.execute(
            select(PatientLink.sender_id)
            .where(PatientLink.patient_id == patient_id, PatientLink.channel == channel)
            .order_by(PatientLink.linked_at.desc())
        ).scalars()
        return list(found)


def joined_to(opened: Any, patient_id: str) -> list[str]:
    """Returns, in an open session, the senders that were joined to a patient."""
    query = select(PatientLink.sender_id).where(PatientLink.patient_id == patient_id)
    return list(opened.execute(query).scalars())


def urgency_stands(sender_id: str) -> bool:
    """Tells whether the newest urgency of a sender was raised and not released."""
    with session() as opened:
        return _urgent(opened, sender_id)


def _urgent(opened: Any, sender_id: str) -> bool:
    newest = (
        select(UrgencyRecord.event)
        .where(UrgencyRecord.sender_id == sender_id)
        .order_by(UrgencyRecord.id.desc())
        .limit(1)
    )
    return bool(opened.execute(newest).scalar_one_or_none() == "raised")


def new_code(patient_id: str, now: datetime) -> str | None:
    """Makes a code for a patient; their older ones are void. None after too many in an hour."""
    with session() as opened:
        opened.execute(delete(LinkCode).where(LinkCode.created_at < now - _KEPT))
        opened.execute(delete(LinkAttempt).where(LinkAttempt.tried_at < now - _KEPT))
        opened.execute(
            update(LinkCode)
            .where(LinkCode.patient_id == patient_id, LinkCode.expires_at > now)
            .values(expires_at=now)
        )
        made = opened.execute(
            select(func.count(LinkCode.id)).where(
                LinkCode.patient_id == patient_id, LinkCode.created_at > now - timedelta(hours=1)
            )
        ).scalar_one()
        if made >= MOST_CODES:
            return None
        code = _random_code()
        opened.add(
            LinkCode(
                patient_id=patient_id, code_hash=code_hash(code), created_at=now,
                expires_at=now + VALID,
            )
        )  # fmt: skip
        return code


def _random_code() -> str:
    """Returns a code with a digit in it, so that it is never taken for words."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if any(sign.isdigit() for sign in code):
            return code


def claim(sender_id: str, code: str, now: datetime) -> Claim:
    """Takes a code that was sent from another channel; each can be claimed once."""
    with session() as opened:
        opened.add(LinkAttempt(sender_id=sender_id, tried_at=now))
    with session() as opened:
        tried = opened.execute(
            select(func.count(LinkAttempt.id)).where(
                LinkAttempt.sender_id == sender_id, LinkAttempt.tried_at > now - VALID
            )
        ).scalar_one()
        if tried > MOST_ATTEMPTS:
            return Claim.TOO_MANY
        won = opened.execute(
            update(LinkCode)
            .where(
                LinkCode.code_hash == code_hash(code),
                LinkCode.claimed_by.is_(None),
                LinkCode.expires_at > now,
                LinkCode.patient_id != sender_id,
            )
            .values(claimed_by=sender_id)
            .execution_options(synchronize_session=False)
        ).rowcount
        return Claim.MATCHED if won else Claim.WRONG


def _claimed(sender_id: str, now: datetime) -> Any:
    return and_(LinkCode.claimed_by == sender_id, LinkCode.expires_at > now)


def has_claim(sender_id: str, now: datetime) -> bool:
    """Tells whether a sender's code waits for their yes."""
    with session() as opened:
        found = select(func.count(LinkCode.id)).where(_claimed(sender_id, now))
        return bool(opened.execute(found).scalar_one())


def drop_claim(sender_id: str, now: datetime) -> None:
    """Lets a claimed code become void without a link."""
    with session() as opened:
        opened.execute(update(LinkCode).where(_claimed(sender_id, now)).values(expires_at=now))


def join(sender_id: str, channel: str, now: datetime) -> bool:
    """Joins a sender, whose code was claimed, to its patient; their records become one.

    Returns:
        False, with nothing changed, where no claim is valid any more or an urgency of either
        stands: it is settled first, and the other's record must not end it.
    """
    with session() as opened:
        code = opened.execute(select(LinkCode).where(_claimed(sender_id, now))).scalars().first()
        if code is None:
            return False
        patient_id = code.patient_id
        if _urgent(opened, sender_id) or _urgent(opened, patient_id):
            return False
        code.expires_at = now
        opened.execute(delete(PatientLink).where(PatientLink.sender_id == sender_id))
        # Who was joined to the sender before comes along.
        opened.execute(
            update(PatientLink)
            .where(PatientLink.patient_id == sender_id)
            .values(patient_id=patient_id)
        )
        _end_second_plan(opened, patient_id, sender_id, now)
        _join_conversations(opened, patient_id, sender_id)
        for table in _MOVED:
            opened.execute(
                update(table).where(table.sender_id == sender_id).values(sender_id=patient_id)
            )
        # Staff look once more at what the sender brings along: never once too little.
        opened.execute(delete(FollowUp).where(FollowUp.sender_id == sender_id))
        opened.add(
            PatientLink(sender_id=sender_id, patient_id=patient_id, channel=channel, linked_at=now)
        )
        audit.add(opened, audit.PATIENT, "join", patient_id, channel)
        return True


def _end_second_plan(opened: Any, patient_id: str, sender_id: str, now: datetime) -> None:
    """Ends the sender's plan where the patient has one: nobody is reminded twice."""
    held = select(func.count(ExercisePlan.id)).where(
        ExercisePlan.sender_id == patient_id, ExercisePlan.ended_at.is_(None)
    )
    if not opened.execute(held).scalar_one():
        return
    opened.execute(
        update(ExercisePlan)
        .where(ExercisePlan.sender_id == sender_id, ExercisePlan.ended_at.is_(None))
        .values(ended_at=now)
    )
    opened.execute(
        update(Reminder)
        .where(Reminder.sender_id == sender_id, Reminder.next_due_at.is_not(None))
        .values(next_due_at=None, stopped_at=now)
    )


def _join_conversations(opened: Any, patient_id: str, sender_id: str) -> None:
    """Lets the patient's conversation go on, or the sender's where the patient has none yet."""
    own = opened.get(Conversation, sender_id)
    if own is None:
        return
    if opened.get(Conversation, patient_id) is None:
        opened.add(
            Conversation(sender_id=patient_id, state=own.state, last_event_at=own.last_event_at)
        )
        opened.flush()
    opened.execute(
        update(Utterance).where(Utterance.sender_id == sender_id).values(sender_id=patient_id)
    )
    opened.execute(delete(Conversation).where(Conversation.sender_id == sender_id))


def part(sender_id: str, patient_id: str) -> int:
    """Parts a sender from its patient; said by the patient on their own channel, all senders.

    Returns:
        How many were parted. What was recorded stays with the patient.
    """
    with session() as opened:
        parted = _forget(opened, patient_id if sender_id == patient_id else sender_id)
        if parted:
            audit.add(opened, audit.PATIENT, "part", patient_id)
        return parted


def delete_links(opened: Any, patient_id: str) -> int:
    """Deletes, in an open session, what is stored of a patient's other channels; returns rows."""
    senders = select(PatientLink.sender_id).where(PatientLink.patient_id == patient_id)
    tried = or_(LinkAttempt.sender_id == patient_id, LinkAttempt.sender_id.in_(senders))
    attempts = delete(LinkAttempt).where(tried).execution_options(synchronize_session=False)
    rows: int = opened.execute(attempts).rowcount
    return rows + _forget(opened, patient_id)


def _forget(opened: Any, whose: str) -> int:
    opened.execute(
        delete(LinkCode).where(or_(LinkCode.patient_id == whose, LinkCode.claimed_by == whose))
    )
    parted: int = opened.execute(
        delete(PatientLink).where(
            or_(PatientLink.patient_id == whose, PatientLink.sender_id == whose)
        )
    ).rowcount
    return parted


def take_joined(patient_id: str, now: datetime) -> bool:
    """Tells once that another channel was joined to a patient."""
    with session() as opened:
        told: int = opened.execute(
            update(PatientLink)
            .where(PatientLink.patient_id == patient_id, PatientLink.shown_at.is_(None))
            .values(shown_at=now)
        ).rowcount
        return bool(told)
