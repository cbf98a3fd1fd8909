"""Text messages on their way out: queued once, claimed, sent once, and what became of them.

Whether a text may go out is read in the transaction that claims it, right before it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from bot.coaching.plan import is_quiet_time
from bot.store.database import session
from bot.store.models import OutboxMessage, utc_now
from bot.store.sms_consent import EMERGENCY, STARTED, consent_in
from bot.store.sms_models import SmsOutbound
from bot.store.sms_numbers import known_sender
from bot.store.sms_started import key_of

PENDING, CLAIMED, SENT, FAILED, DROPPED = "pending", "claimed", "sent", "failed", "dropped"
UNKNOWN = "unknown"
"""The reason of a row whose last attempt may have reached the provider."""
# What is not needed any more once a text is dealt with.
_EMPTIED: dict[str, Any] = {"text": None, "number": ""}
FINAL = ("delivered", "undelivered", "failed", "read")
"""What a provider reports last."""
LIFETIME = timedelta(hours=4)
"""An answer that could not be sent for longer is of no use any more."""
QUIET_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Text:
    """One text to send.

    Attributes:
        body: What is said.
        segments: What it takes.
        kind: See ``bot.store.sms_consent``.
        media: The public address of a picture, or None.
    """

    body: str
    segments: int
    kind: str
    media: str | None = None


@dataclass(frozen=True)
class Outgoing:
    """A claimed text.

    Attributes:
        id: Its row.
        key: What it says, for the provider's reports.
        number: Where it goes, in E.164 form.
        body: What is said.
        media: The public address of a picture, or None.
        attempts: Sends that were begun, this one included.
        claimed_at: When this one was begun.
        since: When the first one may have been begun.
        uncertain: Whether an earlier one may have reached the provider.
    """

    id: int
    key: str
    number: str
    body: str
    media: str | None
    attempts: int
    since: datetime
    uncertain: bool


@dataclass(frozen=True)
class Recipient:
    """Whom a text is for: the conversation, and the number that reaches it."""

    sender_id: str
    number_hash: str
    number: str


def add(
    opened: Any,
    text: Text,
    key: str,
    to: Recipient,
    quiet: str | None = None,
) -> Any:
    """Queues a text in an open transaction and returns its row."""
    now = utc_now()
    row = SmsOutbound(
        key=key, sender_id=to.sender_id, number_hash=to.number_hash, number=to.number,
        kind=text.kind, text=text.body, media=text.media, segments=text.segments, created_at=now,
        due_at=now, expires_at=now + LIFETIME, quiet=quiet,
    )  # fmt: skip
    opened.add(row)
    return row


def queue_started(outbox_id: int, sender_id: str, text: Text, until: datetime, quiet: str) -> bool:
    """Queues a text that the bot starts, once, where the patient agreed to such texts.

    Args:
        outbox_id: The reminder's or appointment's own message, which the text is for: it need not
            wait for a visit then.
        sender_id: The patient.
        text: What is said.
        until: When it is of no use any more.
        quiet: Quiet hours, as ``21:00|08:00|America/Chicago``.

    Returns:
        Whether it is on its way. False: no such number, or no explicit yes.
    """
    try:
        with session() as opened:
            patient = known_sender(opened, sender_id)
            if patient is None or not consent_in(opened, patient.number_hash).allows(STARTED):
                return False
            shown = update(OutboxMessage).where(OutboxMessage.id == outbox_id)
            opened.execute(
                shown.values(shown_at=utc_now()).execution_options(synchronize_session=False)
            )
            to = Recipient(sender_id, patient.number_hash, patient.number)
            row = add(opened, text, key_of(outbox_id), to, quiet=quiet)
            row.expires_at = until
    except IntegrityError:
        return True  # queued before a crash
    return True


def _change(opened: Any, conditions: list[Any], **values: Any) -> int:
    changed: int = opened.execute(
        update(SmsOutbound)
        .where(*conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    ).rowcount
    return changed


def take_back(opened: Any, number_hash: str, reason: str) -> None:
    """Drops what is on its way to a number but an emergency instruction, in a transaction."""
    waiting = [
        SmsOutbound.number_hash == number_hash, SmsOutbound.status == PENDING,
        SmsOutbound.kind != EMERGENCY,
    ]  # fmt: skip
    _change(opened, waiting, status=DROPPED, reason=reason, **_EMPTIED)


def _free(now: datetime) -> Any:
    left = and_(SmsOutbound.status == CLAIMED, SmsOutbound.lease_until < now)
    return or_(and_(SmsOutbound.status == PENDING, SmsOutbound.due_at <= now), left)


def ready(now: datetime, most: int = 200) -> list[tuple[int, str]]:
    """Returns the texts that may be claimed, as row and number's hash: emergencies first.

    Of each number only the oldest open one, so that texts go out in order. An emergency waits for
    nothing, and an answer not for what the bot starts: that may wait for the morning.
    """
    earlier = aliased(SmsOutbound)
    before = (
        select(earlier.id)
        .where(
            earlier.number_hash == SmsOutbound.number_hash,
            earlier.id < SmsOutbound.id,
            earlier.status.in_((PENDING, CLAIMED)),
            or_(earlier.kind != STARTED, SmsOutbound.kind == STARTED),
        )
        .exists()
    )
    urgent = SmsOutbound.kind == EMERGENCY
    query = (
        select(SmsOutbound.id, SmsOutbound.number_hash)
        .where(_free(now), or_(urgent, ~before))
        .order_by(case((urgent, 0), else_=1), SmsOutbound.id)
        .limit(most)
    )
    with session() as opened:
        return [(int(number), str(found)) for number, found in opened.execute(query).all()]


def claim(row_id: int, owner: str, now: datetime, lease: timedelta) -> Outgoing | None:
    """Claims a text for sending, if it may be sent at this moment.

    In the same transaction it is dropped where the patient opted out or never agreed, or where it
    came too late; in quiet hours it waits.
    """
    with session() as opened:
        conditions = [SmsOutbound.id == row_id, _free(now)]
        before = select(SmsOutbound.status, SmsOutbound.reason, SmsOutbound.claimed_at)
        was = opened.execute(before.where(SmsOutbound.id == row_id)).one_or_none()
        # The write goes before the check: an opt-out that is committed meanwhile is seen by it.
        won = _change(
            opened, conditions, status=CLAIMED, claimed_by=owner, claimed_at=now,
            lease_until=now + lease, attempts=SmsOutbound.attempts + 1,
        )  # fmt: skip
        if not won or was is None:
            return None
        row = opened.get(SmsOutbound, row_id)
        if row.message_sid:  # the provider reported of it before a crash
            row.status, row.sent_at, row.text, row.number = SENT, now, None, ""
            return None
        reason = _why_not(opened, row, now)
        if reason:
            row.status, row.reason, row.text, row.number = DROPPED, reason, None, ""
            return None
        if _is_quiet(row, now):
            row.status, row.due_at, row.attempts = PENDING, now + QUIET_PAUSE, row.attempts - 1
            return None
        uncertain = was.status == CLAIMED or was.reason == UNKNOWN
        return Outgoing(
            row.id, row.key, row.number, row.text, row.media, row.attempts,
            was.claimed_at if uncertain and was.claimed_at else now, uncertain,
        )  # fmt: skip


def _why_not(opened: Any, row: Any, now: datetime) -> str | None:
    consent = consent_in(opened, row.number_hash)
    if not consent.allows(row.kind):
        return "opted_out" if consent.opted_out else "no_consent"
    return "late" if row.expires_at < now else None


def _is_quiet(row: Any, now: datetime) -> bool:
    if row.kind != STARTED or not row.quiet:
        return False
    begins, ends, zone = row.quiet.split("|")
    if not (begins and ends):
        return False
    local = now.astimezone(ZoneInfo(zone)).time()
    return is_quiet_time(local, time.fromisoformat(begins), time.fromisoformat(ends))


def _mine(row_id: int, owner: str) -> list[Any]:
    return [
        SmsOutbound.id == row_id, SmsOutbound.status == CLAIMED, SmsOutbound.claimed_by == owner,
    ]  # fmt: skip


def _settle(row_id: int, owner: str, **values: Any) -> bool:
    with session() as opened:
        return bool(_change(opened, _mine(row_id, owner), lease_until=None, **values))


def mark_sent(row_id: int, owner: str, message_sid: str | None) -> bool:
    """Marks a claimed text as taken by the provider; its words are kept until it has arrived."""
    sid = {"message_sid": message_sid} if message_sid else {}
    sent = {"status": SENT, "sent_at": utc_now(), "reason": None, "lease_until": None, **sid}
    with session() as opened:
        won = _change(opened, _mine(row_id, owner), **sent)
        # The report may have been quicker than the answer.
        reported = [SmsOutbound.id == row_id, SmsOutbound.provider_status.in_(FINAL)]
        _change(opened, reported, **_EMPTIED)
        return bool(won)


def try_later(row_id: int, owner: str, due_at: datetime, reason: str) -> bool:
    """Puts a claimed text back for a later attempt."""
    return _settle(row_id, owner, status=PENDING, due_at=due_at, reason=reason)


def give_up(row_id: int, owner: str, status: str, reason: str, code: int | None) -> bool:
    """Ends a claimed text that cannot be sent."""
    return _settle(row_id, owner, status=status, reason=reason, provider_code=code, **_EMPTIED)


def replace_by(row_id: int, owner: str, pieces: list[Text]) -> bool:
    """Replaces a claimed text by shorter ones, in one transaction."""
    with session() as opened:
        mine = [SmsOutbound.id == row_id, SmsOutbound.claimed_by == owner]
        if not _change(opened, mine, status=DROPPED, reason="split", text=None, lease_until=None):
            return False
        row = opened.get(SmsOutbound, row_id)
        to = Recipient(row.sender_id, row.number_hash, row.number)
        for place, piece in enumerate(pieces):
            same_kind = replace(piece, kind=row.kind)
            add(opened, same_kind, f"{row.key}.{place}", to, quiet=row.quiet)
        return True


@dataclass(frozen=True)
class Trouble:
    """Texts that did not arrive, by what the provider said."""

    code: int | None
    reason: str | None
    texts: int
    newest: datetime


def counts() -> dict[str, int]:
    """Returns how many texts are in which state."""
    query = select(SmsOutbound.status, func.count(SmsOutbound.id)).group_by(SmsOutbound.status)
    with session() as opened:
        return {str(status): int(number) for status, number in opened.execute(query).all()}


def troubles(since: datetime) -> list[Trouble]:
    """Returns what went wrong since a moment, the commonest first."""
    wrong = or_(
        SmsOutbound.provider_status.in_(("failed", "undelivered")),
        SmsOutbound.status.in_((FAILED, DROPPED)),
        and_(SmsOutbound.status == PENDING, SmsOutbound.reason.is_not(None)),
    )
    query = (
        select(
            SmsOutbound.provider_code, SmsOutbound.reason, func.count(SmsOutbound.id),
            func.max(SmsOutbound.created_at),
        )
        .where(wrong, SmsOutbound.created_at >= since, or_(
            SmsOutbound.reason.is_(None), SmsOutbound.reason != "split"))
        .group_by(SmsOutbound.provider_code, SmsOutbound.reason)
        .order_by(func.count(SmsOutbound.id).desc())
    )  # fmt: skip
    with session() as opened:
        return [Trouble(*row) for row in opened.execute(query).all()]


def number_hash_of(row_id: int) -> str | None:
    """Returns whose text a row is."""
    with session() as opened:
        found: str | None = opened.execute(
            select(SmsOutbound.number_hash).where(SmsOutbound.id == row_id)
        ).scalar_one_or_none()
        return found
