"""A patient's record, plan and reminders: what the store keeps, as the values of the core."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.clinic import clinic
from bot.coaching import progress as core
from bot.coaching.chart import png
from bot.coaching.plan import (
    Plan,
    is_quiet_time,
    moment_on,
    next_due,
    say_day,
    say_days,
    say_time,
)
from bot.store import reminders as store
from bot.store.records import exercises_of, export_patient


def record_of(sender_id: str) -> list[core.Done]:
    """Returns what a patient did, by the clinic's calendar, the oldest first."""
    zone = ZoneInfo(clinic().time_zone)
    return [
        core.Done(
            logged.finished_at.astimezone(zone).date(),
            logged.exercise,
            logged.outcome == "finished",
            logged.pain_before,
            logged.pain_after,
        )
        for logged in exercises_of(sender_id)
    ]


def export(sender_id: str) -> dict[str, Any]:
    """Returns everything that is stored of a patient, with the table for the therapist."""
    return {**export_patient(sender_id), "progress": core.table(record_of(sender_id))}


def chart_of(sender_id: str) -> dict[str, str] | None:
    """Returns the chart for the therapist, as a PNG in base64 with its text; None without one."""
    record = record_of(sender_id)
    if not record:
        return None
    return {
        "alt": core.in_words(record),
        "media_type": "image/png",
        "base64": b64encode(png(record)).decode(),
    }


# --- plan and reminder -------------------------------------------------------------------------


def as_plan(agreed: store.Agreed) -> Plan:
    """Returns the plan of a stored agreement."""
    return Plan(
        frozenset(int(day) for day in agreed.days),
        time.fromisoformat(agreed.at_time),
        agreed.starts_on,
        agreed.time_zone,
        agreed.ends_on,
    )


def plan_of(sender_id: str) -> Plan | None:
    """Returns the plan of weeks that a patient agreed to, or None."""
    plans = [as_plan(agreed) for agreed in store.agreed_plans(sender_id)]
    return next((plan for plan in plans if not plan.is_once), None)


def agree(sender_id: str, channel: str, plan: Plan, now: datetime) -> bool:
    """Stores a plan that a patient agreed to, and its reminder.

    Returns:
        False where the plan is over already; nothing is stored then.
    """
    due = next_due(plan, now)
    if due is None:
        return False
    store.save_plan(
        sender_id, channel, due,
        days="".join(str(day) for day in sorted(plan.days)),
        at_time=f"{plan.at:%H:%M}", starts_on=plan.starts_on, ends_on=plan.ends_on,
        time_zone=plan.time_zone,
    )  # fmt: skip
    return True


def next_reminder(sender_id: str) -> store.Agreed | None:
    """Returns the patient's active reminder that is due first, or None."""
    active = [agreed for agreed in store.agreed_plans(sender_id) if agreed.next_due_at]
    return min(active, key=lambda agreed: agreed.next_due_at or datetime.max, default=None)


def snooze(sender_id: str, until: datetime) -> datetime | None:
    """Lets the next reminder come at another moment, unless one comes before it or it is quiet.

    Args:
        sender_id: The patient.
        until: When to be reminded.

    Returns:
        When the next reminder comes now; None where none is active.
    """
    agreed = next_reminder(sender_id)
    if agreed is None or agreed.next_due_at is None:
        return None
    if until >= agreed.next_due_at or quiet_for(agreed, until):
        return agreed.next_due_at
    store.move_due(agreed.reminder_id, until)
    return until


def quiet_for(agreed: store.Agreed | store.Outgoing, moment: datetime) -> bool:
    """Tells whether a moment lies in the quiet hours of a reminder."""
    local = moment.astimezone(ZoneInfo(agreed.time_zone)).time()
    hours = (time.fromisoformat(agreed.quiet_from), time.fromisoformat(agreed.quiet_until))
    return is_quiet_time(local, *hours)


def skips(agreed: store.Agreed, moment: datetime) -> bool:
    """Tells whether the patient asked for no reminder on the day of a moment."""
    if agreed.skip_from is None or agreed.skip_until is None:
        return False
    day = moment.astimezone(ZoneInfo(agreed.time_zone)).date()
    return agreed.skip_from <= day <= agreed.skip_until


def day_begins(moment: datetime, time_zone: str) -> datetime:
    """Returns the moment at which the local day of another began."""
    return moment_on(moment.astimezone(ZoneInfo(time_zone)).date(), time(), time_zone)


# --- words -------------------------------------------------------------------------------------


def say_plan(plan: Plan, today: date) -> str:
    """Returns a plan in words: "Monday to Friday at 7 pm, starting Monday, March 9"."""
    at = f"at {say_time(plan.at)}{_say_zone(plan.time_zone)}"
    if plan.is_once:
        return f"once, on {say_day(plan.starts_on)} {at}"
    starting = f", starting {say_day(plan.starts_on)}" if plan.starts_on > today else ""
    return f"{say_days(plan.days)} {at}{starting}"


def _say_zone(name: str) -> str:
    """Returns the zone where it is not the clinic's: " (New York time)"."""
    place = name.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    return "" if name == clinic().time_zone else f" ({place} time)"


def say_moment(moment: datetime, now: datetime, time_zone: str) -> str:
    """Returns a moment in words: "today at 3:15 pm", "Tuesday, March 10 at 7 pm"."""
    zone = ZoneInfo(time_zone)
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    near = {today: "today", today + timedelta(1): "tomorrow", today - timedelta(1): "yesterday"}
    return f"{near.get(local.date(), say_day(local.date()))} at {say_time(local.time())}"
