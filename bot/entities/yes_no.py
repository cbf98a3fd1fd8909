"""Reads yes, no and not sure in the forms that people use."""

from __future__ import annotations

import re
from enum import Enum


class Answer(str, Enum):
    """What a message answers to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


_UNSURE = re.compile(
    r"\b(not (really |too |so |100% )?sure|unsure|i ?don'?t know|idk|dunno|no idea|can'?t tell|"
    r"hard to (say|tell)|maybe|might be|perhaps|possibly|i think so|kinda?|kind of|sort of|sorta|"
    r"depends|no s[eé]|tal vez|quiz[aá]s?)\b"
)
_NO = re.compile(
    r"^\W*(no+(pe)?|nah+|nay|naw|nop|never|none|negative|neg|false|n|nada|not? (at all|that i know"
    r"( of)?|really|me|now|yet|even)|i (do not|don'?t|haven'?t|have not|am not|did not|didn'?t|"
    r"wasn'?t)|i'?m not|nothing( like that)?|no way|absolutely not|of course not|certainly not|"
    r"i'?m afraid not|neither|don'?t think so|i don'?t think so|para nada)\b"
)
_YES = re.compile(
    r"^\W*(y|ye+s+|ye+a+h*|yep+|yup+|yah|ya|yas+|si|sí|s[ií] se[nñ]or|sure( thing)?|ok(ay)?|okey|"
    r"k|correct|right|that'?s right|affirmative|absolutely|definitely|certainly|of course|indeed|"
    r"i (do|have|am|did|was|can'?t deny)|i'?m afraid so|uh ?huh|mm?hm+|true|a (little|bit|lot)|"
    r"little bit|some(times|what)?|claro|please( do)?|go ahead|sounds good|let'?s (do it|go)|"
    r"fine|perfect|exactly|for sure|you bet|by all means)\b"
)
_YES_EMOJI = re.compile(r"^\W*[👍✅👌]")
_NO_EMOJI = re.compile(r"^\W*[👎❌]")


def read_answer(text: str) -> Answer | None:
    """Reads the answer to a yes-or-no question.

    Args:
        text: The patient's message.

    Returns:
        The answer, or None when the message answers something else.
    """
    lowered = text.strip().lower().replace("\u2019", "'")
    if _NO.search(lowered) and not re.search(r"^\W*no(t)? (idea|s[eé]|sure)|know\W*$", lowered):
        return Answer.NO
    if _UNSURE.search(lowered):
        return Answer.UNSURE
    if _YES.search(lowered) or _YES_EMOJI.search(text):
        return Answer.YES
    if _NO_EMOJI.search(text):
        return Answer.NO
    return None
