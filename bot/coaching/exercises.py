"""The clinic's exercises as data (``exercises.yml``)."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.coaching.schema import checked

FILE = "bot/coaching/exercises.yml"


@dataclass(frozen=True)
class Cue:
    """A sentence for the patient and where it is from.

    Attributes:
        text: The sentence.
        source: A code of ``data/sources.yml``, or ``not stated in the article``.
    """

    text: str
    source: str


@dataclass(frozen=True)
class Step:
    """One step of an exercise.

    Attributes:
        do: What to do.
        sms: The same in few words, for a text message.
        feel: How it should feel.
        mistakes: What often goes wrong.
        stop: When to stop.
        easier: What to do where it is too hard.
        picture: The drawing's file name.
        alt: What the drawing shows.
        dose_source: Where the dose is from, or None where there is nothing to count.
        hold_seconds: How long to hold, in seconds, or None.
        minutes: Least and most minutes, or None.
        repetitions: Least and most repetitions, or None.
    """

    do: Cue
    sms: str
    feel: Cue
    mistakes: Cue
    stop: Cue
    easier: Cue
    picture: str
    alt: str
    dose_source: str | None = None
    hold_seconds: int | None = None
    minutes: tuple[int, int] | None = None
    repetitions: tuple[int, int] | None = None

    @property
    def seconds(self) -> int | None:
        """Returns the seconds for a timer: the hold, or the least of the minutes."""
        return self.hold_seconds or (self.minutes[0] * 60 if self.minutes else None)

    @property
    def short_dose(self) -> str:
        """Returns the dose in few words, for example ``Hold 5 s, 20 times.``; may be empty."""
        parts = []
        if self.hold_seconds:
            parts.append(f"hold {self.hold_seconds} s")
        if self.minutes:
            parts.append(f"{_range(self.minutes)} min")
        if self.repetitions:
            parts.append(f"{_range(self.repetitions)} times")
        words = ", ".join(parts)
        return f"{words[0].upper()}{words[1:]}." if words else ""


def _range(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}-{pair[1]}"


@dataclass(frozen=True)
class Exercise:
    """One of the clinic's exercises (the fields are explained in ``exercises.yml``)."""

    id: str
    name: str
    lay_name: str
    purpose: Cue
    position: str
    needs: str
    ball_on_belly: bool
    one_sided: bool
    steps: tuple[Step, ...]
    help: Mapping[str, str]
    stop: Cue


def _pair(value: Any) -> tuple[int, int] | None:
    return (int(value[0]), int(value[1])) if value else None


def _step(entry: Mapping[str, Any]) -> Step:
    dose = entry["dose"]
    counted = dose if isinstance(dose, dict) else {}
    cues: dict[str, Any] = {
        name: Cue(**entry[name]) for name in ("do", "feel", "mistakes", "stop", "easier")
    }
    plain: dict[str, Any] = {name: entry[name] for name in ("sms", "picture", "alt")}
    return Step(
        **cues,
        **plain,
        dose_source=counted.get("source") or (None if dose == "nothing to count" else dose),
        hold_seconds=counted.get("hold_seconds"),
        minutes=_pair(counted.get("minutes")),
        repetitions=_pair(counted.get("repetitions")),
    )


def read_exercises(
    text: str, sources: Container[str] | None = None, pictures: Container[str] | None = None
) -> dict[str, Exercise]:
    """Reads exercises from the text of a data file, after checking it.

    Args:
        text: The file's text.
        sources: Known codes of sources, where they are to be checked.
        pictures: Known names of drawings, where they are to be checked.

    Returns:
        The exercises by id, in the order of the clinic's routine.

    Raises:
        ExerciseDataError: The text breaks the schema; the message names the file and the line.
    """
    entries = checked(text, FILE, sources, pictures)
    plain = ("id", "name", "lay_name", "position", "needs", "ball_on_belly", "one_sided", "help")
    return {
        entry["id"]: Exercise(
            **{name: entry[name] for name in plain},
            purpose=Cue(**entry["purpose"]),
            stop=Cue(**entry["stop"]),
            steps=tuple(_step(step) for step in entry["steps"]),
        )
        for entry in entries
    }


def file_text() -> str:
    """Returns the text of ``exercises.yml``."""
    return resources.files("bot.coaching").joinpath("exercises.yml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def exercises() -> Mapping[str, Exercise]:
    """Returns the exercises by id, in the order of the clinic's routine."""
    return read_exercises(file_text())
