"""The drawings of the exercises as files, for channels that show or send them."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

from bot.coaching.exercises import exercises

_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def media_type(name: str) -> str | None:
    """Returns the media type of a drawing's file, or None where it is none."""
    return _TYPES.get(Path(name).suffix)


@lru_cache(maxsize=1)
def picture_names() -> frozenset[str]:
    """Returns the names of all drawings, with their endings."""
    folder = resources.files("bot.coaching").joinpath("pictures")
    return frozenset(file.name for file in folder.iterdir() if media_type(file.name))


@lru_cache(maxsize=64)
def picture(name: str) -> bytes | None:
    """Returns a drawing's bytes; None for any name that is not one of the drawings."""
    if name not in picture_names():
        return None
    return resources.files("bot.coaching").joinpath("pictures").joinpath(name).read_bytes()


def drawn() -> dict[str, bytes]:
    """Draws every picture anew.

    Returns:
        The files' bytes by name: each drawing as SVG and as PNG.
    """
    from bot.coaching.drawing.png import png
    from bot.coaching.drawing.scenes import scenes
    from bot.coaching.drawing.svg import svg

    known = scenes()
    files: dict[str, bytes] = {}
    for exercise in exercises().values():
        for number, step in enumerate(exercise.steps, start=1):
            stem = step.picture.removesuffix(".svg")
            if stem not in known or step.picture in files:
                continue
            title = f"{exercise.name}, step {number}"
            files[step.picture] = svg(known[stem], title, step.alt).encode()
            files[f"{stem}.png"] = png(known[stem])
    return files
