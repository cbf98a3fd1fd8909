"""The small language in which ``signs.yml`` composes concepts into signs.

============= =======================================================================
``a``          the concept ``a`` is named
``a|b``        one of them is named
``a & b``      both in one sentence, in any order, at most ``~N`` words apart
``a > b``      both in one sentence, in this order, at most ``~N`` words apart
``g + h``      two groups, each stated for itself, anywhere in the message
``-x``         not where ``x`` is named in the same sentence
``--x``        not where ``x`` is named anywhere in the message
``~N``         the distance that the group before it allows (6 unless told)
============= =======================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from bot.safety.document import Document
from bot.safety.lexicon import Mention, near

DEFAULT_GAP = 6
MAX_MATCHES = 12
# How far apart, in words, the groups of one pattern may stand: in a long post the same two
# things said at its ends rarely belong together.
REACH = 70

Mentions = Mapping[str, Sequence[Mention]]


@dataclass(frozen=True)
class Group:
    """Concepts that are stated together.

    Attributes:
        terms: For each place, the concepts that may fill it.
        ordered: Whether they must come in this order.
        gap: How many words may lie between neighbours.
    """

    terms: tuple[frozenset[str], ...]
    ordered: bool
    gap: int


@dataclass(frozen=True)
class Pattern:
    """One way to state a sign."""

    source: str
    groups: tuple[Group, ...]
    not_in_sentence: frozenset[str]
    not_in_message: frozenset[str]

    @property
    def concepts(self) -> frozenset[str]:
        """Returns every concept that the pattern names."""
        named = [term for group in self.groups for term in group.terms]
        return frozenset().union(*named, self.not_in_sentence, self.not_in_message)

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Returns the terms of all groups: each must be named for the pattern to match."""
        return tuple(term for group in self.groups for term in group.terms)

    def may_match(self, named: Set[str]) -> bool:
        """Tells cheaply whether everything that the pattern needs is named at all."""
        for term in self.needs:
            if term.isdisjoint(named):
                return False
        return not self.not_in_message or self.not_in_message.isdisjoint(named)


def parse(source: str) -> Pattern:
    """Reads a pattern.

    Args:
        source: The pattern as ``signs.yml`` writes it.

    Returns:
        The pattern, ready to match.

    Raises:
        ValueError: The pattern joins a group with both ``&`` and ``>``, or names nothing.
    """
    groups, here, anywhere = [], set(), set()
    for part in source.split(" + "):
        terms: list[frozenset[str]] = []
        joins: set[str] = set()
        gap = DEFAULT_GAP
        for word in part.split():
            if word.startswith("--"):
                anywhere.update(word[2:].split("|"))
            elif word.startswith("-"):
                here.update(word[1:].split("|"))
            elif word.startswith("~"):
                gap = int(word[1:])
            elif word in ("&", ">"):
                joins.add(word)
            else:
                terms.append(frozenset(word.split("|")))
        if not terms or len(joins) > 1:
            raise ValueError(f"not a pattern: {source!r}")
        groups.append(Group(tuple(terms), ">" in joins, gap))
    return Pattern(source, tuple(groups), frozenset(here), frozenset(anywhere))


def matches(group: Group, mentions: Mentions, document: Document) -> Iterator[tuple[Mention, ...]]:
    """Yields the ways in which a message states a group, at most ``MAX_MATCHES``."""
    found = 0
    for first in _named(group.terms[0], mentions):
        for match in _extended((first,), group, mentions, document):
            yield match
            found += 1
            if found >= MAX_MATCHES:
                return


def _named(
    term: frozenset[str], mentions: Mentions, around: tuple[int, int, int] | None = None
) -> Iterator[Mention]:
    for concept in sorted(term):
        named = mentions.get(concept, ())
        yield from near(named, *around) if around else named


def _extended(
    match: tuple[Mention, ...], group: Group, mentions: Mentions, document: Document
) -> Iterator[tuple[Mention, ...]]:
    if len(match) == len(group.terms):
        yield match
        return
    start, end = match[0].first, match[-1].last
    reach = group.gap + end - start if end > start else group.gap + start - end
    for mention in _named(group.terms[len(match)], mentions, (start, end, reach)):
        if _adjoins(mention, match, group, document):
            yield from _extended((*match, mention), group, mentions, document)


def _adjoins(
    mention: Mention, match: tuple[Mention, ...], group: Group, document: Document
) -> bool:
    if document.sentences[mention.first] != document.sentences[match[0].first]:
        return False
    if group.ordered:
        return 0 <= mention.first - match[-1].last <= group.gap
    if any(mention.first < other.last and other.first < mention.last for other in match):
        return False
    gaps = [max(mention.first - other.last, other.first - mention.last) for other in match]
    return min(gaps) <= group.gap
