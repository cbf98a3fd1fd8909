"""The way to the stored bubbles: quick or not at all, so that no patient waits for a database."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy.exc
from sqlalchemy.exc import DBAPIError, IntegrityError

logger = logging.getLogger("backcoach.web")
T = TypeVar("T")

# What says something about the database, and not only about one visitor's rows.
_DOWN = (asyncio.TimeoutError, DBAPIError, sqlalchemy.exc.TimeoutError, OSError)

PATIENCE_SECONDS = 0.4
"""How long a message waits for the database before it goes on without it."""
PAUSE_SECONDS = 2.0
"""How long nobody tries again after the database did not answer."""
PAUSES = (3.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds before each try at what must still be stored or deleted."""


class UnavailableError(Exception):
    """The database did not answer in time."""


class Memory:
    """Runs the store's functions on threads of their own, and stops asking while it is down."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._down_until = 0.0
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="web-messages")
        self._late: set[Future[Any]] = set()

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Returns what a function of the store returns.

        Raises:
            UnavailableError: It failed or was late. What it writes may still arrive later.
        """
        if self._clock() < self._down_until:
            raise UnavailableError
        working = self._threads.submit(work, *arguments)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(working), PATIENCE_SECONDS)
        except Exception as error:
            # Never with the error's own text: it may quote what was to be stored.
            logger.error("The chat's messages could not be stored: %s", type(error).__name__)
            if isinstance(error, _DOWN) and not isinstance(error, IntegrityError):
                self._down_until = self._clock() + PAUSE_SECONDS
            raise UnavailableError from None
        finally:
            if not working.done():
                self._late.add(working)

    async def erase(self, work: Callable[..., object], *arguments: Any) -> bool:
        """Runs a function that deletes, and tells whether it need not be run once more.

        It failed, or a write that nobody waited for any more may land after it.
        """
        self._late = {working for working in self._late if not working.done()}
        may_come_back = bool(self._late)
        try:
            await self.run(work, *arguments)
        except UnavailableError:
            return False
        return not may_come_back

    async def erase_later(self, work: Callable[..., object], *arguments: Any) -> None:
        """Runs a function that deletes until nothing can come back."""
        for pause in PAUSES:
            await asyncio.sleep(pause)
            if await self.erase(work, *arguments):
                return
        logger.error("A visitor's messages could not be deleted from the page's history.")
