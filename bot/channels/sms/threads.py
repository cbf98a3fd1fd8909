"""Threads of the channel's own, so that its waits for the database never take the website's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 2
"""Few: each takes its share of the interpreter from a visitor who is being answered."""


class Threads:
    """Runs blocking functions off the event loop."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_MOST, thread_name_prefix="sms")

    async def run(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Runs a function in a thread and returns what it returns."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(work, *values, **named))

    def close(self) -> None:
        """Ends the threads when they are done."""
        self._pool.shutdown(wait=False)
