"""A coached exercise as a state machine: pure functions from a state and an event to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from bot.coaching.exercises import Exercise, exercises

# The pain rules of the 0-10 scale (clinical.md, "During exercise").
GO_ON_UP_TO = 3
STOP_FROM = 6
STOP_AT_RISE_OF = 2


class Phase(str, Enum):
    """Where a session is."""

    PAIN_BEFORE = "pain_before"
    STEP = "step"
    PAIN_CHECK = "pain_check"
    PAIN_AFTER = "pain_after"
    FINISHED = "finished"
    STOPPED = "stopped"


class Event(str, Enum):
    """What a patient can do in a session, besides giving a score."""

    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    HELP = "help"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    HURTS = "hurts"


@dataclass(frozen=True)
class Session:
    """The state of one coached exercise.

    Attributes:
        exercise: The exercise's id.
        phase: Where the session is.
        step: Index of the current step, from 0.
        pain_before: Pain before the exercise, 0-10, or None.
        pain_after: Pain after it, 0-10, or None.
        paused: Whether the patient set it aside.
    """

    exercise: str
    phase: Phase = Phase.PAIN_BEFORE
    step: int = 0
    pain_before: int | None = None
    pain_after: int | None = None
    paused: bool = False

    @property
    def details(self) -> Exercise:
        """Returns the exercise that is done."""
        return exercises()[self.exercise]

    @property
    def is_over(self) -> bool:
        """Tells whether nothing more is to come."""
        return self.phase in (Phase.FINISHED, Phase.STOPPED)

    @property
    def waits_for_score(self) -> bool:
        """Tells whether the pain score is what was asked for."""
        return self.phase in (Phase.PAIN_BEFORE, Phase.PAIN_CHECK, Phase.PAIN_AFTER)

    def as_dict(self) -> dict[str, Any]:
        """Returns the state as plain values, for a slot."""
        return {**asdict(self), "phase": self.phase.value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Session:
        """Restores a state from a slot.

        Raises:
            KeyError: The exercise no longer exists.
        """
        restored = cls(**{**stored, "phase": Phase(stored["phase"])})
        exercises()[restored.exercise]
        return replace(restored, step=min(restored.step, len(restored.details.steps) - 1))


@dataclass(frozen=True)
class Turn:
    """What one event leads to.

    Attributes:
        session: The state from now on.
        say: Names of the responses to send before the prompt of the new state (``utter_coach_``
            and the name).
    """

    session: Session
    say: tuple[str, ...] = ()


def score(session: Session, pain: int) -> Turn:
    """Takes a pain score.

    Args:
        session: The state.
        pain: 0 to 10.
    """
    if session.phase is Phase.PAIN_BEFORE:
        started = replace(session, phase=Phase.STEP, pain_before=pain)
        return Turn(started, ("start_gently",) if pain >= STOP_FROM else ("start",))
    if session.phase is Phase.PAIN_AFTER:
        done = replace(session, phase=Phase.FINISHED, pain_after=pain)
        return Turn(done, (_after_words(session.pain_before, pain),))
    return _check(session, pain)


def _check(session: Session, pain: int) -> Turn:
    """Applies the pain rules to a score given in the middle of the exercise."""
    risen = session.pain_before is not None and pain - session.pain_before >= STOP_AT_RISE_OF
    if pain >= STOP_FROM or (risen and pain > GO_ON_UP_TO):
        stopped = replace(session, phase=Phase.STOPPED, pain_after=pain)
        return Turn(stopped, ("stop_for_pain",))
    words = "go_on" if pain <= GO_ON_UP_TO else "go_on_gently"
    return Turn(replace(session, phase=Phase.STEP), (words,))


def ask_score(session: Session) -> Turn:
    """Asks for a score on the scale; in the middle of the exercise, as a check of the pain."""
    waiting = session if session.waits_for_score else replace(session, phase=Phase.PAIN_CHECK)
    return Turn(waiting, ("score_please",))


def _after_words(before: int | None, now: int) -> str:
    if now >= STOP_FROM or (before is not None and now - before >= STOP_AT_RISE_OF):
        return "after_worse"
    if before is not None and now < before:
        return "after_better"
    return "after_same"


def advance(session: Session, event: Event) -> Turn:
    """Takes an event.

    Args:
        session: The state.
        event: What the patient did.

    Returns:
        The next state; events that make no sense in a phase repeat its prompt.
    """
    if session.is_over:
        return Turn(session)
    if event is Event.STOP:
        return Turn(replace(session, phase=Phase.STOPPED, paused=False), ("stopped",))
    if event is Event.PAUSE:
        return Turn(replace(session, paused=True), ("paused",))
    session = replace(session, paused=False)
    if session.phase is Phase.STEP:
        return _advance_step(session, event)
    if event is Event.BACK and session.phase in (Phase.PAIN_AFTER, Phase.PAIN_CHECK):
        return Turn(replace(session, phase=Phase.STEP))
    if event is Event.HELP:
        return Turn(session, ("help",))
    return ask_score(session) if event in (Event.NEXT, Event.HURTS) else Turn(session)


def _advance_step(session: Session, event: Event) -> Turn:
    last = len(session.details.steps) - 1
    if event is Event.HURTS:
        return Turn(replace(session, phase=Phase.PAIN_CHECK), ("hurts",))
    if event is Event.HELP:
        return Turn(session, ("help",))
    if event is Event.NEXT:
        if session.step == last:
            return Turn(replace(session, phase=Phase.PAIN_AFTER), ("well_done",))
        return Turn(replace(session, step=session.step + 1))
    if event is Event.BACK:
        if session.step == 0:
            return Turn(session, ("first_step",))
        return Turn(replace(session, step=session.step - 1))
    return Turn(session)
