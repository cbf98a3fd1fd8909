"""What can happen in a coached exercise, and what can be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Event(str, Enum):
    """What a patient can do in a session, besides giving a pain score."""

    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    RESTART = "restart"
    SKIP = "skip"
    SKIP_EXERCISE = "skip_exercise"
    SWAP_SIDE = "swap_side"
    COUNT = "count"
    COUNT_MORE = "count_more"
    WHICH_NUMBER = "which_number"
    HOW_MANY_LEFT = "how_many_left"
    LOST_COUNT = "lost_count"
    HELP = "help"
    TOO_HARD = "too_hard"
    NO_BALL = "no_ball"
    OTHER_PERSON = "other_person"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    STOP = "stop"
    HURTS = "hurts"
    ALARM = "alarm"
    FELT_EASY = "felt_easy"
    FELT_RIGHT = "felt_right"
    FELT_HARD = "felt_hard"


FELT = {Event.FELT_EASY: "easy", Event.FELT_RIGHT: "right", Event.FELT_HARD: "hard"}


@dataclass(frozen=True)
class Said:
    """An event, with the number or the exercises that it is about.

    Attributes:
        event: What the patient did.
        number: Repetitions, for ``COUNT``, ``COUNT_MORE`` and ``WHICH_NUMBER``.
        exercises: Ids of the exercises for which there is no ball, for ``NO_BALL``.
    """

    event: Event
    number: int = 0
    exercises: tuple[str, ...] = ()


class Say(str, Enum):
    """What the bot says before the prompt of the new state: ``utter_coach_`` and the value."""

    INTRO = "intro"
    RESUMED = "resumed"
    ROUTINE = "routine"
    NEXT_EXERCISE = "next_exercise"
    BALLS_LEFT_OUT = "balls_left_out"
    BALL_SKIP = "ball_skip"
    NO_BALL = "no_ball"
    NO_BALL_NEEDED = "no_ball_needed"
    START = "start"
    START_GENTLY = "start_gently"
    FIRST_STEP = "first_step"
    SKIPPED = "skipped"
    SKIPPED_EXERCISE = "skipped_exercise"
    RESTARTED = "restarted"
    SWAPPED = "swapped"
    SWAP_NOT_NEEDED = "swap_not_needed"
    COUNTED = "counted"
    COUNTED_ENOUGH = "counted_enough"
    COUNTED_ALL = "counted_all"
    COUNT_NOT_NEEDED = "count_not_needed"
    WHICH_NUMBER = "which_number"
    LEFT = "left"
    LEFT_TIME = "left_time"
    LEFT_NONE = "left_none"
    LOST_COUNT = "lost_count"
    LOST_COUNT_NONE = "lost_count_none"
    HELP = "help"
    EASIER = "easier"
    HURTS = "hurts"
    GO_ON = "go_on"
    GO_ON_GENTLY = "go_on_gently"
    STOP_FOR_PAIN = "stop_for_pain"
    ALARM = "alarm"
    SCORE_PLEASE = "score_please"
    WELL_DONE = "well_done"
    ENOUGH = "enough"
    AFTER_BETTER = "after_better"
    AFTER_SAME = "after_same"
    AFTER_WORSE = "after_worse"
    FELT_EASY = "felt_easy"
    FELT_RIGHT = "felt_right"
    FELT_HARD = "felt_hard"
    PAUSED = "paused"
    OTHER_PERSON = "other_person"
    STOPPED = "stopped"


FELT_WORDS = {
    Event.FELT_EASY: Say.FELT_EASY,
    Event.FELT_RIGHT: Say.FELT_RIGHT,
    Event.FELT_HARD: Say.FELT_HARD,
}
