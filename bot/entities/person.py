"""Reads a person's name from an answer; ``phone`` reads the number that often comes with it."""

from __future__ import annotations

import re
import unicodedata

from bot.entities import name_words as words
from bot.entities.phone import read_phone, spoken_phone
from bot.entities.plain import plain
from bot.entities.yes_no import Answer, read_answer

__all__ = ["MAX_NAME", "read_name", "read_phone", "spoken_phone"]

MAX_NAME = 80
MAX_TEXT = 300
MAX_WORDS = 6
MAX_CARELESS_WORDS = 4  # of a name that was typed in lower case

_GAP = r"[\s,:;.!–-]+"
_GREETING = re.compile(rf"(?:{words.GREETINGS}){_GAP}", re.IGNORECASE)
_WEAK_LEAD = re.compile(rf"(?:{words.WEAK_LEADS}){_GAP}", re.IGNORECASE)
_STRONG_LEAD = re.compile(rf"(?:{words.STRONG_LEADS}){_GAP}", re.IGNORECASE)
_STRONG_TAIL = re.compile(r"[ ,]+(?:is|[’']s) my (?:full )?name$", re.IGNORECASE)
_TAIL = re.compile(words.TAILS, re.IGNORECASE)
_FIRST_AND_LAST = re.compile(
    r"first(?: name)?[:,]?(?: is)? +(?P<first>[^\s,]+)[\s,]+(?:and )?(?:my )?"
    r"last(?: name)?[:,]?(?: is)? +(?P<last>[^\s,].*)",
    re.IGNORECASE,
)  # fmt: skip
_PHONE = re.compile(r"\+?\(?\d[\d ().-]{6,}\d")
_NO_NAME = re.compile(r"[?<>{}\[\]@\\=]|[^\W\d_]{3,}\.[^\W\d_]{2,}")
# Keys that were hit at random, drawn-out cries, and sentences of a script without spaces.
_GIBBERISH = re.compile(
    r"\b[b-df-hj-np-tv-xz]{4,}\b|([^\W\d_])\1\1|[\u3040-\u30ff\u4e00-\u9fff]{6,}|\basdf|\bqwert"
)
_QUOTES = re.compile(r"[\"“”«»()*]")
_PART = re.compile(r"[^\s'’.-]+")
_SCOTTISH = re.compile(r"mc[^\W\d_]{3,}", re.IGNORECASE)
_BETWEEN = frozenset(" '’.,-")


def read_name(text: str) -> str | None:
    """Reads a person's name.

    Args:
        text: The answer to "what is your name?", for example "it's Ana López".

    Returns:
        The name with its words capitalised where it was all lower or all upper case, or None when
        the message is a question, a command, about something else or too long to be a name.
    """
    if len(text) > MAX_TEXT or _NO_NAME.search(text):
        return None
    said = _first_clause(_PHONE.sub(" , ", _normal(text)))
    both = _FIRST_AND_LAST.search(said)
    if both:
        said = f"my name is {both['first']} {both['last']}"
    name, is_named = _bare(said)
    if not is_named and len(said.split()) <= 3 and read_answer(said) is Answer.UNSURE:
        return None  # "no sé"
    if not _is_spelled_like_a_name(name) or not _may_be_a_name(name, is_named):
        return None
    capitalised = _capitalised(name)
    return capitalised if len(capitalised) <= MAX_NAME else None


def _normal(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    # Joiners shape the letters of some scripts; other invisible signs are dropped.
    return "".join(
        sign for sign in composed if unicodedata.category(sign) != "Cf" or sign in "\u200c\u200d"
    )


def _first_clause(said: str) -> str:
    """Returns what stands before the first break that cannot be inside a name."""
    clause = next((part for part in re.split(r"[\n;!]", said) if part.strip()), "")
    return " ".join(_QUOTES.sub(" ", clause).split())


def _bare(said: str) -> tuple[str, bool]:
    """Strips what is said around a name; tells whether "my name is" announced it."""
    is_named = False
    while True:
        lead = _STRONG_LEAD.match(said)
        is_named = is_named or bool(lead)
        lead = lead or _WEAK_LEAD.match(said) or _GREETING.match(said)
        if not lead:
            break
        said = said[lead.end() :]
    told = _STRONG_TAIL.search(said)
    if told:
        return _edges(said[: told.start()]), True
    return _edges(_until_comma(_TAIL.sub("", said.rstrip(" ,")))), is_named


def _until_comma(said: str) -> str:
    """Cuts at a comma behind which no name goes on: "Bob Jones, my back hurts"."""
    parts = said.split(",")
    for index, part in enumerate(parts[1:], start=1):
        first = plain(part).split()[:1]
        is_sentence = not first or first[0] in words.NEVER
        if is_sentence or any(map(str.isdigit, part)):
            return ",".join(parts[:index])
    return said


def _edges(name: str) -> str:
    """Drops smileys and punctuation around a name, but not the full stop of "Jr."."""
    begin, end = 0, len(name)
    while begin < end and not name[begin].isalnum():
        begin += 1
    while end > begin and not (_is_letter(name[end - 1]) or name[end - 1].isdigit()):
        end -= 1
    if re.search(r"\b(?:jr|sr|[A-Z])$", name[begin:end], re.IGNORECASE) and name[end:].startswith(
        "."
    ):
        end += 1
    return name[begin:end]


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"


def _is_spelled_like_a_name(name: str) -> bool:
    if not 2 <= len(name) <= MAX_NAME or len(name.split()) > MAX_WORDS:
        return False
    letters = sum(map(_is_letter, name))
    return letters >= 2 and all(
        _is_letter(sign) or sign in _BETWEEN or sign in "\u200c\u200d" for sign in name
    )


def _may_be_a_name(name: str, is_named: bool) -> bool:
    spoken = [word.strip(".,'-") for word in plain(name).split()]
    if _GIBBERISH.search(name.lower()):
        return False
    if is_named:
        return not words.NOT_EVEN_SO.intersection(spoken)
    if len(spoken) == 1 and (spoken[0] in words.ALONE or _is_an_answer(spoken[0])):
        return False
    if len(spoken) > MAX_CARELESS_WORDS and not name.isupper() and name == name.lower():
        return False  # a sentence in a language that the lists do not know
    return not words.NEVER.intersection(
        part for word in spoken for part in (word, word.split("'")[0])
    )


def _is_an_answer(word: str) -> bool:
    return word not in words.ALSO_NAMES and read_answer(word) is not None


def _capitalised(name: str) -> str:
    """Capitalises a name that was typed without care for it, and small words in any other."""
    if name.islower() or name.isupper():
        return " ".join(_capital(word, name.isupper()) for word in name.split())
    return " ".join(
        _capital(word, False) if word.islower() and word not in words.PARTICLES else word
        for word in name.split()
    )


def _capital(word: str, shouted: bool) -> str:
    if word.lower() in words.SMALL_ALWAYS:
        return word.lower()
    if shouted and len(word) == 2 and not set(word) & set("AEIOUY"):
        return word  # initials: "JR SMITH"

    def part(match: re.Match[str]) -> str:
        lowered = match[0].lower()
        if _SCOTTISH.fullmatch(lowered):
            return "Mc" + lowered[2].upper() + lowered[3:]
        return lowered[:1].upper() + lowered[1:]

    return _PART.sub(part, word)
