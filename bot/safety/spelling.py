"""Undoes texting, dictation and misspelling, by the tables of ``spelling.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.yaml_text import read_yaml

SHORTEST_CORRECTED = 5
_CACHE_LIMIT = 50_000


@dataclass
class Spelling:
    """The tables, compiled.

    Attributes:
        shorthand: Texting and variants: one written word, the words meant.
        dictation: By first word: the words that dictation wrote and the words that were said.
        targets: By first letter: the clinical words that misspellings are looked up in.
        known: Words that are never corrected: the targets and real words close to them.
    """

    shorthand: Mapping[str, tuple[str, ...]]
    dictation: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    targets: Mapping[str, tuple[str, ...]]
    known: frozenset[str]
    _seen: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def word(self, written: str) -> tuple[str, ...]:
        """Returns the word or words that a written word stands for."""
        found = self._seen.get(written)
        if found is None:
            squeezed = _squeeze(written)
            found = (
                self.shorthand.get(written)
                or self.shorthand.get(squeezed)
                or (self._corrected(written, squeezed),)
            )
            if len(self._seen) < _CACHE_LIMIT:  # hostile input must not fill the memory
                self._seen[written] = found
        return found

    def _corrected(self, written: str, squeezed: str) -> str:
        if squeezed in self.known:
            return squeezed
        if len(written) < SHORTEST_CORRECTED or written in self.known or not written.isalpha():
            return written
        allowed = 1 if len(written) < 9 else 2
        best = process.extractOne(
            squeezed,
            self.targets.get(written[0], ()),
            scorer=OSA.distance,
            score_cutoff=allowed,
        )
        return str(best[0]) if best else written


def _squeeze(written: str) -> str:
    """Shortens letters that are drawn out: "soooo" and "numbbb" have at most two of each."""
    kept = [c for i, c in enumerate(written) if i < 2 or not c == written[i - 1] == written[i - 2]]
    return "".join(kept)


@lru_cache(maxsize=1)
def spelling() -> Spelling:
    """Returns the tables of ``spelling.yml``."""
    text = resources.files("bot.safety").joinpath("spelling.yml").read_text(encoding="utf-8")
    data = read_yaml(text)
    shorthand = {
        variant: tuple(meant.split())
        for meant, variants in data["shorthand"].items()
        for variant in variants.split()
    }
    dictation: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for heard, meant in data["dictation"].items():
        words = tuple(heard.split())
        dictation.setdefault(words[0], []).append((words, tuple(meant.split())))
    targets: dict[str, list[str]] = {}
    for word in data["clinical"].split():
        targets.setdefault(word[0], []).append(word)
    return Spelling(
        shorthand,
        {first: tuple(entries) for first, entries in dictation.items()},
        {letter: tuple(words) for letter, words in targets.items()},
        frozenset(data["clinical"].split()) | frozenset(data["real_words"].split()),
    )
