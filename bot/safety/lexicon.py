"""The lexicon: concepts and the phrases that name them, compiled for lookup.

A phrase is a row of items that must follow one another:

======== =====================================================
``word``  that word
``wip*``  a word that starts so
``a|b``   one of them; ``a+b`` inside is two words in a row
``x?``    may be missing
``_``     any word; ``_3`` up to three of them
``$name`` a class of words, defined under ``classes``
``#``     a number
======== =====================================================
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from bot.safety.document import Document
from bot.safety.spelling import spelling
from bot.yaml_text import read_yaml

# A message may bring any number of new words; what is remembered of them must end somewhere.
CACHE_LIMIT = 50_000
FEW = 8  # so few mentions are not worth a search
LONGEST = 20  # no phrase is longer than so many words
_ANY = r"[^ .?]+"
_NUMBER = r"\d[\d.]*"
_END = r"(?= |$)"


class Mention(NamedTuple):
    """A concept named in a message: the tokens ``first..last-1``."""

    concept: str
    first: int
    last: int


class _Start:
    """Everything that may begin with one word.

    Attributes:
        bare: The concepts that the word names by itself.
        longer: The concepts with what must follow the word, as expressions not yet compiled:
            compiling them all would take seconds, and most words never come.
    """

    def __init__(self, by_concept: Mapping[str, list[str]]) -> None:
        self.bare = tuple(concept for concept, rests in by_concept.items() if "" in rests)
        self.longer = {
            concept: [rest for rest in rests if rest]
            for concept, rests in by_concept.items()
            if any(rests)
        }

    @cached_property
    def any_longer(self) -> re.Pattern[str] | None:
        """All of ``longer`` in one expression: where it fails, none need be tried."""
        everything = [rest for rests in self.longer.values() for rest in rests]
        return _compiled(everything) if everything else None

    @cached_property
    def patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Each concept with its expression."""
        return tuple((concept, _compiled(rests)) for concept, rests in self.longer.items())


def _normal(alternative: str) -> str:
    """Writes an alternative's words as documents do, so that a phrase may say "mum" or "wk"."""
    shorthand = spelling().shorthand
    return "+".join("+".join(shorthand.get(word, (word,))) for word in alternative.split("+"))


def _alternative(text: str) -> str:
    words = [
        _NUMBER if w == "#" else re.escape(w[:-1]) + "[^ ]*" if w.endswith("*") else re.escape(w)
        for w in _normal(text).split("+")
    ]
    return " ".join(words)


def _item(item: str) -> tuple[str, bool]:
    """Returns an item's expression and whether it may be missing."""
    optional = item.endswith("?") and len(item) > 1
    body = item[:-1] if optional else item
    if body == "_":
        return _ANY, optional
    return "(?:" + "|".join(_alternative(a) for a in body.split("|")) + ")" + _END, optional


def _rest(items: Iterable[str]) -> str:
    parts = []
    for item in items:
        if len(item) > 1 and item[0] == "_" and item[1:].isdigit():
            parts.append(f"(?: {_ANY}){{0,{item[1:]}}}?")
            continue
        expression, optional = _item(item)
        parts.append(f"(?: {expression})?" if optional else f" {expression}")
    return "".join(parts)


def _first_words(item: str) -> list[tuple[str, str]]:
    """Returns for each alternative of a first item its first word and what must follow it."""
    result = []
    for alternative in item.split("|"):
        first, _, more = _normal(alternative).partition("+")
        result.append((first, f" {_alternative(more)}{_END}" if more else ""))
    return result


def _variants(items: list[str]) -> Iterator[list[str]]:
    """Yields a phrase with and without the optional items that it begins with."""
    if items and len(items[0]) > 1 and items[0].endswith("?"):
        yield [items[0][:-1], *items[1:]]
        yield from _variants(items[1:])
    elif items:
        yield items


