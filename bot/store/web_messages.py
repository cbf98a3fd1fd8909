"""The bubbles of the website's chat: the newest of each visitor, numbered and encrypted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import session
from bot.store.models import OutboxMessage, WebMessage, utc_now

KEPT = 200
"""Bubbles that are kept of each visitor."""
BOT, ME = "bot", "me"
FILES = frozenset({"download", "calendar"})
"""Kinds of what belongs to a bubble that hold a file."""
_ATTEMPTS = 20


@dataclass(frozen=True)
class Bubble:
    """One message on the page.

    Attributes:
        seq: Its number, from 1, in the visitor's conversation.
        speaker: ``me`` for the patient's own, ``bot`` for the rest.
        text: What is shown.
        buttons: Titles of the choices under it.
        custom: What else belongs to it, for example an exercise card; a file only until it is
            stored.
        client_id: What the page calls a message of the patient.
        at: When it was said.
    """

    seq: int
    speaker: str
    text: str
    buttons: tuple[str, ...] = ()
    custom: dict[str, Any] | None = None
    client_id: str | None = None
    at: datetime = field(default_factory=utc_now)


def without_file(custom: dict[str, Any] | None) -> dict[str, Any] | None:
    """Returns what belongs to a bubble without the content of a file.

    A file is handed over once. Kept, each download of a patient's data would hold all earlier ones.
    """
    if custom is None or custom.get("type") not in FILES:
        return custom
    return {name: value for name, value in custom.items() if name != "content"}


def exported(body: str) -> str:
    """Returns a stored bubble's body for a download, without files that were kept earlier."""
    said = json.loads(body)
    return json.dumps({**said, "custom": without_file(said.get("custom"))}, ensure_ascii=False)


def _row(sender_id: str, bubble: Bubble) -> WebMessage:
    custom = without_file(bubble.custom)
    body = {"text": bubble.text, "buttons": list(bubble.buttons), "custom": custom}
    return WebMessage(
        sender_id=sender_id, seq=bubble.seq, speaker=bubble.speaker, at=bubble.at,
        client_id=bubble.client_id, body=json.dumps(body, ensure_ascii=False),
    )  # fmt: skip


def _bubble(row: WebMessage) -> Bubble:
    body = json.loads(row.body)
    return Bubble(
        row.seq, row.speaker, body["text"], tuple(body["buttons"]), body["custom"],
        row.client_id, row.at,
    )  # fmt: skip


def last_seq(sender_id: str) -> int:
    """Returns the number of a visitor's newest bubble, 0 where there is none."""
    with session() as opened:
        return _last(opened, sender_id)


def _last(opened: Any, sender_id: str) -> int:
    found = opened.execute(
        select(func.max(WebMessage.seq)).where(WebMessage.sender_id == sender_id)
    ).scalar_one()
    return int(found or 0)


def kept(sender_id: str, after: int = 0, with_hidden: bool = False) -> list[Bubble]:
    """Returns a visitor's bubbles in their order.

    Args:
        sender_id: The visitor.
        after: Only those with a higher number.
        with_hidden: Also those from before a new start.
    """
    query = select(WebMessage).where(WebMessage.sender_id == sender_id, WebMessage.seq > after)
    if not with_hidden:
        query = query.where(WebMessage.hidden.is_(False))
    with session() as opened:
        return [_bubble(row) for row in opened.execute(query.order_by(WebMessage.seq)).scalars()]


@dataclass(frozen=True)
class Taken:
    """How a patient's message was taken: its number, and whether its replies are still owed."""

    seq: int
    new: bool
    owed: bool


def take_own(sender_id: str, bubble: Bubble) -> Taken:
    """Stores a patient's message, once for each ``client_id``, with the next free number.

    The constraint of the database decides, not a look before the write: two connections that send
    the same message at once store one.

    Raises:
        IntegrityError: Others took the number each time that it was tried.
    """
    for _ in range(_ATTEMPTS):
        try:
            return _insert(sender_id, bubble)
        except IntegrityError:
            known = _known(sender_id, bubble.client_id)
            if known:
                return known
    return _insert(sender_id, bubble)


def _insert(sender_id: str, bubble: Bubble) -> Taken:
    with session() as opened:
        seq = max(bubble.seq, _last(opened, sender_id) + 1)
        opened.add(_row(sender_id, replace(bubble, seq=seq)))
    return Taken(seq, new=True, owed=True)


def _known(sender_id: str, client_id: str | None) -> Taken | None:
    with session() as opened:
        row = opened.execute(
            select(WebMessage).where(
                WebMessage.sender_id == sender_id, WebMessage.client_id == client_id
            )
        ).scalar_one_or_none()
        return Taken(row.seq, new=False, owed=not row.answered) if row else None


def store(sender_id: str, bubbles: Iterable[Bubble], answered: Iterable[int] = ()) -> int:
    """Stores bubbles that were delivered; those whose number is taken already are left out.

    Args:
        sender_id: The visitor.
        bubbles: What was delivered.
        answered: Numbers of the patient's messages that got their replies with it.

    Returns:
        The number of the newest stored bubble.
    """
    with session() as opened:
        stored = _last(opened, sender_id)
        new = [bubble for bubble in bubbles if bubble.seq > stored]
        opened.add_all(_row(sender_id, bubble) for bubble in new)
        opened.flush()
        newest = max([stored, *(bubble.seq for bubble in new)])
        mine = WebMessage.sender_id == sender_id
        opened.execute(
            update(WebMessage).where(mine, WebMessage.seq.in_(list(answered))).values(answered=True)
        )
        opened.execute(delete(WebMessage).where(mine, WebMessage.seq <= newest - KEPT))
        return newest


def owed(sender_id: str, since: datetime) -> list[Bubble]:
    """Returns a patient's messages since a moment whose replies a crash swallowed."""
    with session() as opened:
        rows = opened.execute(
            select(WebMessage)
            .where(
                WebMessage.sender_id == sender_id,
                WebMessage.speaker == ME,
                WebMessage.answered.is_(False),
                WebMessage.at >= since,
            )
            .order_by(WebMessage.seq)
        ).scalars()
        return [_bubble(row) for row in rows]


def hide(sender_id: str, up_to: int) -> None:
    """Takes a visitor's bubbles off the page; their own download still holds them."""
    with session() as opened:
        opened.execute(
            update(WebMessage)
            .where(WebMessage.sender_id == sender_id, WebMessage.seq <= up_to)
            .values(hidden=True, answered=True)
        )


def drop(sender_id: str, up_to: datetime) -> None:
    """Deletes a visitor's bubbles up to a moment."""
    with session() as opened:
        opened.execute(
            delete(WebMessage).where(WebMessage.sender_id == sender_id, WebMessage.at <= up_to)
        )


def waiting_visitors(channel: str) -> set[str]:
    """Returns the visitors for whom a reminder waits that came due while they were away."""
    with session() as opened:
        rows = opened.execute(
            select(OutboxMessage.sender_id).where(
                OutboxMessage.channel == channel,
                OutboxMessage.kind == "reminder",
                OutboxMessage.status == "sent",
                OutboxMessage.shown_at.is_(None),
            )
        ).scalars()
        return set(rows)
