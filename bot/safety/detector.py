"""Finds danger signs in a message, whatever its intent."""

from __future__ import annotations

from collections.abc import Iterator

from bot.safety.assertion import Assertions
from bot.safety.combination import Stated, combine
from bot.safety.document import Document, read
from bot.safety.findings import Finding, Screening, Status
from bot.safety.lexicon import Mention, lexicon
from bot.safety.numbers import number_mentions
from bot.safety.patterns import REACH, Group, Pattern, matches
from bot.safety.signs import Sign, facts, signs

MAX_CHARACTERS = 10_000
# Idioms and everyday things whose words look like a sign's: what they cover says nothing else.
IDIOM = "idiom"
_CUE = "cue:"
# The better a status speaks for a sign, the earlier.
_PREFERENCE = (
    Status.PRESENT,
    Status.UNCLEAR,
    Status.RESOLVED,
    Status.NEGATED,
    Status.HYPOTHETICAL,
    Status.OTHER_PERSON,
)


class _Message:
    """One message under examination: its words, concepts and facts."""

    def __init__(self, text: str) -> None:
        self.document: Document = read(text)
        self.mentions: dict[str, list[Mention]] = {}
        for mention in lexicon().find(self.document) + number_mentions(self.document):
            self.mentions.setdefault(mention.concept, []).append(mention)
        self._remove_idioms()
        self._assertions = Assertions(self.document, self.mentions)
        self.facts: set[str] = set()
        self.risks: set[str] = set()
        self._collect_facts()

    def _remove_idioms(self) -> None:
        covered = {
            n for idiom in self.mentions.get(IDIOM, ()) for n in range(idiom.first, idiom.last)
        }
        if not covered:
            return
        for concept in [c for c in self.mentions if c != IDIOM and not c.startswith(_CUE)]:
            kept = [m for m in self.mentions[concept] if covered.isdisjoint(range(m.first, m.last))]
            if kept:
                self.mentions[concept] = kept
            else:
                del self.mentions[concept]

    def _collect_facts(self) -> None:
        for fact in facts():
            for pattern in fact.patterns:
                stated = self._stated(pattern, frozenset([fact.name]))
                if stated and stated[0] in fact.accepts:
                    self.facts.add(fact.name)
                    first, last = stated[1]
                    self.mentions.setdefault(fact.name, []).append(Mention(fact.name, first, last))
                    if fact.risk:
                        self.risks.add(fact.name)
                    break

    def _group(
        self, group: Group, pattern: Pattern, names: frozenset[str]
    ) -> tuple[Status, tuple[int, int]] | None:
        """Returns the best status in which a group is stated, with its tokens."""
        best: tuple[Status, tuple[int, int]] | None = None
        for match in matches(group, self.mentions, self.document):
            if self._excluded(match, pattern):
                continue
            # A fact was judged when it was found.
            known = all(mention.concept in self.facts for mention in match)
            status = Status.PRESENT if known else self._assertions.status(match, names)
            if best is None or _PREFERENCE.index(status) < _PREFERENCE.index(best[0]):
                best = status, (min(m.first for m in match), max(m.last for m in match))
            if status is Status.PRESENT:
                break
        return best

    def _excluded(self, match: tuple[Mention, ...], pattern: Pattern) -> bool:
        sentences = self.document.sentences
        own = {sentences[mention.first] for mention in match}
        return any(
            sentences[other.first] in own
            for concept in pattern.not_in_sentence
            for other in self.mentions.get(concept, ())
        )

    def _stated(
        self, pattern: Pattern, names: frozenset[str]
    ) -> tuple[Status, tuple[int, int]] | None:
        """Returns how a pattern is stated: as well as the weakest of its groups."""
        if not pattern.may_match(self.mentions.keys()):
            return None
        worst: tuple[Status, tuple[int, int]] | None = None
        first: tuple[int, int] | None = None
        for group in pattern.groups:
            stated = self._group(group, pattern, names)
            if stated is None:
                return None
            if first is None:
                first = stated[1]
            elif max(stated[1][0] - first[1], first[0] - stated[1][1]) > REACH:
                return None
            if worst is None or _PREFERENCE.index(stated[0]) > _PREFERENCE.index(worst[0]):
                worst = stated
        return worst

    def sign(self, sign: Sign) -> Stated | None:
        """Returns a sign with the best status in which the message states it."""
        best: tuple[Status, tuple[int, int]] | None = None
        for stated in self._ways(sign):
            if best is None or _PREFERENCE.index(stated[0]) < _PREFERENCE.index(best[0]):
                best = stated
            if best[0] is Status.PRESENT:
                break
        if best is None:
            return None
        span = self.document.span(*best[1])
        return Stated(sign, Finding(sign.pathology, sign.name, best[0], span))

    def _ways(self, sign: Sign) -> Iterator[tuple[Status, tuple[int, int]]]:
        names = frozenset([sign.name, sign.pathology])
        for pattern in sign.patterns:
            stated = self._stated(pattern, names)
            if stated:
                yield stated
        for pattern in sign.unclear:
            stated = self._stated(pattern, names)
            if stated and stated[0] is Status.PRESENT:
                yield Status.UNCLEAR, stated[1]


def screen(text: str) -> Screening:
    """Screens one message for danger signs.

    Args:
        text: What the patient wrote, as it is; at most ``MAX_CHARACTERS`` are read.

    Returns:
        The level of the whole message with every sign named in it.
    """
    message = _Message(text[:MAX_CHARACTERS])
    stated = [found for sign in signs() if (found := message.sign(sign))]
    return combine(stated, message.facts, message.risks)
