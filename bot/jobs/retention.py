"""Deletes what the clinic's periods of retention say, once a day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from bot.clinic import clinic
from bot.retention import cutoffs
from bot.store import audit
from bot.store.models import utc_now
from bot.store.retention import RETENTION, sweep

EVERY = timedelta(days=1)


def run(actor: str, now: datetime | None = None, dry_run: bool = False) -> dict[str, int]:
    """Deletes what is outdated now, or only counts it.

    Args:
        actor: Who does it, for the audit log.
        now: The present moment; by default the clock's.
        dry_run: Only count.

    Returns:
        Numbers of rows by table.
    """
    return sweep(cutoffs(clinic().retention, now or utc_now()), actor, dry_run)


def run_daily(now: datetime | None = None) -> Counter[str]:
    """Deletes what is outdated, unless that was done within a day: the audit log knows.

    Returns:
        Numbers of rows by table, as ``<table> outdated``.
    """
    moment = now or utc_now()
    last = audit.last_done(RETENTION)
    if last is not None and moment - last < EVERY:
        return Counter()
    done = run(audit.JOBS, moment)
    return Counter({f"{table} outdated": number for table, number in done.items()})
