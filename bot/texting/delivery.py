"""What a provider's error means for a text, and what to tell the clinic.

Codes: the provider's error dictionary (twilio.com/docs/api/errors).
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(seconds=60)
SETTINGS_DELAY = timedelta(minutes=1)


class Verdict(Enum):
    """What is done about an error."""

    OPTED_OUT = "opted_out"
    SPLIT = "split"
    RETRY = "retry"
    SETTINGS = "settings"
    """Our own settings are refused: kept, tried again slowly, and said loudly."""
    FAIL = "fail"


_OPTED_OUT, _TOO_LONG = 21610, 21617
# Wrong account, key, sender or permission: the text is not at fault.
_SETTINGS = frozenset({20003, 20404, 21603, 21606, 21659, 21660, 21701, 21703, 21704, 30034})

EXPLAINED = {
    20003: "The provider refuses our account id or token. Check both variables.",
    20429: "Too many texts at once; they were sent later.",
    21211: "Not a phone number that exists.",
    21408: "Texts to that country are switched off in the provider's settings.",
    21610: "The patient opted out at the provider. They can text START.",
    21612: "That number cannot be reached from the clinic's.",
    21614: "Not a mobile number: it gets no texts. Call instead.",
    21617: "Too long for one text; it was split.",
    21703: "The Messaging Service has no number to send from. Add one at the provider.",
    30001: "The provider's queue was full. Sent again twice.",
    30003: "The phone is off or out of reach. Sent again twice.",
    30004: "The phone or its carrier blocks these texts; no reminders go there. Call the patient.",
    30005: "The number is not in use; no reminders go there. Ask for a new one.",
    30006: "A landline or no way to reach it; no reminders go there. Call instead.",
    30007: "A carrier took it for spam. Check the registration (A2P 10DLC) and the wording.",
    30008: "The carrier gave no reason. Sent again twice. If it goes on, ask the provider.",
    30034: "The clinic's number is not registered for A2P 10DLC. Register it at the provider.",
}


def verdict(http_status: int | None, code: int | None) -> Verdict:
    """Returns what is done about a refusal.

    Args:
        http_status: The provider's HTTP status; None where no answer came.
        code: Its error code, or None.
    """
    if code == _OPTED_OUT:
        return Verdict.OPTED_OUT
    if code == _TOO_LONG:
        return Verdict.SPLIT
    if http_status is None or http_status == 429 or http_status >= 500:
        return Verdict.RETRY
    if code in _SETTINGS or http_status in (401, 403, 404):
        return Verdict.SETTINGS
    return Verdict.FAIL


def delay(attempts: int) -> timedelta:
    """Returns how long to wait after so many attempts: twice as long each time."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(FIRST_DELAY * doubled, LONGEST_DELAY)
