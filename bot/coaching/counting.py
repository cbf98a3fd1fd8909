"""Counting the repetitions of a step: what the patient told, what is left."""

from __future__ import annotations

from dataclasses import dataclass

from bot.coaching.events import Event, Said, Say
from bot.coaching.exercises import Step

MOST = 999


@dataclass(frozen=True)
class Counted:
    """What a word about the count leads to.

    Attributes:
        count: Repetitions told so far.
        say: What to say.
        is_complete: Whether all of the step's repetitions are done.
    """

    count: int
    say: Say
    is_complete: bool = False


def count(step: Step, so_far: int, said: Said) -> Counted | None:
    """Takes a word about the count.

    Args:
        step: The step that is done.
        so_far: Repetitions told before.
        said: ``COUNT``, ``COUNT_MORE``, ``HOW_MANY_LEFT`` or ``LOST_COUNT``.

    Returns:
        The new count and what to say; None for any other event.
    """
    if said.event is Event.COUNT:
        return _told(step, said.number)
    if said.event is Event.COUNT_MORE:
        return _told(step, so_far + said.number)
    if said.event is Event.HOW_MANY_LEFT:
        return Counted(so_far, _left(step))
    if said.event is Event.LOST_COUNT:
        known = step.repetitions is not None and so_far > 0
        return Counted(so_far, Say.LOST_COUNT if known else Say.LOST_COUNT_NONE)
    return None


def _told(step: Step, number: int) -> Counted:
    number = max(0, min(MOST, number))
    if step.repetitions is None:
        return Counted(0, Say.COUNT_NOT_NEEDED)
    least, most = step.repetitions
    if number >= most:
        return Counted(number, Say.COUNTED_ALL, is_complete=True)
    return Counted(number, Say.COUNTED_ENOUGH if number >= least else Say.COUNTED)


def _left(step: Step) -> Say:
    if step.repetitions is not None:
        return Say.LEFT
    return Say.LEFT_TIME if step.minutes else Say.LEFT_NONE


def left(step: Step, so_far: int) -> str:
    """Returns how many repetitions are left in words, for example ``12`` or ``12 to 22``."""
    if step.repetitions is None:
        return ""
    least, most = (max(0, number - so_far) for number in step.repetitions)
    return str(most) if least in (most, 0) else f"{least} to {most}"
