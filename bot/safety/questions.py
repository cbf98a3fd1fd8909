"""The direct questions that settle an unclear sign, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.safety.urgency import Urgency
from bot.yaml_text import read_yaml


@dataclass(frozen=True)
class Question:
    """A direct question of ``questions.yml``.

    Attributes:
        name: Its name, also that of the response ``utter_ask_sign_<name>``.
        pathology: What a yes suggests.
        level: The urgency that a yes, or "not sure", means.
        unanswered_is_yes: Whether going on without an answer counts as yes.
    """

    name: str
    pathology: str
    level: Urgency
    unanswered_is_yes: bool


@lru_cache(maxsize=1)
def questions() -> Mapping[str, Question]:
    """Returns the direct questions by name."""
    text = resources.files("bot.safety").joinpath("questions.yml").read_text(encoding="utf-8")
    return {
        name: Question(
            name, entry["pathology"], Urgency.of(entry["level"]), entry["unanswered_is_yes"]
        )
        for name, entry in read_yaml(text)["questions"].items()
    }
