"""Taking back what the bot was about to text first: it is no longer wanted, or no longer true."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, cast, literal, or_, select, update

from bot.store import sms_consent
from bot.store.models import OutboxMessage, PatientLink
from bot.store.sms_models import SmsNumber, SmsOutbound

_KEY = "out-"


def key_of(outbox_id: int) -> str:
    """Returns the key of the text that says a message of the outbox."""
    return f"{_KEY}{outbox_id}"


def says(*conditions: Any) -> Any:
    """Returns the condition of the texts that say messages of the outbox, or a piece of one."""
    key = literal(_KEY).concat(cast(OutboxMessage.id, String))
    same = or_(SmsOutbound.key == key, SmsOutbound.key.like(key.concat(".%")))
    return select(OutboxMessage.id).where(same, *conditions).correlate(SmsOutbound).exists()


def take_back_started(opened: Any, condition: Any, reason: str) -> int:
    """Drops texts that the bot starts and that nobody is sending yet, in an open transaction.

    Args:
        opened: The transaction.
        condition: Which of them.
        reason: Why, for the clinic's overview.

    Returns:
        How many.
    """
    waiting = [
        SmsOutbound.kind == sms_consent.STARTED, SmsOutbound.status == "pending", condition,
    ]  # fmt: skip
    dropped: int = opened.execute(
        update(SmsOutbound)
        .where(*waiting)
        .values(status="dropped", reason=reason, text=None, number="")
        .execution_options(synchronize_session=False)
    ).rowcount
    return dropped


def withdraw_reminders(opened: Any, sender_id: str, how: str) -> None:
    """Records for every number of a patient that the bot may not text first any more."""
    joined = select(PatientLink.sender_id).where(PatientLink.patient_id == sender_id)
    numbers = opened.execute(
        select(SmsNumber.number_hash)
        .where(or_(SmsNumber.sender_id == sender_id, SmsNumber.sender_id.in_(joined)))
        .order_by(SmsNumber.number_hash)
    ).scalars()
    for number_hash in list(numbers):
        sms_consent.record(opened, number_hash, sms_consent.NO_REMINDERS, how)
