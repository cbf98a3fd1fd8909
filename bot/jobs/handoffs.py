"""E-mails the clinic that a patient wants to talk to a person."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from datetime import datetime

from bot.appointments import say_when
from bot.entities.person import spoken_phone
from bot.jobs.mail import Mailer, mailer
from bot.jobs.notices import LEASE
from bot.store.handoffs import Waiting, free_hand_off_notices
from bot.store.models import utc_now
from bot.store.notices import claim_notice, put_back
from bot.store.reminders import mark_sent


def run_once(way: Mailer | None = None, now: datetime | None = None) -> Counter[str]:
    """Sends what is due.

    Args:
        way: The way for e-mails; by default that of the settings. Without one the notices wait.
        now: The present moment; by default the clock's.

    Returns:
        Numbers of ``hand-offs sent`` and ``hand-offs failed``.
    """
    moment, done = now or utc_now(), Counter[str]()
    post = way or mailer()
    if post is None:
        return done
    owner = f"{os.getpid()}-{secrets.token_hex(8)}"
    for notice in free_hand_off_notices(moment):
        if not claim_notice(notice.id, owner, moment, LEASE):
            continue
        try:
            post.send(notice.id, subject(notice.wish), text(notice.wish))
        except Exception:
            put_back(notice, owner, moment)
            done["hand-offs failed"] += 1
        else:
            mark_sent(notice.id, owner, moment)
            done["hand-offs sent"] += 1
    return done


def subject(wish: Waiting) -> str:
    """Returns the subject: nobody's name, and nothing about their health."""
    return f"Somebody in the chat would like to talk to a person (no. {wish.id})"


def text(wish: Waiting) -> str:
    """Returns the text: how to reach them, and where to read what they wrote."""
    lines = [
        f"Hand-off no. {wish.id}, {say_when(wish.created_at)}, by {wish.channel or 'chat'}",
        f"Name: {wish.name or 'not given'}",
        f"Phone: {spoken_phone(wish.phone) if wish.phone else 'not given'}",
    ]
    if wish.urgent:
        lines.append("Marked as urgent by the chat's safety questions. Please look at it first.")
    lines.append(f"What they wrote last: run `bot handoffs show {wish.id}`.")
    lines.append(f"When it is dealt with: run `bot handoffs done {wish.id}`.")
    return "\n".join(lines) + "\n"
