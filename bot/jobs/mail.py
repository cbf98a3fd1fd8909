"""E-mail to the clinic and to patients. Settings from the environment; without them none is sent.

``BACKCOACH_SMTP_URL`` is ``smtp://user:password@host:587`` (STARTTLS, required with a password) or
``smtps://...:465``; ``BACKCOACH_CLINIC_EMAIL`` is who reads it.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from bot.settings import SettingsError

URL_VARIABLE, TO_VARIABLE = "BACKCOACH_SMTP_URL", "BACKCOACH_CLINIC_EMAIL"
TIMEOUT_SECONDS = 15.0
_DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
_PERMANENT = 500


class RefusedError(Exception):
    """The server will never deliver to that address."""


@dataclass(frozen=True)
class Mail:
    """An e-mail.

    Attributes:
        number: Names it: sent again it has the same Message-ID.
        subject: The subject.
        text: The text.
        to: The patient's address; None is the clinic's.
        calendar: A file for the patient's calendar, or None.
    """

    number: int
    subject: str
    text: str
    to: str | None = None
    calendar: str | None = None


class Mailer(Protocol):
    """A way for e-mails."""

    def send(self, mail: Mail) -> None:
        """Sends an e-mail; raises where it may not have arrived.

        Raises:
            RefusedError: The address is refused for good.
        """


class SmtpMailer:
    """Sends through an SMTP server.

    Args:
        url: The server's address.
        clinic: The clinic's e-mail address; also the sender's.

    Raises:
        SettingsError: The address cannot be read.
    """

    def __init__(self, url: str, clinic: str) -> None:
        self._url, self._clinic = _parsed(url), clinic
        if "@" not in clinic or any(sign.isspace() for sign in clinic):
            raise SettingsError(f"{TO_VARIABLE} is no e-mail address: mend it.")

    def send(self, mail: Mail) -> None:
        """Sends an e-mail (see ``Mailer``)."""
        url = self._url
        port = url.port or _DEFAULT_PORTS[url.scheme]
        with self._connect(url.hostname or "", port) as server:
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            try:
                server.send_message(self._written(mail))
            except smtplib.SMTPRecipientsRefused as error:
                if all(code >= _PERMANENT for code, _ in error.recipients.values()):
                    raise RefusedError from None
                raise

    def _written(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["Subject"], message["From"] = mail.subject, self._clinic
        message["To"] = mail.to or self._clinic
        message["Message-ID"] = f"<backcoach-{mail.number}@{self._clinic.rpartition('@')[2]}>"
        message.set_content(mail.text)
        if mail.calendar:
            message.add_attachment(mail.calendar, subtype="calendar", filename="appointment.ics")
        return message

    def _connect(self, host: str, port: int) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo()
            # A password is never sent in the clear: starttls fails where the server has none.
            if self._url.username or server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
        except Exception:
            server.close()
            raise
        return server


def _parsed(url: str) -> SplitResult:
    try:
        parsed = urlsplit(url)
        fine = parsed.scheme in _DEFAULT_PORTS and parsed.hostname and (parsed.port or 1)
    except ValueError:
        fine = None
    if not fine:
        raise SettingsError(f"{URL_VARIABLE} is not like smtp://user:password@host:587: mend it.")
    return parsed


def mailer() -> Mailer | None:
    """Returns the way for e-mails; None where it is not set up."""
    url, to = os.environ.get(URL_VARIABLE), os.environ.get(TO_VARIABLE)
    return SmtpMailer(url, to) if url and to else None
