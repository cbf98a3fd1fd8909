"""The dialogue engine's own process: ``python -m bot.engine.worker SOCKET MODEL``.

The channels' process screens each message and answers emergencies; whatever happens to this one, a
component that blocks, a crash, its seconds of loading, never keeps them from it. It takes its work
from the socket that it was given, and ends when the other end is gone.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from bot.engine.logs import set_up_logging, silence_warnings
from bot.settings import ROOT, one_thread_each, quiet_environment

quiet_environment()
one_thread_each()
silence_warnings()

import uvloop  # noqa: E402  the environment must be quiet first

from bot.channels.message import PatientMessage  # noqa: E402
from bot.encoder.model import published_encoder  # noqa: E402
from bot.engine.dialogue import Dialogue  # noqa: E402
from bot.engine.memory import keep_what_is_loaded  # noqa: E402
from bot.engine.tracker_store import database_step  # noqa: E402
from bot.engine.wire import Wire  # noqa: E402
from bot.safety import detector  # noqa: E402
from bot.store.waiting import may_wait  # noqa: E402

logger = logging.getLogger("backcoach.engine")


class _Message(PatientMessage):
    """A message whose answer is spoken at the other end."""

    def __init__(self, number: int, wire: Wire, *about: Any) -> None:
        super().__init__(*about)
        self._number, self._wire = number, wire

    def say(self, response: dict[str, Any]) -> None:
        """Sends one response to the channels' process."""
        super().say(response)
        self._wire.send((self._number, "said", response))


class Worker:
    """Answers what the channels' process asks."""

    def __init__(self) -> None:
        self.dialogue = Dialogue()
        self.ended = asyncio.Event()
        self._wire = Wire(self._take, self.ended.set)
        self._tasks: set[asyncio.Task[None]] = set()
        self._encoder = published_encoder()

    async def serve(self, end: socket.socket, model: Path) -> None:
        """Serves until the other end is gone."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self._wire, sock=end)
        ready = await self.dialogue.load(model, ROOT / "endpoints.yml")
        if not ready:
            logger.error("There is no usable model: run `bot train` and start again.")
        keep_what_is_loaded()
        self._wire.send((0, "loaded", ready))
        await self.ended.wait()

    def _take(self, asked: tuple[int, str, tuple[Any, ...]]) -> None:
        number, name, arguments = asked
        task = asyncio.get_running_loop().create_task(self._answer(number, name, arguments))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, number: int, name: str, arguments: tuple[Any, ...]) -> None:
        try:
            if name == "process":
                about, (seen, published) = arguments
                message = _Message(number, self._wire, *about)
                if message.screening is not None:
                    detector.take_over(message.text, message.screening, seen)
                if self._encoder and published is not None:
                    self._encoder.take_over(message.text, published)
                await self.dialogue.process(message)
                if message.is_forgotten:
                    self._forget()
                done = await _may_wait(message.sender_id)
            else:
                done = await getattr(self.dialogue, name)(*arguments)
            self._wire.send((number, "done", done))
        except Exception as error:
            # In the open only its kind: it may quote the patient.
            logger.debug("A turn failed.", exc_info=True)
            self._wire.send((number, "failed", type(error).__name__))

    def _forget(self) -> None:
        """Lets go of patients' words that are kept to be quick."""
        detector.forget()
        if self._encoder:
            self._encoder.forget()


async def _may_wait(sender_id: str) -> bool:
    try:
        return await database_step(may_wait, sender_id)
    except Exception as error:
        logger.error("What waits could not be looked up: %s", type(error).__name__)
        return True  # the answer stands; the channels' process looks itself


def main(descriptor: int, model: Path) -> None:
    """Runs the worker over an inherited socket."""
    # It ends with the channels' process, which lets open turns finish first.
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    set_up_logging()
    uvloop.install()

    async def serve() -> None:
        await Worker().serve(socket.socket(fileno=descriptor), model)

    asyncio.run(serve())


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
