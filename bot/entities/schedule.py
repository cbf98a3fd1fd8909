"""Reads when a patient would like to be reminded: "7 pm on weekdays", "tomorrow", "an hour later".

Unlike ``when``, which reads one preferred appointment, this reads days that come again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.entities.calendar_days import read_days
from bot.entities.clock import Clock, bare_hour, read_clock
from bot.entities.numbers import UNITS
from bot.entities.plain import plain
from bot.entities.when_words import GREETING, WEEKDAY, WEEKDAYS

EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
WEEKEND = frozenset((5, 6))
# Three sessions that leave a day between them, for "every other day".
SPREAD = frozenset((0, 2, 4))
FIRST_HOUR, LAST_HOUR = 8, 20
"""A bare "at 7" is meant between these hours of the day: reminders keep quiet outside of them."""

_LISTED = rf"(?:{WEEKDAY})(?:(?:,? (?:and|or|y|&) |, ?|/| )(?:{WEEKDAY}))*"
_NOT_DAYS = re.compile(
    rf"\b(?:but|except(?: for)?|not|no|besides|other than|apart from|excluding|menos|excepto)"
    rf"(?: (?:reminders?|texts?|on|the|for|los))* (?P<days>{_LISTED}|week ?ends?)\b"
)
_RANGE = re.compile(
    rf"\b(?P<first>{WEEKDAY}) ?(?:to|through|thru|till|until|-|a) ?(?P<last>{WEEKDAY})\b"
)
_GROUPS = (
    (EVERY_DAY, re.compile(
        r"\b(?:every|each|all) ?(?:single )?(?:days?|mornings?|evenings?|nights?|afternoons?)\b|"
        r"\bdaily\b|\bnightly\b|\bseven days\b|\b7 days\b|\btodos los dias\b|\bcada dia\b"
    )),
    (WORKDAYS, re.compile(
        r"\b(?:week|work|school) ?days?\b|\bweek ?nights?\b|\bentre semana\b")),
    (WEEKEND, re.compile(r"\bweek ?ends?\b|\bfin(?:es)? de semana\b")),
    (SPREAD, re.compile(
        r"\bevery (?:other|second) day\b|"
        r"\b(?:3|three) ?(?:x|times) (?:a|per|in|every)(?: the)? week\b"
    )),
)  # fmt: skip
_NAMED = re.compile(rf"(?<!i )\b(?P<often>every |each |all |los )?(?P<day>{WEEKDAY})\b")
_ONE_NAME_AGAIN = re.compile(rf"\b(?:every|each|all|los) (?:{WEEKDAY})\b|\b\w+(?:days|dos|gos)\b")
_STARTING = re.compile(
    r"\b(?:starting|beginning|start|begin|as of|from)(?: on| from)?(?= (?:tomorrow|tmrw|today|next|"
    r"this|the \d|\d|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]* \d|"
    rf"(?:{WEEKDAY})\b(?! ?(?:to|through|thru|-))))(?P<day>.{{3,30}}?)(?=,| at |$)"
)
_IN = re.compile(
    r"\b(?:in|snooze(?: \w+)? for|snooze) (?P<count>an?|half an|\d{1,3}|"
    + "|".join(w for w, n in UNITS.items() if n)
    + r") ?(?P<unit>hours?|hrs?|h|minutes?|mins?)\b(?! (?:later|earlier))"
)  # fmt: skip
_SHIFT = re.compile(
    r"\b(?P<count>an?|one|half an|\d|two|three) ?(?P<unit>hours?|hrs?|h|minutes?|mins?) "
    r"(?P<side>later|earlier|sooner)\b"
)
_FROM_PART = re.compile(r"\bfrom (?:the )?(?:mornings?|afternoons?|evenings?|nights?)(?= to\b)")
_CHANGED_TO = re.compile(
    r"(?:\b(?:to|for|it|at|by) +|@ ?)(?=(?:\d{1,2}(?::\d\d)?|"
    + "|".join(w for w, n in UNITS.items() if 0 < n <= 12)
    + r")\b(?! ?(?:times?|x|days?|weeks?|hours?|hrs?|min\w*|h\b|/)))"
)  # fmt: skip
_NO_COLON = re.compile(r"(?<![\d:/-])(\d{1,2})([0-5]\d)(?![\d:/-])")
_NIGHT = re.compile(r"\b(?:of|at|de) (?:the |la )?(?:night|noche)\b")
_SURE_HALF = re.compile(r"\d ?[ap]\b|[ap]\.?m\b|morning|noon|midday|night|evening|afternoon|manana|"
                        r"tarde|noche")  # fmt: skip
# A part of the day stands for an hour of it, which is read back before anything is stored.
_PARTS = (
    (time(20), re.compile(r"\bnight(?:s|ly)?\b|\bbed ?time\b|\b(?:before|b4) (?:i go to )?bed\b|"
                          r"\bnoches?\b")),
    (time(18), re.compile(r"\bafter work\b|\bafter dinner\b|\bdespues del trabajo\b")),
    (time(19), re.compile(r"\bevenings?\b|\btonight\b")),
    (time(12), re.compile(r"\blunch ?(?:time)?\b|\bmidday\b|\bnoon\b")),
    (time(15), re.compile(r"\bafternoons?\b|\bafter school\b|\btardes?\b")),
    (time(9), re.compile(r"\bmornings?\b|\bbreakfast\b|\b(?:por|de|en) las? mananas?\b")),
)  # fmt: skip
_WEEK_AWAY = re.compile(r"\b(?P<next>next |the coming )?(?:this )?week\b")
_FOR_DAYS = re.compile(
    r"\bfor (?:the next )?(?P<count>an?|\d{1,2}|" + "|".join(w for w, n in UNITS.items() if n)
    + r") (?P<unit>days?|weeks?)\b"
)  # fmt: skip
_UNTIL = re.compile(r"\b(?:until|till|til|before) (?P<day>.{3,30})$")
_ZONES = {
    "eastern": "America/New_York", "central": "America/Chicago",
    "mountain": "America/Denver", "pacific": "America/Los_Angeles",
}  # fmt: skip
_ZONE = re.compile(rf"\b({'|'.join(_ZONES)})(?: (?:standard |daylight )?time)?\b")


@dataclass(frozen=True)
class Wish:
    """When somebody would like to be reminded; what was not said is None or empty.

    Attributes:
        days: Days of the week that come again, Monday is 0.
        on: The one day, for a reminder that is wanted once.
        at: The time of day.
        starts_on: The first day.
        time_zone: The zone's name, where one was said.
    """

    days: frozenset[int] = frozenset()
    on: date | None = None
    at: time | None = None
    starts_on: date | None = None
    time_zone: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said about days or time."""
        return self == Wish()


