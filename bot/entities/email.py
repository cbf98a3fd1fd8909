"""Reads an e-mail address from an answer."""

from __future__ import annotations

import re

MAX_TEXT = 2_000
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?<![\w.@+-])(?P<local>{_LOCAL})@(?P<domain>(?:{_LABEL}\.)+[A-Za-z]{{2,63}})(?![\w@-])"
)


def read_email(text: str) -> str | None:
    """Reads an e-mail address (RFC 5321's lengths; only the unquoted form that people have).

    Args:
        text: The answer, for example "it's Ana.Lopez@Example.com, thanks".

    Returns:
        The address with its domain in lower case; None where there is none, or more than one.
    """
    if len(text) > MAX_TEXT:
        return None
    found = {
        f"{match['local']}@{match['domain'].lower()}": len(match["local"])
        for match in _ADDRESS.finditer(text)
    }
    fitting = [one for one, local in found.items() if local <= 64 and len(one) <= 254]
    return fitting[0] if len(found) == len(fitting) == 1 else None