class Lexicon:
    """Finds every concept of a lexicon in a document.

    The phrases are filed under their first word, so that a token is only compared with the
    phrases that can start there.
    """

    def __init__(self, concepts: Mapping[str, str], classes: Mapping[str, str]) -> None:
        filed: dict[str, dict[str, list[str]]] = {}
        for concept, phrases in concepts.items():
            for phrase in re.split(r"[;\n]", phrases):
                written = re.sub(r"\$(\w+)", lambda name: classes[name.group(1)], phrase)
                for items in _variants(written.split()):
                    rest = _rest(items[1:])
                    for first, more in _first_words(items[0]):
                        filed.setdefault(first, {}).setdefault(concept, []).append(more + rest)
        self.concepts = frozenset(concepts)
        self._words: dict[str, _Start] = {}
        self._prefixes: dict[str, _Start] = {}
        for first, by_concept in filed.items():
            if first.endswith("*"):
                self._prefixes[first[:-1]] = _Start(by_concept)
            else:
                self._words[first] = _Start(by_concept)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._seen: dict[str, tuple[_Start, ...]] = {}

    def _starts(self, word: str) -> tuple[_Start, ...]:
        found = self._seen.get(word)
        if found is None:
            keys = ["#" if word[0].isdigit() else word]
            found = tuple(self._words[key] for key in keys if key in self._words) + tuple(
                self._prefixes[word[:length]]
                for length in self._lengths
                if length <= len(word) and word[:length] in self._prefixes
            )
            if len(self._seen) < CACHE_LIMIT:
                self._seen[word] = found
        return found

    def compile(self) -> None:
        """Compiles every expression now, in one to two seconds: else the first patients wait."""
        for start in (*self._words.values(), *self._prefixes.values()):
            _ = start.any_longer, start.patterns

    def find(self, document: Document) -> list[Mention]:
        """Returns the mentions in the order of their first token.

        Of the mentions of one concept, one that begins inside another is left out.
        """
        mentions: list[Mention] = []
        covered: dict[str, int] = {}
        text, index, count = document.text, document.index, len(document.tokens)
        for number, (token, begin) in enumerate(zip(document.tokens, document.starts, strict=True)):
            end = begin + len(token.text)
            for start in self._starts(token.text):
                if start.any_longer is not None and start.any_longer.match(text, end):
                    for concept, rest in start.patterns:
                        match = rest.match(text, end)
                        if match and covered.get(concept, 0) <= number:
                            covered[concept] = last = index.get(match.end() + 1, count)
                            mentions.append(Mention(concept, number, last))
                for concept in start.bare:
                    if covered.get(concept, 0) <= number:
                        covered[concept] = number + 1
                        mentions.append(Mention(concept, number, number + 1))
        return mentions


def _compiled(rests: list[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(_longest_first(rests)) + ")" + _END)


def _longest_first(rests: list[str]) -> list[str]:
    return sorted(set(rests), key=len, reverse=True)


def near(mentions: Sequence[Mention], first: int, last: int, distance: int) -> Sequence[Mention]:
    """Returns the mentions that begin at most so many words before or after a stretch of words.

    Args:
        mentions: Mentions of one concept, in the order of their first token.
        first: The first token of the stretch.
        last: One past its last token.
        distance: How far to look; a mention's own length is allowed for.
    """
    if len(mentions) < FEW:
        return mentions
    low = bisect_left(mentions, first - distance - LONGEST, key=lambda m: m.first)
    high = bisect_right(mentions, last + distance, key=lambda m: m.first)
    return mentions[low:high]


def load_yaml(name: str) -> Any:
    """Returns the content of a data file of this package."""
    return read_yaml(resources.files("bot.safety").joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Returns the lexicon of ``lexicon.yml`` and the cues of ``assertion.yml``, compiled."""
    words = load_yaml("lexicon.yml")
    cues = load_yaml("assertion.yml")["cues"]
    concepts = dict(words["concepts"])
    for name, cue in cues.items():
        concepts[f"cue:{name}"] = cue["phrases"]
    return Lexicon(concepts, words["classes"])
