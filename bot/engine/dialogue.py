"""The dialogue engine: a message goes in, what the bot says comes out."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet, UserUttered

from bot.channels.message import PatientMessage
from bot.channels.output import as_reply
from bot.engine.errors import EngineError
from bot.engine.quick import do_once
from bot.nlu.two_questions import in_order, is_complaint, is_dangerous, may_lead, splits
from bot.policies.safety_policy import standing_of
from bot.safety.reaction import Standing

logger = logging.getLogger("backcoach.engine")

# What a dialogue is in the middle of; urgencies and the day's screening are not among it.
_OPEN_SLOTS = ("booking_", "reminder_", "coach", "exercise_wanted", "after_screen")

LONGEST_SPLIT = 300
"""Characters of a message that may be two questions; a longer one is a story."""


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


class _Speaker(OutputChannel):
    """Hands each response on as soon as the engine says it."""

    def __init__(self, message: PatientMessage) -> None:
        self._message = message

    def name(self) -> str:
        """Returns the channel whose wording is wanted."""
        return self._message.channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Hands one response on."""
        self._message.say(message)


class Dialogue:
    """The dialogue engine with its model, on the event loop of the process that it is in."""

    def __init__(self) -> None:
        self._agent: Agent | None = None

    async def load(self, model: Path, endpoints_file: Path) -> bool:
        """Loads the model; returns False, and logs why, when it cannot be loaded."""
        do_once()
        try:
            agent = await load_agent(
                str(model), endpoints=AvailableEndpoints.read_endpoints(str(endpoints_file))
            )
            _fail_closed(agent)
            if agent.is_ready():
                # The first message costs seconds of loading: not a patient's.
                await agent.parse_message("hello")
            self._agent = agent
        except Exception as error:
            logger.error("The model could not be loaded: %s", type(error).__name__)
        return self._agent is not None and self._agent.is_ready()

    def _ready(self) -> Agent:
        if self._agent is None or not self._agent.is_ready():
            raise EngineError("no model")
        return self._agent

    async def process(self, message: PatientMessage) -> None:
        """Handles a message: in one turn, or two where it asks two things.

        Raises:
            EngineError: No model is loaded.
        """
        agent = self._ready()
        if message.parse_data:
            parts = [(message.text, message.parse_data)]
        else:
            parts = await self._parts(agent, message.text)
        for text, parsed in parts:
            await agent.handle_message(
                UserMessage(
                    text,
                    _Speaker(message),
                    message.sender_id,
                    parse_data=parsed,
                    input_channel=message.channel,
                )
            )

    async def _parts(self, agent: Agent, text: str) -> list[tuple[str, dict[str, Any]]]:
        whole = await agent.parse_message(text)
        if len(text) <= LONGEST_SPLIT and not is_dangerous(whole):
            complaint = is_complaint(whole)
            for places in splits(text, complaint):
                first = places[0], await agent.parse_message(places[0])
                if not may_lead(first, complaint):
                    continue
                second = places[1], await agent.parse_message(places[1])
                parts = in_order(first, second, complaint)
                if parts:
                    return parts
        return [(text, whole)]

    async def parse(self, text: str) -> dict[str, Any]:
        """Returns the understanding of a text.

        Raises:
            EngineError: No model is loaded.
        """
        parsed: dict[str, Any] = await self._ready().parse_message(text)
        return parsed

    async def leave(self, sender_id: str) -> Standing:
        """Ends the form that a patient is in and forgets what it collected.

        Returns:
            What stands for the patient's safety; that is not forgotten, nor what was screened.

        Raises:
            EngineError: No model is loaded.
        """
        return await _left(self._ready(), sender_id)

    async def asked_sign(self, sender_id: str) -> bool:
        """Tells whether a direct question about a danger sign waits for a patient's answer.

        Raises:
            EngineError: No model is loaded.
        """
        tracker = await self._ready().tracker_store.retrieve(sender_id)
        return bool(tracker and standing_of(tracker).asked)

    async def last_turn(self, sender_id: str) -> tuple[str, list[dict[str, Any]]]:
        """Returns what a patient wrote last in a stored conversation, and the bot's replies.

        Raises:
            EngineError: No model is loaded.
        """
        tracker = await self._ready().tracker_store.retrieve(sender_id)
        written, said = "", list[dict[str, Any]]()
        for event in tracker.events if tracker else ():
            if isinstance(event, UserUttered):
                written, said = event.text or "", []
            elif isinstance(event, BotUttered):
                said.append(as_reply(event.message()))
        return written, said
