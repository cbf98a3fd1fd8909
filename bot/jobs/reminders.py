"""Reminders that come due: put into the outbox, claimed, sent, marked.

Any number of jobs may run at once. Each reminder goes out once; after a crash between the send and
its mark it goes out at most once more, and the outbox shows two attempts. After an outage one
reminder is sent, or none if it is too old: never a burst.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.coaching.plan import latest_due, next_due
from bot.jobs.senders import NextVisit, NotSentError, Sender, senders
from bot.patient import as_plan, day_begins, quiet_for, skips
from bot.store import reminders as store
from bot.store.models import utc_now

MAX_AGE = timedelta(hours=2)
"""A reminder that could not be sent for longer than this is of no use any more."""
LEASE = timedelta(minutes=1)
"""How long a claim holds; a job that needs longer for one message counts as crashed."""


def run_once(ways: Mapping[str, Sender] | None = None, now: datetime | None = None) -> Counter[str]:
    """Puts out what is due and sends what is in the outbox.

    Args:
        ways: The senders by channel; by default those of the product.
        now: The present moment; by default the clock's.

    Returns:
        What was done: numbers of ``put out``, ``sent``, ``sent again``, ``dropped`` and ``failed``.
    """
    moment = now or utc_now()
    done = put_out_due(moment)
    return done + send_free(senders() if ways is None else ways, moment)


def put_out_due(now: datetime) -> Counter[str]:
    """Moves every due reminder into the outbox, or notes why it is not sent."""
    done: Counter[str] = Counter()
    for agreed in store.due_reminders(now):
        if agreed.next_due_at is None:
            continue
        plan = as_plan(agreed)
        # After an outage the missed ones before the newest are passed over.
        due = latest_due(plan, agreed.next_due_at, now)
        reason = _why_not(agreed, due, now)
        if store.put_out(agreed, due, next_due(plan, now), reason):
            done["dropped" if reason else "put out"] += 1
    return done


def _why_not(agreed: store.Agreed, due: datetime, now: datetime) -> str | None:
    """Returns why a reminder that came due is not sent; None where it is."""
    if now - due > MAX_AGE:
        return "late"
    if quiet_for(agreed, due):
        return "quiet"
    if skips(agreed, due):
        return "skipped"
    return _unwanted(agreed.sender_id, agreed.agreed_at, due, agreed.time_zone)


def _unwanted(sender_id: str, agreed_at: datetime, due: datetime, time_zone: str) -> str | None:
    """Returns what makes a reminder wrong: an urgency that stands, or the exercises are done."""
    if store.urgency_since(sender_id, agreed_at):
        return "urgent"
    done = store.exercised_since(sender_id, day_begins(due, time_zone))
    return "done" if done else None


def send_free(ways: Mapping[str, Sender], now: datetime) -> Counter[str]:
    """Claims and sends every message that nobody is sending."""
    owner = f"{os.getpid()}-{secrets.token_hex(8)}"
    done: Counter[str] = Counter(dropped=store.drop_older(now - MAX_AGE, now))
    for message in store.free_messages(now):
        # In quiet hours it stays where it is, and in the morning it is too old.
        if quiet_for(message, now) or not store.claim(message.id, owner, now, LEASE):
            continue
        done[_send(message, ways.get(message.channel, NextVisit()), owner, now)] += 1
    return +done


def _send(message: store.Outgoing, sender: Sender, owner: str, now: datetime) -> str:
    """Sends a claimed message and marks it; returns what became of it."""
    unwanted = _unwanted(message.sender_id, message.agreed_at, message.due_at, message.time_zone)
    if unwanted:
        store.drop_claimed(message.id, owner, unwanted)
        return "dropped"
    try:
        sender.send(message)
    except NotSentError:
        store.give_back(message.id, owner)
        return "failed"
    except Exception:
        return "failed"  # it may have gone out: the lease runs out, then one more attempt
    store.mark_sent(message.id, owner, now)
    return "sent again" if message.attempts else "sent"
