"""Visitors' conversations on the page: one message after the other, each bubble once, in order.

Two locks of each visitor: ``turn`` lets one message at a time to the dialogue engine; ``delivery``
numbers, shows and stores bubbles, and lets a page that connects read what it missed without a gap.
What cannot be stored is delivered all the same, and stored later.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.channels.gateway import Gateway
from bot.channels.web.memory import PAUSES, Memory, UnavailableError
from bot.store import web_messages
from bot.store.models import utc_now
from bot.store.web_messages import BOT, KEPT, ME, Bubble

logger = logging.getLogger("backcoach.web")

CHANNEL = "web"
MOST_PENDING = 20
"""Messages of one visitor that may wait for their turn."""
MOST_VISITORS = 10_000
HURRY_SECONDS = 1.0
"""How long an emergency waits behind another message of the same visitor."""
FORGET_OWED = timedelta(minutes=10)
"""A message that a crash left without an answer is answered within this time, or not any more."""
FARTHEST = 1_000
"""Bubbles that a page may have seen beyond the stored ones: delivered while nothing could be."""

Reply = dict[str, Any]
Show = Callable[[str, str, Any], Awaitable[None]]
Attend = Callable[[], Awaitable[None]]


class BusyError(Exception):
    """A visitor has too many messages waiting."""


class Visitor:
    """What is known of a visitor while the process runs."""

    def __init__(self, sender_id: str) -> None:
        self.id = sender_id
        self.seq: int | None = None
        self.turn = asyncio.Lock()
        self.delivery = asyncio.Lock()
        self.queue: deque[Bubble] = deque()
        self.working: asyncio.Task[None] | None = None
        self.saving: asyncio.Task[None] | None = None
        self.unsaved: list[Bubble] = []
        self.answered: list[int] = []
        self.hurried: dict[int, list[Reply]] = {}
        self.taken: OrderedDict[str, asyncio.Future[int]] = OrderedDict()
        self.active_at = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Tells whether nothing of this visitor would be lost if it were forgotten."""
        busy = self.turn.locked() or self.delivery.locked() or self.queue
        return not (busy or self.unsaved or self.answered)


