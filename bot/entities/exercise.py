"""Reads which of the clinic's exercises a message names."""

from __future__ import annotations

import re

from bot.entities import exercise_words as words
from bot.entities.plain import plain

_PATTERNS = {name: re.compile("|".join(parts)) for name, parts in words.PATTERNS.items()}
_ELSEWHERE = re.compile(words.ELSEWHERE)
_UNWANTED = re.compile(words.UNWANTED)
# Lower case "ta" is British for thanks.
_BARE_TA = re.compile(r"\W*(?:TA|T\.A\.?|T A)\W*")
_LOOK_BACK = 40


def read_exercise(text: str, wanted: bool = False) -> str | None:
    """Reads the exercise that a message names, the first that is wanted where it names several.

    Args:
        text: The message.
        wanted: Whether one that is only named as not wanted ("not the bridge") is left out.

    Returns:
        ``iliacus_release``, ``psoas_release``, ``long_bridge``, ``ta_activation``, or None when
        the message names none.
    """
    if _BARE_TA.fullmatch(text[:20]):
        return "ta_activation"
    said = _ELSEWHERE.sub(" ", plain(text).replace("-", " "))
    found: list[tuple[bool, int, int, str]] = []
    for name, pattern in _PATTERNS.items():
        match = pattern.search(said)
        if match:
            before = said[max(0, match.start() - _LOOK_BACK) : match.start()]
            unwanted = bool(_UNWANTED.search(before))
            found.append((unwanted, match.start(), -match.end(), name))
    if not found or (wanted and min(found)[0]):
        return None
    return min(found)[3]
