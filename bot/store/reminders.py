"""Plans, their reminders, and the outbox: each change is one atomic statement or one transaction.

Nothing here decides when something is due or may be sent; ``bot.jobs`` and ``bot.patient`` do.
Every statement that two jobs may race for names in its condition what it expects to find, and the
number of rows that it changed tells who won: on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import session
from bot.store.models import (
    ExercisePlan,
    ExerciseSession,
    OutboxMessage,
    Reminder,
    UrgencyRecord,
    utc_now,
)
from bot.store.sms_started import says, take_back_started, withdraw_reminders

PENDING, CLAIMED, SENT, DROPPED, UNKNOWN = "pending", "claimed", "sent", "dropped", "unknown"
REMINDER = "reminder"
MOST_ATTEMPTS = 2
"""Sends that may be begun: the second one only where a crash left the first unmarked."""


@dataclass(frozen=True)
class Agreed:
    """A plan that holds, with its reminder.

    Attributes:
        sender_id: The patient.
        reminder_id: The reminder's number.
        agreed_at: When the plan was agreed to.
        days: Days of the week as digits, Monday is 0.
        at_time: The local time, HH:MM.
        starts_on: The first day.
        ends_on: The last day, or None.
        time_zone: The zone's name.
        channel: Where the reminder is said.
        quiet_from: Begin of the quiet hours, HH:MM, local.
        quiet_until: Their end.
        next_due_at: When the reminder is due next; None where it is stopped or over.
        skip_from: First day without a reminder, or None.
        skip_until: Last day without one.
    """

    sender_id: str
    reminder_id: int
    agreed_at: datetime
    days: str
    at_time: str
    starts_on: date
    ends_on: date | None
    time_zone: str
    channel: str
    quiet_from: str
    quiet_until: str
    next_due_at: datetime | None
    skip_from: date | None
    skip_until: date | None


def _agreed(plan: ExercisePlan, reminder: Reminder) -> Agreed:
    return Agreed(
        plan.sender_id, reminder.id, plan.agreed_at, plan.days, plan.at_time, plan.starts_on,
        plan.ends_on, plan.time_zone, reminder.channel, reminder.quiet_from, reminder.quiet_until,
        reminder.next_due_at, reminder.skip_from, reminder.skip_until,
    )  # fmt: skip


def _update(opened: Any, table: Any, conditions: list[Any], **values: Any) -> int:
    """Changes the rows that fit all conditions, in one statement; returns how many."""
    changed: int = opened.execute(
        update(table)
        .where(*conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    ).rowcount
    return changed


def save_plan(sender_id: str, channel: str, next_due_at: datetime, **schedule: Any) -> None:
    """Stores a plan and its reminder; a plan of weeks takes the place of the one before.

    Args:
        sender_id: The patient.
        channel: Where the reminder is said.
        next_due_at: When it is due first.
        **schedule: The plan's columns: days, at_time, starts_on, ends_on, time_zone.
    """
    now = utc_now()
    with session() as opened:
        open_plans = opened.execute(
            select(ExercisePlan, Reminder)
            .join(Reminder, Reminder.plan_id == ExercisePlan.id)
            .where(ExercisePlan.sender_id == sender_id, ExercisePlan.ended_at.is_(None))
        ).all()
        for plan, reminder in open_plans:
            same = all(getattr(plan, name) == value for name, value in schedule.items())
            if (plan.ends_on is None and schedule["ends_on"] is None) or same:
                plan.ended_at = now
                reminder.next_due_at, reminder.stopped_at = None, now
        plan = ExercisePlan(sender_id=sender_id, agreed_at=now, **schedule)
        opened.add(plan)
        opened.flush()
        opened.add(
            Reminder(sender_id=sender_id, plan_id=plan.id, channel=channel, next_due_at=next_due_at)
        )


def agreed_plans(sender_id: str) -> list[Agreed]:
    """Returns a patient's plans that hold, the newest first."""
    with session() as opened:
        found = opened.execute(
            select(ExercisePlan, Reminder)
            .join(Reminder, Reminder.plan_id == ExercisePlan.id)
            .where(ExercisePlan.sender_id == sender_id, ExercisePlan.ended_at.is_(None))
            .order_by(ExercisePlan.id.desc())
        ).all()
        return [_agreed(plan, reminder) for plan, reminder in found]


def _active(sender_id: str) -> list[Any]:
    return [Reminder.sender_id == sender_id, Reminder.next_due_at.is_not(None)]


