"""The pain rules on the 0-10 scale (clinical ground rules, "During exercise")."""

from __future__ import annotations

from enum import Enum

from bot.coaching.events import Say

GO_ON_UP_TO = 3
STOP_FROM = 6
STOP_AT_RISE_OF = 2


def before_words(pain: int) -> Say:
    """Returns what is said of the pain before an exercise."""
    return Say.START_GENTLY if pain >= STOP_FROM else Say.START


def check_words(before: int | None, now: int) -> Say:
    """Returns what the pain in the middle of an exercise means: go on, gently, or stop.

    Args:
        before: Pain before the exercise, 0-10, or None.
        now: Pain now, 0-10.
    """
    risen = before is not None and now - before >= STOP_AT_RISE_OF
    if now >= STOP_FROM or (risen and now > GO_ON_UP_TO):
        return Say.STOP_FOR_PAIN
    return Say.GO_ON if now <= GO_ON_UP_TO else Say.GO_ON_GENTLY


class Told(str, Enum):
    """What a score means that a patient tells outside an exercise."""

    FINE = "fine"
    GENTLY = "gently"
    WORSE = "worse"


def told_score(before: int | None, now: int) -> Told:
    """Returns what a score means that is told outside an exercise, by the same rules.

    Args:
        before: Pain before the last exercise of the last 24 hours, 0-10, or None.
        now: The score that was told, 0-10.
    """
    words = check_words(before, now)
    if words is Say.STOP_FOR_PAIN:
        return Told.WORSE
    return Told.FINE if words is Say.GO_ON else Told.GENTLY


def after_words(before: int | None, now: int) -> Say:
    """Returns what the pain after an exercise means.

    Args:
        before: Pain before the exercise, 0-10, or None.
        now: Pain now, 0-10.
    """
    if now >= STOP_FROM or (before is not None and now - before >= STOP_AT_RISE_OF):
        return Say.AFTER_WORSE
    if before is not None and now < before:
        return Say.AFTER_BETTER
    return Say.AFTER_SAME
