"""What must be answered before an exercise: the screen of the day and the ball questions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.coaching.exercises import Exercise


class Gate(str, Enum):
    """What a patient must answer before the exercise may go on."""

    SCREEN = "screen"
    BALLS = "balls"


@dataclass(frozen=True)
class Gates:
    """What has been answered so far.

    Attributes:
        today: The clinic's date as ISO text.
        screened_on: The date of the last screen without a warning sign, or None.
        balls_on: The date on which the ball questions were answered, or None.
        balls_allowed: What their answers mean (``ball_check.balls_allowed``).
        told_against: Whether the patient told at another moment what leaves the ball releases
            out (``ball_facts``); nothing needs to be asked then.
    """

    today: str
    screened_on: str | None = None
    balls_on: str | None = None
    balls_allowed: bool | None = None
    told_against: bool = False

    def closed(self, exercise: Exercise) -> Gate | None:
        """Returns the gate that must be passed first, or None."""
        if self.screened_on != self.today:
            return Gate.SCREEN
        if not exercise.ball_on_belly or self.told_against:
            return None
        if self.balls_on != self.today or self.balls_allowed is None:
            return Gate.BALLS
        return None

    def refuse(self, exercise: Exercise) -> bool:
        """Tells whether today's answers, or what was told before, leave this exercise out."""
        if not exercise.ball_on_belly:
            return False
        return self.told_against or (self.balls_on == self.today and self.balls_allowed is False)
