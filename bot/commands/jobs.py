"""``bot jobs``: what else runs in the background, by hand."""

from __future__ import annotations

import click


@click.group()
def jobs() -> None:
    """Run what `bot run` does in the background."""


@jobs.command("run-once")
def run_once() -> None:
    """Send the reminders and notices that are due, then end; safe beside a running product."""
    from bot.jobs import notices, texts
    from bot.jobs.reminders import run_once as run
    from bot.store.database import migrate

    migrate()
    done = run() + notices.run_once() + texts.run_once()
    click.echo(", ".join(f"{number} {what}" for what, number in done.items()) or "Nothing is due.")
