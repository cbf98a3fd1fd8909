"""Who holds the phone now: a number is shared, passed on, or given to somebody else.

The sender of a text is a number, not a person. What these patterns find makes the channel repeat
nothing of what was said before.
"""

from __future__ import annotations

import re
from enum import Enum


class Stranger(Enum):
    """What a text says about who holds the phone."""

    OTHER = "other"
    """Somebody else than before."""
    WRONG_NUMBER = "wrong_number"
    """Somebody whom the clinic never meant."""
    ASKS = "asks"
    """Somebody who does not know who writes: perhaps the patient, perhaps not."""


_KIN = (
    r"(?:wife|husband|spouse|partner|girlfriend|boyfriend|fianc[eé]e?|mom|mother|dad|father|son|"
    r"daughter|sister|brother|roommate|friend|caregiver|caretaker|assistant|boss|coworker|kid|aunt|"
    r"uncle|grandma|grandpa|cousin|neighbor|nurse|aide)"
)
_WRONG = re.compile(
    r"\bwrong (?:number|person|guy)\b|\b(?:not|isn'?t) (?:the|your) (?:right )?(?:person|patient)"
    r"\b|"
    r"\b(?:don'?t|do not) know (?:who (?:you are|u are|this is)|you\W*$|what this is about)|"
    r"\bnever (?:signed up|heard of you)|n[uú]mero equivocado"
)
_OTHER = re.compile(
    rf"\b(?:this is|it'?s|its|i'?m|im|i am|hi this is) (?:his|her|their) {_KIN}\b|"
    rf"\bthis is \w+'s {_KIN}\b|"
    r"\bjust got this (?:number|phone|cell)\b|"
    r"\b(?:someone|somebody) else (?:has|is using|got) (?:this|the) (?:phone|number)\b|"
    r"\b(?:he|she|they) (?:no longer |doesn'?t |don'?t )(?:has|have|use|uses|own) this (?:number|"
    r"phone)\b|\bno longer (?:has|have|uses?) this (?:number|phone)\b|"
    r"\bnew (?:owner|person) (?:of|on|at) this\b|\bthis is (?:his|her|their) (?:phone|number)\b|"
    r"\busing (?:his|her|their|my \w+'?s?) phone\b"
)
_ASKS = re.compile(
    r"^\W*(?:hi |hey |hello |um |sorry |i'?m sorry |and |new (?:phone|number) )*"
    r"(?:who(?:'?s| is|s) (?:this|dis|that|there|texting(?: me)?|it)|who dis|who are you|who r u|"
    r"who u|do i know you|how did you get (?:this|my) number|qui[eé]n es)\W*$"
)
_NEW_PHONE = re.compile(r"\bnew (?:phone|number|fone)\b.{0,6}\bwho\b")
_SAME = re.compile(
    r"^\W*(?:(?:it'?s|its|it is|this is|i'?m|im) (?:still )?(?:me|the same(?: person)?)|same(?: "
    r"person)?|still me|me|same one|that'?s me|it was me)\W*$"
)
_FRESH = re.compile(r"^\W*(?:new|start (?:fresh|over|new)|fresh)\W*$")


def stranger(text: str) -> Stranger | None:
    """Returns what a text says about who holds the phone, or None."""
    said = " ".join(text.lower().replace("’", "'").split())
    if _WRONG.search(said):
        return Stranger.WRONG_NUMBER
    if _OTHER.search(said) or _NEW_PHONE.search(said):
        return Stranger.OTHER
    return Stranger.ASKS if _ASKS.search(said) else None


def is_same_person(text: str) -> bool:
    """Tells whether a text says that the same person writes as before."""
    return bool(_SAME.match(text.lower().replace("’", "'")))


def wants_fresh_start(text: str) -> bool:
    """Tells whether a text asks for a conversation of its own."""
    return bool(_FRESH.match(text.lower()))
