"""Who, whether and when: how a sign that a message names is asserted.

The rules are data (``assertion.yml``), in the spirit of the ConText algorithm: a cue reaches from
its place in a direction, within a scope, until a terminator. What a sign's own words contain is
never a cue against it: "can't pee" and "no feeling" are findings, not negations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.safety.document import Document
from bot.safety.findings import Status
from bot.safety.lexicon import Mention, load_yaml, near
from bot.safety.patterns import Mentions

FARTHEST = 60  # words; without a limit of its own a cue reaches no farther in its sentence


@dataclass(frozen=True)
class Rule:
    """A rule of ``assertion.yml``.

    Attributes:
        status: What it makes of a sign.
        cues: The cues that call it, any of them.
        direction: ``forward`` (the cue stands before), ``backward`` (after) or ``both``.
        scope: ``sentence``, ``next`` (the sentence or the one beside it) or ``message``.
        within: How many words may lie between, None without limit.
        stops: Cues that end its reach when they stand between.
        unless: Cues that call it off when they stand in the sign's sentence.
        unless_anywhere: Cues that call it off wherever they stand.
        not_for: Signs, facts and pathologies that it does not apply to.
        only_for: Those that it applies to; empty for all.
    """

    status: Status
    cues: tuple[str, ...]
    direction: str
    scope: str
    within: int | None
    stops: tuple[str, ...]
    unless: tuple[str, ...]
    unless_anywhere: tuple[str, ...]
    not_for: frozenset[str]
    only_for: frozenset[str]


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Returns the rules of ``assertion.yml``, the first that applies wins."""
    return tuple(
        Rule(
            Status(entry["status"]),
            tuple(f"cue:{name}" for name in entry["cues"]),
            entry.get("direction", "forward"),
            entry.get("scope", "sentence"),
            entry.get("within"),
            tuple(f"cue:{name}" for name in entry.get("stops", ())),
            tuple(f"cue:{name}" for name in entry.get("unless", ())),
            tuple(f"cue:{name}" for name in entry.get("unless_anywhere", ())),
            frozenset(entry.get("not_for", ())),
            frozenset(entry.get("only_for", ())),
        )
        for entry in load_yaml("assertion.yml")["rules"]
    )


@lru_cache(maxsize=1)
def _cancelled() -> Mapping[str, tuple[str, ...]]:
    """Returns for each cue the cues that cancel it where they overlap ("no wonder")."""
    cues = load_yaml("assertion.yml")["cues"]
    return {
        f"cue:{name}": tuple(f"cue:{other}" for other in cue.get("not_inside", ()))
        for name, cue in cues.items()
    }


def _overlap(one: Mention, other: Mention) -> bool:
    return one.first < other.last and other.first < one.last


class Assertions:
    """Decides the status of the signs of one message."""

    def __init__(self, document: Document, mentions: Mentions) -> None:
        self._document = document
        self._mentions = mentions
        self._cues: dict[str, Sequence[Mention]] = {}

    def status(self, match: Sequence[Mention], names: Collection[str]) -> Status:
        """Returns how a match is asserted.

        Args:
            match: The mentions that together state the sign.
            names: The sign's name and pathology: some rules leave some out.

        Returns:
            The status of the first rule that applies, else ``PRESENT``.
        """
        for rule in rules():
            if not rule.not_for.isdisjoint(names):
                continue
            if rule.only_for and rule.only_for.isdisjoint(names):
                continue
            if self._applies(rule, match):
                return rule.status
        return Status.PRESENT

    def _found(self, name: str) -> Sequence[Mention]:
        """Returns a cue's mentions that are not part of a longer, different cue."""
        found = self._cues.get(name)
        if found is None:
            cancelling = sorted(
                (m for other in _cancelled()[name] for m in self._mentions.get(other, ())),
                key=lambda m: m.first,
            )
            found = [
                cue
                for cue in self._mentions.get(name, ())
                if not any(_overlap(cue, o) for o in near(cancelling, cue.first, cue.last, 0))
            ]
            self._cues[name] = found
        return found

    def _applies(self, rule: Rule, match: Sequence[Mention]) -> bool:
        for name in rule.cues:
            for cue in self._nearby(name, rule, match):
                if self._frames(rule, cue, match) or self._reaches_any(rule, cue, match):
                    return not self._called_off(rule, match)
        return False

    def _frames(self, rule: Rule, cue: Mention, match: Sequence[Mention]) -> bool:
        """Tells whether a cue begins before a mention and holds all of it: "if X ever"."""
        return any(
            cue.first < m.first
            and m.last <= cue.last
            and not self._stopped(rule, cue.first + 1, m.first)
            for m in match
        )

    def _stopped(self, rule: Rule, first: int, last: int) -> bool:
        return any(
            first <= stop.first < last
            for name in rule.stops
            for stop in near(self._found(name), first, last, 0)
        )

    def _reaches_any(self, rule: Rule, cue: Mention, match: Sequence[Mention]) -> bool:
        if any(_overlap(cue, mention) for mention in match):
            return False
        return any(self._reaches(rule, cue, mention) for mention in match)

    def _nearby(self, name: str, rule: Rule, match: Sequence[Mention]) -> Sequence[Mention]:
        found = self._found(name)
        if rule.scope == "message":
            return found[:1]
        first, last = min(m.first for m in match), max(m.last for m in match)
        return near(found, first, last, rule.within or FARTHEST)

    def _called_off(self, rule: Rule, match: Sequence[Mention]) -> bool:
        if any(self._found(name) for name in rule.unless_anywhere):
            return True
        sentence = self._document.sentences[match[0].first]
        return any(
            self._document.sentences[cue.first] == sentence
            for name in rule.unless
            for cue in near(self._found(name), match[0].first, match[-1].last, FARTHEST)
        )

    def _reaches(self, rule: Rule, cue: Mention, mention: Mention) -> bool:
        before = cue.last <= mention.first
        if rule.direction != "both" and before != (rule.direction == "forward"):
            return False
        if rule.scope == "message":
            return True
        sentences = self._document.sentences
        apart = abs(sentences[cue.first] - sentences[mention.first])
        if apart > (1 if rule.scope == "next" else 0):
            return False
        first, last = (cue.last, mention.first) if before else (mention.last, cue.first)
        if rule.within is not None and last - first > rule.within:
            return False
        # A stop may begin inside the gap and reach into the mention: ", i" before "i peed".
        return not any(
            first <= stop.first < last or (stop.first == last and before and stop.last <= last)
            for name in rule.stops
            for stop in near(self._found(name), first, last, 0)
        )
