"""Reads a day of the calendar: "next Tuesday", "the 3rd", "Dec 3", "12/3", "in two weeks"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.entities.numbers import ORDINALS, TEENS, UNITS
from bot.entities.when_words import LAST, MONTH, MONTHS, PLURAL_WEEKDAYS, WEEKDAY, WEEKDAYS

# A date without a year that is over for no longer than this was meant for the past.
RECENT = timedelta(days=90)
_MONTHS_AHEAD = 12
# "Monday the 17th", where no near 17th is a Monday, is a slip rather than a far-away day.
_MONTHS_AHEAD_OF_A_WEEKDAY = 3


class PastDateError(ValueError):
    """The time that was named is over."""


class NoSuchDateError(ValueError):
    """The calendar has no such day."""


@dataclass(frozen=True)
class Day:
    """A day that is named.

    Attributes:
        on: The day.
        text: The words that named it.
        recurs: Whether every such day is meant ("Mondays").
    """

    on: date
    text: str
    recurs: bool = False


_COUNT = {word: value for word, value in {**UNITS, **TEENS, "a": 1, "an": 1}.items() if value}
_COUNTED = rf"(?P<count>\d{{1,2}}|{'|'.join(sorted(_COUNT, key=len, reverse=True))})"
_TENS_ORDINALS = {f"twenty {word}": 20 + ORDINALS[word] for word in list(ORDINALS)[:9]}
_ORDINAL_WORDS = {**ORDINALS, **_TENS_ORDINALS, "thirty first": 31}
_ORDINAL = "|".join(sorted(_ORDINAL_WORDS, key=len, reverse=True))
_DAY = rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})"
_YEAR = r"(?:,? (?P<year>20\d\d))?"

_ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)")
_SLASHED = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})(?:/(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d\d))?|"
    r"-(?P<second2>\d{1,2})-(?P<year2>\d{4}|\d\d))(?![\d/-])"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{MONTH})\.? (?:the )?{_DAY}\b(?! ?(?:am|pm|:|o'?clock)){_YEAR}"
)
_DAY_MONTH = re.compile(rf"\b{_DAY} (?:of |de )?(?P<month>{MONTH})\b{_YEAR}")
_DAY_ALONE = re.compile(
    rf"\b(?:(?:the|on|el)? ?(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b|the (?P<word>{_ORDINAL})\b(?=\W*$|"
    rf" at\b| in\b| around\b|,))"
)
_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>next|this|coming|following|proximo|los|first|every|each|"
    rf"the) )?(?<!the )(?<!i )(?P<weekday>{WEEKDAY})\b"
    r"(?P<week> week\b| next week\b| que viene\b)?(?: (?:the )?(?P<day>\d{1,2})(?:st|nd|rd|"
    r"th)?\b(?! ?(?:am|pm|a\.m|p\.m|ish|:|-|to\b|"
    r"o'?clock|/)))?"
)
_IN = re.compile(
    rf"\bin {_COUNTED} (?P<unit>days?|weeks?|fortnights?)\b|"
    rf"\b{_COUNTED.replace('count', 'count2')} "
    r"(?P<unit2>days?|weeks?|fortnights?) from (?:now|today)\b"
)
_FROM_DAY = re.compile(rf"\b{_COUNTED} weeks? (?:from|after) (?P<weekday>{WEEKDAY}|tomorrow)\b")
_NEAR = (
    (2, re.compile(r"\b(?:the )?day after tomorrow\b|\bpasado manana\b|\bovermorrow\b")),
    (1, re.compile(
        r"\btom+or+ow'?s?\b|\btomorow\b|\btmrw?\b|\btmw\b|\btomoz\b|\b(?:2|to)mor+o(?:w|o)?\b|"
        r"\b(?<!la )(?<!las )(?<!esta )manana\b|"
        r"\btomo\b"
    )),
    (0, re.compile(r"\btoday\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b|\bhoy\b|"
        r"\besta (?:manana|tarde|noche)\b")),
)  # fmt: skip


def read_days(said: str, today: date) -> list[Day]:
    """Reads the days that a plain message names, in their order.

    Raises:
        NoSuchDateError: A date that the calendar does not have.
        PastDateError: A day that is over.
    """
    ahead = LAST.sub(" ", said)
    days = (
        list(_dates(ahead, today))
        or list(_near_days(ahead, today))
        or list(_weekdays(ahead, today))
    )
    if any(day.on < today for day in days) or (not days and ahead != said):
        raise PastDateError
    return days


def _dates(said: str, today: date) -> Iterator[Day]:
    """Yields dates of the calendar, each checked against a weekday that is named with it."""
    rest = said
    for pattern, reader in (
        (_ISO, _iso),
        (_SLASHED, _slashed),
        (_MONTH_DAY, _named),
        (_DAY_MONTH, _named),
    ):
        for match in pattern.finditer(rest):
            found = reader(match, today)
            if found:
                _check_weekday(said, found)
                yield Day(found, match[0])
        rest = pattern.sub(" ", rest)
    for match in _DAY_ALONE.finditer(rest):
        number = int(match["day"]) if match["day"] else _ORDINAL_WORDS[match["word"]]
        yield Day(_next_such_day(number, today, _weekday_in(said)), match[0])


def _iso(match: re.Match[str], today: date) -> date:
    return _checked(int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed(match: re.Match[str], today: date) -> date | None:
    """Reads 12/3 as the third of December; 25/12 can only be written the other way round."""
    first, second = int(match["first"]), int(match["second"] or match["second2"])
    if (first, second) in ((24, 7), (50, 50)):
        return None  # "24/7" and "50/50" are no dates
    year = match["year"] or match["year2"]
    if first > 12 and 1 <= second <= 12:
        first, second = second, first
    if year:
        return _checked(int(year) % 2000 + 2000, first, second)
    return _this_or_next_year(first, second, today)


def _named(match: re.Match[str], today: date) -> date:
    day = match["day"]
    number = _ORDINAL_WORDS.get(day) or int(re.sub(r"\D", "", day))
    month = MONTHS[match["month"]]
    if match["year"]:
        return _checked(int(match["year"]), month, number)
    return _this_or_next_year(month, number, today)


def _checked(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDateError from None


def _this_or_next_year(month: int, day: int, today: date) -> date:
    """Returns the date of this year, or of the next where this year's is long over."""
    _checked(2024, month, day)  # a leap year has every day there is
    try:
        on = date(today.year, month, day)
    except ValueError:
        return _checked(today.year + 1, month, day)
    if on >= today - RECENT:
        return on
    return _checked(today.year + 1, month, day)


