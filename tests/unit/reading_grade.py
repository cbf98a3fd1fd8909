"""The Flesch-Kincaid grade, counted here: textstat 0.7.13 downloads its dictionary first.

The syllable rules were compared with the CMU dictionary on every word of the responses; words on
which they are wrong are listed.
"""

from __future__ import annotations

import re

_LISTED = {
    "aneurysm": 4, "area": 3, "being": 2, "business": 2, "create": 2, "different": 3, "doing": 2,
    "every": 2, "everyone": 3, "fluid": 2, "going": 2, "idea": 3, "medicine": 3, "people": 2,
    "poem": 2, "quiet": 2, "science": 2, "seeing": 2, "something": 2, "someone": 2, "sometimes": 2,
    "somewhere": 2, "therefore": 2, "evening": 2, "being's": 2, "clothes": 1, "peeing": 2,
    "pooping": 2, "safely": 2, "movement": 2, "areas": 3, "therapeutic": 4, "diagnose": 3,
    "ok": 2, "uk": 2, "fda": 3, "safety": 2, "maybe": 2, "anyone": 3, "everything": 3, "whoever": 3,
    "guideline": 2, "guidelines": 2, "usually": 4, "usual": 3, "muscle": 2,
    "muscles": 2, "iliacus": 4, "psoas": 2,
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,/-]*")
_SENTENCE = re.compile(r"[.!?:]+(?=\s|$|[\"”’)])|\n+")


def syllables(word: str) -> int:
    """Counts the syllables of an English word; a number counts as one for each of its groups."""
    word = word.lower().replace("’", "'")
    if word in _LISTED:
        return _LISTED[word]
    if word[0].isdigit():
        return len(re.findall(r"\d+", word))
    if "-" in word:
        return sum(syllables(part) for part in word.split("-") if part)
    extra = 1 if re.search(r"[dst]n't$", word) else 0
    word = re.sub(r"'\w+$|'$", "", word)
    stem = re.sub(r"(?<=[^aeiouylsxzcgh])es$|(?<=[aeiouy]l)es$|(?<=[^tdl])ed$", "", word)
    stem = re.sub(r"(?<=[aeiouy]l)ed$|(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$", "", stem)
    stem = re.sub(r"(?<=[aeiouy][^aeiouy])e(ly|ment|ful|less|ness)$", r"\1", stem)
    count = extra + len(re.findall(r"[aeiouy]+", stem))
    count += len(re.findall(r"(?<![tc])ia|(?<![tscg])io|(?<![gq])ua|(?<!g)eo(?!u)|ying", stem))
    return max(1, count)


def grade(text: str) -> float:
    """Returns the Flesch-Kincaid grade of a text; Markdown signs and list marks do not count."""
    plain = re.sub(r"[*_]|^- ", "", text, flags=re.MULTILINE)
    sentences = [part for part in _SENTENCE.split(plain) if part and _WORD.search(part)]
    words = _WORD.findall(plain)
    if not words:
        return 0.0
    return (
        0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    )


_SPANISH_VOWELS = re.compile(
    r"[aeo\u00e1\u00e9\u00f3\u00ed\u00fa]|[iu\u00fc]+(?![aeo\u00e1\u00e9\u00f3])"
)


def spanish_ease(text: str) -> float:
    """Returns the Fernandez Huerta reading ease of a Spanish text: 100 is very easy.

    A syllable is counted for each strong or accented vowel, and for weak ones that lean on none.
    """
    words = _WORD.findall(text)
    sentences = [part for part in _SENTENCE.split(text) if _WORD.search(part)]
    spoken = sum(
        1 if word[0].isdigit() else max(1, len(_SPANISH_VOWELS.findall(word.lower())))
        for word in words
    )
    return 206.84 - 60 * spoken / len(words) - 1.02 * len(words) / len(sentences)
