"""The ways out for reminders, one per channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.store.reminders import Outgoing


class NotSentError(Exception):
    """The message surely did not go out, so it may be tried again."""


class Sender(Protocol):
    """A channel's way out.

    A new channel adds a class with this method and an entry in ``senders``.
    """

    def send(self, message: Outgoing) -> None:
        """Sends one reminder.

        Raises:
            NotSentError: It surely did not go out. Any other error leaves that open: after it the
                message is tried once more, as after a crash.
        """


class NextVisit:
    """The way out of a channel that cannot push: the message waits in the outbox.

    A closed web page cannot be reached. What is marked as sent is said when the patient is there
    again (``bot.channels.waiting``).
    """

    def send(self, message: Outgoing) -> None:
        """Leaves the message in the outbox."""


def senders() -> Mapping[str, Sender]:
    """Returns the senders by channel; channels without one use ``NextVisit``."""
    from bot.jobs.texts import TextMessage

    return {"web": NextVisit(), "sms": TextMessage()}
