"""Reads the one moment that a message names, to take it without asking once more."""

from __future__ import annotations

import re
from datetime import datetime

from bot.booking.choose import wish_of
from bot.entities.plain import plain
from bot.entities.when import MAX_TEXT, read_preference

# "Around 10", "10 or 11" and "2 pm doesn't work" leave open which time is wanted.
_OPEN = re.compile(
    r"\b(?:not|but|or|around|roughly|maybe|except|than|if|ish|before|after)\b|n't\b|\bish\b|"
    r"(?<!how )(?<!what )\babout\b"
)


def named_moment(said: str, now: datetime) -> datetime | None:
    """Returns the moment that a message names by day and clock, or None where it names no one.

    Args:
        said: The message, for example "ok, 4 pm Wednesday".
        now: The present moment in the clinic's zone.
    """
    if _OPEN.search(plain(said, MAX_TEXT)):
        return None
    try:
        preference = read_preference(said, now)
    except ValueError:
        return None
    if preference is None or preference.start is None or not preference.names_day:
        return None
    wish = wish_of(preference, now)
    if wish.near is None or wish.left_out:
        return None
    return preference.start
