"""Cuts what is too long for one text into parts, at sentences where that can be."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.texting.gsm7 import size

MOST_SEGMENTS = 2
"""Of one text: up to 306 septets, or twice as many segments (268 units) in UCS-2."""
_MARK = "(99/99) "
# After "1." of a list no sentence ends.
_SENTENCE = re.compile(r"(?<=[.!?:])(?<!\d\.)[ ]+|(?<=[.!?]\")[ ]+|\n+")
_WORD = re.compile(r"\s+")


def fits(text: str, most_segments: int = MOST_SEGMENTS) -> bool:
    """Tells whether a text may be sent as one."""
    measured = size(text)
    return measured.segments <= most_segments * (1 if measured.alphabet == "GSM-7" else 2)


def cut(text: str, most_segments: int = MOST_SEGMENTS) -> list[str]:
    """Returns a text as parts that fit, each marked "(1/2)" where there is more than one.

    No sign but white space is lost.

    Args:
        text: What is said, without markup.
        most_segments: What one part may take.
    """
    whole = text.strip()
    if fits(whole, most_segments):
        return [whole]
    parts = _packed(whole, lambda part: fits(_MARK + part, most_segments))
    return [f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, start=1)]


def halves(text: str) -> list[str]:
    """Returns a text in two at the white space before its middle, if there is any."""
    at = len(text) // 2
    space = text.rfind(" ", 0, at)
    at = space if space > 0 else at
    return [part for part in (text[:at].strip(), text[at:].strip()) if part]


def _packed(text: str, fit: Callable[[str], bool]) -> list[str]:
    """Fills parts with sentences; a sentence that fits nowhere is cut at words, then anywhere."""
    parts: list[str] = []
    current = ""
    for gap, piece in _pieces(text, fit):
        joined = current + gap + piece if current else piece
        if fit(joined):
            current = joined
            continue
        if current:
            parts.append(current)
        current = piece
    return [*parts, current] if current else parts


def _pieces(text: str, fit: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Returns pieces that fit, each with the white space before it."""
    found: list[tuple[str, str]] = []
    for gap, sentence in _split(text, _SENTENCE):
        if fit(sentence):
            found.append((gap, sentence))
            continue
        for number, (space, word) in enumerate(_split(sentence, _WORD)):
            for place, piece in enumerate(_chopped(word, fit)):
                before = (gap if number == 0 else space) if place == 0 else ""
                found.append((before, piece))
    return found


def _split(text: str, at: re.Pattern[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    start, gap = 0, ""
    for match in at.finditer(text):
        if match.start() > start:
            found.append((gap, text[start : match.start()]))
        gap = "\n" if "\n" in match[0] else " "
        start = match.end()
    return [*found, (gap, text[start:])] if start < len(text) else found


def _chopped(word: str, fit: Callable[[str], bool]) -> list[str]:
    pieces: list[str] = []
    while word and not fit(word):
        length = len(word)
        while length > 1 and not fit(word[:length]):
            length //= 2
        pieces.append(word[:length])
        word = word[length:]
    return [*pieces, word] if word else pieces
