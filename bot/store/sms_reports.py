"""What the provider reports of texts that it took: whether they arrived, and what is done if not.

The words of a text are kept until it has arrived, or an hour at most: where a phone was off they
are sent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select, update

from bot.store import sms_consent
from bot.store.database import session
from bot.store.models import utc_now
from bot.store.sms_models import SmsOutbound
from bot.store.sms_outbox import CLAIMED, FINAL, PENDING, SENT, UNKNOWN, Recipient, Text, add
from bot.store.sms_started import take_back_started

KEPT = timedelta(hours=1)
"""How long a report is waited for; the provider itself may never hear of a carrier's end."""
AGAIN_AFTER = (timedelta(minutes=2), timedelta(minutes=15))
AGAIN = frozenset({30001, 30003, 30008})
"""The phone was off, or nobody knows why: it may work later."""
NOBODY = frozenset({30004, 30005, 30006})
"""Blocked, not in use any more, no mobile: nothing more is started."""
SENT_AGAIN = "again"
"""The reason of a row that another one follows."""
_AGAIN_MARK = ".again"
# Reports may come in any order; the later state holds.
_RANK = {"accepted": 0, "scheduled": 0, "queued": 1, "sending": 2, "sent": 3, "delivered": 4,
         "undelivered": 4, "failed": 4, "read": 5}  # fmt: skip


def report(message_sid: str, key: str, status: str, code: int | None) -> bool:
    """Records what the provider reports of a text; an older report never overwrites a newer one.

    Args:
        message_sid: The provider's id of the text.
        key: Our own name of it, for a report that comes before the provider's answer, or instead
            of it: the answer may be lost.
        status: The provider's status.
        code: Its error code, or None.

    Returns:
        Whether there is such a text.
    """
    with session() as opened:
        row = opened.execute(
            select(SmsOutbound)
            .where(or_(SmsOutbound.message_sid == message_sid, SmsOutbound.key == key))
            .order_by(case((SmsOutbound.message_sid == message_sid, 0), else_=1))
            .limit(1)
        ).scalar_one_or_none()
        if row is None or (row.message_sid not in (None, message_sid)):
            return row is not None
        row.message_sid = message_sid
        if row.status == PENDING and row.reason == UNKNOWN:
            row.status, row.sent_at, row.reason = SENT, utc_now(), None
        if _RANK.get(status, -1) >= _RANK.get(row.provider_status or "", -1):
            _note(opened, row, status, code)
        return True


def _note(opened: Any, row: Any, status: str, code: int | None) -> None:
    first = row.provider_status not in FINAL
    row.provider_status, row.reported_at = status[:16], utc_now()
    row.provider_code = code or row.provider_code
    if status not in FINAL:
        return
    if first and status in ("undelivered", "failed"):
        _not_arrived(opened, row, code)
    if row.status != CLAIMED:  # its own send has yet to end
        row.text, row.number = None, ""


def _not_arrived(opened: Any, row: Any, code: int | None) -> None:
    """Sends a text once more where that may help; starts no others where nobody reads them."""
    if code in NOBODY:
        sms_consent.record(opened, row.number_hash, sms_consent.NO_REMINDERS, "provider")
        take_back_started(opened, SmsOutbound.number_hash == row.number_hash, "undelivered")
    original, _, tries = row.key.partition(_AGAIN_MARK)
    tried = int(tries) if tries.isdecimal() else 0
    if code not in AGAIN or not row.text or tried >= len(AGAIN_AFTER) or _is_outdated(opened, row):
        return
    text = Text(row.text, row.segments, row.kind, row.media)
    to = Recipient(row.sender_id, row.number_hash, row.number)
    again = add(opened, text, f"{original}{_AGAIN_MARK}{tried + 1}", to, quiet=row.quiet)
    row.reason = SENT_AGAIN
    again.due_at = utc_now() + AGAIN_AFTER[tried]
    again.expires_at = row.expires_at


def _is_outdated(opened: Any, row: Any) -> bool:
    """Tells whether the patient was answered since: an older answer would only confuse.

    An emergency instruction never is.
    """
    if row.kind in (sms_consent.EMERGENCY, sms_consent.STARTED):
        return False
    turn = row.key.rpartition("-")[0]
    newer = select(SmsOutbound.id).where(
        SmsOutbound.number_hash == row.number_hash,
        SmsOutbound.id > row.id,
        SmsOutbound.kind != sms_consent.STARTED,
        SmsOutbound.key.not_like(f"{turn}-%"),
    )
    return opened.execute(newer.limit(1)).first() is not None


def empty_unreported(now: datetime) -> int:
    """Empties texts that were sent long ago and of which no report came; returns how many."""
    with session() as opened:
        emptied: int = opened.execute(
            update(SmsOutbound)
            .where(
                SmsOutbound.status == SENT,
                SmsOutbound.text.is_not(None),
                SmsOutbound.sent_at < now - KEPT,
            )
            .values(text=None, number="")
            .execution_options(synchronize_session=False)
        ).rowcount
        return emptied
