"""Buttons as numbered choices, and the number or the words that choose one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.entities.numbers import ORDINALS, UNITS
from bot.entities.yes_no import read_answer

_IN_ONE_LINE = 30
"""Characters of all titles together that are read easily in one line."""
_LONGEST_WORD = 8
_LEAD = r"(?:reply|option|choice|number|answer|pick|choose|i choose|i pick|i'?ll take|#|the|send)"
_WORDS = {word: number for word, number in UNITS.items() if 0 < number <= 9} | {
    word: number for word, number in ORDINALS.items() if number <= 9
}
_CHOICE = re.compile(
    rf"^\W*(?:{_LEAD}\W*)*(?P<number>\d{{1,2}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    r"(?:st|nd|rd|th)?(?P<rest>\W.*)?$",
    re.DOTALL,
)
_FILLER = re.compile(r"^\W*(?:(?:one|please|pls|thanks|thank you|option|choice)\W*)*$")


def numbered(titles: Sequence[str]) -> str:
    """Returns the line, or the lines, that offer choices."""
    if not titles:
        return ""
    if sum(map(len, titles)) <= _IN_ONE_LINE:
        said = [f"{number} for {title}" for number, title in enumerate(titles, start=1)]
        return f"Reply {', '.join(said)}."
    lines = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
    return "\n".join([*lines, "Reply with a number."])


def _said(text: str) -> str:
    # A keycap emoji is its digit and two marks.
    kept = "".join(c for c in unicodedata.normalize("NFKC", text) if c not in "\ufe0f\u20e3")
    return " ".join(kept.lower().split())


def chosen(text: str, titles: Sequence[str]) -> str | None:
    """Returns the title that a text chooses by its number, or None.

    "1", "1.", "one", "reply 1" and "1 yes" do, the last only where the first choice is "Yes": a
    number that contradicts its words chooses nothing.
    """
    found = _CHOICE.match(_said(text))
    if not found:
        return None
    word = found["number"]
    number = int(word) if word.isdigit() else _WORDS[word]
    if not 1 <= number <= len(titles):
        return None
    title, rest = titles[number - 1], (found["rest"] or "").strip(" .,:;-()!")
    matches = not rest or _FILLER.match(rest) or rest == _said(title).strip(" .,:;-()!")
    return title if matches else None


def is_bare(text: str) -> bool:
    """Tells whether a text means something only as an answer: a number, a yes, a word alone."""
    said = _said(text)
    words = said.split()
    if not words or len(words) > 3:
        return False
    is_word = len(words) == 1 and len(said) <= _LONGEST_WORD
    return is_word or bool(_CHOICE.match(said)) or read_answer(text) is not None
