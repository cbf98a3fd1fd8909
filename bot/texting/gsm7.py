"""The alphabet of text messages (3GPP TS 23.038), and how much of it a text takes.

A text in this alphabet costs one segment per 160 characters; one sign outside of it makes the whole
text cost one per 70.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")
"""Signs that take two places."""

# Signs that say the same in the alphabet. Accents are not among them: "él" is not "el".
_SAME = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "´": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": "...",
    "•": "-", "·": "-", "‣": "-", "◦": "-", "→": "->", "×": "x", "½": "1/2", "¼": "1/4", "¾": "3/4",
    "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u200a": " ", "\u2002": " ",
    "\u2003": " ", "\t": " ", "\u200b": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
_TABLE = str.maketrans(_SAME)

GSM_ONE, GSM_EACH = 160, 153
UCS_ONE, UCS_EACH = 70, 67


@dataclass(frozen=True)
class Size:
    """How much a text takes.

    Attributes:
        alphabet: ``GSM-7`` or ``UCS-2``.
        units: Septets, or 16-bit units.
        segments: What is paid for.
    """

    alphabet: str
    units: int
    segments: int


def transliterate(text: str) -> str:
    """Writes a text with the alphabet's own signs where these say the same."""
    return unicodedata.normalize("NFC", text).translate(_TABLE)


def _units(text: str) -> tuple[str, list[int]]:
    """Returns the alphabet that a text needs, and how much each of its signs takes in it."""
    if all(sign in BASIC or sign in EXTENSION for sign in text):
        return "GSM-7", [2 if sign in EXTENSION else 1 for sign in text]
    return "UCS-2", [2 if ord(sign) > 0xFFFF else 1 for sign in text]


def size(text: str) -> Size:
    """Counts a text as a carrier does; an empty one takes one segment."""
    alphabet, units = _units(text)
    one, each = (GSM_ONE, GSM_EACH) if alphabet == "GSM-7" else (UCS_ONE, UCS_EACH)
    total = sum(units)
    if total <= one:
        return Size(alphabet, total, 1)
    segments, filled = 1, 0
    for unit in units:  # a sign of two places is never cut in two
        if filled + unit > each:
            segments, filled = segments + 1, 0
        filled += unit
    return Size(alphabet, total, segments)


_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_ITALIC = re.compile(r"(?<![\w*])[*_](?=\S)([^*_\n]+?)(?<=\S)[*_](?![\w*])")
_HEADING = re.compile(r"(?m)^#{1,6} +")
_ITEM = re.compile(r"(?m)^[*+] +")


def plain(text: str) -> str:
    """Returns a text without its markup, in the alphabet of text messages where that can be.

    Links become "title: address", which phones make a link again.
    """
    bare = _LINK.sub(r"\1: \2", text)
    for mark in (_EMPHASIS, _ITALIC):
        bare = mark.sub(lambda found: found[found.lastindex or 0], bare)
    bare = _ITEM.sub("- ", _HEADING.sub("", bare))
    lines = [" ".join(line.split(" ")).strip() for line in transliterate(bare).split("\n")]
    return re.sub(r"\n{2,}", "\n", re.sub(r" {2,}", " ", "\n".join(lines))).strip()
