"""The stand-in on a thread, and phones that talk to the bot through it: for tests and benches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from bot.channels.sms.settings import SmsSettings
from bot.sms_sandbox.app import Sandbox, web_server
from bot.sms_sandbox.exchange import SandboxText

T = TypeVar("T")
LONGEST_SECONDS = 60.0
_LOOK_SECONDS = 0.02


class LocalSandbox:
    """Runs the stand-in on a thread of its own.

    Args:
        settings: The same as the bot's.
        port: Where it listens.
    """

    def __init__(self, settings: SmsSettings, port: int) -> None:
        self.sandbox = Sandbox(settings)
        self._server = web_server(self.sandbox, port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(_LOOK_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve())
        self._loop.close()

    def stop(self) -> None:
        """Ends it."""
        self._server.should_exit = True
        self._thread.join(10)

    def phone(self, number: str, is_idle: Callable[[], bool]) -> Phone:
        """Returns a phone.

        Args:
            number: Its number.
            is_idle: Tells whether the bot has nothing more to send.
        """
        return Phone(self, number, is_idle)

    def run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Runs something on the stand-in's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, action: Callable[[], object]) -> None:
        """Calls a function on the stand-in's loop."""
        self._loop.call_soon_threadsafe(action)

    def receive(self, number: str, body: str) -> int:
        """Sends a text from a phone; returns the status of the bot's answer."""
        return self.run(self.sandbox.receive(number, body)).result(LONGEST_SECONDS)


class Phone:
    """A patient's phone."""

    def __init__(self, local: LocalSandbox, number: str, is_idle: Callable[[], bool]) -> None:
        self._local, self.number, self._is_idle = local, number, is_idle

    @property
    def got(self) -> list[SandboxText]:
        """The texts that it got, the oldest first."""
        return [text for text in self._local.sandbox.exchange.of(self.number) if text.outbound]

    def say(self, body: str) -> str:
        """Sends a text and returns all that comes back.

        Raises:
            TimeoutError: Nothing came, or no end of it.
        """
        before = len(self.got)
        if self._local.receive(self.number, body) != 200:
            raise TimeoutError("The bot did not take the text.")
        give_up = time.monotonic() + LONGEST_SECONDS
        while not self._is_idle():
            if time.monotonic() > give_up:
                raise TimeoutError("The bot did not finish.")
            time.sleep(_LOOK_SECONDS)
        return "\n".join(text.body for text in self.got[before:])
