"""``bot bookings``, ``bot unanswered`` and ``bot patient``: the clinic's side in a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.clinic import clinic
from bot.commands.table import print_table
from bot.settings import NLU_DATA
from bot.store.database import migrate


def _local(moment: Any) -> str:
    return f"{moment.astimezone(ZoneInfo(clinic().time_zone)):%Y-%m-%d %H:%M}" if moment else ""


@click.command()
@click.option("--status", help="Only those of this status: requested, booked or cancelled.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def bookings(status: str | None, as_json: bool) -> None:
    """List appointments and requests for an evaluation, urgent ones first."""
    from bot.appointments import say_slot
    from bot.store.appointments import all_appointments
    from bot.store.notices import clinic_knows
    from bot.store.records import all_bookings

    migrate()
    rows = [
        {
            "reference": booking.reference,
            "urgent": "URGENT" if booking.urgent else "",
            "status": booking.status,
            "asked": _local(booking.created_at),
            "name": booking.name,
            "phone": booking.phone,
            "e-mail": booking.email,
            "reason": booking.reason,
            "preferred": booking.preferred,
            "meant": _local(booking.preferred_start),
            "e-mailed": "yes" if clinic_knows(booking.reference) else "not yet",
        }
        for booking in all_bookings(status)
    ]
    rows += [
        {
            "reference": booked.reference,
            "urgent": "URGENT" if booked.urgent else "",
            "status": booked.status,
            "asked": _local(booked.booked_at),
            "name": booked.name,
            "phone": booked.phone,
            "e-mail": booked.email,
            "reason": booked.reason,
            "preferred": say_slot(booked.slot),
            "meant": _local(booked.slot.starts),
            "e-mailed": "yes" if booked.clinic_told else "not yet",
        }
        for booked in all_appointments(status)
    ]
    rows.sort(key=lambda row: not row["urgent"])
    _show("Appointments and requests for an evaluation", rows, as_json, "No requests yet.")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_context
def unanswered(context: click.Context, as_json: bool) -> None:
    """List messages that the bot did not understand, with the nearest intents."""
    from bot.store.records import all_unanswered

    migrate()
    if context.invoked_subcommand:
        return
    rows = [
        {"id": str(row.id), "when": _local(row.when), "text": row.text, "nearest": row.nearest}
        for row in all_unanswered()
    ]
    _show("Not understood", rows, as_json, "Nothing unanswered.")


@unanswered.command()
@click.argument("number", metavar="ID", type=int)
@click.argument("intent")
@click.option("--as", "wording", help="Use these words instead: leave out names and numbers.")
def accept(number: int, intent: str, wording: str | None) -> None:
    """Make a message a training example of INTENT, for example faq/hours."""
    from bot.examples import ExampleError, add_to_folder
    from bot.store.records import close_unanswered, unanswered_text

    text = unanswered_text(number)
    if text is None:
        raise click.ClickException(f"There is no message {number}: see `bot unanswered`.")
    try:
        path = add_to_folder(NLU_DATA, intent, wording or text)
    except ExampleError as error:
        raise click.ClickException(str(error)) from error
    close_unanswered(number)
    click.echo(f"Added to {path.name}. Run `bot train` and start the bot again to use it.")


@unanswered.command()
@click.argument("number", metavar="ID", type=int)
def dismiss(number: int) -> None:
    """Take a message off the list without learning from it."""
    from bot.store.records import close_unanswered

    if not close_unanswered(number):
        raise click.ClickException(f"There is no message {number}: see `bot unanswered`.")
    click.echo("Taken off the list.")


def _show(title: str, rows: list[dict[str, str]], as_json: bool, nothing: str) -> None:
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif rows:
        print_table(title, rows)
    else:
        click.echo(nothing)


@click.group()
def patient() -> None:
    """Export, draw or delete what is stored of one patient."""
    migrate()


@patient.command()
@click.argument("patient_id")
def export(patient_id: str) -> None:
    """Print everything that is stored of a patient, as JSON with the chart in it."""
    from bot.patient import chart_of
    from bot.patient import export as everything
    from bot.store import audit

    audit.record(audit.TERMINAL, "export", patient_id)
    exported = everything(patient_id)
    exported["progress"]["chart"] = chart_of(patient_id)
    click.echo(json.dumps(exported, indent=2, ensure_ascii=False))


@patient.command()
@click.argument("patient_id")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def chart(patient_id: str, file: Path) -> None:
    """Write a patient's chart of pain and exercises to FILE, a PNG."""
    from bot.coaching.chart import png
    from bot.coaching.progress import in_words
    from bot.patient import record_of
    from bot.store import audit

    audit.record(audit.TERMINAL, "view", patient_id, "chart")
    record = record_of(patient_id)
    if not record:
        raise click.ClickException(f"There are no exercises of {patient_id}.")
    try:
        file.write_bytes(png(record))
    except OSError as error:
        raise click.ClickException(f"{file} could not be written: {error.strerror}.") from error
    click.echo(in_words(record))


@patient.command()
@click.argument("patient_id")
@click.option("--yes", is_flag=True, help="Don't ask.")
def delete(patient_id: str, yes: bool) -> None:
    """Delete everything that is stored of a patient."""
    from bot.store import audit
    from bot.store.erasure import delete_patient

    if not yes:
        click.confirm(f"Delete everything stored of {patient_id}?", abort=True)
    erased = delete_patient(patient_id, audit.TERMINAL)
    click.echo(f"Deleted: {erased.rows} rows.")
    for begins in erased.visits:
        click.echo(f"Cancelled: the visit of {_local(begins)}.")
