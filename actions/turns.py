"""Reads the tracker: the newest message, what was asked, what the last turn did."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker

from bot.clinic import clinic
from bot.entities.language import is_spanish
from bot.entities.yes_no import Answer, read_answer
from bot.replies import first_known, responses
from bot.safety import Urgency

logger = logging.getLogger("backcoach.actions")

REQUESTED_SLOT = "requested_slot"
CONFIDENT, CERTAIN = 0.5, 0.8
FEW_WORDS = 6
_ANSWER_OF_INTENT = {"affirm": Answer.YES, "deny": Answer.NO, "unsure": Answer.UNSURE}


def now() -> datetime:
    """Returns the present moment in the clinic's time zone."""
    return datetime.now(ZoneInfo(clinic().time_zone))


def today() -> str:
    """Returns the clinic's date as ISO text."""
    return now().date().isoformat()


def text(tracker: Tracker) -> str:
    """Returns the newest message's text."""
    return tracker.latest_message.get("text") or ""


def intent(tracker: Tracker) -> tuple[str, float]:
    """Returns the newest message's intent and its confidence."""
    found = tracker.latest_message.get("intent") or {}
    return found.get("name") or "", float(found.get("confidence") or 0.0)


def entity(tracker: Tracker, name: str) -> Any:
    """Returns the newest message's entity of that name, or None."""
    return next(tracker.get_latest_entity_values(name), None)


def answer(tracker: Tracker) -> Answer | None:
    """Returns the yes, no or not sure in the newest message."""
    name, confidence = intent(tracker)
    by_intent = _ANSWER_OF_INTENT.get(name) if confidence >= CONFIDENT else None
    return read_answer(text(tracker)) or by_intent


def answer_about_danger(tracker: Tracker) -> Answer | None:
    """Returns the answer to a question on which somebody's safety depends.

    A no counts in plain words only: the model reads "nexxt" and "no wait" as one, and a question
    about danger must not be closed by a guess. A yes or "not sure" of its reading only asks more.
    """
    name, confidence = intent(tracker)
    said = _ANSWER_OF_INTENT.get(name) if confidence >= CERTAIN else None
    return read_answer(text(tracker)) or (None if said is Answer.NO else said)


def active_loop(tracker: Tracker) -> str | None:
    """Returns the form that is active, or None."""
    return tracker.active_loop.get("name") if tracker.active_loop else None


def standing_level(tracker: Tracker) -> Urgency:
    """Returns the level of urgency that stands."""
    return Urgency.of(tracker.get_slot("urgency"))


def _actions_since_user(events: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Returns the actions after the last message of ``events``, and that message's index."""
    names: list[str] = []
    for index in range(len(events) - 1, -1, -1):
        if events[index]["event"] == "user":
            return names[::-1], index
        if events[index]["event"] == "action":
            names.append(events[index]["name"])
    return names[::-1], 0


def is_fresh(tracker: Tracker, form: str) -> bool:
    """Tells whether the newest message still waits for its first answer.

    False when another action has already dealt with it, for example a question that was asked in
    the middle of a form: the form then only repeats its own question.
    """
    names, _ = _actions_since_user(tracker.events)
    return [name for name in names if name != form] == []


def actions_since_user(tracker: Tracker) -> list[str]:
    """Returns the actions that ran since the newest message."""
    return _actions_since_user(tracker.events)[0]


def previous_turn_did(tracker: Tracker, action: str) -> bool:
    """Tells whether the bot ran an action in answer to the message before the newest one."""
    _, index = _actions_since_user(tracker.events)
    names, _ = _actions_since_user(tracker.events[:index])
    return action in names


def previous_turn_asked(tracker: Tracker, response: str) -> bool:
    """Tells whether the bot's answer to the message before the newest one held a response."""
    _, index = _actions_since_user(tracker.events)
    for event in reversed(tracker.events[:index]):
        if event["event"] == "user":
            break
        if (event.get("metadata") or {}).get("utter_action") == response:
            return True
    return False


def cleared_text(tracker: Tracker) -> str:
    """Returns the message whose possible danger sign was just asked about and denied, or ''."""
    names, index = _actions_since_user(tracker.events)
    if not any(name.startswith("utter_sign_cleared") for name in names):
        return ""
    before = [event for event in tracker.events[:index] if event["event"] == "user"]
    return (before[-1].get("text") or "") if before else ""


def _last_bot_message(tracker: Tracker) -> dict[str, Any]:
    """Returns the bot's last message before the patient's newest one, the last offer above all.

    Where one turn said several things, the one with buttons is what a yes or no belongs to.
    """
    _, index = _actions_since_user(tracker.events)
    newest: dict[str, Any] = {}
    for event in reversed(tracker.events[:index]):
        if event["event"] == "user":
            break
        if event["event"] != "bot":
            continue
        if (event.get("data") or {}).get("buttons"):
            return dict(event)
        newest = newest or dict(event)
    return newest


def last_buttons(tracker: Tracker) -> list[dict[str, str]]:
    """Returns the buttons of the last message that the bot sent."""
    return (_last_bot_message(tracker).get("data") or {}).get("buttons") or []


def last_response(tracker: Tracker) -> str | None:
    """Returns the name of the response that the bot said last."""
    return (_last_bot_message(tracker).get("metadata") or {}).get("utter_action")


def in_language(tracker: Tracker, name: str) -> str:
    """Returns a response's name, the Spanish wording's where the patient writes Spanish.

    A short answer to something said in Spanish, such as "no", is in the language it answers.
    """
    said = text(tracker)
    to_spanish = len(said.split()) <= FEW_WORDS and (last_response(tracker) or "").endswith("_es")
    return first_known([name], responses(), is_spanish(said) or to_spanish)


def quietly(write: Callable[..., Any], *values: Any) -> None:
    """Writes a record whose loss must not cost the patient an answer."""
    try:
        write(*values)
    except Exception as error:
        logger.error("%s failed: %s", write.__name__, type(error).__name__)


def quietly_read(read: Callable[..., Any], *values: Any) -> Any:
    """Reads what an answer can do without; None where it cannot be read."""
    try:
        return read(*values)
    except Exception as error:
        logger.error("%s failed: %s", read.__name__, type(error).__name__)
        return None
