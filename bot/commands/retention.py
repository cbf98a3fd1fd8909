"""``bot retention`` and ``bot audit``: what is deleted in time, and what was done by whom."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import click

from bot.store.database import migrate


@click.group()
def retention() -> None:
    """Delete what is older than the periods in clinic.yml, as `bot run` does once a day."""


@retention.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be deleted.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(dry_run: bool, as_json: bool) -> None:
    """Delete what is outdated now; appointments that are ahead always stay."""
    from bot.jobs.retention import run as delete_outdated
    from bot.store.audit import TERMINAL

    migrate()
    done = delete_outdated(TERMINAL, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "rows": done}))
        return
    what = "Would be deleted" if dry_run else "Deleted"
    told = ", ".join(f"{number} of {table}" for table, number in done.items())
    click.echo(f"{what}: {told or 'nothing'}.")


@click.command()
@click.option("--patient", help="Only entries on this patient.")
@click.option("--action", help="Only entries of this action, for example delete.")
@click.option("--limit", default=50, show_default=True, help="How many, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def audit(patient: str | None, action: str | None, limit: int, as_json: bool) -> None:
    """Show who did what, to whose data, and when."""
    from bot.clinic import clinic
    from bot.commands.table import print_table
    from bot.store.audit import entries

    migrate()
    zone = ZoneInfo(clinic().time_zone)
    rows = [
        {
            "when": f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            "who": entry.actor,
            "what": entry.action,
            "patient": entry.patient or "",
            "detail": entry.detail,
        }
        for entry in entries(patient, action, limit)
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif rows:
        print_table("Audit log", rows)
    else:
        click.echo("No entries.")
