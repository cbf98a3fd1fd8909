"""The danger signs as data: reading and checking ``signs.yml``."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

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


class Candidate(NamedTuple):
    """A pattern of a sign.

    Attributes:
        place: The sign's place in ``signs()``.
        order: The pattern's place in the sign.
        hints: Whether it only hints at the sign.
        pattern: The pattern.
    """

    place: int
    order: int
    hints: bool
    pattern: Pattern


@lru_cache(maxsize=1)
def _index() -> Mapping[str, tuple[Candidate, ...]]:
    """Files every pattern under the concepts of one of its terms, the one that is rarest.

    A term is taken to be rarer the fewer concepts can fill it, and facts to be common.
    """
    common = {fact.name for fact in facts()} | {"novelty", "new_pain", "inability", "pain_word"}
    filed: dict[str, list[Candidate]] = {}
    for place, sign in enumerate(signs()):
        for order, pattern in enumerate(sign.patterns + sign.unclear):
            candidate = Candidate(place, order, order >= len(sign.patterns), pattern)
            rarest = min(pattern.needs, key=lambda term: (len(term & common), len(term)))
            for concept in rarest:
                filed.setdefault(concept, []).append(candidate)
    return {concept: tuple(candidates) for concept, candidates in filed.items()}


def candidates(named: Set[str]) -> list[Candidate]:
    """Returns the patterns that may match where these concepts are named, in order."""
    index = _index()
    found = {
        candidate[:2]: candidate
        for concept in named
        if concept in index
        for candidate in index[concept]
        if candidate.pattern.may_match(named)
    }
    return [found[key] for key in sorted(found)]


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
