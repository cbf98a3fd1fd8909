"""Appointments: held, booked, moved, cancelled; each change is one transaction with its notices.

That no two patients get one time is up to the database: ``slot_key`` is unique, and empty where
the time is given up. Nothing here looks whether a time is free and then takes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.booking.slots import Slot, Taken
from bot.store.database import session
from bot.store.models import Appointment, OutboxMessage, utc_now
from bot.store.notices import (
    CLINIC_BOOKED,
    CLINIC_CANCELLED,
    CLINIC_MOVED,
    add_confirmation,
    add_notices,
    channel_of,
)
from bot.store.records import new_reference
from bot.store.sms_started import says, take_back_started

HELD, BOOKED, CANCELLED, EXPIRED = "held", "booked", "cancelled", "expired"
HOLD = timedelta(minutes=10)
"""How long a time is kept for a patient who gives name and number."""
_TRIES = 4
P = ParamSpec("P")
R = TypeVar("R")


class SlotTakenError(Exception):
    """Somebody else has that time now."""


@dataclass(frozen=True)
class Booked:
    """An appointment, as it is said and listed."""

    reference: str
    sender_id: str
    slot: Slot
    status: str
    urgent: bool
    name: str
    phone: str
    sequence: int
    booked_at: datetime | None
    clinic_told: bool = False
    email: str = ""
    reason: str = ""


def _booked(row: Any, told: bool = False) -> Booked:
    length = (row.ends_at - row.starts_at) // timedelta(minutes=1)
    return Booked(
        row.reference, row.sender_id, Slot(row.starts_at, row.therapist, length), row.status,
        row.urgent, row.name or "", row.phone or "", row.sequence, row.booked_at, told,
        row.email or "", row.reason or "",
    )  # fmt: skip


def _again(change: Callable[P, R]) -> Callable[P, R]:
    """Does a transaction again where the database gave it up: a deadlock, or a writer too many."""

    @wraps(change)
    def tried(*values: P.args, **named: P.kwargs) -> R:
        for _ in range(_TRIES - 1):
            try:
                return change(*values, **named)
            except OperationalError:
                continue
        return change(*values, **named)

    return tried


def _update(opened: Any, conditions: list[Any], **values: Any) -> int:
    changed: int = opened.execute(
        update(Appointment)
        .where(*conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    ).rowcount
    return changed


def _over(now: datetime) -> list[Any]:
    return [Appointment.status == HELD, Appointment.held_until <= now]


@_again
def hold(sender_id: str, slot: Slot, now: datetime | None = None) -> str:
    """Keeps a time for a patient for some minutes; the one that they held before is given up.

    Returns:
        The idempotency key to book it with. The same time held again is the same hold, for longer.

    Raises:
        SlotTakenError: Somebody else holds or booked it.
    """
    moment = now or utc_now()
    key = secrets.token_hex(16)
    try:
        with session() as opened:
            # First the write: SQLite can then wait for another writer instead of failing.
            _update(
                opened, [Appointment.slot_key == slot.key, *_over(moment)],
                status=EXPIRED, slot_key=None,
            )  # fmt: skip
            mine = [Appointment.sender_id == sender_id, Appointment.status == HELD]
            same = [*mine, Appointment.slot_key == slot.key]
            if _update(opened, same, held_until=moment + HOLD):
                query = select(Appointment.idempotency_key).where(*same)
                return str(opened.execute(query).scalar_one())
            opened.add(
                Appointment(
                    reference=new_reference(), idempotency_key=key, sender_id=sender_id,
                    therapist=slot.therapist, starts_at=slot.starts, ends_at=slot.ends,
                    slot_key=slot.key, status=HELD, held_until=moment + HOLD,
                )
            )  # fmt: skip
            # The new one first: giving up and waiting for another's could lock two patients up.
            opened.flush()
            others = [*mine, Appointment.idempotency_key != key]
            _update(opened, others, status=EXPIRED, slot_key=None)
            return key
    except IntegrityError:
        raise SlotTakenError from None


@_again
def release(sender_id: str) -> None:
    """Gives up what a patient holds."""
    with session() as opened:
        mine = [Appointment.sender_id == sender_id, Appointment.status == HELD]
        _update(opened, mine, status=EXPIRED, slot_key=None)


@_again
def release_expired(now: datetime) -> int:
    """Frees the times whose holds ran out; returns how many."""
    with session() as opened:
        return _update(opened, _over(now), status=EXPIRED, slot_key=None)


@_again
def book(  # noqa: PLR0913  one field each
    sender_id: str,
    key: str,
    name: str,
    phone: str,
    urgent: bool,
    channel: str,
    *,
    email: str | None = None,
    reason: str | None = None,
) -> Booked:
    """Books what a patient holds and queues the notices, all or nothing.

    The same key again returns the booking that it made.

    Args:
        sender_id: The patient.
        key: The key of the hold.
        name: Their name.
        phone: Their number.
        urgent: Whether they must be seen soon.
        channel: Where they are told.
        email: Where they are told as well, or None.
        reason: Why they come, or None.

    Raises:
        SlotTakenError: The hold ran out, and the time may be somebody else's.
    """
    now = utc_now()
    with session() as opened:
        held = [
            Appointment.idempotency_key == key,
            Appointment.sender_id == sender_id,
            Appointment.status == HELD,
            Appointment.starts_at > now,
        ]
        won = _update(
            opened, held, status=BOOKED, held_until=None, booked_at=now, urgent=urgent, name=name,
            phone=phone, email=email, reason=reason,
        )  # fmt: skip
        row = _by_key(opened, key, sender_id)
        if row is None or row.status != BOOKED:
            raise SlotTakenError
        if won:
            add_notices(opened, row, CLINIC_BOOKED, now)
            add_confirmation(opened, row, now, channel)
        return _booked(row)


@_again
def move(reference: str, sender_id: str, key: str, channel: str) -> Booked:
    """Moves an appointment to the time that a patient holds, all or nothing.

    Args:
        reference: The appointment; the caller has made sure that it is the patient's.
        sender_id: Who holds the new time.
        key: The key of the hold; the same key again is the same move.
        channel: Where the patient is told.

    Raises:
        SlotTakenError: The hold ran out, or the appointment was cancelled meanwhile.
    """
    now = utc_now()
    with session() as opened:
        held = [
            Appointment.idempotency_key == key,
            Appointment.sender_id == sender_id,
            Appointment.status == HELD,
            Appointment.starts_at > now,
        ]
        won = _update(opened, held, status=EXPIRED, slot_key=None, held_until=None)
        new = _by_key(opened, key, sender_id)
        row = opened.execute(_active(Appointment.reference == reference)).scalars().first()
        if new is None or row is None:
            raise SlotTakenError
        if not won:
            if (row.starts_at, row.therapist) != (new.starts_at, new.therapist):
                raise SlotTakenError
            return _booked(row)
        row.starts_at, row.ends_at = new.starts_at, new.ends_at
        row.therapist, row.sequence = new.therapist, row.sequence + 1
        row.slot_key = Slot(new.starts_at, new.therapist, 0).key
        opened.flush()
        _take_texts_back(opened, row)
        add_notices(opened, row, CLINIC_MOVED, now)
        # Moved from elsewhere, with reference and phone: the first conversation is told as well.
        own = row.sender_id == sender_id
        add_confirmation(opened, row, now, channel if own else channel_of(opened, row) or channel)
        return _booked(row)


@_again
def cancel(reference: str) -> Booked | None:
    """Cancels an appointment, frees its time and queues the clinic's notice, all or nothing.

    Returns:
        What was cancelled; None where it was not booked any more.
    """
    now = utc_now()
    booked = [Appointment.reference == reference, Appointment.status == BOOKED]
    with session() as opened:
        won = _update(
            opened, booked, status=CANCELLED, slot_key=None, sequence=Appointment.sequence + 1
        )
        if not won:
            return None
        query = select(Appointment).where(Appointment.reference == reference)
        row = opened.execute(query).scalars().one()
        _take_texts_back(opened, row)
        add_notices(opened, row, CLINIC_CANCELLED, now)
        return _booked(row)


def _take_texts_back(opened: Any, row: Any) -> None:
    """Drops the texts that tell of an appointment as it was and have not gone out."""
    take_back_started(opened, says(OutboxMessage.appointment_id == row.id), "newer")


def _by_key(opened: Any, key: str, sender_id: str) -> Any:
    query = select(Appointment).where(
        Appointment.idempotency_key == key, Appointment.sender_id == sender_id
    )
    return opened.execute(query).scalars().first()


def _active(*conditions: Any) -> Any:
    return select(Appointment).where(Appointment.status == BOOKED, *conditions)


def appointments_of(sender_id: str, now: datetime | None = None) -> list[Booked]:
    """Returns a patient's appointments that are ahead, the next first."""
    with session() as opened:
        ahead = Appointment.starts_at > (now or utc_now())
        rows = opened.execute(
            _active(Appointment.sender_id == sender_id, ahead).order_by(Appointment.starts_at)
        ).scalars()
        return [_booked(row, _told(opened, row)) for row in rows]


