"""What the bot says in a turn, as texts for a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.texting.choices import numbered
from bot.texting.gsm7 import plain
from bot.texting.parts import cut, fits

_LISTED = re.compile(r"(?m)^\d{1,2}[.)] ")
Reply = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """A turn as texts.

    Attributes:
        texts: What is sent, in order.
        choices: The titles that the last question offers by number.
        picture: The drawing that belongs to the last text, a PNG's name, or None.
    """

    texts: list[str]
    choices: list[str] = field(default_factory=list)
    picture: str | None = None


def render(replies: Sequence[Reply]) -> Said:
    """Turns replies into texts: without markup, joined where they fit, cut where they must be.

    Only the last reply's buttons become choices: a number belongs to the last question, and where
    that asks for a number itself it has no buttons.
    """
    spoken: list[str] = []
    choices: list[str] = []
    for place, reply in enumerate(replies, start=1):
        text = plain(reply["text"] or "")
        titles = [plain(_title(button)) for button in reply["buttons"]]
        if place == len(replies) and titles:
            choices = titles
            spoken += _with_choices(text, titles)
        elif text:
            spoken.append(text)
    texts = [part for text in _joined(spoken) for part in cut(text)]
    return Said(texts, choices, _picture(replies))


def _title(button: Any) -> str:
    return str(button["title"] if isinstance(button, Mapping) else button)


def _with_choices(text: str, titles: Sequence[str]) -> list[str]:
    """Returns a question with its choices: in one text, or the choices in one of their own."""
    listed = list(_LISTED.finditer(text))
    if listed:
        # The text lists its choices itself; what it does not name goes behind its last one.
        end = text.find("\n", listed[-1].end())
        end = len(text) if end < 0 else end
        more = [f"\n{n}. {title}" for n, title in enumerate(titles, 1) if n > len(listed)]
        return [text[:end] + "".join(more) + text[end:]]
    both = f"{text}\n{numbered(titles)}".strip()
    return [both] if fits(both) or not text else [text, numbered(titles)]


def _joined(texts: Sequence[str]) -> list[str]:
    """Joins texts that fit into one: their order is safe then, and fewer are paid for."""
    joined: list[str] = []
    for text in texts:
        both = f"{joined[-1]}\n{text}" if joined else text
        if joined and fits(both):
            joined[-1] = both
        else:
            joined.append(text)
    return joined


def _picture(replies: Sequence[Reply]) -> str | None:
    custom = (replies[-1]["custom"] or {}) if replies else {}
    path = str(custom.get("picture") or "")
    return path.rpartition("/")[2].removesuffix(".svg") + ".png" if path else None
