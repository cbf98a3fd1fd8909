"""Tables as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# What a spreadsheet takes for the start of a formula, also in the wide forms of some keyboards.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")


def safe(value: object) -> str:
    """Returns a cell's text; where it could be read as a formula an apostrophe stands before it."""
    said = str(value).replace("\x00", "")
    return f"'{said}" if said.startswith(_FORMULA) or said.lstrip().startswith(_FORMULA) else said


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Returns a table as CSV in UTF-8, marked so that Excel reads accents right."""
    written = StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([safe(value) for value in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")