def appointment_with(reference: str, phone: str, now: datetime | None = None) -> Booked | None:
    """Returns the appointment of a reference, for who also knows the phone number of it."""
    with session() as opened:
        ahead = Appointment.starts_at > (now or utc_now())
        row = opened.execute(_active(Appointment.reference == reference, ahead)).scalars().first()
        return _booked(row, _told(opened, row)) if row and row.phone == phone else None


def _told(opened: Any, row: Any) -> bool:
    """Tells whether the notice of the newest change went out to the clinic."""
    return bool(
        opened.execute(
            select(OutboxMessage.id).where(
                OutboxMessage.appointment_id == row.id,
                OutboxMessage.kind.in_((CLINIC_BOOKED, CLINIC_MOVED, CLINIC_CANCELLED)),
                OutboxMessage.sequence == row.sequence,
                OutboxMessage.status == "sent",
            )
        ).first()
    )


def all_appointments(status: str | None = None) -> list[Booked]:
    """Returns what was booked or cancelled, urgent ones first, then by their time."""
    wanted = (BOOKED, CANCELLED) if status is None else (status,)
    query = (
        select(Appointment)
        .where(Appointment.status.in_(wanted), Appointment.booked_at.is_not(None))
        .order_by(Appointment.urgent.desc(), Appointment.starts_at)
    )
    with session() as opened:
        return [_booked(row, _told(opened, row)) for row in opened.execute(query).scalars()]


def taken(now: datetime, but_for: str | None = None) -> list[Taken]:
    """Returns what is booked or held from now on.

    Args:
        now: The present moment.
        but_for: A patient whose own hold does not count.
    """
    held = and_(Appointment.status == HELD, Appointment.held_until > now)
    if but_for is not None:
        held = and_(held, Appointment.sender_id != but_for)
    query = select(Appointment).where(
        Appointment.ends_at > now, or_(Appointment.status == BOOKED, held)
    )
    with session() as opened:
        rows = opened.execute(query).scalars()
        return [Taken(row.therapist, row.starts_at, row.ends_at) for row in rows]
