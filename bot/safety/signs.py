"""The danger signs as data: reading and checking ``signs.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.safety.findings import Status
from bot.safety.lexicon import load_yaml
from bot.safety.patterns import Pattern, parse
from bot.safety.urgency import Urgency


@dataclass(frozen=True)
class Sign:
    """One danger sign of ``signs.yml``.

    Attributes:
        name: Its name.
        pathology: The condition that it suggests.
        level: The urgency of the sign by itself.
        question: The direct question that settles it when a message leaves it unclear.
        sources: The keys of the guidance that it comes from.
        patterns: The ways to state it.
        unclear: The ways to hint at it, which call for the question.
        raised: Facts of the message that raise the level, with the level that they raise it to.
    """

    name: str
    pathology: str
    level: Urgency
    question: str
    sources: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    unclear: tuple[Pattern, ...]
    raised: tuple[tuple[str, Urgency], ...]


@dataclass(frozen=True)
class Fact:
    """Something that is no sign by itself: a risk factor, a circumstance, the kind of pain.

    Attributes:
        name: Its name, which signs use like a concept.
        patterns: The ways to state it.
        accepts: The statuses that count: an earlier cancer is a fact though it is over.
        risk: Whether it counts among the risk factors that together raise a level.
    """

    name: str
    patterns: tuple[Pattern, ...]
    accepts: frozenset[Status]
    risk: bool


def _patterns(lines: list[str] | None) -> tuple[Pattern, ...]:
    return tuple(parse(line) for line in lines or ())


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = load_yaml("signs.yml")
    return data


@lru_cache(maxsize=1)
def signs() -> tuple[Sign, ...]:
    """Returns all danger signs, in the order of the file."""
    return tuple(
        Sign(
            name=entry["sign"],
            pathology=entry["pathology"],
            level=Urgency.of(entry["level"]),
            question=entry["question"],
            sources=tuple(entry["source"]),
            patterns=_patterns(entry.get("patterns")),
            unclear=_patterns(entry.get("unclear")),
            raised=tuple(
                (fact, Urgency.of(level)) for fact, level in entry.get("raised", {}).items()
            ),
        )
        for entry in _data()["signs"]
    )


@lru_cache(maxsize=1)
def facts() -> tuple[Fact, ...]:
    """Returns all facts, in the order of the file: later ones may build on earlier ones."""
    return tuple(
        Fact(
            name=name,
            patterns=_patterns(entry["patterns"]),
            accepts=frozenset(Status(s) for s in entry.get("accepts", ["present"])),
            risk=entry.get("risk", False),
        )
        for name, entry in _data()["facts"].items()
    )


@lru_cache(maxsize=1)
def sources() -> Mapping[str, str]:
    """Returns the guidance that the signs name, by key."""
    return dict(_data()["sources"])
