"""Sends the outbox's e-mails about appointments and requests, and frees holds that ran out.

What patients are told by text message is handed over by ``bot.jobs.texts`` alone.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from datetime import datetime, timedelta

from bot.appointments import calendar_of, say_day_of, say_notice
from bot.clinic import clinic
from bot.entities.person import spoken_phone
from bot.jobs.mail import Mail, Mailer, RefusedError, mailer
from bot.replies import plain_response
from bot.store import notices as store
from bot.store.appointments import release_expired
from bot.store.models import utc_now
from bot.store.reminders import drop_claimed, mark_sent

LEASE = timedelta(minutes=2)
_SUBJECTS = {
    store.CLINIC_BOOKED: "New appointment",
    store.CLINIC_MOVED: "Appointment moved",
    store.CLINIC_CANCELLED: "Appointment cancelled",
    store.CLINIC_REQUEST: "Please call back",
    store.CLINIC_WITHDRAWN: "No call needed any more",
}
_PATIENT_SUBJECTS = {
    store.MAIL_BOOKED: "Your visit",
    store.MAIL_MOVED: "Your visit has a new time",
    store.MAIL_CANCELLED: "Your visit is cancelled",
}
_PATIENT_TEXTS = {
    store.MAIL_BOOKED: "utter_mail_booked",
    store.MAIL_MOVED: "utter_mail_moved",
    store.MAIL_CANCELLED: "utter_mail_cancelled",
}


def run_once(way: Mailer | None = None, now: datetime | None = None) -> Counter[str]:
    """Sends what is due and frees what is no longer held.

    Args:
        way: The way for e-mails; by default that of the settings. Without one they wait.
        now: The present moment; by default the clock's.

    Returns:
        Numbers of ``notices sent``, ``notices failed``, ``notices dropped`` and ``holds freed``.
    """
    moment = now or utc_now()
    owner = f"{os.getpid()}-{secrets.token_hex(8)}"
    done: Counter[str] = Counter({"holds freed": release_expired(moment)})
    post = way or mailer()
    if post is None:
        return +done
    for notice in store.free_notices(moment):
        if store.claim_notice(notice.id, owner, moment, LEASE):
            done[f"notices {_send(post, notice, owner, moment)}"] += 1
    return +done


# --- e-mail --------------------------------------------------------------------------------------


def _send(post: Mailer, notice: store.Notice, owner: str, now: datetime) -> str:
    """Sends a claimed e-mail and marks it; returns what became of it."""
    reason = None if notice.is_for_clinic else _of_no_use(notice, now)
    if reason:
        drop_claimed(notice.id, owner, reason)
        return "dropped"
    try:
        post.send(_clinics(notice) if notice.is_for_clinic else _patients(notice, now))
    except RefusedError:
        if not notice.is_for_clinic:
            drop_claimed(notice.id, owner, "refused")
            return "dropped"
        store.put_back(notice, owner, now)
        return "failed"
    except Exception:
        store.put_back(notice, owner, now)
        return "failed"
    mark_sent(notice.id, owner, now)
    return "sent"


def _of_no_use(notice: store.Notice, now: datetime) -> str | None:
    """Returns why a patient's e-mail is of no use any more; None where it is."""
    if not notice.is_newest:
        return "newer"
    return "late" if notice.starts_at and notice.starts_at <= now else None


def _clinics(notice: store.Notice) -> Mail:
    return Mail(notice.id, subject(notice), text(notice))


def subject(notice: store.Notice) -> str:
    """Returns the subject: what and when, nobody's name and nothing about their health."""
    when = "" if notice.starts_at is None else f": {say_notice(notice)}"
    return f"{_SUBJECTS[notice.kind]}{when} ({notice.reference})"


def text(notice: store.Notice) -> str:
    """Returns the text: whom to expect, and how to reach them.

    The patient's own words stay in the list, because they may tell of their health.
    """
    lines = [
        f"{_SUBJECTS[notice.kind]}, reference {notice.reference}",
        _when(notice),
    ]
    if notice.name or notice.phone:
        lines += [f"Name: {notice.name}", f"Phone: {spoken_phone(notice.phone)}"]
    else:
        lines.append("The patient had their data deleted: the first e-mail says who it was.")
    if notice.email:
        lines.append(f"E-mail: {notice.email}")
    if notice.urgent:
        lines.append("Marked as urgent by the chat's safety questions. Please look at it first.")
    if notice.has_reason:
        lines.append("The patient gave a reason for the visit: it is in the list.")
    lines.append("All requests and appointments: run `bot bookings`.")
    return "\n".join(lines) + "\n"


def _when(notice: store.Notice) -> str:
    if notice.starts_at:
        return f"Time: {say_notice(notice)} with {notice.therapist}"
    wished = say_day_of(notice.wished) if notice.wished else "see the list"
    return f"Wished time: {wished}"


def _patients(notice: store.Notice, now: datetime) -> Mail:
    response = plain_response(_PATIENT_TEXTS[notice.kind], store.EMAIL)
    when = f"{say_notice(notice)} with {notice.therapist}"
    said = response["text"].replace("{booking_when}", when)
    cancelled = notice.kind == store.MAIL_CANCELLED
    return Mail(
        notice.id,
        f"{_PATIENT_SUBJECTS[notice.kind]}: {say_notice(notice)}, {clinic().name}",
        said.replace("{reference}", notice.reference) + "\n",
        to=notice.email,
        calendar=calendar_of(notice, now, cancelled),
    )
