"""Text messages that came in: each once, in order for each number, and settled in one transaction.

A message is settled together with its answers: after a crash it is taken up again, or answered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from bot.safety.urgency import Urgency
from bot.store import sms_consent, sms_outbox
from bot.store.database import session
from bot.store.sms_models import SmsInbound, SmsNumber, SmsOutbound
from bot.store.sms_numbers import meet, meet_in

NEW, WORKING, DONE = "new", "working", "done"


@dataclass(frozen=True)
class Message:
    """A message that came in.

    Attributes:
        id: Its row.
        message_sid: The provider's id.
        number_hash: Who wrote.
        text: What was written; None where the patient has deleted it meanwhile.
        media: How many pictures or files came along.
        keyword: What the provider itself answered to (``STOP``, ``START``, ``HELP``), or None.
        level: The detector's level of urgency.
        received_at: When it came in.
        attempts: How often it was taken up, this time included.
    """

    id: int
    message_sid: str
    number_hash: str
    text: str | None
    media: int
    keyword: str | None
    level: int
    received_at: datetime
    attempts: int


@dataclass(frozen=True)
class Outcome:
    """What a message led to.

    Attributes:
        texts: What is sent.
        events: What was agreed to or taken back, each with how.
        choices: What the last text offers by number.
        asked: What the channel itself asks with the last text.
        keeps_question: Whether the question before stays open.
        silences: Why what is on its way is taken back, or None where it is not.
    """

    texts: list[sms_outbox.Text] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    asked: str | None = None
    keeps_question: bool = False
    silences: str | None = None


def take_in(  # noqa: PLR0913  one column each
    message_sid: str,
    number: str,
    text: str,
    *,
    media: int = 0,
    keyword: str | None = None,
    level: int = 0,
) -> bool:
    """Stores a message; False where it was stored before, for the provider repeats itself."""
    stored = {"text": text, "media": media, "keyword": keyword, "level": level}
    try:
        return _stored(message_sid, number, stored)
    except IntegrityError:
        # Known already, or another first message of the number was quicker.
        meet(number)
    try:
        return _stored(message_sid, number, stored)
    except IntegrityError:
        return False


def _stored(message_sid: str, number: str, values: dict[str, Any]) -> bool:
    with session() as opened:
        number_hash = meet_in(opened, number)
        opened.add(SmsInbound(message_sid=message_sid, number_hash=number_hash, **values))
    return True


def _free(now: datetime) -> Any:
    left = and_(SmsInbound.status == WORKING, SmsInbound.lease_until < now)
    return or_(SmsInbound.status == NEW, left)


def _claimable(now: datetime) -> list[Any]:
    """Returns the conditions of a message that may be taken up: in order, but for dangers.

    A danger need not wait for an older message that somebody is working on, or crashed over.
    """
    earlier = aliased(SmsInbound)
    before = select(earlier.id).where(
        earlier.number_hash == SmsInbound.number_hash,
        earlier.id < SmsInbound.id,
        earlier.status != DONE,
    )
    urgent = SmsInbound.level >= int(Urgency.PHYSICIAN_SOON)
    return [_free(now), or_(urgent, ~before.exists())]


def waiting(now: datetime) -> list[tuple[str, int]]:
    """Returns the numbers with messages to take up now, with the highest level among these.

    Dangers come first, then the longest waiting.
    """
    query = (
        select(SmsInbound.number_hash, func.max(SmsInbound.level))
        .where(*_claimable(now))
        .group_by(SmsInbound.number_hash)
        .order_by(func.max(SmsInbound.level).desc(), func.min(SmsInbound.id))
    )
    with session() as opened:
        return [(str(found), int(level)) for found, level in opened.execute(query).all()]


def claim_next(number_hash: str, owner: str, now: datetime, lease: timedelta) -> Message | None:
    """Claims the oldest message of a number that may be taken up; None where there is none."""
    oldest = select(func.min(SmsInbound.id)).where(
        SmsInbound.number_hash == number_hash, *_claimable(now)
    )
    with session() as opened:
        found = opened.execute(oldest).scalar()
        won = opened.execute(
            update(SmsInbound)
            .where(SmsInbound.id == found, _free(now))
            .values(
                status=WORKING, claimed_by=owner, lease_until=now + lease,
                attempts=SmsInbound.attempts + 1,
            )
            .execution_options(synchronize_session=False)
        ).rowcount  # fmt: skip
        if not won:
            return None
        row = opened.get(SmsInbound, found)
        return Message(
            row.id, row.message_sid, row.number_hash, row.text, row.media, row.keyword, row.level,
            row.received_at, row.attempts,
        )  # fmt: skip


def release(message: Message, owner: str) -> None:
    """Gives a message back that could not be worked on, for a later attempt."""
    with session() as opened:
        opened.execute(
            update(SmsInbound)
            .where(
                SmsInbound.id == message.id,
                SmsInbound.claimed_by == owner,
                SmsInbound.status == WORKING,
            )
            .values(status=NEW, lease_until=None)
            .execution_options(synchronize_session=False)
        )


def settle(
    message: Message, owner: str, sender_id: str, number: str, outcome: Outcome
) -> list[int]:
    """Settles a message: its answers, what was agreed to, and the open question, all or nothing.

    Returns:
        The rows of the texts to send; empty where another worker had the message meanwhile.
    """
    to = sms_outbox.Recipient(sender_id, message.number_hash, number)
    with session() as opened:
        won = opened.execute(
            update(SmsInbound)
            .where(
                SmsInbound.id == message.id,
                SmsInbound.claimed_by == owner,
                SmsInbound.status == WORKING,
            )
            .values(status=DONE, text=None, lease_until=None)
            .execution_options(synchronize_session=False)
        ).rowcount
        if not won:
            return []
        for event, how in outcome.events:
            sms_consent.record(opened, message.number_hash, event, how)
        if outcome.silences:
            sms_outbox.take_back(opened, message.number_hash, outcome.silences)
        rows = [
            sms_outbox.add(opened, text, f"in-{message.message_sid}-{place}", to)
            for place, text in enumerate(outcome.texts)
        ]
        opened.flush()
        numbers = [int(row.id) for row in rows]
        if not outcome.keeps_question:
            _ask(opened, message.number_hash, outcome, numbers[-1] if numbers else None)
        return numbers


def _ask(opened: Any, number_hash: str, outcome: Outcome, question_id: int | None) -> None:
    row = opened.get(SmsNumber, number_hash)
    row.choices = json.dumps(outcome.choices) if outcome.choices else None
    row.asked, row.question_id = outcome.asked, question_id


def seen_before(opened: Any, question_id: int | None, moment: datetime) -> bool:
    """Tells whether a question had gone out when a message came in.

    A text that was on its way already cannot answer it. The begin of its sending counts: the
    provider's answer may come after the patient's.
    """
    if question_id is None:
        return True
    asked_at = opened.execute(
        select(SmsOutbound.claimed_at).where(SmsOutbound.id == question_id)
    ).scalar_one_or_none()
    return asked_at is not None and bool(asked_at <= moment)
