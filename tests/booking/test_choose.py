"""Three slots that fit what was said. Now is Monday, 30 November 2026, 10 o'clock in Austin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking.choose import Choice, WhyNot, Wish, choose, pick, wants_others, wish_of
from bot.booking.rules import BookingRules
from bot.booking.slots import Slot, free
from bot.entities.when import read_preference

ZONE = "America/Chicago"
NOW = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo(ZONE))
RULES = BookingRules(
    therapists=["Dana", "Sam"],
    hours={
        **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00-12:00, 13:00-19:00"),
        "friday": "08:00-12:00",
    },
    closed=["2026-12-10"],
)
FREE = free(RULES, ZONE, NOW, [])


def _offer(said: str, **more: bool) -> Choice:
    preference = read_preference(said, NOW)
    assert preference, said
    return choose(FREE, wish_of(preference, NOW), RULES, NOW.date(), **more)


def _times(choice: Choice) -> list[str]:
    return [f"{slot.starts:%a %m-%d %H:%M}" for slot in choice.slots]


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("asap", ["Tue 12-01 10:00", "Tue 12-01 11:00", "Tue 12-01 13:00"]),
        ("as soon as possible", ["Tue 12-01 10:00", "Tue 12-01 11:00", "Tue 12-01 13:00"]),
        ("first available pls", ["Tue 12-01 10:00", "Tue 12-01 11:00", "Tue 12-01 13:00"]),
        ("mornings next week", ["Mon 12-07 08:00", "Tue 12-08 08:00", "Wed 12-09 08:00"]),
        ("after 5", ["Tue 12-01 17:00", "Wed 12-02 17:00", "Thu 12-03 17:00"]),
        ("Dec 3", ["Thu 12-03 08:00", "Thu 12-03 14:00", "Thu 12-03 18:00"]),
        ("Dec 3 at 3", ["Thu 12-03 14:00", "Thu 12-03 15:00", "Thu 12-03 16:00"]),
        ("Thursday afternoon", ["Thu 12-03 13:00", "Thu 12-03 15:00", "Thu 12-03 16:00"]),
        ("Wednesdays", ["Wed 12-02 08:00", "Wed 12-09 08:00", "Wed 12-16 08:00"]),
        ("Tuesday or Thursday", ["Tue 12-01 10:00", "Tue 12-01 11:00", "Thu 12-03 08:00"]),
        ("wednesday before 10", ["Wed 12-02 08:00", "Wed 12-02 09:00"]),
        ("wednesday between 2 and 4", ["Wed 12-02 14:00", "Wed 12-02 15:00"]),
        ("next month", ["Mon 12-07 08:00", "Tue 12-01 10:00", "Wed 12-02 08:00"]),
        ("mornings but not friday", ["Tue 12-01 10:00", "Wed 12-02 08:00", "Thu 12-03 08:00"]),
    ],
)  # fmt: skip
def test_offered_times_fit_what_was_said(said: str, times: list[str]) -> None:
    choice = _offer(said)
    assert choice.why_not is None
    assert sorted(_times(choice), key=lambda t: t[4:]) == sorted(times, key=lambda t: t[4:]) or (
        said == "next month" and {t[4:6] for t in _times(choice)} == {"12"}
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("sunday", WhyNot.CLOSED), ("weekends", WhyNot.CLOSED), ("Dec 10", WhyNot.CLOSED),
        ("today", WhyNot.TOO_SOON), ("March 3", WhyNot.TOO_FAR), ("in six months", WhyNot.TOO_FAR),
        ("in 2 months", WhyNot.TOO_FAR), ("next year", WhyNot.TOO_FAR),
        ("friday at 6 pm", WhyNot.TAKEN), ("at 10 pm", WhyNot.TAKEN),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_others_are_offered(said: str, why: WhyNot) -> None:
    choice = _offer(said)
    assert choice.why_not is why
    assert choice.slots


def test_wish_that_no_slot_fits_keeps_to_its_day_where_it_can() -> None:
    assert {t[:9] for t in _times(_offer("friday at 6 pm"))} == {"Fri 12-04"}
    assert _times(_offer("Dec 10"))[0].startswith("Fri 12-11")


def test_urgent_patients_get_the_first_that_fit_or_the_very_first() -> None:
    assert _times(_offer("mornings next week", urgent=True))[:2] == [
        "Mon 12-07 08:00", "Mon 12-07 09:00",
    ]  # fmt: skip
    assert _times(_offer("sunday", urgent=True))[0] == "Tue 12-01 10:00"


def test_times_that_were_passed_over_are_not_offered_again() -> None:
    first = choose(FREE, Wish(soonest=True), RULES, NOW.date())
    skip = {slot.key for slot in first.slots}
    second = choose(FREE, Wish(soonest=True), RULES, NOW.date(), skip=skip)
    assert second.slots
    before = {slot.starts for slot in first.slots}
    assert not before & {slot.starts for slot in second.slots}, "with no therapist"


def test_nothing_is_offered_where_nothing_is_free() -> None:
    assert choose([], Wish(soonest=True), RULES, NOW.date()) == Choice([])


_WORDS = st.lists(
    st.sampled_from(
        "monday friday sunday mornings after before 5 3 pm next week dec 3rd 10 asap or and not "
        "evening tomorrow between in two weeks month weekend this the at but".split()
    ),
    max_size=8,
).map(" ".join)


@given(_WORDS, st.booleans())
def test_every_offer_is_free_short_and_at_times_of_its_own(said: str, urgent: bool) -> None:
    try:
        preference = read_preference(said, NOW)
    except ValueError:
        return
    if preference is None:
        return
    wish = wish_of(preference, NOW)
    choice = choose(FREE, wish, RULES, NOW.date(), urgent)
    assert 1 <= len(choice.slots) <= 3
    assert set(choice.slots) <= set(FREE)
    starts = [slot.starts for slot in choice.slots]
    assert starts == sorted(set(starts))
    if choice.why_not is None:
        for slot in choice.slots:
            assert wish.fits_day(slot.starts.date())
            assert wish.fits_time(slot.starts.time())


# --- which one is meant --------------------------------------------------------------------------

OFFERED = [
    Slot(datetime(2026, 12, day, hour, tzinfo=ZoneInfo(ZONE)), "Dana", 60)
    for day, hour in ((1, 10), (3, 15), (4, 9))
]
TITLES = [
    "Tuesday, December 1 at 10 am", "Thursday, December 3 at 3 pm", "Friday, December 4 at 9 am",
]  # fmt: skip


def _pick(said: str) -> int | None:
    slot = pick(said, OFFERED, TITLES, NOW)
    return OFFERED.index(slot) if slot else None


@pytest.mark.parametrize(
    ("said", "index"),
    [
        (TITLES[1], 1), (TITLES[2].upper(), 2), ("1", 0), ("2.", 1), ("number 3", 2), ("#2", 1),
        ("the second one please", 1), ("the last one", 2), ("option 1", 0),
        ("I'll take the first", 0),
        ("thursday", 1), ("the friday one works", 2), ("3 pm", 1), ("tuesday at 10", 0),
        ("Dec 4", 2), ("10 am please", 0),
        ("4", None), ("first available", None), ("wednesday", None), ("friday at 11", None),
        ("not thursday", None), ("is there anything else on thursday?", None), ("mornings", None),
        ("thursday but later", None), ("purple", None), ("my pain is 2", None), ("10", None),
    ],
)  # fmt: skip
def test_the_offered_time_that_is_meant(said: str, index: int | None) -> None:
    assert _pick(said) == index


@pytest.mark.parametrize("said", ["anything else?", "other times", "something else", "what else"])
def test_other_times_are_asked_for(said: str) -> None:
    assert wants_others(said)
    assert _pick(said) is None
