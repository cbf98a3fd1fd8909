"""Sends the outbox's notices about appointments to the clinic, and frees holds that ran out."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from datetime import datetime, timedelta

from bot.appointments import say_when
from bot.entities.person import spoken_phone
from bot.jobs.mail import Mailer, mailer
from bot.store import notices as store
from bot.store.appointments import release_expired
from bot.store.models import utc_now
from bot.store.reminders import mark_sent

LEASE = timedelta(minutes=2)
_SUBJECTS = {
    store.CLINIC_BOOKED: "New appointment",
    store.CLINIC_MOVED: "Appointment moved",
    store.CLINIC_CANCELLED: "Appointment cancelled",
}


def run_once(way: Mailer | None = None, now: datetime | None = None) -> Counter[str]:
    """Sends what is due and frees what is no longer held.

    Args:
        way: The way for e-mails; by default that of the settings. Without one the notices wait.
        now: The present moment; by default the clock's.

    Returns:
        Numbers of ``notices sent``, ``notices failed`` and ``holds freed``.
    """
    moment = now or utc_now()
    done: Counter[str] = Counter({"holds freed": release_expired(moment)})
    post = way or mailer()
    if post is None:
        return +done
    owner = f"{os.getpid()}-{secrets.token_hex(8)}"
    for notice in store.free_notices(moment):
        if not store.claim_notice(notice.id, owner, moment, LEASE):
            continue
        try:
            post.send(notice.id, subject(notice), text(notice))
        except Exception:
            store.put_back(notice, owner, moment)
            done["notices failed"] += 1
        else:
            mark_sent(notice.id, owner, moment)
            done["notices sent"] += 1
    return +done


def subject(notice: store.Notice) -> str:
    """Returns the subject: what and when, nobody's name and nothing about their health."""
    return f"{_SUBJECTS[notice.kind]}: {say_when(notice.starts_at)} ({notice.reference})"


def text(notice: store.Notice) -> str:
    """Returns the text: whom to expect, and how to reach them."""
    lines = [
        f"{_SUBJECTS[notice.kind]}, reference {notice.reference}",
        f"Time: {say_when(notice.starts_at)} with {notice.therapist}",
    ]
    if notice.name or notice.phone:
        lines += [f"Name: {notice.name}", f"Phone: {spoken_phone(notice.phone)}"]
    else:
        lines.append("The patient had their data deleted: the first e-mail says who it was.")
    if notice.urgent:
        lines.append("Marked as urgent by the chat's safety questions. Please look at it first.")
    lines.append("All requests and appointments: run `bot bookings`.")
    return "\n".join(lines) + "\n"
