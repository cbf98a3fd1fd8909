"""Reads a time of day: "half past nine", "3ish", "after 5", "15:30"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bot.entities.numbers import TEENS, UNITS
from bot.entities.when_words import AFTERNOON, EVENING, MORNING, PARTS

NOON, EVENING_BEGINS = 12, 17
# Nobody is treated before: "at 5" without am or pm is the afternoon.
FIRST_MORNING_HOUR = 7

_HOURS = {
    word: value
    for word, value in {**UNITS, **TEENS}.items()
    if 1 <= value <= 12 and word not in ("un", "uno", "once")
}
_NUMBER = {
    **{word: value for word, value in UNITS.items() if value},
    **TEENS,
    "quarter": 15, "twenty": 20, "twenty five": 25, "cuarto": 15, "half": 30,
}  # fmt: skip
_HOUR = rf"(?P<hour>\d{{1,2}}|{'|'.join(sorted(_HOURS, key=len, reverse=True))})"
_HALF_DAY = (
    r"(?: ?(?P<half>a\.?m\.?|p\.?m\.?|a|p)(?!\w)| (?:in the|of the|de la|por la) (?P<of>morning|"
    r"afternoon|evening|"
    r"manana|tarde|noche)| at (?P<at>night))?"
)
_MINUTE_WORD = r"(?:thirty|fifteen|forty[ -]five|y media|y cuarto)"
_MINUTE_WORDS = {"thirty": 30, "fifteen": 15, "y media": 30, "y cuarto": 15}
_NUMBERS = "|".join(sorted(_NUMBER, key=len, reverse=True))
_INTRO = (
    r"(?P<intro>at|around|about|by|after|before|until|till|from|between|approximately|las|past)"
)
_BOUNDS = frozenset({"before", "by", "until", "till"})

_SPOKEN = re.compile(
    rf"\b(?:(?P<intro>at|around|about|after|before|by) )?(?P<minutes>{_NUMBERS}) "
    rf"(?:minutes )?(?P<side>past|after|to|till|before|of) {_HOUR}\b{_HALF_DAY}"
)
_HALF_NINE = re.compile(rf"\b(?:(?P<intro>at|around) )?half {_HOUR}\b{_HALF_DAY}")
_WITH_MINUTES = re.compile(
    rf"(?<![\d:/])\b(?:{_INTRO} )?{_HOUR}(?:[:.h](?P<minute>\d{{2}})(?![\d:/]| ?%)|"
    rf" ?(?P<word>{_MINUTE_WORD})\b){_HALF_DAY}"
)
_MILITARY = re.compile(
    r"\b(?P<intro>at|around|about|after|before|by) (?P<hour>\d{1,2})(?P<minute>[0-5]\d)\b(?!/|-)"
    + _HALF_DAY
)
_WITH_HALF_DAY = re.compile(
    rf"(?<![\d:/.-])\b(?:{_INTRO} )?{_HOUR}(?: ?(?P<half>a\.?m\.?|p\.?m\.?|[ap])(?!\w)| (?:in the|"
    rf"of the|de la|por la) "
    r"(?P<of>morning|afternoon|evening|manana|tarde|noche)| at (?P<at>night))"
)
_AFTER_INTRO = re.compile(
    rf"\b{_INTRO}(?: (?:about|around|like))? (?!one\b){_HOUR}(?:ish)?\b(?![:/.]\d|-\d+-| ?(?:%|"
    rf"days?|weeks?|months?|minutes?|"
    r"mins?|years?|times?|of|reps?|people|kids?|seconds?|st|nd|rd|th|/)\b)" + _HALF_DAY
)
_AT_ONE = re.compile(
    r"\b(?P<intro>at|around|after|before) (?P<hour>one)(?=$|[.,!?]| (?:on|if|please|is|works|or)\b)"
)
_VAGUE = re.compile(rf"(?<![\d:/])\b{_HOUR}(?:ish| ?o'?clock)\b{_HALF_DAY}")
_RANGE = re.compile(
    rf"(?<![\d/-])\b{_HOUR} ?(?:-|to) ?(?:\d{{1,2}})(?![\d/-]| ?(?:days|weeks)){_HALF_DAY}"
)
_NOON = re.compile(r"(?<!before )(?<!after )\b(?:noon(?:ish)?|midday|mediodia)\b")
# The first that fits counts.
_PATTERNS = (
    _SPOKEN, _WITH_MINUTES, _HALF_NINE, _MILITARY, _WITH_HALF_DAY, _AFTER_INTRO, _AT_ONE, _VAGUE,
    _RANGE,
)  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """A time of day.

    Attributes:
        at: The time.
        intro: The word before it ("after", "before"), which makes it a bound.
        text: The words that named it.
    """

    at: time
    intro: str
    text: str

    @property
    def is_upper_bound(self) -> bool:
        """Whether the time is only an end ("before 10"), so no moment is named."""
        return self.intro in _BOUNDS

    @property
    def is_bound(self) -> bool:
        """Whether the time opens or ends a span ("after 5")."""
        return self.is_upper_bound or self.intro == "after"


def read_clock(said: str) -> Clock | None:
    """Reads the first time of day in a plain message; None where none is named or can exist."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(said):
            found = _clock(match, said)
            if found:
                return found
    noon = _NOON.search(said)
    return Clock(time(NOON), "", noon[0]) if noon else None


