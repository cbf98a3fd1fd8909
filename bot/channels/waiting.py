"""What waited for a patient's visit, because their channel cannot push."""

from __future__ import annotations

from typing import Any

from bot.appointments import say_when
from bot.channels.output import as_reply
from bot.patient import day_begins, say_moment
from bot.replies import plain_response
from bot.store.links import take_joined
from bot.store.models import utc_now
from bot.store.notices import take_confirmations
from bot.store.reminders import exercised_since, take_waiting, urgency_since
from bot.store.waiting import may_wait

REMINDER = "utter_reminder_due"
CONFIRMATION = "utter_appointment_waiting"
JOINED = "utter_link_told"


def waiting_replies(sender_id: str, channel: str) -> list[dict[str, Any]]:
    """Takes what waited: a joined phone, confirmations that did not arrive, the newest reminder."""
    if not may_wait(sender_id):
        return []
    joined = channel == "web" and take_joined(sender_id, utc_now())
    return [
        *([as_reply(plain_response(JOINED, channel))] if joined else []),
        *_confirmations(sender_id, channel),
        *_reminder(sender_id, channel),
    ]


def _confirmations(sender_id: str, channel: str) -> list[dict[str, Any]]:
    """Takes the bookings that were stored, but whose confirmation was not said: a crash between."""
    replies = []
    for reference, starts, therapist in take_confirmations(sender_id, channel):
        response = plain_response(CONFIRMATION, channel)
        when = f"{say_when(starts)} with {therapist}"
        text = response["text"].replace("{booking_when}", when).replace("{reference}", reference)
        replies.append(as_reply({**response, "text": text}))
    return replies


def _reminder(sender_id: str, channel: str) -> list[dict[str, Any]]:
    """Takes the newest reminder that waited and says it; none where it is of no use any more.

    It is of no use after the exercises were done, and wrong while an urgency stands.
    """
    message = take_waiting(sender_id, channel)
    if message is None or urgency_since(sender_id, message.agreed_at):
        return []
    if exercised_since(sender_id, day_begins(message.due_at, message.time_zone)):
        return []
    response = plain_response(REMINDER, channel)
    when = say_moment(message.due_at, utc_now(), message.time_zone)
    text = response["text"].replace("{reminder_when}", when)
    return [as_reply({**response, "text": text})]
