"""``bot handoffs``: patients who would like to talk to a person."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from bot.store.database import migrate


def _local(moment: datetime | None) -> str:
    from bot.clinic import clinic

    return f"{moment.astimezone(ZoneInfo(clinic().time_zone)):%Y-%m-%d %H:%M}" if moment else ""


@click.group(invoke_without_command=True)
@click.option("--all", "also_done", is_flag=True, help="Also those that are done.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_context
def handoffs(context: click.Context, also_done: bool, as_json: bool) -> None:
    """List patients who would like to talk to a person, urgent ones first."""
    from bot.commands.table import print_table
    from bot.store.handoffs import hand_offs

    migrate()
    if context.invoked_subcommand:
        return
    rows = [
        {
            "id": str(wish.id),
            "urgent": "URGENT" if wish.urgent else "",
            "status": wish.status,
            "asked": _local(wish.created_at),
            "patient": wish.sender_id,
            "name": wish.name,
            "phone": wish.phone,
            "channel": wish.channel,
            "e-mailed": _local(wish.told_at) or "not yet",
        }
        for wish in hand_offs(also_done)
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif rows:
        print_table("Would like to talk to a person", rows)
    else:
        click.echo("Nobody is waiting.")


@handoffs.command()
@click.argument("number", metavar="ID", type=int)
def show(number: int) -> None:
    """Show what a patient wrote last; noted in the audit log."""
    from bot.store import audit
    from bot.store.handoffs import hand_off

    wish = hand_off(number)
    if wish is None:
        raise click.ClickException(f"There is no hand-off {number}: see `bot handoffs`.")
    audit.record(audit.TERMINAL, "view", wish.sender_id, f"hand-off {number}")
    for speaker, said in wish.messages:
        click.echo(f"{speaker}: {said}")
    if not wish.messages:
        click.echo("No messages were kept with it.")


@handoffs.command()
@click.argument("number", metavar="ID", type=int)
def done(number: int) -> None:
    """Take a patient off the list after somebody talked to them."""
    from bot.store import audit
    from bot.store.handoffs import close_hand_off

    if not close_hand_off(number, audit.TERMINAL):
        raise click.ClickException(f"Hand-off {number} is not waiting: see `bot handoffs`.")
    click.echo("Marked as done.")
