"""Reminders that come due while the page is open: said once, and not into a conversation."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.database import session
from bot.store.models import OutboxMessage, utc_now
from tests.unit.fresh_store import migrated_file, store

__all__ = ["migrated_file", "store"]

pytestmark = pytest.mark.usefixtures("store")

REMINDER = {"text": "Your exercise reminder", "buttons": [], "custom": None}


@pytest.fixture
def conversations() -> Any:
    """Conversations of a gateway that has a reminder for everybody who is in the outbox."""
    from bot.channels.gateway import Gateway
    from bot.channels.web.conversations import Conversations

    shown: list[tuple[str, str]] = []

    async def nothing(_message: Any) -> None:
        return None

    async def show(visitor: str, event: str, data: Any) -> None:
        shown.append((visitor, data["text"] if event == "message" else event))

    def waiting(sender: str, _channel: str) -> list[dict[str, Any]]:
        with session() as opened:
            rows = opened.query(OutboxMessage).filter_by(sender_id=sender, shown_at=None).all()
            for row in rows:
                row.shown_at = utc_now()
            return [REMINDER] if rows else []

    made = Conversations(Gateway(nothing, waiting=waiting), show)
    return made, shown


def _comes_due(sender: str) -> None:
    with session() as opened:
        opened.add(OutboxMessage(sender_id=sender, channel="web", status="sent", due_at=utc_now()))


async def test_it_is_said_once_to_those_who_are_there(conversations: Any) -> None:
    made, shown = conversations
    for sender in ("web-1", "web-2"):
        _comes_due(sender)
    for _ in range(2):
        await made.remind({"web-1", "web-3"}, idle_seconds=0)
    assert shown == [("web-1", REMINDER["text"])]


async def test_it_does_not_burst_into_a_conversation(conversations: Any) -> None:
    made, shown = conversations
    _comes_due("web-1")
    visitor = made.visitor("web-1")
    await made.remind({"web-1"}, idle_seconds=60)
    async with visitor.turn:
        await made.remind({"web-1"}, idle_seconds=0)
    assert shown == []
    await made.remind({"web-1"}, idle_seconds=0)
    assert shown == [("web-1", REMINDER["text"])]
