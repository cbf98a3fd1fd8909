"""What the provider sends: its signature and its fields, read from the raw body.

The web framework's own form reader drops blank fields, which are signed too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from bot.channels.sms.settings import SmsSettings

MAX_TEXT = 10_000
_KEYWORDS = frozenset({"STOP", "START", "HELP"})


class Form:
    """A form's fields; a name may come more than once.

    Args:
        body: The raw body of the request.

    Raises:
        ValueError: The body is no form.
    """

    def __init__(self, body: bytes) -> None:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=300, errors="strict"
        )
        self._fields: dict[str, list[str]] = {}
        for name, value in pairs:
            self._fields.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def getlist(self, name: str) -> list[str]:
        """Returns all values of a field (named as the validator calls it)."""
        return self._fields.get(name, [])

    def get(self, name: str) -> str:
        """Returns a field's first value; "" where it is not there."""
        return self._fields.get(name, [""])[0]

    def number(self, name: str) -> int | None:
        """Returns a field that is a whole number, or None."""
        value = self.get(name)
        return int(value) if value.isdecimal() and len(value) < 10 else None


def is_signed(settings: SmsSettings, path: str, query: str, form: Form, signature: str) -> bool:
    """Tells whether the provider signed a request to our public address.

    Args:
        settings: With the secret and the public address.
        path: The route's path.
        query: The request's query string, as it came.
        form: The body's fields.
        signature: The header ``X-Twilio-Signature``.
    """
    if not signature.isascii():
        return False
    url = f"{settings.public_url}{path}" + (f"?{query}" if query else "")
    signed: bool = RequestValidator(settings.auth_token).validate(url, form, signature)
    return signed and form.get("AccountSid") == settings.account_sid


@dataclass(frozen=True)
class Received:
    """A text message as the provider hands it over.

    Attributes:
        message_sid: The provider's id.
        number: Who wrote, in E.164 form.
        text: What was written; "" where only a picture came.
        media: How many pictures or files.
        keyword: Which keyword the provider itself has answered to, or None.
    """

    message_sid: str
    number: str
    text: str
    media: int
    keyword: str | None


def read(form: Form) -> Received | None:
    """Reads a text message; None where the form is not one. Unknown fields are ignored."""
    sid = form.get("MessageSid") or form.get("SmsSid")
    number = form.get("From")
    if not (sid and len(sid) <= 64 and sid.isalnum()) or not _is_number(number):
        return None
    keyword = form.get("OptOutType").upper()
    return Received(
        sid, number, form.get("Body")[:MAX_TEXT], form.number("NumMedia") or 0,
        keyword if keyword in _KEYWORDS else None,
    )  # fmt: skip


def _is_number(text: str) -> bool:
    return text.startswith("+") and text[1:].isdecimal() and text.isascii() and 5 < len(text) < 17
