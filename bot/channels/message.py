"""One message of a patient on its way through the dialogue engine, with what the bot says to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.channels.output import as_reply
from bot.safety import Screening


@dataclass
class PatientMessage:
    """A message and the replies to it.

    Attributes:
        text: What was written, cleaned.
        sender_id: Whose conversation it belongs to.
        channel: The channel whose wording is wanted.
        parse_data: What a chosen button means; None where the words are to be understood.
        screening: What the safety layer has found in exactly these words, where it was asked.
        may_wait: Whether a reminder or the like may wait to be told; False where none does.
        replies: What was said so far, in the product's own shape.
    """

    text: str
    sender_id: str
    channel: str
    parse_data: dict[str, Any] | None = None
    screening: Screening | None = None
    may_wait: bool = True
    replies: list[dict[str, Any]] = field(default_factory=list)

    def say(self, response: dict[str, Any]) -> None:
        """Keeps one response of the engine."""
        self.replies.append(as_reply(response))

    @property
    def is_forgotten(self) -> bool:
        """Tells whether the answer was that the patient's data are deleted."""
        return any((reply["custom"] or {}).get("type") == "forget" for reply in self.replies)
