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


def is_about_a_booking(text: str) -> bool:
    """Tells whether a message surely names a reference: one with a digit, or with a number."""
    found = read_reference(text)
    if found is None:
        return False
    reference, rest = found
    return any(map(str.isdigit, reference)) or bool(_PHONE.search(rest))
