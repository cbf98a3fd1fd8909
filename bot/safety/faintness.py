"""Faintness that is told alone: one feeling, and nothing that says where it comes from.

In an exercise it is common and mostly passes on lying down; with chest pain, a cold sweat or a
loss of consciousness it is an emergency. Which of the two it is, only a question can tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from bot.safety.document import read
from bot.safety.findings import Screening
from bot.safety.questions import questions
from bot.safety.urgency import Urgency
from bot.yaml_text import read_yaml

_MARKS = frozenset(".,:")


@dataclass(frozen=True)
class _Words:
    question: str
    feeling: frozenset[str]
    feeling_phrases: tuple[str, ...]
    happened_phrases: tuple[str, ...]
    filler: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    text = resources.files("bot.safety").joinpath("faint.yml").read_text(encoding="utf-8")
    read_in = read_yaml(text)
    return _Words(
        read_in["question"],
        frozenset(read_in["feeling"].split()),
        tuple(read_in["feeling_phrases"]),
        tuple(read_in["happened_phrases"]),
        frozenset(read_in["filler"].split()),
    )


def _told(text: str) -> str | None:
    """Returns ``feeling`` or ``happened`` where a message tells of faintness and nothing else."""
    words = _words()
    rest = " ".join(t.text for t in read(text).tokens if t.text not in _MARKS)
    told = None
    for kind, phrases in (("happened", words.happened_phrases), ("feeling", words.feeling_phrases)):
        for phrase in phrases:
            if f" {phrase} " in f" {rest} ":
                told = told or kind
                rest = f" {rest} ".replace(f" {phrase} ", " ").strip()
    left = [word for word in rest.split() if word not in words.filler]
    if any(word not in words.feeling for word in left):
        return None
    return told or ("feeling" if left else None)


def with_faintness(text: str, found: Screening) -> Screening:
    """Puts the direct question in the place of a guess, where faintness is told alone.

    Args:
        text: The message.
        found: What the rules and the second opinion make of it.

    Returns:
        The question for a feeling; the question beside what was found, where the patient did
        faint; anything else as it was found.
    """
    told = None if found.findings else _told(text)
    if told is None:
        return found
    ask = _words().question
    if told == "feeling":
        return replace(found, level=Urgency.NONE, pathology=None, ask=ask, ask_level=Urgency.NONE)
    # An alarm that stands is never less for the question; a yes to it is 911.
    if found.level >= questions()[ask].level:
        return found
    return replace(found, ask=ask, ask_level=Urgency.NONE)
