"""What the bot says to one message, in the shape that channels send."""

from __future__ import annotations

from typing import Any

from bot.safety import Urgency

URGENT_PREFIX = "utter_urgent_"


def as_reply(message: dict[str, Any]) -> dict[str, Any]:
    """Brings a response of the dialogue engine into the shape that channels send."""
    custom = message.get("custom") or None
    action = message.get("utter_action") or ""
    if action.startswith(URGENT_PREFIX):
        custom = {"type": "alert", "response": action, "level": _level(action)}
    return {
        "text": message.get("text") or "",
        "buttons": [
            {"title": button["title"], "payload": button["payload"]}
            for button in message.get("buttons") or []
        ],
        "custom": custom,
    }


def _level(action: str) -> str:
    """Returns the level of an emergency response, from its name."""
    named = action.removeprefix(URGENT_PREFIX)
    labels = sorted((level.label for level in Urgency), key=len, reverse=True)
    return next((label for label in labels if named.startswith(label)), Urgency.ER_NOW.label)


def without_repeats(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the replies to one message, each once, where it was said last.

    A message that asks two things in the middle of a form would meet the form's question twice.
    """
    return [reply for place, reply in enumerate(replies) if reply not in replies[place + 1 :]]
