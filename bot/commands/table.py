"""Tables in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table


def print_table(title: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Prints rows of the same keys as a table, the keys as its head."""
    table = Table(title=title, title_justify="left")
    for key in rows[0] if rows else ():
        table.add_column(key)
    for row in rows:
        table.add_row(*row.values())
    Console().print(table)
