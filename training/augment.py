"""Makes a message harder while its label stays: noise as people type, and other business around."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.data import Example

BURIED = 0.3
"""Share of the labelled messages that get ordinary sentences before or after them."""
UNPUNCTUATED = 0.1
MISTYPED = 0.12

_PUNCTUATION = re.compile(r"[.,;:!?\u2026\u2014\"()-]+(?=\s|$)")
_JOINTS = (". ", " ", "\n", ", ", " and ", " also ", "... ", "! ")


class Augmenter:
    """Changes messages at random, anew in each epoch.

    Args:
        examples: All training messages; the ordinary ones among them are the other business.
        shuffler: Where chance comes from.
    """

    def __init__(self, examples: Sequence[Example], shuffler: random.Random) -> None:
        self._ordinary = [e.text for e in examples if e.ordinary and 3 <= len(e.text.split()) <= 30]
        self._shuffler = shuffler

    def __call__(self, example: Example) -> str:
        """Returns the text of a message, changed or not; intents keep theirs but for typing."""
        text, chance = example.text, self._shuffler.random
        if example.level and self._ordinary and chance() < BURIED:
            text = self._bury(text)
        if chance() < UNPUNCTUATED:
            text = _PUNCTUATION.sub("", text)
        if chance() < MISTYPED:
            text = self._mistype(text)
        return text

    def _bury(self, text: str) -> str:
        other = self._shuffler.choice(self._ordinary)
        joint = self._shuffler.choice(_JOINTS)
        return joint.join((other, text) if self._shuffler.random() < 0.5 else (text, other))

    def _mistype(self, text: str) -> str:
        words = text.split(" ")
        for _ in range(1 + len(words) // 12):
            place = self._shuffler.randrange(len(words))
            word = words[place]
            # Short words carry the negations: a slip there would change the meaning.
            if len(word) >= 5 and word.isalpha():
                at = self._shuffler.randrange(1, len(word) - 1)
                swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
                dropped = word[:at] + word[at + 1 :]
                words[place] = self._shuffler.choice((swapped, dropped))
        return " ".join(words)