class Conversations:
    """Keeps the conversations of the website's visitors.

    Args:
        gateway: The way to the dialogue engine.
        show: Sends an event to every page of a visitor.
        memory: The way to the stored bubbles.
    """

    def __init__(self, gateway: Gateway, show: Show, memory: Memory | None = None) -> None:
        self._gateway = gateway
        self._show = show
        self._memory = memory or Memory()
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def visitor(self, sender_id: str) -> Visitor:
        """Returns a visitor's state."""
        found = self._visitors.setdefault(sender_id, Visitor(sender_id))
        self._visitors.move_to_end(sender_id)
        if len(self._visitors) > MOST_VISITORS:
            oldest = next(iter(self._visitors.values()))
            if oldest.is_idle:
                del self._visitors[oldest.id]
        return found

    async def attend(self, sender_id: str, last: int, join: Attend) -> tuple[list[Bubble], bool]:
        """Lets a page of a visitor in.

        Args:
            sender_id: The visitor.
            last: The number of the last bubble that the page has shown.
            join: Adds the page to those that are shown new bubbles.

        Returns:
            The bubbles that the page has not shown, and whether the conversation has only begun.
        """
        visitor = self.visitor(sender_id)
        async with visitor.delivery:
            await self._learn_seq(visitor, last)
            fresh = not visitor.seq
            if visitor.seq and last > visitor.seq:
                # It was shown bubbles that could not be stored before the server restarted: new
                # ones must not bear their numbers.
                visitor.seq = min(last, visitor.seq + FARTHEST)
            missed = await self._missed(visitor, last)
            if fresh:
                greeting = await self._gateway.welcome(sender_id, CHANNEL)
                missed = self._numbered(visitor, greeting)
                await self._save(visitor, missed)
            await join()
        if not fresh:
            self._start(self._catch_up(visitor))
        return missed, fresh

    async def say(self, sender_id: str, client_id: str, text: str) -> int:
        """Takes a patient's message and returns its number; its answer comes by itself.

        The same ``client_id`` again returns the same number and does nothing else.

        Raises:
            BusyError: Too many messages wait already.
        """
        visitor = self.visitor(sender_id)
        visitor.active_at = time.monotonic()
        known = visitor.taken.get(client_id)
        if known is None or (known.done() and known.exception()):
            if len(visitor.queue) >= MOST_PENDING:
                raise BusyError
            known = asyncio.ensure_future(self._take(visitor, client_id, text))
            visitor.taken[client_id] = known
            while len(visitor.taken) > KEPT:
                visitor.taken.popitem(last=False)
        return await asyncio.shield(known)

    async def _take(self, visitor: Visitor, client_id: str, text: str) -> int:
        async with visitor.delivery:
            await self._learn_seq(visitor, 0)
            own = Bubble((visitor.seq or 0) + 1, ME, text, client_id=client_id)
            try:
                await self._flush(visitor)
                taken = await self._memory.run(web_messages.take_own, visitor.id, own)
            except UnavailableError:
                taken = web_messages.Taken(own.seq, new=True, owed=True)
                visitor.unsaved.append(own)
                self._retry(visitor)
            if taken.new:
                own = replace(own, seq=taken.seq)
                visitor.seq = own.seq
                await self._show(visitor.id, "message", as_event(own))
        if taken.owed and all(taken.seq != waiting.seq for waiting in visitor.queue):
            self._enqueue(visitor, replace(own, seq=taken.seq))
        return taken.seq

    def _enqueue(self, visitor: Visitor, own: Bubble) -> None:
        visitor.queue.append(own)
        if len(visitor.queue) > 1:
            self._start(self._hurry(visitor, own))
        if visitor.working is None or visitor.working.done():
            visitor.working = self._start(self._work(visitor))

    async def _hurry(self, visitor: Visitor, own: Bubble) -> None:
        """Says an emergency instruction at once where the message waits behind a slow one."""
        replies = self._gateway.instruction(own.text, CHANNEL)
        if not replies:
            return
        await asyncio.sleep(HURRY_SECONDS)
        if own in visitor.queue:
            visitor.hurried[own.seq] = replies
            await self._deliver(visitor, replies)

    async def _work(self, visitor: Visitor) -> None:
        """Answers a visitor's messages, one after the other."""
        while visitor.queue:
            own = visitor.queue[0]
            try:
                async with visitor.turn:
                    await self._show(visitor.id, "typing", {"on": True})
                    replies = await self._gateway.reply(visitor.id, own.text, CHANNEL)
                    said = [reply["text"] for reply in visitor.hurried.pop(own.seq, [])]
                    new = [reply for reply in replies if reply["text"] not in said]
                    await self._deliver(visitor, new, answered=(own.seq,))
            finally:
                visitor.queue.popleft()
                await self._show(visitor.id, "typing", {"on": False})

    async def _deliver(
        self, visitor: Visitor, replies: list[Reply], answered: tuple[int, ...] = ()
    ) -> None:
        """Shows replies on every page of a visitor, then stores them."""
        async with visitor.delivery:
            bubbles = self._numbered(visitor, replies)
            for bubble in bubbles:
                await self._show(visitor.id, "message", as_event(bubble))
            if any((bubble.custom or {}).get("type") == "forget" for bubble in bubbles):
                await self._forget(visitor)
            else:
                visitor.answered.extend(answered)
                await self._save(visitor, bubbles)
        visitor.active_at = time.monotonic()

    def _numbered(self, visitor: Visitor, replies: list[Reply]) -> list[Bubble]:
        first = (visitor.seq or 0) + 1
        bubbles = [
            Bubble(
                number,
                BOT,
                reply["text"],
                tuple(button["title"] for button in reply["buttons"]),
                reply["custom"],
            )
            for number, reply in enumerate(replies, start=first)
        ]
        visitor.seq = first + len(bubbles) - 1
        return bubbles

    # --- what is stored ---

    async def _learn_seq(self, visitor: Visitor, last: int) -> None:
        """Reads the number of the newest bubble, once; else goes on from what a page has shown."""
        if visitor.seq is not None:
            return
        try:
            stored = await self._memory.run(web_messages.last_seq, visitor.id)
        except UnavailableError:
            visitor.seq = last
        else:
            visitor.seq = stored

    async def _missed(self, visitor: Visitor, last: int) -> list[Bubble]:
        try:
            stored = await self._memory.run(web_messages.kept, visitor.id, last)
        except UnavailableError:
            stored = []
        known = {bubble.seq for bubble in stored}
        unsaved = [b for b in visitor.unsaved if b.seq > last and b.seq not in known]
        return sorted([*stored, *unsaved], key=lambda bubble: bubble.seq)

    async def _save(self, visitor: Visitor, bubbles: Iterable[Bubble]) -> None:
        visitor.unsaved.extend(bubbles)
        del visitor.unsaved[:-KEPT]
        try:
            await self._flush(visitor)
        except UnavailableError:
            self._retry(visitor)

    def _retry(self, visitor: Visitor) -> None:
        if visitor.saving is None or visitor.saving.done():
            visitor.saving = self._start(self._save_later(visitor))

    async def _flush(self, visitor: Visitor) -> None:
        bubbles, answered = list(visitor.unsaved), list(visitor.answered)
        if not bubbles and not answered:
            return
        newest = await self._memory.run(web_messages.store, visitor.id, bubbles, answered)
        visitor.seq = max(visitor.seq or 0, newest)
        visitor.unsaved.clear()
        visitor.answered.clear()

    async def _save_later(self, visitor: Visitor) -> None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            async with visitor.delivery:
                try:
                    await self._flush(visitor)
                    return
                except UnavailableError:
                    continue

    async def _forget(self, visitor: Visitor) -> None:
        """Leaves nothing of a visitor behind, the word that all was deleted included."""
        for kept in (visitor.unsaved, visitor.answered, visitor.taken):
            kept.clear()
        visitor.seq = None
        drop = web_messages.drop, visitor.id, utc_now()
        if not await self._memory.erase(*drop):
            self._start(self._memory.erase_later(*drop))

    # --- what comes by itself ---

    async def _catch_up(self, visitor: Visitor) -> None:
        """Answers what a crash left without an answer, then says what waited."""
        # Between two turns, so that none is taken for owed that is being answered.
        async with visitor.turn:
            since = utc_now() - FORGET_OWED
            try:
                owed = await self._memory.run(web_messages.owed, visitor.id, since)
            except UnavailableError:
                owed = []
            known = {waiting.seq for waiting in visitor.queue}
            for own in owed:
                if own.seq not in known:
                    self._enqueue(visitor, own)
        await self.say_waiting(visitor)

    async def say_waiting(self, visitor: Visitor) -> None:
        """Says what waited for a visitor who is there."""
        async with visitor.turn:
            replies = await self._gateway.waited(visitor.id, CHANNEL)
            if replies:
                await self._deliver(visitor, replies)

    async def remind(self, here: Iterable[str], idle_seconds: float) -> None:
        """Says reminders that came due to visitors whose page is open and who are not busy."""
        try:
            waiting = await self._memory.run(web_messages.waiting_visitors, CHANNEL)
        except UnavailableError:
            return
        for sender_id in waiting.intersection(here):
            visitor = self.visitor(sender_id)
            if visitor.is_idle and time.monotonic() - visitor.active_at >= idle_seconds:
                await self.say_waiting(visitor)

    # --- what the page's menu offers ---

    async def start_over(self, sender_id: str) -> int:
        """Begins anew: an empty page with a greeting, no open question; urgencies stand.

        Returns:
            The number of the last bubble that is not shown any more.
        """
        visitor = self.visitor(sender_id)
        async with visitor.turn:
            replies = await self._gateway.start_over(sender_id, CHANNEL)
            async with visitor.delivery:
                await self._learn_seq(visitor, 0)
                up_to = visitor.seq or 0
                try:
                    await self._flush(visitor)
                    await self._memory.run(web_messages.hide, sender_id, up_to)
                except UnavailableError:
                    logger.error("A new start could not be stored.")
                await self._show(sender_id, "cleared", {"seq": up_to})
            await self._deliver(visitor, replies)
        return up_to

    async def transcript(self, sender_id: str) -> list[Bubble]:
        """Returns a visitor's kept bubbles, those from before a new start included.

        Raises:
            UnavailableError: They cannot be read now.
        """
        visitor = self.visitor(sender_id)
        async with visitor.delivery:
            await self._flush(visitor)
            return await self._memory.run(web_messages.kept, sender_id, 0, True)

    def _start(self, work: Any) -> asyncio.Task[None]:
        """Runs work beside the rest, and keeps hold of it until it is done."""
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            logger.error("A visitor's chat failed: %s", type(task.exception()).__name__)

    async def close(self) -> None:
        """Stops what runs beside the rest."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def as_event(bubble: Bubble) -> dict[str, Any]:
    """Returns a bubble as pages receive it."""
    return {
        "seq": bubble.seq,
        "from": bubble.speaker,
        "at": bubble.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "id": bubble.client_id,
        "text": bubble.text,
        "buttons": list(bubble.buttons),
        "custom": bubble.custom,
    }
