"""The settings of the SMS channel, from the environment; without all of them it is off."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings import SettingsError, production, secret
from bot.store.sms_numbers import KEY_VARIABLE

ACCOUNT, TOKEN = "BACKCOACH_TWILIO_ACCOUNT_SID", "BACKCOACH_TWILIO_AUTH_TOKEN"
SERVICE, PUBLIC = "BACKCOACH_TWILIO_MESSAGING_SERVICE_SID", "BACKCOACH_PUBLIC_URL"
API = "BACKCOACH_TWILIO_API_URL"
NEEDED = (ACCOUNT, TOKEN, SERVICE, PUBLIC)
INBOUND_PATH, STATUS_PATH = "/sms/inbound", "/sms/status"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class SmsSettings:
    """What the channel needs.

    Attributes:
        account_sid: The provider's account.
        auth_token: Its secret: signs webhooks, and opens the API.
        messaging_service_sid: Whom texts come from.
        public_url: The address under which the provider reaches this server; signed by it.
        api_url: Another address of the API, for the sandbox; None for the provider's own.
    """

    account_sid: str
    auth_token: str
    messaging_service_sid: str
    public_url: str
    api_url: str | None = None

    def __repr__(self) -> str:
        """Returns the settings without the secret, because logs show it."""
        return f"SmsSettings({self.account_sid}, {self.public_url})"


def read() -> SmsSettings | None:
    """Returns the settings; None where SMS is not set up at all.

    Raises:
        SettingsError: Some are missing or wrong; one sentence with the mend.
    """
    values = {name: os.environ.get(name, "").strip() for name in NEEDED}
    missing = [name for name in NEEDED if not values[name]]
    if len(missing) == len(NEEDED) or missing == list(NEEDED[:3]):
        return None
    if missing:
        raise SettingsError(f"SMS is off: set {', '.join(missing)} too, or none of them.")
    for name, shape in ((ACCOUNT, "AC"), (SERVICE, "MG")):
        if not re.fullmatch(rf"{shape}[0-9a-fA-F]{{32}}", values[name]):
            raise SettingsError(f"SMS is off: {name} is not {shape} and 32 hex digits: mend it.")
    secret(KEY_VARIABLE)
    return SmsSettings(
        values[ACCOUNT], values[TOKEN], values[SERVICE], _public(values[PUBLIC]), _api()
    )  # fmt: skip


def _public(url: str) -> str:
    parsed = urlsplit(url)
    safe = parsed.scheme == "https" or (parsed.scheme == "http" and parsed.hostname in _LOOPBACK)
    if not safe or not parsed.hostname or parsed.query or parsed.fragment:
        raise SettingsError(f"SMS is off: {PUBLIC} must be like https://chat.example.org: mend it.")
    return url.rstrip("/")


def _api() -> str | None:
    url = os.environ.get(API, "").strip().rstrip("/")
    if not url:
        return None
    parsed = urlsplit(url)
    if production() or parsed.scheme != "http" or parsed.hostname not in _LOOPBACK:
        raise SettingsError(
            f"SMS is off: {API} is for the sandbox on this machine only, never in production: "
            "take it away."
        )
    return url
