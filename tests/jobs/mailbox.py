"""A real SMTP server for tests: keeps what it is sent, or refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from bot.engine.processes import free_port


class Mailbox:
    """What arrived at the server.

    Attributes:
        url: The server's address.
        got: The e-mails, in their order.
        refuses: How many e-mails are still turned down for now.
        unknown: Addresses that are refused for good.
    """

    def __init__(self) -> None:
        self.url = ""
        self.got: list[EmailMessage] = []
        self.refuses = 0
        self.unknown: set[str] = set()

    async def handle_RCPT(  # noqa: N802  the server's names
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 there is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses > 0:
            self.refuses -= 1
            return "451 not now"
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def subjects(self) -> list[str]:
        return [message["Subject"] for message in self.got]


@contextmanager
def serving() -> Iterator[Mailbox]:
    """Runs a server on a free port for the length of a block."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mailbox.url = f"smtp://127.0.0.1:{port}"
        yield mailbox
    finally:
        controller.stop()
