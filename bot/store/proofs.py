"""Whose appointment it is, for somebody who writes from elsewhere: reference and phone number.

Tries are counted by conversation, by reference and by number, because a new conversation costs
nothing on a website. Each try is written before it is weighed, so that many at once count too.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select

from bot.settings import secret
from bot.store.appointments import Booked, appointment_with
from bot.store.crypto import KEY_VARIABLE
from bot.store.database import session
from bot.store.models import ProofAttempt, utc_now
from bot.store.records import Booking, request_with

MOST_TRIES = 5
"""Wrong pairs by one conversation, on one reference or with one number within ``WINDOW``."""
WINDOW = timedelta(hours=1)


class TooManyTriesError(Exception):
    """So many pairs were wrong that none is looked up for a while."""


def proven(
    sender_id: str, reference: str, phone: str, now: datetime | None = None
) -> Booked | Booking | None:
    """Returns the appointment or request that a reference and a phone number open together.

    Args:
        sender_id: Who asks.
        reference: The reference.
        phone: The number, as it is stored.
        now: The present moment; by default the clock's.

    Raises:
        TooManyTriesError: Nothing was looked up.
    """
    moment = now or utc_now()
    number, tries = _written(sender_id, _digest(reference), _digest(phone), moment)
    if tries > MOST_TRIES:
        _forget(number)
        raise TooManyTriesError
    found = appointment_with(reference, phone, moment) or request_with(reference, phone)
    if found:
        _forget(number)
    return found


def _digest(value: str) -> str:
    return hmac.new(secret(KEY_VARIABLE).encode(), value.encode(), sha256).hexdigest()


def _written(sender: str, reference: str, phone: str, now: datetime) -> tuple[int, int]:
    """Writes a try down; returns its number, and which one it is by the count that is highest."""
    with session() as opened:
        opened.execute(delete(ProofAttempt).where(ProofAttempt.tried_at <= now - WINDOW))
        made = ProofAttempt(
            sender_id=sender, reference_digest=reference, phone_digest=phone, tried_at=now
        )
        opened.add(made)
        opened.flush()
        number = int(made.id)
    with session() as opened:
        counts = [
            opened.execute(
                select(func.count(ProofAttempt.id)).where(
                    same, ProofAttempt.id <= number, ProofAttempt.tried_at > now - WINDOW
                )
            ).scalar_one()
            for same in (
                ProofAttempt.sender_id == sender,
                ProofAttempt.reference_digest == reference,
                ProofAttempt.phone_digest == phone,
            )
        ]
    return number, max(counts)


def _forget(number: int) -> None:
    with session() as opened:
        opened.execute(delete(ProofAttempt).where(ProofAttempt.id == number))
