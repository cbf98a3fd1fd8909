"""The clinic's exercises: reading and checking ``exercises.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True)
class Step:
    """One step of an exercise.

    Attributes:
        do: What to do.
        feel: How it should feel.
        hold_seconds: How long to hold, in seconds, or None.
        minutes: Least and most minutes, or None.
        repetitions: Least and most repetitions, or None.
    """

    do: str
    feel: str
    hold_seconds: int | None = None
    minutes: tuple[int, int] | None = None
    repetitions: tuple[int, int] | None = None


@dataclass(frozen=True)
class Exercise:
    """One of the clinic's exercises."""

    id: str
    name: str
    lay_name: str
    needs: str
    purpose: str
    source: str
    ball_on_belly: bool
    steps: tuple[Step, ...]
    help: Mapping[str, str]
    stop: str


def _pair(value: Any) -> tuple[int, int] | None:
    return (int(value[0]), int(value[1])) if value else None


def _step(entry: Mapping[str, Any]) -> Step:
    return Step(
        do=entry["do"],
        feel=entry["feel"],
        hold_seconds=entry.get("hold_seconds"),
        minutes=_pair(entry.get("minutes")),
        repetitions=_pair(entry.get("repetitions")),
    )


@lru_cache(maxsize=1)
def exercises() -> Mapping[str, Exercise]:
    """Returns the exercises by id, in the order of the clinic's routine."""
    text = resources.files("bot.coaching").joinpath("exercises.yml").read_text(encoding="utf-8")
    return {
        entry["id"]: Exercise(
            id=entry["id"],
            name=entry["name"],
            lay_name=entry["lay_name"],
            needs=entry["needs"],
            purpose=entry["purpose"],
            source=entry["source"],
            ball_on_belly=entry["ball_on_belly"],
            steps=tuple(_step(step) for step in entry["steps"]),
            help=entry["help"],
            stop=entry["stop"],
        )
        for entry in yaml.safe_load(text)["exercises"]
    }


def after(exercise_id: str, without_balls: bool) -> Exercise | None:
    """Returns the exercise that follows in the clinic's routine, or None after the last."""
    order = list(exercises().values())
    rest = order[[exercise.id for exercise in order].index(exercise_id) + 1 :]
    return next((e for e in rest if not (without_balls and e.ball_on_belly)), None)
