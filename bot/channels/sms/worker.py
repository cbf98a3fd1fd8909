"""Works on the texts that came in: each number's in order, several numbers at once.

The website goes first: an ordinary text waits, for a moment, while a visitor is answered. Dangers
wait for nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.channels.gateway import Gateway
from bot.channels.sms.case import Case, Dialogue, Reply
from bot.channels.sms.threads import Threads
from bot.channels.sms.turn import work_on
from bot.safety import Screening, Urgency, screen
from bot.store import sms_inbox
from bot.store.database import session
from bot.store.links import patient_of
from bot.store.models import utc_now
from bot.store.reminders import stop_reminders
from bot.store.sms_consent import consent_in
from bot.store.sms_flow import flow_in
from bot.store.sms_numbers import known_in, pass_on
from bot.texting.machines import Repeats

logger = logging.getLogger("backcoach.sms")

NAME = "sms"
LEASE = timedelta(minutes=2)
MOST_AT_ONCE = 8
"""Numbers that are worked on at the same time."""
MOST_DANGERS_AT_ONCE = 40
MOST_WAIT_SECONDS = 3.0
"""How long an ordinary text waits for the website at most."""
REST = 40.0
"""After an ordinary turn the dialogue is left to visitors for so many times as long as it took.

With 12 the website's p95 rose by half beside 50 patients, with 40 it stays (``bench.sms speed``).
"""
MOST_REST_SECONDS = 3.0
VISITED_SECONDS = 10.0
"""Nobody needs the rest where the last visitor was answered longer ago."""
POLL_SECONDS = 5.0
LOADING_SECONDS = 60.0
"""How long an ordinary text waits for the engine to start."""
STOP_SECONDS = 3.0
"""How long a stop waits for texts that are being worked on."""
_LOOK_SECONDS = 0.01


class Pace:
    """Lets ordinary texts into the dialogue one at a time, and only while no visitor waits.

    The dialogue's engine has one thread for everybody. A text may take a second longer; somebody
    who looks at a page may not.

    Args:
        idle_seconds: Returns for how long no visitor was answered; 0 while one is.
    """

    def __init__(self, idle_seconds: Callable[[], float]) -> None:
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, danger: bool) -> AsyncIterator[None]:
        """Waits for a turn; a danger has it at once."""
        if danger:
            yield
            return
        async with self._turn:
            give_up = time.monotonic() + MOST_WAIT_SECONDS
            while self._idle_seconds() == 0 and time.monotonic() < give_up:
                await asyncio.sleep(_LOOK_SECONDS)
            began = time.monotonic()
            yield
            if self._idle_seconds() < VISITED_SECONDS:
                rest = REST * (time.monotonic() - began)
                await asyncio.sleep(min(rest, MOST_REST_SECONDS))


@dataclass(frozen=True)
class Parts:
    """What the worker joins.

    Attributes:
        gateway: The way to the dialogue.
        last_turn: Returns what a patient wrote last, and the replies to it.
        wake_outbox: Says that there is something to send.
        loaded: Waits until the dialogue's engine has loaded its model, as it does after a start.
    """

    gateway: Gateway
    last_turn: Callable[[str], Awaitable[tuple[str, list[Reply]]]]
    wake_outbox: Callable[[], None]
    loaded: Callable[[], Awaitable[bool]]


class Worker:
    """Takes texts from the inbox through the dialogue to the outbox.

    Args:
        parts: The parts that it joins.
        public_url: The address for pictures.
        owner: Names this process in claims.
        threads: Where the database is waited for.
    """

    def __init__(self, parts: Parts, public_url: str, owner: str, threads: Threads) -> None:
        self._parts, self._owner, self._threads = parts, owner, threads
        self._public_url = public_url
        self._repeats = Repeats()
        self._pace = Pace(lambda: parts.gateway.idle_seconds(NAME))
        self._wake = asyncio.Event()
        self._stopping = False
        self._working: dict[tuple[str, bool], asyncio.Task[bool]] = {}
        self._claimed: dict[int, sms_inbox.Message] = {}

    def wake(self) -> None:
        """Says that a text came in."""
        self._wake.set()

    async def run(self) -> None:
        """Works until it is cancelled; what is unfinished is taken up at the next start."""
        while not self._stopping:
            try:
                await self._start_what_waits()
            except Exception as error:
                logger.error("The SMS inbox could not be read: %s", type(error).__name__)
            try:
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            except asyncio.TimeoutError:
                continue
            self._wake.clear()

    async def stop(self) -> None:
        """Lets the texts that are being worked on be settled; gives back what takes longer."""
        self._stopping = True
        if self._working:
            await asyncio.wait(self._working.values(), timeout=STOP_SECONDS)
        left = list(self._claimed.values())
        for task in list(self._working.values()):
            task.cancel()
        for message in left:
            try:
                await self._threads.run(sms_inbox.release, message, self._owner)
            except Exception as error:
                logger.error("A text could not be given back: %s", type(error).__name__)

    async def _start_what_waits(self) -> None:
        for number_hash, level in await self._threads.run(sms_inbox.waiting, utc_now()):
            danger = level >= Urgency.PHYSICIAN_SOON
            if len(self._working) >= (MOST_DANGERS_AT_ONCE if danger else MOST_AT_ONCE):
                return
            key = (number_hash, danger)  # a danger goes past an ordinary text of the same number
            if key not in self._working:
                task = asyncio.create_task(self._work_through(number_hash, danger))
                self._working[key] = task
                task.add_done_callback(partial(self._done, key))

    def _done(self, key: tuple[str, bool], task: asyncio.Task[bool]) -> None:
        self._working.pop(key, None)
        # Where nothing could be claimed, looking again at once would find the same.
        if not task.cancelled() and (task.exception() or task.result()):
            self._wake.set()

    async def _work_through(self, number_hash: str, danger: bool) -> bool:
        """Works on one message of a number; the next one has its turn after the others'.

        Returns:
            Whether there was one to work on.
        """
        claimed = None
        try:
            claimed = await self._threads.run(
                sms_inbox.claim_next, number_hash, self._owner, utc_now(), LEASE
            )
            if claimed is not None:
                self._claimed[claimed.id] = claimed
                await self._work_on(claimed, danger)
        except Exception as error:
            logger.error("A text could not be worked on now: %s", type(error).__name__)
            await asyncio.sleep(1.0)
            if claimed is not None:
                await self._threads.run(sms_inbox.release, claimed, self._owner)
        finally:
            if claimed is not None:
                self._claimed.pop(claimed.id, None)
        return claimed is not None

    async def _work_on(self, message: sms_inbox.Message, danger: bool) -> None:
        case = await self._threads.run(_case, message)
        if case is None:
            # The patient deleted their data meanwhile.
            sender, number, outcome = "", "", sms_inbox.Outcome()
        else:
            if message.attempts == 1:  # what is taken up again does not repeat itself
                said = self._repeats.count(message.number_hash, case.text, message.received_at)
                case = replace(case, repeated=said)
            sender, outcome = await work_on(case, self._dialogue(danger))
            number = case.holder.number
        await self._threads.run(sms_inbox.settle, message, self._owner, sender, number, outcome)
        self._parts.wake_outbox()

    async def _engine_loaded(self) -> None:
        """Waits for an engine that is only just starting, in place of an apology by text."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._parts.loaded(), LOADING_SECONDS)

    def _dialogue(self, danger: bool) -> Dialogue:
        async def reply(sender: str, text: str) -> list[Reply]:
            if not danger:
                await self._engine_loaded()
            async with self._pace.turn(danger):
                return await self._parts.gateway.reply(sender, text, NAME)

        async def whose(sender: str) -> str:
            """Returns the patient whose web chat the phone was joined to, or the phone's own."""
            return await self._threads.run(patient_of, sender)

        async def recall(sender: str) -> tuple[str, list[Reply]]:
            try:
                return await self._parts.last_turn(await whose(sender))
            except Exception:
                return "", []

        async def anew(number_hash: str) -> str:
            return await self._threads.run(pass_on, number_hash)

        async def no_reminders(sender: str) -> object:
            return await self._threads.run(stop_reminders, await whose(sender))

        return Dialogue(reply, recall, anew, no_reminders, self._public_url)


def _case(message: sms_inbox.Message) -> Case | None:
    """Reads what is known of a message; None where its number is not known any more."""
    text, whose, at = message.text or "", message.number_hash, message.received_at
    with session() as opened:
        holder = known_in(opened, whose)
        if holder is None:
            return None
        consent = consent_in(opened, whose)
        seen = sms_inbox.seen_before(opened, holder.question_id, at)
        flow = flow_in(opened, whose, message.id, at)
    return Case(message, text, holder, consent, _screen(text), crossed=not seen, flow=flow)


def _screen(text: str) -> Screening:
    try:
        return screen(text)
    except Exception:
        logger.error("The danger-sign detector failed.")
        return Screening()
