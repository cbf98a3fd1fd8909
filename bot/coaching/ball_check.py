"""Whether the ball releases are left out: the questions and what the answers mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from bot.entities.yes_no import Answer
from bot.yaml_text import read_yaml


@lru_cache(maxsize=1)
def ball_questions() -> tuple[str, ...]:
    """Returns the names of the questions, in their order."""
    text = resources.files("bot.coaching").joinpath("ball_check.yml").read_text(encoding="utf-8")
    return tuple(read_yaml(text)["questions"])


def next_ball_question(answers: Mapping[str, str]) -> str | None:
    """Returns the next open question; None once one answer decides or all are given."""
    if balls_allowed(answers) is not None:
        return None
    return next(name for name in ball_questions() if name not in answers)


def balls_allowed(answers: Mapping[str, str]) -> bool | None:
    """Tells whether the ball releases may be done; None while that is open.

    Yes or not sure to any question leaves them out.
    """
    if any(value != Answer.NO.value for value in answers.values()):
        return False
    return True if set(ball_questions()) <= set(answers) else None
