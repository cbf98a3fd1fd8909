"""The channel over real HTTP, with the sandbox and the provider's own library."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import pytest

from bot.store.sms_numbers import hash_of, known
from tests.sms.harness import PHONE, Running, say


async def test_a_text_is_answered(running: Running) -> None:
    answer = await running.ask("is walking good?")
    assert answer.endswith("You said: is walking good?")
    assert "911" in answer
    assert "STOP" in answer, "the first text says who writes and how to end it"
    assert await running.ask("and swimming?") == "You said: and swimming?"
    assert len({sender for sender, _ in running.dialogue.heard}) == 1