def _next_such_day(number: int, today: date, weekday: int | None) -> date:
    """Returns the next day of the month with that number, on the weekday that is named with it."""
    year, month = today.year, today.month
    for _ in range(_MONTHS_AHEAD if weekday is None else _MONTHS_AHEAD_OF_A_WEEKDAY):
        try:
            on = date(year, month, number)
        except ValueError:
            on = None  # this month is too short
        if on and on >= today and weekday in (None, on.weekday()):
            return on
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    raise NoSuchDateError


def _weekday_in(said: str) -> int | None:
    named = {WEEKDAYS[match["weekday"]] for match in _WEEKDAY.finditer(said)}
    return named.pop() if len(named) == 1 else None


def _check_weekday(said: str, on: date) -> None:
    weekday = _weekday_in(said)
    if weekday is not None and weekday != on.weekday():
        raise NoSuchDateError


def _near_days(said: str, today: date) -> Iterator[Day]:
    """Yields "tomorrow", "in two weeks" and the like."""
    for match in _FROM_DAY.finditer(said):
        named = match["weekday"]
        start = today + timedelta(1) if named == "tomorrow" else _coming(WEEKDAYS[named], today)
        yield Day(start + timedelta(weeks=_counted(match["count"])), match[0])
        return
    for match in _IN.finditer(said):
        count = _counted(match["count"] or match["count2"])
        unit = match["unit"] or match["unit2"]
        days = {"d": 1, "w": 7, "f": 14}[unit[0]] * count
        yield Day(today + timedelta(days), match[0])
        return
    for ahead, pattern in _NEAR:
        near = pattern.search(said)
        if near:
            yield Day(today + timedelta(ahead), near[0])
            return


def _counted(word: str) -> int:
    return _COUNT.get(word) or int(word)


def _coming(weekday: int, today: date) -> date:
    """Returns the next such weekday after today."""
    return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)


def _weekdays(said: str, today: date) -> Iterator[Day]:
    for match in _WEEKDAY.finditer(said):
        weekday = WEEKDAYS[match["weekday"]]
        which, week, number = match["which"], match["week"] or "", match["day"]
        recurs = match["weekday"] in PLURAL_WEEKDAYS or which in ("every", "each", "los")
        on = _coming(weekday, today)
        if number and int(number) > 12:
            yield Day(_next_such_day(int(number), today, weekday), match[0])
            continue
        # A small number behind a weekday is the hour: "mon 9".
        text = match[0][: match[0].rindex(number)] if number else match[0]
        if which in ("next", "following") or "next" in week:
            monday = today - timedelta(today.weekday())
            on = monday + timedelta(7 + weekday)
        elif week == " week":
            on += timedelta(7)
        elif which == "this" and weekday == today.weekday():
            on = today
        yield Day(on, text, recurs)
