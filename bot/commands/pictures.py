"""``bot pictures``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.settings import ROOT

FOLDER = ROOT / "bot" / "coaching" / "pictures"


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    help="The folder to write to, by default that of the package.",
)
def pictures(folder: Path) -> None:
    """Draw the pictures of the exercises anew, as SVG and as PNG."""
    from bot.coaching.pictures import drawn

    folder.mkdir(parents=True, exist_ok=True)
    files = drawn()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    click.echo(f"{len(files)} files in {folder}")
