"""Fixtures of the tests of text messages: a fresh database, with keys of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.sms.settings import NEEDED
from tests.booking.databases import database, postgres
from tests.sms.harness import Running
from tests.unit.conftest import broken_store, migrated_file
from tests.unit.conftest import store as plain_store

__all__ = ["broken_store", "database", "migrated_file", "plain_store", "postgres"]


@pytest.fixture
def store(plain_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh database; SMS is not set up."""
    monkeypatch.setenv("BACKCOACH_SMS_KEY", "the key of numbers in tests, long enough")
    for name in (*NEEDED, "BACKCOACH_TWILIO_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return plain_store


@pytest.fixture
async def running(store: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """The channel on a real server, and the sandbox on another; the dialogue is scripted."""
    started = Running(monkeypatch)
    await started.start()
    try:
        yield started
    finally:
        await started.stop()
