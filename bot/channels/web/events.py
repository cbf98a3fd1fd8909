"""What a page may send over the socket, read strictly: anything else is None."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.channels.incoming import MAX_CHARACTERS

LONGEST_TOKEN = 512
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True)
class Hello:
    """How a page introduces itself: its token, and the number of the last bubble it has shown."""

    token: str | None
    last: int


@dataclass(frozen=True)
class Say:
    """A message of the patient: what the page calls it, and its words."""

    id: str
    text: str


def read_hello(data: Any) -> Hello:
    """Reads the handshake; what is wrong with it makes a new visitor, never an error."""
    if not isinstance(data, dict):
        return Hello(None, 0)
    token, last = data.get("token"), data.get("last")
    valid = isinstance(token, str) and 0 < len(token) <= LONGEST_TOKEN
    number = last if isinstance(last, int) and not isinstance(last, bool) else 0
    return Hello(token if valid else None, max(0, min(number, 2**31 - 1)))


def read_say(data: Any) -> Say | None:
    """Reads a message."""
    if not isinstance(data, dict):
        return None
    name, text = data.get("id"), data.get("text")
    if not isinstance(name, str) or not _MESSAGE_ID.fullmatch(name):
        return None
    if not isinstance(text, str) or not 0 < len(text) <= MAX_CHARACTERS:
        return None
    # Half a character cannot be stored or sent on.
    return Say(name, text.encode("utf-8", "replace").decode())


def is_too_long(data: Any) -> bool:
    """Tells whether nothing but the length is wrong with a message."""
    text = data.get("text") if isinstance(data, dict) else None
    return isinstance(text, str) and len(text) > MAX_CHARACTERS
