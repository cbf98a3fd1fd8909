"""What the stand-in keeps: texts, phones, and the faults that were asked for."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime

# Numbers with a meaning, as the provider's own test numbers (twilio.com/docs/iam/test-credentials).
MAGIC = {
    "+15005550001": (400, 21211, "Invalid 'To' Phone Number"),
    "+15005550003": (400, 21408, "Permission to send to that region is not enabled"),
    "+15005550004": (400, 21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (400, 21614, "'To' number is not a valid mobile number"),
}
# Taken, but never delivered: +1500553 and the last four digits of the code.
UNDELIVERED_PREFIX = "+150055"
UNDELIVERED_CODES = range(30003, 30009)
LONGEST_BODY = 1600
_STOPS = frozenset("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT".split())
_STARTS = frozenset("START YES UNSTOP".split())


@dataclass
class SandboxText:
    """One text, in or out.

    Attributes:
        sid: Its id.
        phone: The patient's number.
        body: What it says.
        outbound: Whether the bot sent it.
        status: As the provider names it.
        media: The address of a picture, or "".
        at: When it was made.
        error: The provider's error code, or None.
    """

    sid: str
    phone: str
    body: str
    outbound: bool
    status: str
    media: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    error: int | None = None

    def as_api(self, account: str, service: str) -> dict[str, object]:
        """Returns the text as the provider's API does."""
        when = format_datetime(self.at)
        ours = "+15005550006"
        return {
            "sid": self.sid, "account_sid": account, "messaging_service_sid": service,
            "body": self.body, "status": self.status, "num_segments": "1",
            "num_media": "1" if self.media else "0",
            "direction": "outbound-api" if self.outbound else "inbound",
            "to": self.phone if self.outbound else ours,
            "from": ours if self.outbound else self.phone,
            "date_created": when, "date_updated": when, "date_sent": when,
            "error_code": self.error, "error_message": None, "price": None, "price_unit": "USD",
            "api_version": "2010-04-01", "uri": f"/2010-04-01/Accounts/{account}/Messages/x.json",
            "subresource_uris": {},
        }  # fmt: skip


@dataclass
class Faults:
    """What goes wrong on demand.

    Attributes:
        down: The API answers 503 to everything.
        limited: So many requests are answered 429.
        delay: Seconds that every send takes.
        longest: The longest body that is taken.
        lose_answers: So many sends are taken, but the connection breaks before the answer.
        keywords: Whether the stand-in handles STOP and START itself, as the provider does.
    """

    down: bool = False
    limited: int = 0
    delay: float = 0.0
    longest: int = LONGEST_BODY
    lose_answers: int = 0
    keywords: bool = False


class Exchange:
    """The texts of the stand-in."""

    def __init__(self) -> None:
        self.texts: list[SandboxText] = []
        self.faults = Faults()
        self.blocked: set[str] = set()
        self.in_flight: dict[str, int] = defaultdict(int)

    @staticmethod
    def new_sid() -> str:
        """Returns an id for a text."""
        return "SM" + secrets.token_hex(16)

    def of(self, phone: str) -> list[SandboxText]:
        """Returns the texts of a phone, the oldest first."""
        return [text for text in self.texts if text.phone == phone]

    def refusal(self, to: str, body: str) -> tuple[int, int, str] | None:
        """Returns HTTP status, code and words of why a send is refused, or None."""
        if self.faults.down:
            return 503, 20503, "Service unavailable"
        if self.faults.limited > 0:
            self.faults.limited -= 1
            return 429, 20429, "Too many requests"
        if to in MAGIC:
            return MAGIC[to]
        if to in self.blocked:
            return 400, 21610, "Attempt to send to unsubscribed recipient"
        if len(body) > self.faults.longest:
            return 400, 21617, "The concatenated message body exceeds the limit"
        return None

    def keyword(self, phone: str, body: str) -> str | None:
        """Handles STOP and START as the provider does, if that is asked for."""
        word = body.strip().upper()
        if not self.faults.keywords:
            return None
        if word in _STOPS:
            self.blocked.add(phone)
            return "STOP"
        if word in _STARTS and phone in self.blocked:
            self.blocked.discard(phone)
            return "START"
        return None


def undelivered_code(phone: str) -> int | None:
    """Returns the error with which texts to a magic number end, or None."""
    code = phone[len(UNDELIVERED_PREFIX) :]
    is_magic = phone.startswith(UNDELIVERED_PREFIX) and code.isdecimal()
    return int(code) if is_magic and int(code) in UNDELIVERED_CODES else None
