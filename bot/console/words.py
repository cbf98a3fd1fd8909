"""What the console says of moments, levels, messages and people."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from markupsafe import Markup, escape

from bot.clinic import clinic
from bot.coaching.plan import say_time
from bot.entities.phone import spoken_phone
from bot.safety.urgency import Urgency
from bot.store.models import utc_now

LEVELS = {
    Urgency.CRISIS: "Crisis: was given 988",
    Urgency.CALL_911: "Emergency: was told to call 911",
    Urgency.ER_NOW: "Emergency: was sent to the emergency room",
    Urgency.SAME_DAY: "Was told to see a doctor today",
    Urgency.PHYSICIAN_SOON: "Was told to see a doctor within days",
    Urgency.PT_EVALUATION: "Fits an evaluation",
    Urgency.SELF_CARE: "Fits self-care",
    Urgency.NONE: "No warning sign",
}
_SIGNS = {
    "cauda_equina": "cauda equina",
    "cord_compression": "spinal cord",
    "neuro_deficit": "nerve loss",
    "post_procedure": "recent procedure",
    "renal_visceral": "kidney or belly",
    "vascular": "blood vessels",
    "cardiac": "heart",
}
EVENTS = {
    "raised": "Raised by a message",
    "screened": "Safety questions",
    "seen": "Released: patient said they were seen",
    "mistake": "Released: patient said it was a mistake",
}
MESSAGES = {
    "clinic_booked": "E-mail to the clinic: new appointment",
    "clinic_moved": "E-mail to the clinic: appointment moved",
    "clinic_cancelled": "E-mail to the clinic: appointment cancelled",
    "clinic_hand_off": "E-mail to the clinic: a patient wants a person",
    "clinic_request": "E-mail to the clinic: new request",
    "clinic_withdrawn": "E-mail to the clinic: request taken back",
    "patient_booked": "Confirmation to the patient",
    "mail_booked": "E-mail to the patient: appointment booked",
    "mail_moved": "E-mail to the patient: appointment moved",
    "mail_cancelled": "E-mail to the patient: appointment cancelled",
    "reminder": "Exercise reminder to the patient",
    "text_reply": "Text to the patient",
    "text_emergency": "Text to the patient: emergency instruction",
    "text_opt_out": "Text to the patient: end of texts confirmed",
    "text_help": "Text to the patient: help",
    "text_limit": "Text to the patient: too many texts for now",
    "text_machine": "Text to the patient: answer to an automatic reply",
    "text_started": "Text to the patient: reminder or notice",
}
HOWS = {
    "keyword": "STOP or a word like it",
    "words": "their own words",
    "answer": "their answer to a question",
    "message": "writing to us",
    "provider": "the text provider's report",
    "stranger": "a new holder of the number",
}
STATUSES = {
    "requested": "open", "called_back": "called back", "cancelled": "cancelled",
    "booked": "booked", "waiting": "waiting", "done": "taken",
}  # fmt: skip


def level(value: Urgency | str) -> str:
    """Returns a level in words; what the bot told the patient, and no diagnosis."""
    return LEVELS[Urgency.of(value) if isinstance(value, str) else value]


def sign(pathology: str | None) -> str:
    """Returns what a sign belongs to, in words."""
    return _SIGNS.get(pathology or "", (pathology or "").replace("_", " "))


def status(value: str) -> str:
    """Returns a status in words."""
    return STATUSES.get(value, value.replace("_", " "))


def message_kind(value: str) -> str:
    """Returns what a message on its way is."""
    return MESSAGES.get(value, value.replace("_", " ").capitalize())


def local(moment: datetime) -> datetime:
    """Returns a moment by the clinic's clock."""
    return moment.astimezone(ZoneInfo(clinic().time_zone))


def moment(value: datetime | None) -> Markup:
    """Returns a moment as staff say it: "today, 3:15 pm", "Mon, Mar 9, 2026, 7 pm"."""
    if value is None:
        return Markup("")
    shown = local(value)
    today = local(utc_now()).date()
    near = {today: "today", today + timedelta(1): "tomorrow", today - timedelta(1): "yesterday"}
    day = near.get(shown.date(), f"{shown:%a, %b} {shown.day}, {shown.year}")
    said = f"{day}, {say_time(shown.time())}"
    return Markup('<time datetime="{}">{}</time>').format(shown.isoformat("T", "minutes"), said)


def stamp(value: datetime | None) -> str:
    """Returns a moment for a table file: "2026-03-09 19:00", the clinic's time."""
    return f"{local(value):%Y-%m-%d %H:%M}" if value else ""


def phone_number(value: str) -> str:
    """Returns a phone number as people write it, or as it is stored where it cannot be read."""
    try:
        return spoken_phone(value)
    except phonenumbers.NumberParseException:
        return value


def phone(value: str) -> Markup:
    """Returns a phone number as a link that a phone dials."""
    if not value:
        return Markup("no phone number")
    return Markup('<a class="phone" href="tel:{}">{}</a>').format(value, phone_number(value))


def nameless(sender_id: str) -> str:
    """Returns what a patient is called who gave no name: their channel and a short mark."""
    channel, _, rest = sender_id.partition("-")
    kind = {"web": "Website visitor", "sms": "Text message patient"}.get(channel, "Patient")
    return f"{kind} {(rest or channel)[-4:]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Returns a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def lines(text: str) -> Markup:
    """Returns a text with its line breaks; everything else in it is text and no markup."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())
