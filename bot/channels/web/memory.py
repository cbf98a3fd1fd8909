"""The way to the stored bubbles: quick or not at all, so that no patient waits for a database."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


class UnavailableError(Exception):
    """The database did not answer in time."""


class Memory:
    """Runs the store's functions on threads of their own, and stops asking while it is down."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._down_until = 0.0
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="web-messages")

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Returns what a function of the store returns.

        Raises:
            UnavailableError: It failed or was late. What it writes may still arrive later.
        """
        if self._clock() < self._down_until:
            raise UnavailableError
        loop = asyncio.get_running_loop()
        try:
            working = loop.run_in_executor(self._threads, lambda: work(*arguments))
            return await asyncio.wait_for(working, PATIENCE_SECONDS)
        except Exception as error:
            # Never with the error's own text: it may quote what was to be stored.
            logger.error("The chat's messages could not be stored: %s", type(error).__name__)
            if isinstance(error, _DOWN) and not isinstance(error, IntegrityError):
                self._down_until = self._clock() + PAUSE_SECONDS
            raise UnavailableError from None
