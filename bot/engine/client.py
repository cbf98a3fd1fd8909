"""The channels' side of the dialogue engine: it runs in a process of its own, and is kept running.

Two processes understand and screen on two cores, and the one that answers emergencies holds
nothing that takes seconds to load or could take it down.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.channels.message import PatientMessage
from bot.encoder.model import published_encoder
from bot.encoder.weights import Array
from bot.engine.errors import EngineError
from bot.engine.wire import Wire
from bot.safety import detector
from bot.safety.reaction import Standing
from bot.settings import MODEL_FILE, ROOT

logger = logging.getLogger("backcoach.engine")

LOADING_SECONDS = 7.0
"""How long a message waits for the engine to start; the gateway gives up a second later."""
PAUSE_SECONDS = 1.0
STOP_SECONDS = 3.0
LONGEST_AHEAD = 1_000
"""Characters of a message that is read ahead; a flood of long ones would cost a core."""

Evidence = tuple[Array | None, Array | None]
_Pending = tuple["asyncio.Future[Any]", Callable[[dict[str, Any]], None] | None]


class EngineProcess:
    """Starts the dialogue engine's process, speaks with it, and starts it again where it ends.

    Args:
        model: The trained model.
        module: The module that is run; tests put one with a fault in its place.

    Attributes:
        ready: Whether it can answer now.
    """

    def __init__(self, model: Path = MODEL_FILE, module: str = "bot.engine.worker") -> None:
        self.ready = False
        self._model, self._module = model, module
        self._wire: Wire | None = None
        self._loaded = asyncio.Event()
        self._numbers = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._encoder = published_encoder()
        self._reading: dict[str, asyncio.Future[Any]] = {}
        self._keeping: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Starts the process; it loads its model meanwhile (``loaded`` waits for that)."""
        self._keeping = asyncio.get_running_loop().create_task(self._keep())

    async def loaded(self) -> bool:
        """Waits until the engine has loaded its model, or has found that it cannot."""
        await self._loaded.wait()
        return self.ready

    async def stop(self) -> None:
        """Ends the process."""
        self._stopping = True
        if self._wire is not None:
            self._wire.close()
        if self._keeping is not None:
            await self._keeping

    async def process(self, message: PatientMessage) -> None:
        """Lets the engine answer a message; what it says is said to the message as it comes.

        Raises:
            EngineError: The engine failed, or is not there.
        """
        about = (
            message.text, message.sender_id, message.channel, message.parse_data, message.screening,
        )  # fmt: skip
        seen = await self._seen(message)
        message.may_wait = bool(await self._ask("process", about, seen, say=message.say))
        if message.is_forgotten and self._encoder:
            self._encoder.forget()

    def ahead(self, text: str) -> None:
        """Begins to encode a message on another core while it is screened here.

        Where others are being answered, the other core has enough to do.
        """
        busy = self._pending or text in self._reading
        if self._encoder is None or busy or not 0 < len(text) <= LONGEST_AHEAD:
            return
        loop = asyncio.get_running_loop()
        reading = loop.run_in_executor(None, self._encoder.encode, [text])
        self._reading[text] = reading
        reading.add_done_callback(lambda _: self._reading.pop(text, None))

    async def _seen(self, message: PatientMessage) -> Evidence:
        """Returns what the encoders have seen of a message, so that the worker need not read it."""
        if message.parse_data:
            return None, None
        reading = self._reading.get(message.text)
        if reading is not None:
            with contextlib.suppress(Exception):  # the worker reads it itself, and says why not
                await reading
        return detector.evidence(message.text), self._published(message.text)

    def _published(self, text: str) -> Array | None:
        if self._encoder is None or len(text) > LONGEST_AHEAD:
            return None
        try:
            row: Array = self._encoder.evidence([text])[0]
        except Exception as error:
            logger.warning("A message could not be encoded: %s", type(error).__name__)
            return None
        return row

    async def parse(self, text: str) -> dict[str, Any]:
        """Returns the understanding of a text."""
        parsed: dict[str, Any] = await self._ask("parse", text)
        return parsed

    async def leave(self, sender_id: str) -> Standing:
        """Ends what a patient is in; returns what stands for their safety."""
        standing: Standing = await self._ask("leave", sender_id)
        return standing

    async def asked_sign(self, sender_id: str) -> bool:
        """Tells whether a direct question about a danger sign waits for a patient's answer."""
        return bool(await self._ask("asked_sign", sender_id))

    async def last_turn(self, sender_id: str) -> tuple[str, list[dict[str, Any]]]:
        """Returns what a patient wrote last in a stored conversation, and the bot's replies."""
        written, said = await self._ask("last_turn", sender_id)
        return written, said

    async def recall(self, sender_id: str) -> list[dict[str, Any]]:
        """Returns what the bot said in the last turn of a stored conversation."""
        return (await self.last_turn(sender_id))[1]

    async def _ask(
        self, name: str, *arguments: Any, say: Callable[[dict[str, Any]], None] | None = None
    ) -> Any:
        """Asks the engine for something; waits for one that is just starting.

        Raises:
            EngineError: It has no model, did not come, failed, or ended meanwhile.
        """
        try:
            # No longer: what the patient was told could not be done must not be done minutes later.
            ready = await asyncio.wait_for(self.loaded(), LOADING_SECONDS)
        except asyncio.TimeoutError:
            raise EngineError("the engine did not start") from None
        if not ready or self._wire is None:
            raise EngineError("no model")
        number = next(self._numbers)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer, say
        self._wire.send((number, name, arguments))
        try:
            return await answer
        finally:
            self._pending.pop(number, None)

    def _take(self, told: tuple[int, str, Any]) -> None:
        number, kind, what = told
        if kind == "loaded":
            self.ready = bool(what)
            self._loaded.set()
            return
        answer, say = self._pending.get(number, (None, None))
        if kind == "said":
            if say is not None:
                say(what)
        elif answer is not None and not answer.done():
            if kind == "done":
                answer.set_result(what)
            else:
                answer.set_exception(EngineError(what))

    async def _keep(self) -> None:
        while not self._stopping:
            try:
                await self._run()
            except OSError as error:
                logger.error("The dialogue engine could not run: %s", type(error).__name__)
            if not self._stopping:
                logger.error("The dialogue engine ended; it is started again.")
                await asyncio.sleep(PAUSE_SECONDS)

    async def _run(self) -> None:
        """Runs the process until its end, or until the connection is closed here."""
        lost = asyncio.Event()
        own, given = socket.socketpair()
        with given:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-W", "ignore", "-m", self._module,
                str(given.fileno()), str(self._model),
                cwd=ROOT, pass_fds=(given.fileno(),),
            )  # fmt: skip
        self._wire = wire = Wire(self._take, lost.set)
        await asyncio.get_running_loop().create_unix_connection(lambda: wire, sock=own)
        if self._stopping:
            wire.close()
        await lost.wait()
        self.ready, self._wire = False, None
        self._loaded.clear()
        for answer, _ in list(self._pending.values()):
            if not answer.done():
                answer.set_exception(EngineError("the engine ended"))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        if process.returncode is None:
            process.kill()
            await process.wait()
