"""The dialogue engine on a thread of its own, so that its stalls never stop a channel."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Coroutine
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

import uvloop
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet, UserUttered

from bot.channels.output import as_reply
from bot.engine.quick import do_once
from bot.nlu.two_questions import in_order, is_dangerous, may_lead, splits
from bot.policies.safety_policy import standing_of
from bot.safety.reaction import Standing

logger = logging.getLogger("backcoach.engine")
T = TypeVar("T")

# What a dialogue is in the middle of; urgencies and the day's screening are not among it.
_OPEN_SLOTS = ("booking_", "reminder_", "coach", "exercise_wanted", "after_screen")

COLLECT_AFTER = (20_000, 10, 10)
"""New objects before the young ones are searched for rings; a turn makes thousands of them."""

LONGEST_SPLIT = 300
"""Characters of a message that may be two questions; a longer one is a story."""


class EngineError(Exception):
    """The dialogue engine has no model to answer with."""


def _fail_closed(agent: Agent) -> None:
    """Takes the engine's fallback store away.

    Without the database it would go on in memory as if it had never met the patient, and forget
    what was raised or booked meanwhile; the gateway's honest apology is better.
    """
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        agent.tracker_store = store._tracker_store
        if agent.processor is not None:
            agent.processor.tracker_store = store._tracker_store


async def _left(agent: Agent, sender_id: str) -> Standing:
    async with agent.lock_store.lock(sender_id):
        tracker = await agent.tracker_store.retrieve(sender_id)
        if tracker is None:
            return Standing()
        events = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        for name in tracker.slots:
            if name.startswith(_OPEN_SLOTS) and tracker.get_slot(name) is not None:
                events.append(SlotSet(name, None))
        for event in events:
            tracker.update(event, agent.domain)
        await agent.tracker_store.save(tracker)
        return standing_of(tracker)


class EngineThread:
    """Runs the dialogue engine's event loop on its own thread.

    A component that blocks for seconds then delays the engine only: the channel's loop goes on,
    its timeout fires, and the patient gets the safety answer.
    """

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._agent: Agent | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="engine")
        self._thread.start()

    def load(self, model: Path, endpoints_file: Path) -> bool:
        """Loads the model; returns False, and logs why, when it cannot be loaded."""
        do_once()

        async def loading() -> Agent:
            agent = await load_agent(
                str(model), endpoints=AvailableEndpoints.read_endpoints(str(endpoints_file))
            )
            _fail_closed(agent)
            if agent.is_ready():
                # The first message costs seconds of loading: not a patient's.
                await agent.parse_message("hello")
            return agent

        try:
            self._agent = asyncio.run_coroutine_threadsafe(loading(), self._loop).result()
        except Exception as error:
            logger.error("The model could not be loaded: %s", type(error).__name__)
        # What is loaded stays: else every full collection walks all of it, a second for somebody.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        return self.ready

    @property
    def ready(self) -> bool:
        """Tells whether a model is loaded."""
        return self._agent is not None and self._agent.is_ready()

    async def process(self, message: UserMessage) -> None:
        """Handles a message on the engine's thread: in one turn, or two where it asks two things.

        Raises:
            EngineError: No model is loaded.
        """
        if not self.ready or self._agent is None:
            raise EngineError("no model")
        await self._run(self._handle(self._agent, message))

    async def _handle(self, agent: Agent, message: UserMessage) -> None:
        if message.parse_data:
            await agent.handle_message(message)
            return
        for text, parsed in await self._parts(agent, message.text or ""):
            part = copy(message)
            part.text, part.parse_data = text, parsed
            await agent.handle_message(part)

    async def _parts(self, agent: Agent, text: str) -> list[tuple[str, dict[str, Any]]]:
        whole = await agent.parse_message(text)
        if len(text) <= LONGEST_SPLIT and not is_dangerous(whole):
            for places in splits(text):
                first = places[0], await agent.parse_message(places[0])
                if not may_lead(first):
                    continue
                parts = in_order(first, (places[1], await agent.parse_message(places[1])))
                if parts:
                    return parts
        return [(text, whole)]

    async def parse(self, text: str) -> dict[str, Any]:
        """Returns the understanding of a text.

        Raises:
            EngineError: No model is loaded.
        """
        if not self.ready or self._agent is None:
            raise EngineError("no model")
        parsed: dict[str, Any] = await self._run(self._agent.parse_message(text))
        return parsed

    async def leave(self, sender_id: str) -> Standing:
        """Ends the form that a patient is in and forgets what it collected.

        Returns:
            What stands for the patient's safety; that is not forgotten, nor what was screened.

        Raises:
            EngineError: No model is loaded.
        """
        if self._agent is None:
            raise EngineError("no model")
        return await self._run(_left(self._agent, sender_id))

    async def asked_sign(self, sender_id: str) -> bool:
        """Tells whether a direct question about a danger sign waits for a patient's answer.

        Raises:
            EngineError: No model is loaded.
        """
        if self._agent is None:
            raise EngineError("no model")
        tracker = await self._run(self._agent.tracker_store.retrieve(sender_id))
        return bool(tracker and standing_of(tracker).asked)

    async def recall(self, sender_id: str) -> list[dict[str, Any]]:
        """Returns what the bot said in the last turn of a stored conversation."""
        return (await self.last_turn(sender_id))[1]

    async def last_turn(self, sender_id: str) -> tuple[str, list[dict[str, Any]]]:
        """Returns what a patient wrote last in a stored conversation, and the bot's replies."""
        if self._agent is None:
            return "", []
        tracker = await self._run(self._agent.tracker_store.retrieve(sender_id))
        written, said = "", list[dict[str, Any]]()
        for event in tracker.events if tracker else ():
            if isinstance(event, UserUttered):
                written, said = event.text or "", []
            elif isinstance(event, BotUttered):
                said.append(as_reply(event.message()))
        return written, said

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))
