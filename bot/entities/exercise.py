"""Reads which of the clinic's exercises a message names."""

from __future__ import annotations

import re

_PATTERNS = {
    "iliacus_release": r"iliacus|illiacus|ilia[ck]us|ileacus|iliac\b|pelvic bone|hip bone (ball|release)"
    r"|tennis ball|silly ac\w*|ill?y ?ac\w+",
    "psoas_release": r"psoas|\bsoas\b|so ass|\bsoaz\b|p ?so ?as|belly (button )?ball|inflatable ball"
    r"|(4|four).?inch ball|soft ball|softball",
    "long_bridge": r"bridge|multifid\w*|multi ?fid\w*|mole to fetus|multi ?feed\w*|heel (dig|push)\w*",
    "ta_activation": r"\bta\b|transvers\w*|transvers[ae] abdom\w*|deep (ab|core)\w*|belly button"
    r"( pull| in| breath\w*)|draw(ing)?.?in|tummy (pull|suck)\w*|stomach vacuum|deep abdominal\w*",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}


def read_exercise(text: str) -> str | None:
    """Reads the exercise that a message names.

    Returns:
        ``iliacus_release``, ``psoas_release``, ``long_bridge``, ``ta_activation``, or None when
        the message names none.
    """
    lowered = text.lower()
    for name, pattern in _COMPILED.items():
        if pattern.search(lowered):
            return name
    return None
