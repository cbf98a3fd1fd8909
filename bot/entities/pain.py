"""Reads a pain score on the 0-10 scale, and whether pain is better, the same or worse."""

from __future__ import annotations

import re

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}  # fmt: skip
_NUMBER = r"(\d{1,3}(?:\.\d)?|" + "|".join(_WORDS) + r")"
_OUT_OF_TEN = re.compile(_NUMBER + r"\s*(?:/|out of|of|over)\s*(?:10|ten)\b")
_RANGE = re.compile(r"\b" + _NUMBER + r"\s*(?:-|–|to|or|/)\s*" + _NUMBER + r"\b")
_SINGLE = re.compile(r"(?<![\d:.$])\b" + _NUMBER + r"\b(?!\s*(?:[:/]\d|reps?\b|times\b|min|sec|days?"
                     r"\b|weeks?\b|months?\b|years?\b|hours?\b|am\b|pm\b|%|th\b|st\b|nd\b|rd\b))")  # fmt: skip
_NONE = re.compile(r"\b(no pain|pain.?free|nothing hurts|doesn'?t hurt( at all)?|none( at all)?)\b")
_WORSE = re.compile(r"\b(worse|more pain|hurts more|went up|increased|peor)\b")
_BETTER = re.compile(r"\b(better|less pain|hurts less|eased|improv\w+|went down|mejor)\b")
_SAME = re.compile(
    r"\b(same|no (change|different|difference)|unchanged|igual|nor better nor worse)\b"
)


def _value(word: str) -> float:
    return float(_WORDS.get(word, -1) if word in _WORDS else float(word))


def read_pain_score(text: str) -> int | None:
    """Reads a pain score.

    Args:
        text: The patient's message, for example "about 7 or 8" (read as the higher).

    Returns:
        0 to 10, or None when the message holds no score on that scale.
    """
    lowered = text.lower()
    for pattern in (_OUT_OF_TEN, _RANGE, _SINGLE):
        values = [_value(group) for match in pattern.finditer(lowered) for group in match.groups()]
        values = [value for value in values if 0 <= value <= 10]
        if values:
            return round(max(values) + 0.001)
    return 0 if _NONE.search(lowered) else None


def read_pain_change(text: str) -> str | None:
    """Reads whether the pain is ``better``, ``same`` or ``worse``; None when it is not said."""
    lowered = text.lower()
    if _SAME.search(lowered):
        return "same"
    worse, better = _WORSE.search(lowered), _BETTER.search(lowered)
    if worse and not re.search(r"\b(not|no|isn'?t|wasn'?t)\W+(\w+\W+)?$", lowered[: worse.start()]):
        return "worse"
    return "better" if better else None
