"""Where a coached exercise is: the state that is stored, and what one event leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from bot.coaching.events import Say
from bot.coaching.exercises import Exercise, Step, exercises
from bot.coaching.gates import Gate
from bot.coaching.pain_rules import after_words


class Phase(str, Enum):
    """Where a session is."""

    PAIN_BEFORE = "pain_before"
    STEP = "step"
    PAIN_CHECK = "pain_check"
    PAIN_AFTER = "pain_after"
    FELT = "felt"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Session:
    """The state of one coached exercise.

    Attributes:
        exercise: The exercise's id.
        phase: Where the session is, or goes on once its gate is passed.
        step: Index of the current step, from 0.
        pain_before: Pain before the exercise, 0-10, or None.
        pain_after: Pain after it, 0-10, or None.
        paused: Whether the patient set it aside.
        gate: What must be answered before it goes on, or None.
        count: Repetitions of the current step that the patient told.
        second_side: Whether the patient has swapped to the other side.
        partial: Whether a step was skipped or the exercise was finished early.
        routine: Whether the clinic's next exercise follows by itself.
        left_out: Ids of exercises that were skipped, or for which there is no ball.
        alarmed: Whether it was stopped for a sign that calls for a new screen.
    """

    exercise: str
    phase: Phase = Phase.PAIN_BEFORE
    step: int = 0
    pain_before: int | None = None
    pain_after: int | None = None
    paused: bool = False
    gate: Gate | None = None
    count: int = 0
    second_side: bool = False
    partial: bool = False
    routine: bool = False
    left_out: tuple[str, ...] = ()
    alarmed: bool = False

    @property
    def details(self) -> Exercise:
        """Returns the exercise that is done."""
        return exercises()[self.exercise]

    @property
    def current(self) -> Step:
        """Returns the step that the session is at."""
        return self.details.steps[self.step]

    @property
    def is_over(self) -> bool:
        """Tells whether nothing more is to come."""
        return self.phase in (Phase.FINISHED, Phase.STOPPED)

    @property
    def has_begun(self) -> bool:
        """Tells whether the patient has got to the exercise's first step."""
        return self.phase is not Phase.PAIN_BEFORE

    @property
    def waits_for_score(self) -> bool:
        """Tells whether the pain score is what was asked for."""
        return self.phase in (Phase.PAIN_BEFORE, Phase.PAIN_CHECK, Phase.PAIN_AFTER)

    @property
    def calls_for_screen(self) -> bool:
        """Tells whether it ended with pain that calls for a new screen before any exercise."""
        if self.alarmed or self.pain_after is None:
            return self.alarmed
        return after_words(self.pain_before, self.pain_after) is Say.AFTER_WORSE

    @property
    def outcome(self) -> str:
        """Returns ``finished`` where all of it was done, else ``stopped``, for the record."""
        done = self.phase in (Phase.FELT, Phase.FINISHED) and not self.partial
        return "finished" if done else "stopped"

    def leaving_out(self, without: tuple[str, ...]) -> Session:
        """Returns the state with these exercises left out of what is to come."""
        return replace(self, left_out=tuple(dict.fromkeys((*self.left_out, *without))))

    def as_dict(self) -> dict[str, Any]:
        """Returns the state as plain values, for a slot."""
        plain = {**asdict(self), "phase": self.phase.value, "left_out": list(self.left_out)}
        return {**plain, "gate": self.gate.value if self.gate else None}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Session:
        """Restores a state from a slot.

        Raises:
            KeyError: The exercise no longer exists.
        """
        read = {**stored, "phase": Phase(stored["phase"])}
        read["gate"] = Gate(stored["gate"]) if stored.get("gate") else None
        read["left_out"] = tuple(stored.get("left_out") or ())
        restored = cls(**read)
        exercises()[restored.exercise]
        return replace(restored, step=min(restored.step, len(restored.details.steps) - 1))


@dataclass(frozen=True)
class Turn:
    """What one event leads to.

    Attributes:
        session: The state from now on.
        say: What to say before the prompt of the new state.
        record: The exercise to keep a record of now, if any.
        felt: How the exercise that was recorded last felt: ``easy``, ``right`` or ``hard``.
        said_number: The number that the patient told, where it is asked what it counts.
    """

    session: Session
    say: tuple[Say, ...] = ()
    record: Session | None = None
    felt: str | None = None
    said_number: int = 0
