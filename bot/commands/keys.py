"""``bot keys``: the keys that encrypt what is stored."""

from __future__ import annotations

import json
import secrets
import sys

import click

from bot.store.database import migrate


@click.group()
def keys() -> None:
    """Make, list and change the keys that encrypt what is stored."""


@keys.command()
def new() -> None:
    """Print a new random key, for BACKCOACH_DATA_KEY or BACKCOACH_SESSION_KEY."""
    click.echo(secrets.token_urlsafe(32))


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def status(as_json: bool) -> None:
    """Show which keys wrote how many values, and whether each key is here."""
    from bot.commands.table import print_table
    from bot.store.crypto import current_key_id, key_ids
    from bot.store.rotation import values_by_key

    migrate()
    here, current, counted = key_ids(), current_key_id(), values_by_key()
    rows = [
        {
            "key": key,
            "values": counted.get(key, 0),
            "use": "writes" if key == current else "reads" if key in here else "MISSING",
        }
        for key in dict.fromkeys([*here, *counted])
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        print_table("Keys", [{name: str(value) for name, value in row.items()} for row in rows])
    if any(row["use"] == "MISSING" for row in rows):
        sys.exit(1)


@keys.command()
@click.option(
    "--batch", default=200, show_default=True, type=click.IntRange(1), help="Rows at a time."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def rotate(batch: int, as_json: bool) -> None:
    """Write everything stored anew under BACKCOACH_DATA_KEY.

    First put the new key into BACKCOACH_DATA_KEY and the one before into BACKCOACH_DATA_KEY_OLD,
    and start the product again. This may be stopped at any time and started again; it goes on where
    it was. Exits with 1 while an old key is still needed.
    """
    from bot.store import audit
    from bot.store.crypto import current_key_id
    from bot.store.rotation import rotate as run

    def progress(table: str, done: int, total: int) -> None:
        click.echo(f"{table}: {done} of {total}", err=True)

    migrate()
    done = run(progress, batch)
    rows = sum(done.rewritten.values())
    if rows:
        left = sum(done.left.values())
        audit.record(
            audit.TERMINAL,
            "keys_rotate",
            detail=f"key {current_key_id()}, {rows} rows, {left} left",
        )
    if as_json:
        click.echo(
            json.dumps(
                {
                    "key": current_key_id(),
                    "rewritten": done.rewritten,
                    "left": done.left,
                    "unreadable_rows": done.unreadable,
                    "complete": done.is_complete,
                }
            )
        )
    elif done.is_complete:
        click.echo(f"Rows written anew: {rows}. Nothing needs an old key any more: remove it.")
    else:
        click.echo(_still_needed(done.left, done.unreadable))
    if not done.is_complete:
        sys.exit(1)


def _still_needed(left: dict[str, int], unreadable: int) -> str:
    ids = ", ".join(f"{key} ({number} values)" for key, number in left.items())
    if unreadable:
        return (
            f"Still under other keys: {ids}. {unreadable} rows do not open: put the key that wrote "
            "them into a variable that begins with BACKCOACH_DATA_KEY_OLD and run this again."
        )
    return (
        f"Still under other keys: {ids}. Something still writes with an old key: start the product "
        "again with the new one, then run this again."
    )