def bare_hour(said: str) -> Clock | None:
    """Reads the hour behind a day: the 9 of "mon 9" once "mon" is taken away."""
    match = re.fullmatch(
        rf"\W*{_HOUR}\W*(?:(?:on|this|el)\b)? ?(?:(?:in the )?(?:morning|afternoon|"
        rf"evening))? ?(?:pls|please|works|ok|good)?\W*",
        said,
    )
    if not match:
        return None
    hour = _HOURS.get(match["hour"]) or int(match["hour"])
    part = read_part(said) or ""
    return Clock(time(_of_day(hour, "", part)), "", match[0]) if 1 <= hour <= NOON else None


def part_of(at: time) -> str:
    """Returns the part of the day that a time belongs to."""
    if at.hour < NOON:
        return MORNING
    return AFTERNOON if at.hour < EVENING_BEGINS else EVENING


def read_part(said: str) -> str | None:
    """Returns the part of the day that is named; None where there is none."""
    return next((part for part, pattern in PARTS if pattern.search(said)), None)


def _clock(match: re.Match[str], said: str) -> Clock | None:
    groups = match.groupdict()
    hour = _HOURS.get(match["hour"])
    hour = int(match["hour"]) if hour is None else hour
    minute = _minute(groups)
    if groups.get("minutes"):
        apart = _NUMBER[match["minutes"]]
        later = match["side"] in ("past", "after")
        hour, minute = (hour, apart) if later else (hour - 1 or NOON, 60 - apart)
    if "half " in match[0] and not groups.get("minutes"):
        minute = 30
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    if hour > NOON and ":" not in match[0] and not groups.get("minute") and "las" not in match[0]:
        return None  # "at 22" is an age rather than an hour
    half = (groups.get("half") or "")[:1]
    part = groups.get("of") or groups.get("at") or ""
    at = time(_of_day(hour, half, part or read_part(said.replace(match[0], " ")) or ""), minute)
    return Clock(at, groups.get("intro") or "", match[0])


def _minute(groups: dict[str, str | None]) -> int:
    if groups.get("minute"):
        return int(groups["minute"] or 0)
    word = groups.get("word")
    return _MINUTE_WORDS.get(word, 45) if word else 0


def _of_day(hour: int, half: str, part: str) -> int:
    """Returns the hour of the day that an hour of the clock means."""
    if hour > NOON or hour == 0:
        return hour
    if half == "a" or part in ("manana",):
        return hour % NOON
    late = part in (EVENING, AFTERNOON, "tarde", "noche", "night")
    if half == "p" or hour < FIRST_MORNING_HOUR or (late and hour < NOON):
        return hour % NOON + NOON
    return hour
