"""A patient's data as files: a text to read, and the same as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.clinic import clinic
from bot.patient import export

NAME = "backcoach-my-data"
_TITLES = {
    "messages": "What we said",
    "web_messages": "What the web page showed",
    "joined_channels": "Phones that joined this chat",
    "bookings": "Requests for an evaluation",
    "appointments": "Appointments",
    "exercise_sessions": "Exercises",
    "plans": "Plans",
    "reminders": "Reminders",
    "reminder_messages": "Messages that were sent or wait to be sent",
    "assessments": "Safety questions and their outcome",
    "urgencies": "Danger signs that were raised or released",
    "hand_offs": "Wishes to talk to a person",
    "not_understood": "Messages that I did not understand",
}


def downloads(sender_id: str) -> list[dict[str, str]]:
    """Returns the files for the web page: a text first, then JSON."""
    exported = export(sender_id)
    as_json = json.dumps(exported, indent=2, ensure_ascii=False)
    return [
        {"type": "download", "filename": f"{NAME}.txt", "content": readable(exported)},
        {"type": "download", "filename": f"{NAME}.json", "content": as_json},
    ]


def readable(exported: dict[str, Any]) -> str:
    """Returns an export as a text: a part for each kind of data that there is some of."""
    profile = clinic()
    parts = [
        f"Your data at the automated assistant of {profile.name}\n"
        f"Times are those of {profile.time_zone}. Questions: {profile.phone}"
    ]
    for name, rows in exported.items():
        if not isinstance(rows, list) or not rows:
            continue
        title = _TITLES.get(name, name.replace("_", " ").capitalize())
        parts.append("\n".join([title, "-" * len(title), *(_line(row) for row in rows)]))
    parts += _table(exported.get("progress") or {})
    if len(parts) == 1:
        parts.append("Nothing is kept.")
    return "\n\n".join(parts) + "\n"


def _table(progress: dict[str, Any]) -> list[str]:
    """Returns the table for the therapist as a part of the text, if there is anything in it."""
    rows = progress.get("rows")
    if not rows:
        return []
    title = progress["caption"]
    columns = [column.lower() for column in progress["columns"][1:]]
    lines = [
        f"- {row[0]}: " + "; ".join(f"{c} {cell}" for c, cell in zip(columns, row[1:], strict=True))
        for row in rows
    ]
    return ["\n".join([title, "-" * len(title), *lines])]


def _line(row: Any) -> str:
    if not isinstance(row, dict):
        return _plain(row)
    if set(row) == {"said_at", "speaker", "text"}:
        return f"{_plain(row['said_at'])}  {row['speaker']}: {row['text']}"
    told = (
        f"{name.replace('_', ' ')}: {_plain(value)}"
        for name, value in row.items()
        if value not in (None, "")
    )
    return "- " + "; ".join(told)


def _plain(value: Any) -> str:
    """Returns a value as people write it; moments in the clinic's time."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part) for part in value)
    if isinstance(value, str) and len(value) > len("2026-03-02"):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        if moment.tzinfo:
            return f"{moment.astimezone(ZoneInfo(clinic().time_zone)):%Y-%m-%d %H:%M}"
    return str(value)
