"""The FAQ as data: ``/api/faq`` lists the answers, ``/api/faq?q=`` answers a question.

Read-only: no conversation, nothing stored, no word of the question in any log.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from bot import faq
from bot.channels.incoming import clean
from bot.entities.language import is_spanish
from bot.faq import Answer
from bot.readings import LEAST_CONFIDENCE, MOST
from bot.replies import plain_response, urgent_response
from bot.safety import Screening, Urgency, screen
from bot.safety.questions import questions

logger = logging.getLogger("backcoach.faq")

CHANNEL = "web"
LONGEST = 500
PARSE_SECONDS = 2.5
MOST_CACHED = 500
FAQ = "faq/"

Parse = Callable[[str], Awaitable[dict[str, Any]]]
Found = dict[str, Any]


class QuestionDesk:
    """Answers questions with the same understanding and danger screen as the chat.

    Args:
        parse: The dialogue engine's understanding of a text.
    """

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._cache: OrderedDict[str, Found] = OrderedDict()

    async def answer(self, question: str) -> Found:
        """Answers a question; never raises.

        Returns:
            ``kind`` and what belongs to it: ``urgent`` (``level`` and the instruction), ``check``
            (a direct question about a sign that was not clear, and what to do at a yes),
            ``answer``, ``choices`` (the nearest questions), ``unknown`` or ``unavailable``.
        """
        text = clean(question)
        key = hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        found = await self._find(text)
        if found["kind"] != "unavailable":
            self._cache[key] = found
            while len(self._cache) > MOST_CACHED:
                self._cache.popitem(last=False)
        return found

    async def _find(self, text: str) -> Found:
        heard = screen(text)
        parsed: dict[str, Any] | None = None
        try:
            parsed = await asyncio.wait_for(self._parse(text), PARSE_SECONDS)
        except Exception as error:
            logger.error("A question could not be read: %s", type(error).__name__)
        danger = _danger(heard, parsed, is_spanish(text))
        if danger:
            return danger
        if parsed is None:
            return _said("unavailable", "utter_trouble")
        return _reading(parsed)


def _danger(heard: Screening, parsed: dict[str, Any] | None, spanish: bool) -> Found | None:
    """Returns what a danger sign demands; None where there is none.

    Args:
        heard: What the rules heard.
        parsed: What the dialogue engine understood, its second opinion included.
        spanish: Whether the question is in Spanish.
    """
    seen = (parsed or {}).get("safety") or {}
    second = Urgency.of(seen.get("level"))
    level, pathology = heard.level, heard.pathology
    if second > level:
        level, pathology = second, seen.get("pathology")
    if level >= Urgency.PHYSICIAN_SOON:
        response = urgent_response(level.label, pathology, CHANNEL, spanish=spanish)
        return {"kind": "urgent", "level": level.label, "text": response["text"]}
    asked = heard.ask or seen.get("ask")
    if not asked:
        return None
    question = questions()[asked]
    least = max(question.level, heard.ask_level, Urgency.of(seen.get("ask_level")))
    response = urgent_response(least.label, question.pathology, CHANNEL, spanish=spanish)
    return {
        "kind": "check",
        "level": least.label,
        "text": plain_response(f"utter_ask_sign_{asked}", CHANNEL)["text"],
        "if_yes_or_unsure": response["text"],
    }


def _reading(parsed: dict[str, Any]) -> Found:
    ranking = parsed.get("full_intent_ranking") or []
    understood = (parsed.get("response_selector") or {}).get("faq")
    if understood:
        topic = understood["response"]["intent_response_key"].removeprefix(FAQ)
        return {"kind": "answer", "answer": as_data(faq.answers()[topic])}
    near = [
        faq.answers()[reading["name"].removeprefix(FAQ)]
        for reading in ranking
        if reading["name"].startswith(FAQ) and reading["confidence"] >= LEAST_CONFIDENCE
    ][:MOST]
    found = _said("choices" if near else "unknown", "utter_web_no_answer")
    if near:
        found["choices"] = [
            {"topic": a.topic, "question": a.question, "url": _url(a)} for a in near
        ]
    return found


def _said(kind: str, response: str) -> Found:
    return {"kind": kind, "text": plain_response(response, CHANNEL)["text"]}


def _url(answer: Answer) -> str:
    return f"/faq/{answer.topic}"


def as_data(answer: Answer) -> dict[str, Any]:
    """Returns an answer for JSON; its text is Markdown."""
    return {
        "topic": answer.topic,
        "group": answer.group,
        "question": answer.question,
        "text": answer.text,
        "sources": list(answer.sources),
        "url": _url(answer),
    }


def everything() -> dict[str, Any]:
    """Returns all answers for JSON."""
    return {"answers": [as_data(answer) for answer in faq.answers().values()]}
