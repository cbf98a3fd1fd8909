"""Reactions to a text, which phones send as a text of its own that quotes the one reacted to.

What is quoted is what was said before, most often by the bot: no danger sign, no word that opts
out, and no answer.
"""

from __future__ import annotations

import re

_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S{1,12} to|"
    r"removed (?:an? |the )?[^“\"]{1,40} from|[^\w\s]{1,6}\s*to)\s*(?:“.*”|\".*\"|an? image)\s*",
    re.IGNORECASE | re.DOTALL,
)


def is_reaction(text: str) -> bool:
    """Tells whether a text is a phone's note that somebody reacted to another text."""
    return bool(_REACTION.fullmatch(text))
