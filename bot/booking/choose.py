"""Picks three free slots that fit what a patient said, and tells which one they mean then."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from bot.booking.rules import WEEKDAYS, BookingRules
from bot.booking.slots import Slot
from bot.entities import when_words as words
from bot.entities.calendar_days import Day, read_days
from bot.entities.clock import Clock, bare_hour, read_clock
from bot.entities.plain import plain
from bot.entities.when import MAX_TEXT, Preference, read_preference

OFFERED = 3
NEAR = timedelta(minutes=60)
"""A slot this close to the time that was named still fits it."""
_COUNTS = dict(a=1, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9)
_PARTS = {
    words.MORNING: (time(0), time(12)),
    words.AFTERNOON: (time(12), time(17)),
    words.EVENING: (time(17), time.max),
}
_SOONEST = re.compile(
    r"\b(?:asap|soon(?:est)?|earliest|right away|immediately|lo antes posible|"
    r"(?:first|next) ?(?:thing|available|availability|opening|open|slot|spot|appointment|possible)|"
    r"as (?:soon|early) as)\b"
)
_NEXT_WEEK = re.compile(r"\bnext week\b|\b(?:proxima|otra) semana\b|\bsemana que viene\b")
_AFTER_NEXT_WEEK = re.compile(r"\bweek after next\b")
_THIS_WEEK = re.compile(r"\b(?:this|rest of the) week\b(?!end)|\besta semana\b")
_NEXT_MONTH = re.compile(r"\bnext month\b|\bproximo mes\b|\bmes que viene\b")
_NEXT_YEAR = re.compile(r"\bnext year\b|\bproximo ano\b")
_IN_MONTHS = re.compile(rf"\bin (?:about )?(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) months?\b")
_END_OF_MONTH = re.compile(r"\bend of (?:the|this) month\b")
_IN_MONTH = re.compile(rf"\b(?:in|during|early|late|mid|en) (?P<month>{words.MONTH})\b")
_WEEKEND = re.compile(r"\bweekends?\b|\bfin de semana\b")
_WEEKDAYS = re.compile(r"\bweekdays?\b|\bentre semana\b")
_UNTIL = re.compile(r"^\s*(?:and|to|until|till|-) ?(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\b")
_BEGINS = r"\b(?:after|past|later than) (?:on )?(?:the )?{}"
_STARTS = r"\b(?:starting|from|beginning|week of) (?:on )?(?:the )?{}"
_ENDS = r"\b(?:before|by|until|till) (?:on )?(?:the )?{}"
_NUMBER = re.compile(
    r"(?:i(?:'ll| will)? (?:take|want|choose|pick) )?(?:option|number|no|slot|the)?[ #.]*"
    r"(?P<number>[1-9]|one|two|three|first|second|third|1st|2nd|3rd|last)[.)]?"
    r"(?: (?:one|time|slot|option))?(?:,? (?:please|pls|works|is (?:good|fine)))?[.! ]*"
)
# "The Friday one" is no hour.
_THE_ONE = re.compile(rf"\b(?:the )?({words.WEEKDAY}|am|pm) one\b")
_COUNT = {
    "1": 0, "one": 0, "first": 0, "1st": 0, "2": 1, "two": 1, "second": 1, "2nd": 1,
    "3": 2, "three": 2, "third": 2, "3rd": 2,
}  # fmt: skip
_OTHERS = re.compile(
    r"\b(?:other|others|another|different|else|more|instead|later|earlier|around|not|no|but)\b|\?"
)
_MORE = re.compile(
    r"\b(?:(?:any|some)(?:thing|time)? (?:other|else|more)|(?:other|more|different) (?:times?|"
    r"slots?|ones?|options?|days?)|what else|something else|another (?:time|one|slot|day))\b"
)


class WhyNot(str, Enum):
    """Why nothing that is free fits the wish; named after the response that says it."""

    CLOSED = "closed"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    TAKEN = "taken"


@dataclass(frozen=True)
class Wish:
    """When a patient would like to come, as bounds on slots; what was not said binds nothing.

    Attributes:
        first: The first day.
        last: The last day.
        dates: The days that were named.
        weekdays: Days of the week, Monday is 0.
        left_out: Days of the week that do not suit.
        begins: No slot begins before.
        ends: Every slot begins before.
        near: The time of day that was named.
        soonest: Whether the earliest is wanted.
    """

    first: date | None = None
    last: date | None = None
    dates: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()
    begins: time | None = None
    ends: time | None = None
    near: time | None = None
    soonest: bool = False

    def fits_day(self, day: date) -> bool:
        """Tells whether a day suits."""
        if self.dates and day not in self.dates:
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        in_span = (self.first or day) <= day <= (self.last or day)
        return in_span and day.weekday() not in self.left_out

    def fits_time(self, at: time) -> bool:
        """Tells whether a time of day suits."""
        if self.near and _apart(self.near, at) > NEAR:
            return False
        return (self.begins or at) <= at and (self.ends is None or at < self.ends)

    @property
    def day(self) -> date | None:
        """The first day that was named, where one was."""
        return min(self.dates) if self.dates else self.first


@dataclass(frozen=True)
class Choice:
    """Slots to offer, and why they are others than those that were wished for."""

    slots: list[Slot]
    why_not: WhyNot | None = None


def _apart(one: time, other: time) -> timedelta:
    return timedelta(minutes=abs((one.hour - other.hour) * 60 + one.minute - other.minute))


# --- reading the wish ----------------------------------------------------------------------------


def wish_of(preference: Preference, now: datetime) -> Wish:
    """Returns the bounds that a preference sets.

    Args:
        preference: What ``bot.entities.when`` read.
        now: The present moment in the clinic's zone, as the preference was read with.
    """
    said = words.GREETING.sub(" ", plain(preference.text, MAX_TEXT))
    left_out = _left_out(said)
    wanted = words.LEFT_OUT.sub(" ", said)
    days = read_days(wanted, now.date())
    first, last = _span(wanted, days, now.date())
    bounded = [day for day in days if words.bounds(day.text).search(wanted)]
    plain_days = [day for day in days if day not in bounded]
    recurring = any(day.recurs for day in plain_days)
    as_weekdays = recurring or (first is not None and bool(plain_days) and not bounded)
    weekdays = {day.on.weekday() for day in plain_days} if as_weekdays else set()
    weekdays |= {5, 6} if _WEEKEND.search(wanted) else set()
    weekdays |= set(range(5)) if _WEEKDAYS.search(wanted) else set()
    dates = frozenset() if as_weekdays else frozenset(day.on for day in plain_days)
    begins, ends, near = _times(preference, wanted, days)
    return Wish(
        first, last, dates, frozenset(weekdays), left_out, begins, ends, near,
        bool(_SOONEST.search(wanted)) and not _NEXT_WEEK.search(wanted) and not dates,
    )  # fmt: skip


def _left_out(said: str) -> frozenset[int]:
    named = " ".join(match[0] for match in words.LEFT_OUT.finditer(said))
    found = re.findall(rf"\b(?:{words.WEEKDAY})\b", named)
    return frozenset(words.WEEKDAYS[word] for word in found)


def _span(said: str, days: list[Day], today: date) -> tuple[date | None, date | None]:
    """Returns the first and the last day of the span that is named."""
    monday = today - timedelta(today.weekday())
    for pattern, weeks in ((_AFTER_NEXT_WEEK, 2), (_NEXT_WEEK, 1), (_THIS_WEEK, 0)):
        if pattern.search(said):
            return monday + timedelta(7 * weeks), monday + timedelta(7 * weeks + 6)
    if _NEXT_MONTH.search(said):
        return _month(today.year, today.month + 1)
    if _NEXT_YEAR.search(said) and not days:
        return date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)
    if _END_OF_MONTH.search(said):
        last = _month(today.year, today.month)[1]
        return last - timedelta(6), last
    in_months = _IN_MONTHS.search(said)
    if in_months:
        count = in_months["count"]
        first, _ = _month(today.year, today.month + (_COUNTS.get(count) or int(count)))
        return first + timedelta(min(today.day, 28) - 1), None
    month = _IN_MONTH.search(said)
    if month and not days:
        number = words.MONTHS[month["month"]]
        return _month(today.year + (number < today.month), number)
    return _bounds(said, days)


def _month(year: int, month: int) -> tuple[date, date]:
    begin = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return begin, (begin + timedelta(31)).replace(day=1) - timedelta(1)


def _bounds(said: str, days: list[Day]) -> tuple[date | None, date | None]:
    first = last = None
    for day in days:
        named = re.escape(day.text.strip())
        if re.search(_BEGINS.format(named), said):
            first = day.on + timedelta(1)
        elif re.search(_STARTS.format(named), said):
            first = day.on
            last = day.on + timedelta(6) if "week of" in said else last
        elif re.search(_ENDS.format(named), said):
            last = day.on
    return first, last


def _times(
    preference: Preference, wanted: str, days: list[Day]
) -> tuple[time | None, time | None, time | None]:
    """Returns the earliest time of day, the one before which to begin, and the one to be near."""
    rest = wanted
    for day in days:
        if "this" not in day.text and "tonight" not in day.text:
            rest = rest.replace(day.text, " ")
    rest = " ".join(rest.split())
    clock = read_clock(rest) or (bare_hour(rest) if days else None)
    if clock is None:
        return (*_PARTS.get(preference.part_of_day or "", (None, None)), None)
    if clock.is_upper_bound:
        return None, clock.at, None
    until = _until(clock, rest)
    if clock.intro in ("after", "past", "from", "between") or words.FREE_FROM.search(wanted):
        return clock.at, until, None
    return (clock.at, until, None) if until else (None, None, clock.at)


def _until(clock: Clock, rest: str) -> time | None:
    """Returns the end of a span: the 4 of "between 2 and 4"."""
    match = _UNTIL.search(rest[rest.index(clock.text) + len(clock.text) :])
    if not match:
        return None
    hour = int(match["hour"])
    hour += 12 if hour <= 12 and hour <= clock.at.hour and hour + 12 < 24 else 0
    return time(hour, int(match["minute"] or 0)) if clock.at.hour < hour < 24 else None


# --- choosing ------------------------------------------------------------------------------------


def choose(  # noqa: PLR0913  one field each
    free: Sequence[Slot],
    wish: Wish,
    rules: BookingRules,
    today: date,
    urgent: bool = False,
    skip: Collection[str] = (),
) -> Choice:
    """Picks up to three free slots, each at a time of its own, the earliest first.

    Args:
        free: The free slots, the earliest first.
        wish: When the patient would like to come.
        rules: The clinic's rules, to say why nothing fits.
        today: The clinic's date.
        urgent: Whether the patient must be seen soon: then the first free ones are picked of those
            that fit, and the very first where none fits.
        skip: Keys of slots that were offered before and not taken.
    """
    passed = {key.partition(" ")[0] for key in skip}  # the moment, whoever the therapist
    slots = _one_each([slot for slot in free if slot.key.partition(" ")[0] not in passed])
    fitting = [s for s in slots if wish.fits_day(s.starts.date()) and wish.fits_time(_at(s))]
    if fitting:
        return Choice(_best(fitting, wish, urgent), WhyNot.TAKEN if _is_gone(wish, free) else None)
    same_day = [slot for slot in slots if wish.fits_day(slot.starts.date())]
    same_time = [slot for slot in slots if wish.fits_time(_at(slot))]
    others = slots if urgent else same_day or _from(wish.day, same_time) or _from(wish.day, slots)
    if not others:
        return Choice([])
    return Choice(_best(others, Wish(near=wish.near), True), _why_not(wish, rules, free, today))


def _is_gone(wish: Wish, free: Sequence[Slot]) -> bool:
    """Tells whether the very hour that was named on one day is not free."""
    if wish.near is None or len(wish.dates) != 1:
        return False
    return not any(wish.fits_day(s.starts.date()) and _at(s) == wish.near for s in free)


def _at(slot: Slot) -> time:
    return slot.starts.time()


def _one_each(slots: Sequence[Slot]) -> list[Slot]:
    """Returns one slot of those that begin at once, whoever the therapist."""
    return list({slot.starts: slot for slot in reversed(slots)}.values())[::-1]


def _from(day: date | None, slots: list[Slot]) -> list[Slot]:
    """Returns the slots from a day on; those nearest before it where there is none."""
    later = [slot for slot in slots if day is None or slot.starts.date() >= day]
    return later or slots[-OFFERED:]


def _best(slots: list[Slot], wish: Wish, soonest: bool) -> list[Slot]:
    near = wish.near
    if near:
        nearest = sorted(slots, key=lambda s: (_apart(near, _at(s)), s.starts))
        return sorted(nearest[:OFFERED])
    if soonest or wish.soonest or len(slots) <= OFFERED:
        return slots[:OFFERED]
    firsts = list({slot.starts.date(): slot for slot in reversed(slots)}.values())[::-1]
    if len(firsts) == 1:
        return [slots[0], slots[len(slots) // 2], slots[-1]]
    rest = [slot for slot in slots if slot not in firsts]
    return sorted((firsts + rest)[:OFFERED])


def _why_not(wish: Wish, rules: BookingRules, free: Sequence[Slot], today: date) -> WhyNot:
    if wish.day and wish.day > today + timedelta(rules.days_ahead):
        return WhyNot.TOO_FAR
    wished = wish.dates or frozenset()
    if wished and not any(rules.opening(day) for day in wished):
        return WhyNot.CLOSED
    if wish.weekdays and not any(_opens(rules, day) for day in wish.weekdays):
        return WhyNot.CLOSED
    first_free = free[0].starts.date() if free else today
    soon = today + timedelta(days=-(-rules.lead_hours // 24))
    if wished and max(wished) <= soon and max(wished) < first_free:
        return WhyNot.TOO_SOON
    return WhyNot.TAKEN


def _opens(rules: BookingRules, weekday: int) -> bool:
    return bool(rules.hours.get(WEEKDAYS[weekday]))


# --- which one is meant --------------------------------------------------------------------------


def wants_others(said: str) -> bool:
    """Tells whether other times than those that were offered are asked for, and no certain one."""
    return bool(_MORE.search(plain(said, MAX_TEXT)))


def pick(said: str, offered: Sequence[Slot], titles: Sequence[str], now: datetime) -> Slot | None:
    """Returns the offered slot that a message takes: by title, number or words; None where unsure.

    Args:
        said: The message.
        offered: The slots that were offered.
        titles: Their titles, in the same order.
        now: The present moment in the clinic's zone.
    """
    spoken = plain(said, MAX_TEXT)
    for slot, title in zip(offered, titles, strict=True):
        if plain(title) in spoken and not _OTHERS.search(spoken.replace(plain(title), " ")):
            return slot
    number = _NUMBER.fullmatch(spoken)
    if number:
        index = len(offered) - 1 if number["number"] == "last" else _COUNT.get(number["number"], 9)
        return offered[index] if index < len(offered) else None
    if _OTHERS.search(spoken):
        return None
    try:
        preference = read_preference(_THE_ONE.sub(r"\1", spoken), now)
    except ValueError:
        return None
    if preference is None:
        return None
    wish = wish_of(preference, now)
    if not (wish.dates or wish.near or wish.weekdays):
        return None
    meant = [
        slot
        for slot in offered
        if wish.fits_day(slot.starts.date())
        and (wish.fits_time(_at(slot)) if wish.near is None else wish.near == _at(slot))
    ]
    return meant[0] if len(meant) == 1 else None
