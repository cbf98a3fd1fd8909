"""Turns a message into tokens that keep their place in the original text.

The tokens are what the rest of the detector reads: lower case, without accents and apostrophes,
texting and dictation undone, clinical words spelt as the lexicon spells them. Every token knows
the characters that it came from, so that a finding can quote the patient.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from bot.safety.spelling import Spelling, spelling

STOPS = frozenset(".?")
_TOKEN = re.compile(
    r"w/o(?:ut)?\b|w/|y/o\b|b/c\b|c/o\b|h/o\b|s/p\b|\d+(?:\.\d+)?|[^\W\d_]+(?:['`][^\W\d_]+)*['`]?"
    r"|[.!?;\n\r\u2026]+|[,:()/%\"]|-+|[\U0001F300-\U0001FAFF]"
)
_FOLDED = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2014": "-", "\u2013": "-", "\u00d7": "x"}
)
_AUXILIARIES = {
    "can": "cant", "could": "couldnt", "do": "dont", "does": "doesnt", "did": "didnt",
    "is": "isnt", "are": "arent", "was": "wasnt", "were": "werent", "will": "wont",
    "would": "wouldnt", "has": "hasnt", "have": "havent", "had": "hadnt", "should": "shouldnt",
}  # fmt: skip


class Token(NamedTuple):
    """A word or a mark of punctuation, normalised, with its place in the message."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A message as the detector reads it.

    Attributes:
        tokens: The words and marks in order.
        text: The tokens joined by single spaces.
        starts: For every token, its first character in ``text``.
        index: The token that starts at a character of ``text``.
        sentences: For every token, the number of its sentence.
    """

    tokens: tuple[Token, ...]
    text: str = ""
    starts: tuple[int, ...] = field(default=())
    index: dict[int, int] = field(default_factory=dict)
    sentences: tuple[int, ...] = field(default=())

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Returns the characters of the message that the tokens ``first..last-1`` came from."""
        return self.tokens[first].start, self.tokens[last - 1].end


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    """Returns a letter without its accent; one character stays one character."""
    folded = "".join(
        c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c)
    )
    return folded.lower() if len(folded) == 1 and len(folded.lower()) == 1 else letter


def _fold(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    lowered = lowered.translate(_FOLDED)
    return lowered if lowered.isascii() else "".join(map(_fold_letter, lowered))


def _mark(raw: str) -> str:
    """Names a mark: the stops end a sentence, a comma stands for every weaker mark."""
    if raw[0] in ".!?;\n\r\u2026":
        return "?" if "?" in raw else "."
    return raw[0] if raw[0] in "%/:" else ","


def _raw_tokens(text: str) -> list[Token]:
    tokens = []
    rules = spelling()
    folded = _fold(text)
    for match in _TOKEN.finditer(folded):
        raw, start, end = match.group(), match.start(), match.end()
        if raw[0].isalnum():
            word = raw.replace("'", "").replace("`", "")
            tokens += [Token(part, start, end) for part in rules.word(word)]
        elif ord(raw[0]) >= 0x1F300:
            tokens += [Token(part, start, end) for part in rules.word(raw)]
        elif raw == "-" and start > 0 and end < len(folded) and not folded[start - 1].isspace():
            continue  # a hyphen inside a word joins nothing and parts nothing
        else:
            tokens.append(Token(_mark(raw), start, end))
    return tokens


def _spoken_marks(tokens: list[Token]) -> list[Token]:
    """Turns the marks that a dictating patient speaks ("comma", "period") into marks."""
    spoken = sum(token.text in ("comma", "period") for token in tokens)
    if not any(token.text == "comma" for token in tokens) and spoken < 2:
        return tokens
    marks = {"comma": ",", "period": "."}
    return [Token(marks.get(t.text, t.text), t.start, t.end) for t in tokens]


def _join_negations(tokens: list[Token]) -> list[Token]:
    joined: list[Token] = []
    for token in tokens:
        if token.text == "not" and joined and joined[-1].text in _AUXILIARIES:
            before = joined.pop()
            joined.append(Token(_AUXILIARIES[before.text], before.start, token.end))
        else:
            joined.append(token)
    return joined


def _undictate(tokens: list[Token], rules: Spelling) -> list[Token]:
    """Replaces what dictation wrote by what was said, where the words around make it clear."""
    if not any(token.text in rules.dictation for token in tokens):
        return tokens
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        for heard, meant in rules.dictation.get(token.text, ()):
            window = tokens[position : position + len(heard)]
            if tuple(t.text for t in window) == heard:
                result += [Token(word, token.start, window[-1].end) for word in meant]
                position += len(heard)
                break
        else:
            result.append(token)
            position += 1
    return result


def read(text: str) -> Document:
    """Reads a message into a document.

    Args:
        text: The message as the patient wrote it.

    Returns:
        Its tokens with their places in ``text``.
    """
    rules = spelling()
    tokens = _undictate(_join_negations(_spoken_marks(_raw_tokens(text))), rules)
    starts, index, sentences = [], {}, []
    position = sentence = 0
    for number, token in enumerate(tokens):
        starts.append(position)
        index[position] = number
        sentences.append(sentence)
        sentence += token.text in STOPS
        position += len(token.text) + 1
    return Document(
        tuple(tokens), " ".join(t.text for t in tokens), tuple(starts), index, tuple(sentences)
    )
