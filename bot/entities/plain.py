"""Brings what phones send into one plain spelling, so that the readers' word lists stay short."""

from __future__ import annotations

import unicodedata

# Longer messages are read to here: enough for any answer, and a bound on every reader's work.
LIMIT = 800
# Combining marks, skin tones' selectors, control and invisible characters.
_DROPPED = frozenset({"Mn", "Me", "Cf", "Cs", "Co"})
_ONE_SPELLING = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—−", "-")
    | {"½": " and a half", "…": " ... ", "¿": " ", "¡": " "}
)


def plain(text: str, limit: int = LIMIT) -> str:
    """Returns a message in lower case, without accents, with plain quotes, dashes and spaces.

    Args:
        text: The message.
        limit: How many characters of it are read.
    """
    cut = text[:limit].translate(_ONE_SPELLING).lower()
    if not cut.isascii():
        whole = unicodedata.normalize("NFKD", cut)
        cut = "".join(sign for sign in whole if unicodedata.category(sign) not in _DROPPED)
    return " ".join(cut.replace("\x00", " ").split())[:limit]
