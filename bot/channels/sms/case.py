"""One text message as the channel sees it, and its ways to the rest of the product."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.safety import Screening, Urgency
from bot.store.sms_consent import Consent
from bot.store.sms_flow import Flow
from bot.store.sms_inbox import Message
from bot.store.sms_numbers import Known

Reply = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A message with what is known when it is worked on.

    Attributes:
        message: The message.
        text: Its words.
        holder: The number and its open question.
        consent: What the number agreed to.
        screening: What the detector heard in it.
        crossed: Whether the last question had not gone out when it came in.
        flow: How much the number wrote lately.
        repeated: How often the same text came in a row, this time included.
    """

    message: Message
    text: str
    holder: Known
    consent: Consent
    screening: Screening
    crossed: bool
    flow: Flow
    repeated: int = 1

    @property
    def is_danger(self) -> bool:
        """Tells whether the message holds a danger sign."""
        return self.screening.level >= Urgency.PHYSICIAN_SOON

    @property
    def is_calm(self) -> bool:
        """Tells whether the message holds no danger sign, and nothing that may be one."""
        return not self.is_danger and not self.screening.ask


@dataclass(frozen=True)
class Dialogue:
    """The ways to the rest of the product.

    Attributes:
        reply: Answers a text in a conversation.
        recall: Returns what the patient wrote last in a stored conversation, and the replies.
        pass_on: Gives a number's hash a conversation of its own; returns that one's id.
        stop_reminders: Stops a conversation's reminders.
        public_url: The address for pictures.
    """

    reply: Callable[[str, str], Awaitable[list[Reply]]]
    recall: Callable[[str], Awaitable[tuple[str, list[Reply]]]]
    pass_on: Callable[[str], Awaitable[str]]
    stop_reminders: Callable[[str], Awaitable[object]]
    public_url: str


def is_alert(reply: Reply) -> bool:
    """Tells whether a reply is the instruction for a danger sign."""
    return (reply["custom"] or {}).get("type") == "alert"
