"""What a message that was not understood may have meant, offered as choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.yaml_text import read_yaml

MOST = 3
LEAST_CONFIDENCE = 0.04
"""A reading that is less likely than this is not worth the patient's time."""


@lru_cache(maxsize=1)
def titles() -> Mapping[str, str]:
    """Returns the title under which each intent is offered (``readings.yml``)."""
    text = resources.files("bot").joinpath("readings.yml").read_text(encoding="utf-8")
    return dict(read_yaml(text))


def choices(ranking: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Returns buttons for the nearest readings of a message, the likeliest first.

    Args:
        ranking: Intents with their confidence, as the classifier ranks them.

    Returns:
        Two or three buttons with ``title`` and ``payload``; none where nothing is near.
    """
    known = titles()
    near = [
        reading["name"]
        for reading in ranking
        if reading["name"] in known and reading["confidence"] >= LEAST_CONFIDENCE
    ][:MOST]
    if len(near) < 2:
        return []
    return [{"title": known[name], "payload": f"/{name}"} for name in near]
