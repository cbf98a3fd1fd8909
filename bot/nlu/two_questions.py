"""Tells two requests in one message from one: pure functions over what was understood.

"Does exercise help and what does it cost?" is two turns' worth: each part is understood by itself,
and only where both parts surely ask different things is the message taken apart.
"""

from __future__ import annotations

import re
from typing import Any

from bot.entities.pain import read_pain_score
from bot.entities.yes_no import read_answer

SURE = 0.45
MAX_SPLITS = 4
_LEAST_WORDS = 2
_ANSWER_WORDS = 4
_SENTENCE_END = re.compile(r"(?<=[?!.;])\s+|\n+")
_JOINT = re.compile(
    r"[,;]?\s+(?:and(?: also| then)?|also|plus|but also|oh and|& also|&)\s+|,\s*|\s+-+\s+",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:and |so |but |also |or )*(?:is|are|am|was|do|does|did|can|could|should|shall|would|will|"
    r"what|whats|how|hows|when|where|wheres|who|why|which|may|any|it'?s)\b|\?\s*$",
    re.IGNORECASE,
)
# They begin a sentence and answer nothing: "ok, is swimming good?"
_FILLER = re.compile(r"(?:ok(?:ay)?|k|alright|well|so|oh|right|great|cool)[.!]*", re.IGNORECASE)
# Every FAQ or request has one of these words in it somewhere; a part with none is told, not asked.
_MAY_ASK = re.compile(
    r"\?|\b(?:is|are|am|was|do|does|did|can|could|should|shall|would|will|won'?t|don'?t|"
    r"what\w*|how\w*|when|where\w*|who\w*|why|which|may|any|need|want|like|wanna|gonna|lets?|let's|"
    r"tell|show|book|schedule|start|cancel|change|talk|speak|explain|wondering|wonder|know|"
    r"curious|cost|price|u|ur|about)\b",
    re.IGNORECASE,
)
# What may follow an answered question in the same message.
_REQUESTS = frozenset(
    {"book_evaluation", "start_exercise", "check_booking", "change_booking", "cancel_booking",
     "check_progress", "talk_to_human", "ask_privacy", "ask_capabilities", "bot_challenge"}
)  # fmt: skip

# Tells of pain and starts the safety questions; they go on after a question in the same message.
COMPLAINT = "describe_pain"

Parsed = dict[str, Any]
Part = tuple[str, Parsed]


def is_complaint(parsed: Parsed) -> bool:
    """Tells whether a message as a whole was read as telling of pain."""
    return _intent(parsed) == COMPLAINT


def splits(text: str, complaint: bool = False) -> list[tuple[str, str]]:
    """Returns the places where a message may hold two requests, the likeliest first.

    Args:
        text: The message.
        complaint: Whether it was read as telling of pain; a question may follow all the same.

    Returns:
        Pairs of a first and a second part; empty for a message that is surely one.
    """
    found: list[tuple[str, str]] = []
    for mark in (_SENTENCE_END, _JOINT):
        for place in mark.finditer(text):
            first, second = text[: place.start()].strip(" ,;"), text[place.end() :].strip(" ,;")
            if _is_answer(first) and _ASKS.search(second):
                found.insert(0, (first, second))
            elif all(_may_ask(part) for part in (first, second)) or (
                complaint and first and _ASKS.search(second)
            ):
                found.append((first, second))
    return found[:MAX_SPLITS]


def _is_answer(text: str) -> bool:
    """Tells whether a part is nothing but an answer: a number, a yes, a no, not sure."""
    if not text or len(text.split()) > _ANSWER_WORDS or _ASKS.search(text):
        return False
    if _FILLER.fullmatch(text):
        return False
    return read_pain_score(text) is not None or read_answer(text) is not None


def _may_ask(text: str) -> bool:
    return len(text.split()) >= _LEAST_WORDS and _MAY_ASK.search(text) is not None


def may_lead(first: Part, complaint: bool = False) -> bool:
    """Tells whether a message may be taken apart after this part; the second is not yet read."""
    text, parsed = first
    intent = _intent(parsed)
    told = complaint and intent == COMPLAINT
    asks = _sure(parsed) and (intent.startswith("faq/") or intent in _REQUESTS or told)
    return not is_dangerous(parsed) and (asks or _is_answer(text))


def in_order(first: Part, second: Part, complaint: bool = False) -> list[Part] | None:
    """Returns two parts in the order in which to answer them, or None where they are one request.

    A question goes before a request that starts a dialogue of its own, whose next question would
    otherwise be buried; an answer goes before a question.

    Args:
        first: The first part with what was understood of it.
        second: The second.
        complaint: Whether the whole was read as telling of pain.
    """
    (text, parsed), (_, other) = first, second
    one, two = _intent(parsed), _intent(other)
    if is_dangerous(parsed) or is_dangerous(other):
        return None
    if _is_answer(text) and two.startswith("faq/") and _sure(other):
        return [first, second]
    if one == two or not (_sure(parsed) and _sure(other)):
        return None
    if one.startswith("faq/") and (two.startswith("faq/") or two in _REQUESTS):
        return [first, second]
    told = complaint and one == COMPLAINT
    if (one in _REQUESTS or told) and two.startswith("faq/"):
        return [second, first]
    return None


def _intent(parsed: Parsed) -> str:
    ranking = parsed.get("full_intent_ranking") or [{}]
    return str(ranking[0].get("name") or "")


def _sure(parsed: Parsed) -> bool:
    ranking = parsed.get("full_intent_ranking") or [{}]
    return float(ranking[0].get("confidence") or 0.0) >= SURE


def is_dangerous(parsed: Parsed) -> bool:
    """Tells whether a danger sign was found, or is to be asked about."""
    found = parsed.get("safety") or {}
    return bool(found.get("ask")) or found.get("level", "none") != "none"