def read_wish(text: str, now: datetime, present: time | None = None) -> Wish:
    """Reads days and time from a message.

    Args:
        text: The message.
        now: The present moment in the patient's time zone.
        present: The time of the present reminder, for "an hour later" and "move it to 8".

    Raises:
        PastDateError: The named day is over.
        NoSuchDateError: The calendar has no such day.
    """
    said = _FROM_PART.sub(" ", GREETING.sub(" ", plain(text, 300)))
    soon = _IN.search(said)
    if soon:
        moment = now + _span(soon)
        return Wish(on=moment.date(), at=moment.time().replace(second=0, microsecond=0))
    said, zone = _take_zone(said)
    said, starts = _take_start(said, now.date())
    days = read_week(said)
    on = None if days else _once(said, now.date())
    return Wish(days, on, _time(said, present), starts, zone)


def read_week(said: str) -> frozenset[int]:
    """Returns the days of the week that come again in a plain message; empty for none."""
    left_out = frozenset[int]()
    for match in _NOT_DAYS.finditer(said):
        named = match["days"]
        left_out |= WEEKEND if named.startswith("week") else _all_names(named)
    rest = _NOT_DAYS.sub(" ", said)
    found = frozenset[int]()
    for days, pattern in _GROUPS:
        if pattern.search(rest):
            found |= days
    for match in _RANGE.finditer(rest):
        first, last = WEEKDAYS[match["first"]], WEEKDAYS[match["last"]]
        found |= {(first + ahead) % 7 for ahead in range((last - first) % 7 + 1)}
    names = _all_names(rest)
    # One name alone ("remind me on Sunday") is that day once; "Sundays" and "every Sunday" again.
    if found or len(names) > 1 or _ONE_NAME_AGAIN.search(rest):
        found |= names
    if left_out and not found:
        found = EVERY_DAY
    return found - left_out


def excepted(text: str) -> frozenset[int]:
    """Returns the days that a wish for fewer reminders names: "no reminders on weekends"."""
    said = plain(text, 300)
    weekend = WEEKEND if _GROUPS[2][1].search(said) else frozenset[int]()
    return weekend | _all_names(said)