def stop_reminders(sender_id: str) -> int:
    """Stops all reminders of a patient, also those on their way; returns how many were active.

    By text message the bot then starts nothing any more until the patient agrees to that again.
    """
    on_the_way = [
        OutboxMessage.sender_id == sender_id,
        OutboxMessage.kind == REMINDER,
        OutboxMessage.shown_at.is_(None),
        OutboxMessage.status.in_((PENDING, SENT)),
    ]
    with session() as opened:
        stopped = _update(
            opened, Reminder, _active(sender_id), next_due_at=None, stopped_at=utc_now()
        )
        taken_back = _update(opened, OutboxMessage, on_the_way, status=DROPPED, reason="stopped")
        of_mine = says(OutboxMessage.sender_id == sender_id, OutboxMessage.kind == REMINDER)
        texts = take_back_started(opened, of_mine, "stopped")
        withdraw_reminders(opened, sender_id, "stopped")
        return stopped or taken_back or texts


def move_due(reminder_id: int, next_due_at: datetime) -> None:
    """Snoozes an active reminder to another moment."""
    active = [Reminder.id == reminder_id, Reminder.next_due_at.is_not(None)]
    with session() as opened:
        _update(opened, Reminder, active, next_due_at=next_due_at, snoozed_at=utc_now())


def skip_days(sender_id: str, first: date, last: date) -> int:
    """Leaves out a patient's active reminders on some days; returns how many there are."""
    with session() as opened:
        return _update(opened, Reminder, _active(sender_id), skip_from=first, skip_until=last)


# --- the job's side ----------------------------------------------------------------------------


def due_reminders(now: datetime) -> list[Agreed]:
    """Returns the reminders that came due."""
    with session() as opened:
        found = opened.execute(
            select(ExercisePlan, Reminder)
            .join(Reminder, Reminder.plan_id == ExercisePlan.id)
            .where(Reminder.next_due_at <= now)
            .order_by(Reminder.next_due_at)
        ).all()
        return [_agreed(plan, reminder) for plan, reminder in found]


def put_out(
    agreed: Agreed, due_at: datetime, next_due_at: datetime | None, dropped_for: str | None
) -> bool:
    """Moves a reminder on and puts its message into the outbox, both or neither.

    Args:
        agreed: The reminder, as it was read.
        due_at: The moment that the message is for.
        next_due_at: When it is due again, or None.
        dropped_for: Why the message is not to be sent, or None.

    Returns:
        Whether this call did it; False where another job was quicker.
    """
    try:
        with session() as opened:
            # First the write: SQLite can then wait for another writer instead of failing.
            unmoved = [
                Reminder.id == agreed.reminder_id, Reminder.next_due_at == agreed.next_due_at,
            ]  # fmt: skip
            won = _update(opened, Reminder, unmoved, next_due_at=next_due_at)
            if won:
                opened.add(
                    OutboxMessage(
                        sender_id=agreed.sender_id,
                        reminder_id=agreed.reminder_id,
                        channel=agreed.channel,
                        due_at=due_at,
                        reason=dropped_for,
                        status=DROPPED if dropped_for else PENDING,
                    )
                )
            return bool(won)
    except IntegrityError:
        return False  # put out before, for example before a clock was set back


@dataclass(frozen=True)
class Outgoing:
    """A message of the outbox.

    Attributes:
        id: Its number; a sender that can tell repeated numbers apart never says it twice.
        sender_id: The patient.
        channel: The channel.
        due_at: When it was due.
        time_zone: The patient's zone.
        at_time: The local time of the plan, HH:MM.
        quiet_from: Begin of the quiet hours, HH:MM, local.
        quiet_until: Their end.
        attempts: Sends that were begun.
        agreed_at: When the plan was agreed to.
    """

    id: int
    sender_id: str
    channel: str
    due_at: datetime
    time_zone: str
    at_time: str
    quiet_from: str
    quiet_until: str
    attempts: int
    agreed_at: datetime


def _outgoing(*conditions: Any) -> list[Outgoing]:
    with session() as opened:
        found = opened.execute(
            select(OutboxMessage, Reminder, ExercisePlan)
            .join(Reminder, Reminder.id == OutboxMessage.reminder_id)
            .join(ExercisePlan, ExercisePlan.id == Reminder.plan_id)
            .where(*conditions)
            .order_by(OutboxMessage.due_at)
        ).all()
        return [
            Outgoing(
                message.id, message.sender_id, message.channel, message.due_at, plan.time_zone,
                plan.at_time, reminder.quiet_from, reminder.quiet_until, message.attempts,
                plan.agreed_at,
            )
            for message, reminder, plan in found
        ]  # fmt: skip


