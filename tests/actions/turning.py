"""Runs one action as the action server would: a tracker in, events and responses out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.replies import responses

SENDER = "web-1"
DOMAIN = {"responses": responses()}


@dataclass
class Outcome:
    """What an action did.

    Attributes:
        said: Names of the responses (texts where there is no name), in their order.
        messages: The messages in full.
        slots: The slots that were set.
        events: All events.
    """

    said: list[str]
    messages: list[dict[str, Any]]
    slots: dict[str, Any]
    events: list[dict[str, Any]]

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Title and payload of all buttons that the action itself adds."""
        found = [button for message in self.messages for button in message.get("buttons") or []]
        return [(button["title"], button["payload"]) for button in found]

    @property
    def next_action(self) -> str | None:
        """The action that follows at once, if any."""
        names = [event["name"] for event in self.events if event["event"] == "followup"]
        return names[-1] if names else None

    @property
    def leaves_form(self) -> bool:
        """Whether the active form ends."""
        return any(e["event"] == "active_loop" and e["name"] is None for e in self.events)


def user(text: str, intent: str = "nlu_fallback", confidence: float = 0.9) -> dict[str, Any]:
    """Returns the event of a patient's message."""
    return {
        "event": "user",
        "text": text,
        "parse_data": {"intent": {"name": intent, "confidence": confidence}, "text": text},
    }


def bot(response: str, *buttons: tuple[str, str]) -> dict[str, Any]:
    """Returns the event of a message of the bot."""
    titles = [{"title": title, "payload": payload} for title, payload in buttons]
    return {
        "event": "bot",
        "text": response,
        "data": {"buttons": titles},
        "metadata": {"utter_action": response},
    }


def did(action: str) -> dict[str, Any]:
    """Returns the event of an action that ran."""
    return {"event": "action", "name": action}


def run(
    action: Action,
    text: str = "",
    intent: str = "nlu_fallback",
    *,
    confidence: float = 0.9,
    slots: dict[str, Any] | None = None,
    loop: str | None = None,
    entities: dict[str, Any] | None = None,
    before: list[dict[str, Any]] | None = None,
    since: list[dict[str, Any]] | None = None,
    ranking: list[str] | None = None,
) -> Outcome:
    """Runs an action on the newest message.

    Args:
        action: The action.
        text: The newest message.
        intent: Its intent.
        confidence: The intent's confidence.
        slots: What is remembered.
        loop: The active form.
        entities: The message's entities.
        before: Events before the message.
        since: Events after it.
        ranking: The nearest intents.
    """
    latest = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": k, "value": v} for k, v in (entities or {}).items()],
        "full_intent_ranking": [{"name": name, "confidence": 0.1} for name in ranking or []],
    }
    tracker = Tracker(
        SENDER,
        dict(slots or {}),
        latest,
        [*(before or []), user(text, intent, confidence), *(since or [])],
        False,
        None,
        {"name": loop} if loop else {},
        "action_listen",
    )
    dispatcher = CollectingDispatcher()
    events = asyncio.run(_awaited(action, dispatcher, tracker))
    for message in dispatcher.messages:
        name = message.get("response")
        assert name is None or name in responses(), f"{name} is no response"
    return Outcome(
        [message.get("response") or message["text"] for message in dispatcher.messages],
        dispatcher.messages,
        {event["name"]: event["value"] for event in events if event["event"] == "slot"},
        events,
    )


async def _awaited(action: Action, dispatcher: Any, tracker: Tracker) -> list[dict[str, Any]]:
    return list(await action.run(dispatcher, tracker, DOMAIN))
