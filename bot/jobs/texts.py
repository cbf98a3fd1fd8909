"""Text messages that the bot starts: into the outbox of the SMS channel, which sends them.

Only where the patient said an explicit yes to that; else what is to be said waits until they write.
No symptom and no name is in them: a phone lies on a table.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from datetime import datetime, timedelta

from bot.appointments import say_when
from bot.clinic import clinic
from bot.patient import say_moment
from bot.replies import plain_response
from bot.store import sms_outbox
from bot.store.models import utc_now
from bot.store.notices import PATIENT_BOOKED
from bot.store.reminders import Outgoing, drop_claimed, mark_sent
from bot.store.sms_consent import STARTED
from bot.store.sms_notices import Appointed, claim_appointed, free_appointed
from bot.texting.gsm7 import plain, size

REMINDER, APPOINTMENT = "utter_sms_reminder", "utter_sms_appointment"
BOOKED = "utter_sms_booked"
REMINDER_LIFE = timedelta(hours=2)
APPOINTMENT_LIFE = timedelta(hours=24)
QUIET_FROM, QUIET_UNTIL = "21:00", "08:00"
LEASE = timedelta(minutes=1)


class TextMessage:
    """The way out of the SMS channel for reminders."""

    def send(self, message: Outgoing) -> None:
        """Hands a reminder to the SMS outbox, or leaves it for the patient's next message."""
        when = say_moment(message.due_at, utc_now(), message.time_zone)
        quiet = f"{message.quiet_from}|{message.quiet_until}|{message.time_zone}"
        sms_outbox.queue_started(
            message.id, message.sender_id, _text(REMINDER, reminder_when=when),
            message.due_at + REMINDER_LIFE, quiet,
        )  # fmt: skip


def run_once(now: datetime | None = None) -> Counter[str]:
    """Hands what patients are told of their appointments by SMS to the channel's outbox.

    Those are messages of the outbox with channel ``sms`` that belong to an appointment: the
    confirmations that the conversation did not say, and reminders of the visit. What may not be
    texted is said when the patient writes next.
    """
    moment = now or utc_now()
    owner = f"{os.getpid()}-{secrets.token_hex(8)}"
    done: Counter[str] = Counter()
    for notice in free_appointed(moment):
        if not claim_appointed(notice.id, owner, moment, LEASE):
            continue
        if _hand_over(notice, moment):
            mark_sent(notice.id, owner, moment)
            done["texts queued"] += 1
        else:
            drop_claimed(notice.id, owner, "no_consent")
            done["texts not agreed to"] += 1
    return done


def _hand_over(notice: Appointed, now: datetime) -> bool:
    until = min(now + APPOINTMENT_LIFE, notice.starts_at)
    response = BOOKED if notice.kind == PATIENT_BOOKED else APPOINTMENT
    text = _text(response, booking_when=say_when(notice.starts_at), reference=notice.reference)
    quiet = f"{QUIET_FROM}|{QUIET_UNTIL}|{clinic().time_zone}"
    return sms_outbox.queue_started(notice.id, notice.sender_id, text, until, quiet)


def _text(response: str, **facts: str) -> sms_outbox.Text:
    said = str(plain_response(response, "sms")["text"])
    for name, value in facts.items():
        said = said.replace(f"{{{name}}}", value)
    body = plain(said)
    return sms_outbox.Text(body, size(body).segments, STARTED)