def _free(now: datetime) -> Any:
    """Returns the condition of a message that nobody is sending: new, or its lease ran out."""
    left = and_(OutboxMessage.status == CLAIMED, OutboxMessage.lease_until < now)
    return or_(OutboxMessage.status == PENDING, left)


def free_messages(now: datetime) -> list[Outgoing]:
    """Returns the messages that may be claimed, the oldest first."""
    return _outgoing(_free(now), OutboxMessage.attempts < MOST_ATTEMPTS)


def claim(message_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
    """Claims a message for sending and counts the attempt; tells whether this call won it."""
    free = [
        OutboxMessage.id == message_id, _free(now), OutboxMessage.attempts < MOST_ATTEMPTS,
    ]  # fmt: skip
    with session() as opened:
        return bool(
            _update(
                opened, OutboxMessage, free, status=CLAIMED, claimed_by=owner,
                lease_until=now + lease, attempts=OutboxMessage.attempts + 1,
            )
        )  # fmt: skip


def _settle(message_id: int, owner: str, **values: Any) -> bool:
    claimed = [
        OutboxMessage.id == message_id,
        OutboxMessage.status == CLAIMED,
        OutboxMessage.claimed_by == owner,
    ]
    with session() as opened:
        return bool(_update(opened, OutboxMessage, claimed, lease_until=None, **values))


def mark_sent(message_id: int, owner: str, now: datetime) -> bool:
    """Marks a claimed message as sent; False where the claim was lost meanwhile."""
    return _settle(message_id, owner, status=SENT, sent_at=now)


def give_back(message_id: int, owner: str) -> bool:
    """Gives a claimed message back that surely was not sent; the attempt does not count."""
    return _settle(message_id, owner, status=PENDING, attempts=OutboxMessage.attempts - 1)


def drop_claimed(message_id: int, owner: str, reason: str) -> bool:
    """Drops a claimed message that must not be sent any more."""
    return _settle(message_id, owner, status=DROPPED, reason=reason)


def drop_older(than: datetime, now: datetime) -> int:
    """Drops messages that nobody is sending and that were due too long ago.

    One whose sending was begun and never marked may have gone out: it becomes ``unknown``.
    """
    late = and_(OutboxMessage.due_at < than, OutboxMessage.kind == REMINDER)
    left = [
        OutboxMessage.kind == REMINDER,
        OutboxMessage.status == CLAIMED,
        OutboxMessage.lease_until < now,
    ]
    with session() as opened:
        dropped = _update(
            opened, OutboxMessage, [OutboxMessage.status == PENDING, late],
            status=DROPPED, reason="late",
        )  # fmt: skip
        _update(
            opened, OutboxMessage, [*left, or_(late, OutboxMessage.attempts >= MOST_ATTEMPTS)],
            status=UNKNOWN, reason="crash", lease_until=None,
        )  # fmt: skip
        return dropped


def take_waiting(sender_id: str, channel: str) -> Outgoing | None:
    """Takes what waited for a patient's visit, each once: the newest is said, older ones are not.

    Returns:
        The newest message, or None where nothing waited or another visit was quicker.
    """
    waits = and_(
        OutboxMessage.sender_id == sender_id,
        OutboxMessage.channel == channel,
        OutboxMessage.status == SENT,
        OutboxMessage.shown_at.is_(None),
    )
    found = _outgoing(waits)
    if not found:
        return None
    unseen = OutboxMessage.shown_at.is_(None)
    older = [message.id for message in found[:-1]]
    with session() as opened:
        won = _update(
            opened, OutboxMessage, [OutboxMessage.id == found[-1].id, unseen], shown_at=utc_now()
        )
        _update(
            opened, OutboxMessage, [OutboxMessage.id.in_(older), unseen],
            status=DROPPED, reason="newer",
        )  # fmt: skip
    return found[-1] if won else None


def exercised_since(sender_id: str, moment: datetime) -> bool:
    """Tells whether a patient finished an exercise since a moment."""
    with session() as opened:
        return bool(
            opened.execute(
                select(ExerciseSession.id)
                .where(
                    ExerciseSession.sender_id == sender_id,
                    ExerciseSession.outcome == "finished",
                    ExerciseSession.finished_at >= moment,
                )
                .limit(1)
            ).first()
        )


def urgency_since(sender_id: str, moment: datetime) -> bool:
    """Tells whether an urgency was raised since a moment and not released after that."""
    with session() as opened:
        newest = (
            opened.execute(
                select(UrgencyRecord)
                .where(UrgencyRecord.sender_id == sender_id)
                .order_by(UrgencyRecord.id.desc())
                .limit(1)
            )
            .scalars()
            .first()
        )
        return bool(newest and newest.event == "raised" and newest.recorded_at >= moment)
