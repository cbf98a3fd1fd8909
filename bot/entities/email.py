"""Reads an e-mail address from an answer."""

from __future__ import annotations

import re

MAX_TEXT = 2_000
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?<![\w.@+-])(?P<local>{_LOCAL})@(?P<domain>(?:{_LABEL}\.)+[A-Za-z]{{2,63}})(?![\w@-])"
)
# "Tom at gmail dot com", as it is dictated: the whole answer, or behind "it's" and the like, so
# that no half of a name with spaces is taken for an address.
_AT, _DOT = r" ?[\[(]? ?\bat\b ?[\])]? ?", r" ?[\[(]? ?\bdot\b ?[\])]? ?"
_SPOKEN = re.compile(
    r"(?:^|\b(?:it'?s|it is|is|use|address|e-?mail|to)\b[:,]? )(?:it'?s )?"
    rf"(?P<local>[\w+-]+(?:(?:\.|{_DOT}| underscore | dash )[\w+-]+)*){_AT}"
    rf"(?P<domain>[a-z0-9-]+(?:(?:{_DOT})[a-z0-9-]+)+|"
    r"(?:gmail|yahoo|outlook|hotmail|icloud|aol)\.com)"
    r"(?=[.,! ]*(?:(?:please|thanks|thank you)[.! ]*)?$)",
    re.IGNORECASE | re.ASCII,
)
_SIGNS = ((re.compile(_DOT, re.I), "."), (re.compile(r" underscore ", re.I), "_"),
          (re.compile(r" dash ", re.I), "-"))  # fmt: skip


def _written(text: str) -> str:
    """Returns a text with a dictated address as it is written."""
    spoken = None if "@" in text else _SPOKEN.search(" ".join(text.split()))
    if spoken is None:
        return text
    address = f"{spoken['local']}@{spoken['domain']}"
    for said, sign in _SIGNS:
        address = said.sub(sign, address)
    return address


def read_email(text: str) -> str | None:
    """Reads an e-mail address (RFC 5321's lengths; only the unquoted form that people have).

    Args:
        text: The answer, for example "it's Ana.Lopez@Example.com, thanks" or "ana at x dot com".

    Returns:
        The address with its domain in lower case; None where there is none, or more than one.
    """
    if len(text) > MAX_TEXT:
        return None
    found = {
        f"{match['local']}@{match['domain'].lower()}": len(match["local"])
        for match in _ADDRESS.finditer(_written(text))
    }
    fitting = [one for one, local in found.items() if local <= 64 and len(one) <= 254]
    return fitting[0] if len(found) == len(fitting) == 1 else None
