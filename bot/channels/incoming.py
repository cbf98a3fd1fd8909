"""What may come in: cleaning a message, and telling an offered button from a forged payload."""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

MAX_CHARACTERS = 10_000
_SENDERS_KEPT = 10_000
# Slashes with spaces between them too: "/ /restart" must not become "/restart".
_LEAD = re.compile(r"^[\s/]+")


def clean(text: str) -> str:
    """Makes a message safe to process, losing no word of it.

    Control characters go (line breaks stay), and so do leading slashes: on every Rasa channel they
    would be read as a command, and people do start sentences with one by mistake.
    """
    kept = "".join(
        c
        for c in text[:MAX_CHARACTERS]
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )
    return _LEAD.sub("", kept).strip()


@dataclass(frozen=True)
class Choice:
    """A button that the bot offered and the patient chose."""

    title: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()


def read_payload(title: str, payload: str) -> Choice | None:
    """Reads a button's payload such as ``/start_exercise?exercise=long_bridge``."""
    if not payload.startswith("/"):
        return None
    intent, _, entities = payload[1:].partition("?")
    return Choice(title, intent, tuple(parse_qsl(entities)))


class OfferedButtons:
    """The buttons that each patient was last offered: only these are taken as commands."""

    def __init__(self) -> None:
        self._offered: OrderedDict[str, dict[str, Choice]] = OrderedDict()

    def knows(self, sender_id: str) -> bool:
        """Tells whether anything is known of this patient since the process started."""
        return sender_id in self._offered

    def offer(self, sender_id: str, replies: list[dict[str, Any]]) -> None:
        """Remembers the buttons of the newest replies, and forgets older ones."""
        choices: dict[str, Choice] = {}
        for reply in replies:
            for button in reply["buttons"]:
                choice = read_payload(button["title"], button["payload"])
                if choice:
                    choices[button["title"].casefold().strip()] = choice
        self._offered[sender_id] = choices
        self._offered.move_to_end(sender_id)
        while len(self._offered) > _SENDERS_KEPT:
            self._offered.popitem(last=False)

    def chosen(self, sender_id: str, text: str) -> Choice | None:
        """Returns the offered button whose title was sent, if any."""
        choices = self._offered.get(sender_id)
        return choices.get(text.casefold().strip()) if choices else None
