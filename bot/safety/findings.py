"""What a screening of one message returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.safety.urgency import Urgency


class Status(str, Enum):
    """How a sign that is named in a message is asserted."""

    PRESENT = "present"
    UNCLEAR = "unclear"
    NEGATED = "negated"
    RESOLVED = "resolved"
    HYPOTHETICAL = "hypothetical"
    OTHER_PERSON = "other_person"


@dataclass(frozen=True)
class Finding:
    """A danger sign named in a message.

    Attributes:
        pathology: The suspected condition's name in ``signs.yml``.
        sign: The sign's name in ``signs.yml``.
        status: Whether the patient says that it is there now.
        span: First and one-past-last character of the words that say it.
        level: The urgency of this sign by itself; ``NONE`` unless present.
    """

    pathology: str
    sign: str
    status: Status
    span: tuple[int, int]
    level: Urgency = Urgency.NONE

    def as_dict(self) -> dict[str, Any]:
        """Returns the finding as the ``bot screen`` command prints it."""
        return {
            "pathology": self.pathology,
            "sign": self.sign,
            "status": self.status.value,
            "span": list(self.span),
        }


@dataclass(frozen=True)
class Screening:
    """The result of screening one message.

    Attributes:
        level: The urgency of the whole message, risk factors combined.
        pathology: The pathology that decided the level, or None.
        ask: The name of the direct question to ask when a sign is unclear, or None.
        ask_level: The urgency that a yes to it means at least, beside the question's own.
        settles: The direct question of the sign that decided the level, or None.
        findings: Every sign that the message names, whatever its status.
        acute: Whether the message speaks of something new, sudden or worse.
        denies: Whether the message negates something, whatever it is.
    """

    level: Urgency = Urgency.NONE
    pathology: str | None = None
    ask: str | None = None
    ask_level: Urgency = Urgency.NONE
    settles: str | None = None
    findings: tuple[Finding, ...] = field(default=())
    acute: bool = True
    denies: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Returns the screening as the ``bot screen`` command prints it."""
        return {
            "level": self.level.label,
            "ask": self.ask,
            "signs": [finding.as_dict() for finding in self.findings],
        }
