"""Reads the reference of a booking: six signs without vowels and look-alikes."""

from __future__ import annotations

import re

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""Read over the phone without a mistake, and never a word."""
LENGTH = 6
_REFERENCE = re.compile(
    rf"(?<![\w@.-])(?=[2-9]*[B-Z])[{LETTERS}]{{{LENGTH}}}(?![\w@])", re.IGNORECASE
)
_PHONE = re.compile(r"\d{3}\D{0,3}\d{3}\D{0,2}\d{4}")
# "What's the reference of my booking?"; "I have a reference" asks for nothing.
_ASKED = re.compile(
    r"\b(?:what|whats|which|tell|give|send|forgot|forget|lost|know|remember|remind|find|see|show|"
    r"need|where)\b.{0,40}(?:\bmy (?:\w+ )?reference|\bthe reference (?:number|code)|"
    r"\breference (?:(?:number|code) )?(?:of|for|to) (?:my|the|this) "
    r"(?:booking|app\w*|visit|eval\w*))\b",
    re.IGNORECASE,
)
MAX_TEXT = 2_000


def read_reference(text: str) -> tuple[str, str] | None:
    """Reads a reference.

    Args:
        text: The message, for example "cancel k7tw2b, 512-555-0100".

    Returns:
        The reference in capitals and the message without it; None where there is none.
    """
    found = _REFERENCE.search(text[:MAX_TEXT])
    if found is None:
        return None
    return found[0].upper(), f"{text[: found.start()]} {text[found.end() :]}"


def asks_for_reference(text: str) -> bool:
    """Tells whether a message asks what the reference of a booking is."""
    return bool(_ASKED.search(text[:MAX_TEXT]))


def is_about_a_booking(text: str) -> bool:
    """Tells whether a message surely names a reference, or asks for it.

    A reference is sure with a digit in it, or with a phone number beside it.
    """
    if asks_for_reference(text):
        return True
    found = read_reference(text)
    if found is None:
        return False
    reference, rest = found
    return any(map(str.isdigit, reference)) or bool(_PHONE.search(rest))
