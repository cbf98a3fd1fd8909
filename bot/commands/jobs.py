"""``bot jobs``: what else runs in the background, by hand."""

from __future__ import annotations

from collections import Counter

import click


@click.group()
def jobs() -> None:
    """Run what `bot run` does in the background."""


@jobs.command("run-once")
def run_once() -> None:
    """Send the reminders and notices that are due, then end; safe beside a running product."""
    from bot.jobs.loop import JOBS
    from bot.keys import check_keys
    from bot.store.database import migrate

    check_keys()
    migrate()
    done: Counter[str] = sum((run() for run in JOBS.values()), Counter())
    click.echo(", ".join(f"{number} {what}" for what, number in done.items()) or "Nothing is due.")
