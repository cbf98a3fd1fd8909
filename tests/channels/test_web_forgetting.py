"""Deletion of the page's history where the database is slow: no late write outlives it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from bot.channels.web import memory
from bot.store import web_messages
from bot.store.models import utc_now
from bot.store.web_messages import ME, Bubble
from tests.unit.fresh_store import migrated_file, store

__all__ = ["migrated_file", "store"]

pytestmark = pytest.mark.usefixtures("store")


async def test_late_write_that_lands_after_the_deletion_is_deleted_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "PATIENCE_SECONDS", 10.0)
    monkeypatch.setattr(memory, "PAUSES", (0.0,) * 100)
    kept = memory.Memory()
    begun, answers, landed = Event(), Event(), Event()

    def write() -> None:
        begun.set()
        answers.wait()
        web_messages.store("web-1", [Bubble(1, ME, "my secret")])
        landed.set()

    late = asyncio.ensure_future(kept.run(write))
    await asyncio.to_thread(begun.wait)
    late.cancel()
    await asyncio.gather(late, return_exceptions=True)
    drop: Any = (web_messages.drop, "web-1", utc_now() + timedelta(minutes=1))
    assert not await kept.erase(*drop), "the write is still on its way"
    answers.set()
    await asyncio.to_thread(landed.wait)
    assert len(web_messages.kept("web-1")) == 1, "it has landed after the deletion"
    await kept.erase_later(*drop)
    assert web_messages.kept("web-1") == []
    assert await kept.erase(*drop), "nothing can come back any more"


async def test_deletion_is_tried_again_until_the_database_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "PAUSES", (0.0, 0.0, 0.0))
    kept, tries = memory.Memory(clock=iter(range(0, 1000, 10)).__next__), iter([OSError(), None])
    web_messages.store("web-1", [Bubble(1, ME, "my secret")])

    def drop() -> None:
        failing = next(tries)
        if failing:
            raise failing
        web_messages.drop("web-1", utc_now())

    await kept.erase_later(drop)
    assert web_messages.kept("web-1") == []