def read_pause(text: str, today: date) -> tuple[date, date] | None:
    """Reads for which days reminders are to be left out: "skip tomorrow", "pause this week".

    Returns:
        The first and the last such day; None where no days are named, so that all may be meant.

    Raises:
        PastDateError: The named day is over.
        NoSuchDateError: The calendar has no such day.
    """
    said = re.sub(r"\b(tmrw|tomorrow|today|tonight)s\b", r"\1", plain(text, 300).replace("'s", ""))
    until, span, week = _UNTIL.search(said), _FOR_DAYS.search(said), _WEEK_AWAY.search(said)
    if until:
        days = read_days(until["day"], today)
        return (today, days[0].on - timedelta(1)) if days and days[0].on > today else None
    if span:
        word = span["count"]
        count = int(word) if word.isdigit() else UNITS.get(word, 1)
        return today, today + timedelta(count * (7 if "week" in span["unit"] else 1) - 1)
    if week:
        monday = today - timedelta(today.weekday()) + timedelta(7 if week["next"] else 0)
        return max(today, monday), monday + timedelta(6)
    if _all_names(said):
        return None  # a day of the week: every such day, or this one, is asked for elsewhere
    days = read_days(said, today)
    return (days[0].on, days[0].on) if days else None


def _all_names(said: str) -> frozenset[int]:
    return frozenset(WEEKDAYS[match["day"]] for match in _NAMED.finditer(said))


def _once(said: str, today: date) -> date | None:
    days = read_days(said, today)
    return days[0].on if days else None


def _take_zone(said: str) -> tuple[str, str | None]:
    match = _ZONE.search(said)
    return (_ZONE.sub(" ", said), _ZONES[match[1]]) if match else (said, None)


def _take_start(said: str, today: date) -> tuple[str, date | None]:
    match = _STARTING.search(said)
    if not match:
        return said, None
    named = match["day"]
    if "next week" in named:
        start: date | None = today + timedelta(7 - today.weekday())
    else:
        days = read_days(named.replace("next ", ""), today)
        start = days[0].on if days else None
    return (said.replace(match[0], " "), start) if start else (said, None)


def _span(match: re.Match[str]) -> timedelta:
    word = match["count"]
    count = {"a": 1.0, "an": 1.0, "one": 1.0, "half an": 0.5}.get(word)
    if count is None:
        count = float(word) if word.isdigit() else float(UNITS[word])
    return timedelta(hours=count) if match["unit"].startswith("h") else timedelta(minutes=count)


_LEADS_IN = re.compile(
    r"^\W*(?:(?:actually|no|nope|wait|sorry|i mean|i meant|hmm+|oops|rather|better)\b\W*)+"
)


def _time(said: str, present: time | None) -> time | None:
    shift = _SHIFT.search(said)
    if shift and present:
        apart = _span(shift) if shift["side"] == "later" else -_span(shift)
        return (datetime.combine(date(2000, 1, 1), present) + apart).time()
    said = _NIGHT.sub(" at night", _NO_COLON.sub(r"\1:\2", said))
    clock = read_clock(said) or read_clock(_CHANGED_TO.sub("at ", said)) or _bare(said)
    if clock is None:
        return next((at for at, pattern in _PARTS if pattern.search(said)), None)
    return clock.at if clock.at.hour > 12 and ":" in clock.text else _half(clock, said, present)


def _bare(said: str) -> Clock | None:
    """Reads a message that is a time and nothing else: "7", "8 or so", "actually 7"."""
    rest = _NAMED.sub(" ", _LEADS_IN.sub("", said))
    for _, pattern in _GROUPS:
        rest = pattern.sub(" ", rest)
    return bare_hour(" ".join(rest.split()))


def _half(clock: Clock, said: str, present: time | None) -> time:
    """Returns the half of the day that a bare hour means: awake hours, then near the present."""
    if re.search(r"\bmornings?\b", said) and clock.at.hour > 12:
        return clock.at.replace(hour=clock.at.hour - 12)  # "6 in the morning"
    if _SURE_HALF.search(said) or clock.at.hour == 0:
        return clock.at
    halves = [
        clock.at.replace(hour=clock.at.hour % 12),
        clock.at.replace(hour=clock.at.hour % 12 + 12),
    ]
    awake = [half for half in halves if FIRST_HOUR <= half.hour <= LAST_HOUR]
    if len(awake) == 1:
        return awake[0]
    if present:
        return min(awake, key=lambda half: abs(half.hour - present.hour))
    return clock.at
