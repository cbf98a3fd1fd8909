"""Phone numbers and the conversations that they reach.

An id of a conversation is a keyed hash of the number: in logs and tables it reveals nothing, and
nobody without the key can tell whether a number is known here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.safety.urgency import Urgency
from bot.settings import secret
from bot.store import sms_consent
from bot.store.database import session
from bot.store.models import PatientLink
from bot.store.sms_models import SmsInbound, SmsNumber, SmsOutbound

KEY_VARIABLE = "BACKCOACH_SMS_KEY"
PREFIX = "sms-"


@dataclass(frozen=True)
class Known:
    """A number and what its conversation waits for.

    Attributes:
        number_hash: Its keyed hash.
        sender_id: The conversation that it reaches now.
        number: The number in E.164 form.
        choices: What the last question offers, by number.
        asked: What the channel itself asked, or None.
        question_id: The text that asked the last question, or None.
    """

    number_hash: str
    sender_id: str
    number: str
    choices: tuple[str, ...]
    asked: str | None
    question_id: int | None


def _keyed(text: str) -> str:
    return hmac.new(secret(KEY_VARIABLE).encode(), text.encode(), hashlib.sha256).hexdigest()


def hash_of(number: str) -> str:
    """Returns the keyed hash of a number in E.164 form."""
    return _keyed(f"number {number}")


def sender_of(number_hash: str, generation: int) -> str:
    """Returns the id of the conversation of a number's present holder."""
    return PREFIX + _keyed(f"holder {generation} {number_hash}")[:32]


def meet(number: str) -> str:
    """Notes that a number wrote, and returns its hash."""
    found = hash_of(number)
    for _ in range(2):
        try:
            with session() as opened:
                meet_in(opened, number)
            return found
        except IntegrityError:
            continue  # another message of the same number was quicker
    return found


def meet_in(opened: Any, number: str) -> str:
    """Notes in an open transaction that a number wrote, and returns its hash.

    Raises:
        IntegrityError: Another message of the same number was quicker.
    """
    found = hash_of(number)
    row = opened.get(SmsNumber, found)
    if row is None:
        opened.add(SmsNumber(number_hash=found, sender_id=sender_of(found, 0), number=number))
        opened.flush()
    elif row.number is None:
        row.number = number
    return found


def known(number_hash: str) -> Known | None:
    """Returns what is known of a number, or None."""
    with session() as opened:
        return known_in(opened, number_hash)


def known_in(opened: Any, number_hash: str) -> Known | None:
    """Returns what is known of a number, as an open transaction sees it, or None."""
    row = opened.get(SmsNumber, number_hash)
    return _known(row) if row is not None and row.number else None


def _known(row: Any) -> Known:
    choices = tuple(json.loads(row.choices)) if row.choices else ()
    return Known(
        row.number_hash, row.sender_id, row.number, choices, row.asked, row.question_id
    )  # fmt: skip


def known_sender(opened: Any, sender_id: str) -> Known | None:
    """Returns the number that reaches a conversation now, or one joined to it, or None."""
    joined = select(PatientLink.sender_id).where(PatientLink.patient_id == sender_id)
    rows = opened.execute(
        select(SmsNumber)
        .where(or_(SmsNumber.sender_id == sender_id, SmsNumber.sender_id.in_(joined)))
        .order_by(SmsNumber.number_hash)
    ).scalars()
    return next((_known(row) for row in rows if row.number), None)


def pass_on(number_hash: str) -> str:
    """Gives a number to its next holder: what was written before cannot be reached from it.

    What an earlier one agreed to does not hold for the next: nothing is started any more, and
    what still waits for the earlier one is not sent, but for an emergency instruction.

    Returns:
        The id of the new conversation.
    """
    with session() as opened:
        bumped = update(SmsNumber).where(SmsNumber.number_hash == number_hash)
        opened.execute(
            bumped.values(
                generation=SmsNumber.generation + 1, choices=None, asked=None, question_id=None
            ).execution_options(synchronize_session=False)
        )
        row = opened.get(SmsNumber, number_hash)
        row.sender_id = sender_of(number_hash, row.generation)
        waiting = [
            SmsOutbound.number_hash == number_hash, SmsOutbound.status == "pending",
            SmsOutbound.kind != sms_consent.EMERGENCY,
        ]  # fmt: skip
        opened.execute(
            update(SmsOutbound)
            .where(*waiting)
            .values(status="dropped", reason="stranger", text=None, number="")
            .execution_options(synchronize_session=False)
        )
        sms_consent.record(opened, number_hash, sms_consent.NO_REMINDERS, "stranger")
        return str(row.sender_id)


def forget(opened: Any, sender_id: str) -> None:
    """Removes a number and its texts, in an open transaction.

    What stays is the hash: whether it opted out must outlast the deletion, and the next holder
    must not reach what an earlier one wrote. Texts on their way go out no more. A danger that waits
    for its answer is not thrown away: it is answered like a text that comes after the deletion.
    """
    row = opened.execute(
        select(SmsNumber).where(SmsNumber.sender_id == sender_id)
    ).scalar_one_or_none()
    opened.execute(delete(SmsOutbound).where(SmsOutbound.sender_id == sender_id))
    if row is None:
        return
    theirs = SmsInbound.number_hash == row.number_hash
    urgent = SmsInbound.level >= int(Urgency.PHYSICIAN_SOON)
    opened.execute(
        update(SmsInbound)
        .where(theirs, SmsInbound.status.not_in(("working", "done")), ~urgent)
        .values(text=None, status="done")
        .execution_options(synchronize_session=False)
    )
    row.choices = row.asked = row.question_id = None
    waits = select(SmsInbound.id).where(theirs, SmsInbound.status != "done", urgent).limit(1)
    if opened.execute(waits).first() is None:
        row.number = None
