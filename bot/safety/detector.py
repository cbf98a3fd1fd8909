"""Finds danger signs in a message, whatever its intent."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.entities.language import is_spanish
from bot.safety.assertion import Assertions
from bot.safety.assertion import rules as assertion_rules
from bot.safety.combination import Stated, combine
from bot.safety.document import Document, read
from bot.safety.faintness import with_faintness
from bot.safety.findings import Finding, Screening, Status
from bot.safety.judgement import Judgement, merge
from bot.safety.lexicon import Mention, lexicon, near
from bot.safety.numbers import number_mentions
from bot.safety.patterns import REACH, Group, Pattern, matches
from bot.safety.second_opinion import (
    SecondOpinion,
    is_break,
    is_denial,
    is_plain_fact,
    second_opinion,
)
from bot.safety.signs import Sign, candidates, facts, signs
from bot.safety.urgency import Urgency

if TYPE_CHECKING:
    from bot.encoder.weights import Array

MAX_CHARACTERS = 10_000
# Newest messages whose screening is kept: channel and pipeline both screen each message. They are
# a patient's words: all are let go of when a patient deletes their data (``forget``).
KEPT = 64
# Idioms and everyday things whose words look like a sign's: what they cover says nothing else.
IDIOM = "idiom"
_CUE = "cue:"
_NEGATION = "cue:negation"
# Concepts that say that something is new, sudden or getting worse.
_ACUTE = frozenset({"novelty", "worse", "worse_since", "spread", "sudden", "new_pain"})
# The better a status speaks for a sign, the earlier.
_PREFERENCE = (
    Status.PRESENT,
    Status.UNCLEAR,
    Status.RESOLVED,
    Status.NEGATED,
    Status.HYPOTHETICAL,
    Status.OTHER_PERSON,
)


_Found = tuple[Status, tuple[int, int]]
Opinion = tuple[SecondOpinion, Judgement] | None
_kept: OrderedDict[tuple[str, Opinion], Screening] = OrderedDict()
_keeping = threading.Lock()


def _better(one: Status, other: Status) -> bool:
    return _PREFERENCE.index(one) < _PREFERENCE.index(other)


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

    def _group(self, group: Group, pattern: Pattern, names: frozenset[str]) -> _Found | None:
        """Returns the best status in which a group is stated, with its tokens."""
        best: _Found | None = None
        for match in matches(group, self.mentions, self.document):
            if self._excluded(match, pattern):
                continue
            # A fact was judged when it was found.
            known = all(mention.concept in self.facts for mention in match)
            status = Status.PRESENT if known else self._assertions.status(match, names)
            if best is None or _better(status, best[0]):
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
            for other in near(self.mentions.get(concept, ()), match[0].first, match[-1].last, 60)
        )

    def _stated(self, pattern: Pattern, names: frozenset[str]) -> _Found | None:
        """Returns how a pattern is stated: as well as the weakest of its groups."""
        if not pattern.may_match(self.mentions.keys()):
            return None
        worst: _Found | None = None
        first: tuple[int, int] | None = None
        for group in pattern.groups:
            stated = self._group(group, pattern, names)
            if stated is None:
                return None
            if first is None:
                first = stated[1]
            elif max(stated[1][0] - first[1], first[0] - stated[1][1]) > REACH:
                return None
            if worst is None or _better(worst[0], stated[0]):
                worst = stated
        return worst

    def signs(self) -> list[Stated]:
        """Returns every sign that the message names, with the best status in which it does."""
        known = signs()
        best: dict[int, _Found] = {}
        for place, _, hints, pattern in candidates(self.mentions.keys()):
            sign = known[place]
            if place in best and best[place][0] is Status.PRESENT:
                continue
            found = self._stated(pattern, frozenset([sign.name, sign.pathology]))
            if found is None or (hints and found[0] is not Status.PRESENT):
                continue
            status = Status.UNCLEAR if hints else found[0]
            if place not in best or _better(status, best[place][0]):
                best[place] = status, found[1]
        return [self._finding(known[place], found) for place, found in best.items()]

    def _finding(self, sign: Sign, found: _Found) -> Stated:
        span = self.document.span(*found[1])
        return Stated(sign, Finding(sign.pathology, sign.name, found[0], span))


def screen(text: str) -> Screening:
    """Screens one message for danger signs: by the rules, with the learned second opinion.

    Args:
        text: What the patient wrote, as it is; at most ``MAX_CHARACTERS`` are read.

    Returns:
        The level of the whole message with every sign named in it.
    """
    opinion = second_opinion()
    known = _kept.get((text, opinion))
    if known is None:
        known = with_faintness(text[:MAX_CHARACTERS], _weighed(text, opinion))
        _keep(text, opinion, known)
    return known


def _keep(text: str, opinion: Opinion, found: Screening) -> None:
    with _keeping:
        _kept[text, opinion] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def evidence(text: str) -> Array | None:
    """Returns the encoder's row of a message that was screened here; None where it made none."""
    opinion = second_opinion()
    return opinion[0].known(text) if opinion else None


def take_over(text: str, found: Screening, row: Array | None) -> None:
    """Keeps what another process has found in a message, and its encoder's row of it."""
    opinion = second_opinion()
    _keep(text, opinion, found)
    if opinion and row is not None:
        opinion[0].take_over(text, row)


def prepare() -> None:
    """Loads and compiles all that screening needs; for a process that answers patients."""
    screen("hello")
    lexicon().compile()
    assertion_rules()


def forget() -> None:
    """Lets go of the messages whose screening is kept, and of the encoder's rows of them."""
    with _keeping:
        _kept.clear()
    opinion = second_opinion()
    if opinion:
        opinion[0].forget()


def _weighed(text: str, opinion: Opinion) -> Screening:
    if is_break(text):
        return Screening()
    found = screen_by_rules(text)
    if opinion is None or not text.strip():
        return found
    if found.level >= Urgency.PHYSICIAN_SOON and is_spanish(text):
        # The encoder has seen little Spanish: it may raise there, but not doubt an alarm.
        return found
    calm = found.level is Urgency.NONE and not found.ask
    if calm and (is_denial(text) or is_plain_fact(text)):
        return found
    model, judgement = opinion
    if not found.findings and not model.can_judge(text[:MAX_CHARACTERS]):
        return found
    return merge(found, model.estimate(text[:MAX_CHARACTERS]), judgement)


def screen_by_rules(text: str) -> Screening:
    """Screens one message by the rules alone (see ``screen``)."""
    message = _Message(text[:MAX_CHARACTERS])
    acute = not _ACUTE.isdisjoint(message.mentions)
    found = combine(message.signs(), message.facts, message.risks, acute)
    return replace(found, denies=_NEGATION in message.mentions)
