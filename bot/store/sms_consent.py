"""What the holder of a number agreed to: added to only, and read right before each send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from bot.store.database import session
from bot.store.models import PatientLink
from bot.store.sms_models import SmsConsent, SmsNumber

REPLIES, REMINDERS, NO_REMINDERS = "replies", "reminders", "no_reminders"
OPT_OUT, OPT_IN = "opt_out", "opt_in"

REPLY, EMERGENCY, CONFIRMATION, HELP, STARTED = "reply", "emergency", "opt_out", "help", "started"
LIMIT, MACHINE = "limit", "machine"
"""Kinds of texts."""


@dataclass(frozen=True)
class Consent:
    """What holds now.

    Attributes:
        replies: Texts may be answered: this number wrote first.
        reminders: The bot may text first: an explicit yes.
        opted_out: Nothing may be sent.
    """

    replies: bool = False
    reminders: bool = False
    opted_out: bool = False

    def allows(self, kind: str) -> bool:
        """Tells whether a text of a kind may be sent.

        The one confirmation of an opt-out, the answer to HELP and the emergency instruction for a
        danger that the patient has just written of go out in any case.
        """
        if kind in (EMERGENCY, CONFIRMATION, HELP):
            return True
        if self.opted_out:
            return False
        return self.reminders if kind == STARTED else self.replies

    def after(self, event: str) -> Consent:
        """Returns what holds after an event."""
        if event == OPT_OUT:
            return Consent(self.replies, False, True)
        if event == OPT_IN:
            return Consent(True, self.reminders, False)
        if event == REPLIES:
            return Consent(True, self.reminders, self.opted_out)
        return Consent(self.replies, event == REMINDERS, self.opted_out)


def consent_in(opened: Any, number_hash: str) -> Consent:
    """Returns what holds for a number, as an open transaction sees it."""
    events = opened.execute(
        select(SmsConsent.event)
        .where(SmsConsent.number_hash == number_hash)
        .order_by(SmsConsent.id)
    ).scalars()
    holds = Consent()
    for event in events:
        holds = holds.after(event)
    return holds


def consent_of(number_hash: str) -> Consent:
    """Returns what holds for a number."""
    with session() as opened:
        return consent_in(opened, number_hash)


def record(opened: Any, number_hash: str, event: str, how: str) -> None:
    """Adds an event in an open transaction, unless it changes nothing."""
    before = consent_in(opened, number_hash)
    if before.after(event) != before:
        opened.add(SmsConsent(number_hash=number_hash, event=event, how=how))
        opened.flush()


def history(opened: Any, sender_id: str) -> list[dict[str, object]]:
    """Returns all that a patient agreed to or took back by text, from phones they joined too."""
    joined = select(PatientLink.sender_id).where(PatientLink.patient_id == sender_id)
    query = (
        select(SmsConsent)
        .join(SmsNumber, SmsNumber.number_hash == SmsConsent.number_hash)
        .where(or_(SmsNumber.sender_id == sender_id, SmsNumber.sender_id.in_(joined)))
        .order_by(SmsConsent.id)
    )
    rows = opened.execute(query).scalars()
    return [{"at": row.at.isoformat(), "event": row.event, "how": row.how} for row in rows]
