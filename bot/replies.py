"""The texts that the bot says, as data: reading, choosing by channel, filling in clinic facts.

Used by the dialogue engine's response generator and, without any engine, by the channels when the
engine fails.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.clinic import Clinic, clinic
from bot.settings import RESPONSES_DIR
from bot.yaml_text import read_yaml

_PLACEHOLDER = re.compile(r"\{(clinic_\w+)\}")


def fill(value: Any, facts: Mapping[str, str]) -> Any:
    """Puts clinic facts into the ``{clinic_...}`` placeholders of a text, list or mapping."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [fill(item, facts) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, facts) for key, item in value.items()}
    return value


def with_source(response: Mapping[str, Any], channel: str) -> dict[str, Any]:
    """Appends the answer's source in a few words, on channels that have room for it."""
    done = dict(response)
    note = (response.get("metadata") or {}).get("source_note")
    if note and channel != "sms" and done.get("text"):
        done["text"] = f"{done['text']}\n\n*{note}*"
    return done


@lru_cache(maxsize=1)
def responses() -> Mapping[str, list[dict[str, Any]]]:
    """Returns all responses of ``data/nlu/responses``: name to variations."""
    return read_responses(RESPONSES_DIR)


def read_responses(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Reads every response file of a folder."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.yml")):
        found.update(read_yaml(path.read_text(encoding="utf-8")).get("responses") or {})
    return found


def urgent_names(level: str, pathology: str | None) -> list[str]:
    """Returns the names under which an urgency may be worded, the most specific first."""
    return [f"utter_urgent_{level}_{pathology}", f"utter_urgent_{level}"]


def first_known(names: list[str], known: Container[str], spanish: bool) -> str:
    """Returns the first response that exists; for Spanish, one in Spanish if there is any.

    Args:
        names: Names of responses, the best first; the last must exist.
        known: The names of all responses.
        spanish: Whether to look for ``<name>_es`` first.
    """
    wanted = [f"{name}_es" for name in names] + names if spanish else names
    return next((name for name in wanted if name in known), names[-1])


def urgent_response(
    level: str,
    pathology: str | None,
    channel: str,
    profile: Clinic | None = None,
    spanish: bool = False,
) -> dict[str, Any]:
    """Returns the emergency response of a level, without the dialogue engine.

    Args:
        level: The level's label.
        pathology: Its pathology; a text of its own is chosen where there is one.
        channel: The channel's name; a variation for it goes before the general one.
        profile: The clinic's profile; by default that of this installation.
        spanish: Whether the patient wrote Spanish.
    """
    name = first_known(urgent_names(level, pathology), responses(), spanish)
    return plain_response(name, channel, profile)


def plain_response(name: str, channel: str, profile: Clinic | None = None) -> dict[str, Any]:
    """Returns a response's variation for a channel, filled in; conditions are not looked at."""
    variations = responses()[name]
    own = [variation for variation in variations if variation.get("channel") == channel]
    general = [variation for variation in variations if "channel" not in variation]
    filled: dict[str, Any] = fill((own or general)[0], (profile or clinic()).facts())
    return filled
