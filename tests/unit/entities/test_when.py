"""When a patient would like to come. Now is Wednesday, 11 June 2025, 10 o'clock in Austin."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.entities.when import (
    MAX_TEXT,
    NoSuchDateError,
    PastDateError,
    Preference,
    read_preference,
)

AUSTIN = ZoneInfo("America/Chicago")
NOW = datetime(2025, 6, 11, 10, 0, tzinfo=AUSTIN)

# The words, the day (month-day), the clock time, the part of the day.
MOMENTS = [
    ("actually can i do next tuesday morning", "06-17", None, "morning"),
    ("next Tuesday", "06-17", None, None), ("Tuesday", "06-17", None, None),
    ("this friday", "06-13", None, None), ("friday", "06-13", None, None),
    ("next friday", "06-20", None, None), ("wednesday", "06-18", None, None),
    ("on thurs", "06-12", None, None), ("thur at 2", "06-12", "14:00", "afternoon"),
    ("tues 3pm", "06-17", "15:00", "afternoon"), ("mon 9", "06-16", "09:00", "morning"),
    ("Monday morning", "06-16", None, "morning"), ("tuesday after work", "06-17", None, "evening"),
    ("tmrw", "06-12", None, None), ("tomorrow 3ish", "06-12", "15:00", "afternoon"),
    ("tomorow at 9", "06-12", "09:00", "morning"), ("2moro at 8", "06-12", "08:00", "morning"),
    ("tomorrow at 8 in the evening", "06-12", "20:00", "evening"),
    ("tonight", "06-11", None, "evening"), ("today", "06-11", None, None),
    ("today at 4", "06-11", "16:00", "afternoon"), ("this afternoon", "06-11", None, "afternoon"),
    ("the day after tomorrow", "06-13", None, None), ("in two weeks", "06-25", None, None),
    ("in 3 days", "06-14", None, None), ("in a week", "06-18", None, None),
    ("in a fortnight", "06-25", None, None), ("two weeks from today", "06-25", None, None),
    ("a week from friday", "06-20", None, None), ("tuesday week", "06-24", None, None),
    ("the 13th", "06-13", None, None), ("the 3rd", "07-03", None, None),
    ("the 3rd at half past nine", "07-03", "09:30", "morning"), ("the 31st", "07-31", None, None),
    ("Dec 3", "12-03", None, None), ("December 3rd", "12-03", None, None),
    ("3 December", "12-03", None, None), ("the third of December", "12-03", None, None),
    ("Dec 3 at 10:30am", "12-03", "10:30", "morning"), ("12/3", "12-03", None, None),
    ("12/3/25", "12-03", None, None), ("12/3/2025 at 2", "12-03", "14:00", "afternoon"),
    ("2025-12-03", "12-03", None, None), ("25/12", "12-25", None, None),
    ("9-11", "06-12", "09:00", "morning"),
    ("tomorrow at 25:00", "06-12", None, None), ("friday at 9:75", "06-13", None, None),
    ("june 20", "06-20", None, None), ("the 20th of June", "06-20", None, None),
    ("Friday June 13", "06-13", None, None), ("friday the 13th", "06-13", None, None),
    ("tuesday half nine", "06-17", "09:30", "morning"),
    ("tuesday at quarter past two", "06-17", "14:15", "afternoon"),
    ("tuesday quarter to 5", "06-17", "16:45", "afternoon"),
    ("tuesday at ten to three", "06-17", "14:50", "afternoon"),
    ("tuesday at nine thirty", "06-17", "09:30", "morning"),
    ("tuesday at 1530", "06-17", "15:30", "afternoon"),
    ("friday 15:30", "06-13", "15:30", "afternoon"),
    ("friday at noon", "06-13", "12:00", "afternoon"),
    ("friday lunchtime", "06-13", None, "afternoon"),
    ("friday at 12", "06-13", "12:00", "afternoon"), ("fri 7am", "06-13", "07:00", "morning"),
    ("fri at 7 pm", "06-13", "19:00", "evening"), ("fri 4 p.m.", "06-13", "16:00", "afternoon"),
    ("after 5 on monday", "06-16", "17:00", "evening"),
    ("monday between 2 and 4", "06-16", "14:00", "afternoon"),
    ("monday from 9 to 11", "06-16", "09:00", "morning"),
    ("monday 9-11", "06-16", "09:00", "morning"),
    ("monday before 10", "06-16", None, "morning"),
    ("monday first thing", "06-16", None, "morning"),
    ("monday late afternoon", "06-16", None, "afternoon"),
    ("monday evening", "06-16", None, "evening"),
    ("5:30", "06-11", "17:30", "evening"), ("noon", "06-11", "12:00", "afternoon"),
    ("at 3", "06-11", "15:00", "afternoon"), ("9am", "06-12", "09:00", "morning"),
    ("around 4 pm", "06-11", "16:00", "afternoon"), ("3 o'clock", "06-11", "15:00", "afternoon"),
    ("can I come Tuesday at 3?", "06-17", "15:00", "afternoon"),
    ("do you have anything on Thursday?", "06-12", None, None),
    ("how about friday?", "06-13", None, None),
    ("what do y'all have open on Thursday", "06-12", None, None),
    ("would Monday morning work?", "06-16", None, "morning"),
    ("I was hoping for Tuesday", "06-17", None, None),
    ("I was thinking friday at 2", "06-13", "14:00", "afternoon"),
    ("cant do thurs, can do fri", "06-13", None, None),
    ("not monday, tuesday", "06-17", None, None),
    ("martes", "06-17", None, None), ("el lunes por la mañana", "06-16", None, "morning"),
    ("el viernes a las 3", "06-13", "15:00", "afternoon"), ("mañana", "06-12", None, None),
    ("mañana por la tarde", "06-12", None, "afternoon"), ("pasado mañana", "06-13", None, None),
    ("miércoles a las diez y media", "06-18", "10:30", "morning"),
    ("el 3 de diciembre", "12-03", None, None),
    ("el próximo martes", "06-17", None, None), ("sábado", "06-14", None, None),
    ("Please write me for tomorrow", "06-12", None, None),
    ("saturday possible?", "06-14", None, None),
    ("my name is Bob, friday at 10", "06-13", "10:00", "morning"),
    ("FRIDAY AT 10AM", "06-13", "10:00", "morning"),
    ("the first monday at 10", "06-16", "10:00", "morning"), ("Monday 16", "06-16", None, None),
    ("monday at 10 since I'm off", "06-16", "10:00", "morning"),
    ("10 on tuesday", "06-17", "10:00", "morning"), ("friday pm", "06-13", None, "afternoon"),
    ("7 tomorrow morning", "06-12", "07:00", "morning"),
    ("end of day friday", "06-13", None, "afternoon"),
    ("noonish", "06-11", "12:00", "afternoon"), ("7/10", "07-10", None, None),
    ("Good morning. Could I come on friday?", "06-13", None, None),
    ("I can't arrive at 9 on friday, can it be at 11?", "06-13", "11:00", "morning"),
    ("friday at one", "06-13", "13:00", "afternoon"), ("not monday, tuesday", "06-17", None, None),
    ("at 3 of the afternoon on friday", "06-13", "15:00", "afternoon"),
    ("jan 5", "01-05", None, None), ("twenty first of june", "06-21", None, None),
]  # fmt: skip

# Wishes without one day of their own: the words, the part of the day, whether a clock was named.
WISHES = [
    ("asap", None, False), ("ASAP!!", None, False), ("as soon as possible", None, False),
    ("first available", None, False), ("earliest you have", None, False), ("whenever", None, False),
    ("any time", None, False), ("anytime works", None, False), ("any day", None, False),
    ("i'm flexible", None, False), ("24/7", None, False), ("no preference", None, False),
    ("doesn't matter", None, False), ("after work", "evening", False),
    ("before work", "morning", False),
    ("mornings", "morning", False), ("mornings next week", "morning", False),
    ("afternoons are best", "afternoon", False), ("weekday evenings", "evening", False),
    ("weekdays", None, False), ("weekends only", None, False), ("this weekend", None, False),
    ("next week", None, False), ("next month", None, False), ("sometime in december", None, False),
    ("end of the week", None, False), ("any day but Monday", None, False),
    ("not mondays", None, False),
    ("any day except friday", None, False), ("I can't do Tuesdays", None, False),
    ("Tuesday or Thursday", None, False), ("tues or thurs mornings", "morning", False),
    ("monday wednesday or friday", None, False), ("after 5", "evening", True),
    ("after 5pm", "evening", True),
    ("before 10", "morning", False), ("before noon", "morning", False),
    ("after lunch", "afternoon", False),
    ("after school", "afternoon", False), ("lunchtime", "afternoon", False),
    ("evenings", "evening", False),
    ("early", "morning", False), ("late afternoon", "afternoon", False),
    ("first thing in the morning", "morning", False),
    ("lo antes posible", None, False), ("por la tarde", "afternoon", False),
    ("por las mañanas", "morning", False),
    ("la próxima semana", None, False), ("entre semana", None, False), ("cuando sea", None, False),
    ("in a few weeks", None, False), ("the week after next", None, False),
    ("whenever you can fit me in", None, False),
    ("weekdays after 4", "afternoon", True), ("mondays", None, False),
    ("most days after 3pm", "afternoon", True),
    ("any day after the 15th", None, False), ("before friday", None, False),
    ("not on the 4th", None, False),
    ("a date after the 15th", None, False), ("late", "evening", False),
    ("starting monday", None, False),
    ("week of the 23rd", None, False), ("I get off work at 5", "evening", True),
    ("right now", None, False),
    ("in the next few days", None, False), ("los martes", None, False),
    ("tuesdays and thursdays at 10", "morning", True),
]  # fmt: skip

NOT_WISHES = [
    "", "hello", "yes", "no", "how long is it?", "how long is it", "how much is it?",
    "what are your hours?",
    "are you open on Saturdays?", "what are your hours on monday",
    "what time do you close on friday?",
    "when is my appointment?", "what day is it tomorrow", "where are you",
    "it started last Tuesday",
    "it started on monday", "I hurt it yesterday", "I fell on Tuesday", "since Monday",
    "it's been hurting since tuesday",
    "3 weeks ago", "for two weeks", "my back was fine on monday", "it happened last week",
    "lifted a box on friday",
    "my back hurts in the morning", "worse in the evenings", "it hurts at night", "I don't know",
    "3",
    "20 reps", "Bob Jones", "512-555-0100", "my name is May", "I may come", "I sat too long",
    "the sun hurts my eyes",
    "one second", "second thoughts", "march", "hold for 5 seconds", "cancel", "stop", "die hard",
    "dinner with family",
    "I work at 3M", "L5", "what does it cost?", "do I need a referral?", "is it covered?",
    "how early should i come?",
    "why tuesday?", "the first visit", "how late are you open", "i have been in pain for 3 days",
    "the 2 exercises",
    "sat down and it popped", "an hour", "me duele por la mañana", "all day",
    "every morning my back hurts",
    "not today", "50/50", "say one way or the other", "at once", "I called once",
    "can u get sciatica at 19",
    "Good morning", "good evening!", "running late", "my late brother",
    "is the clinic open on friday",
    "open on sundays or nah", "same as yesterday", "My son drove me to the ER on Sunday",
    "which therapist on friday",
    "better than last week", "I deadlifted yesterday",
]  # fmt: skip

PAST = [
    "yesterday", "yesterday at 3", "last Tuesday", "last week", "June 3", "june 3rd 2025", "6/3",
    "6/10/2025",
    "2024-12-03", "12/3/2024", "today at 8am", "today at 9", "this morning at 8", "ayer",
    "Dec 3 2020",
    "may 30", "the 3rd of june", "how about yesterday?", "last month", "el martes pasado",
]  # fmt: skip

IMPOSSIBLE = [
    "31 February", "February 31", "feb 30", "Feb 30th", "the 30th of february", "13/45", "2/30",
    "2/30/2026",
    "4/31", "June 31", "31st of june", "april 31", "sept 31", "november 31st", "0/5", "5/0",
    "13/13", "the 32nd",
    "the 45th", "2025-13-01", "2025-02-30", "feb 29", "feb 29 2027", "99/99", "32 de enero",
    "30 de febrero",
    "tuesday june 12", "can I come february 31?", "monday the 17th",
]  # fmt: skip


@pytest.mark.parametrize(("text", "day", "clock", "part"), MOMENTS)
def test_moment(text: str, day: str, clock: str | None, part: str | None) -> None:
    read = read_preference(text, NOW)
    assert read is not None
    assert read.start is not None
    assert f"{read.start:%m-%d}" == day
    assert f"{read.start:%H:%M}" == (clock or "00:00")
    assert read.names_clock is (clock is not None)
    assert read.part_of_day == part
    assert read.start.tzinfo is AUSTIN
    assert read.start.date() >= NOW.date()
    assert read.text == " ".join(text.split())


@pytest.mark.parametrize(("text", "part", "clock"), WISHES)
def test_wish_without_a_day(text: str, part: str | None, clock: bool) -> None:
    assert read_preference(text, NOW) == Preference(text, None, part, False, clock)


@pytest.mark.parametrize("text", NOT_WISHES)
def test_not_a_wish(text: str) -> None:
    assert read_preference(text, NOW) is None


@pytest.mark.parametrize("text", PAST)
def test_past(text: str) -> None:
    with pytest.raises(PastDateError):
        read_preference(text, NOW)


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_impossible(text: str) -> None:
    with pytest.raises(NoSuchDateError):
        read_preference(text, NOW)


@pytest.mark.parametrize(
    ("text", "names_day"),
    [
        ("tuesday", True),
        ("at 3", False),
        ("noon", False),
        ("tomorrow at 3", True),
        ("the 3rd", True),
    ],
)
def test_whether_a_day_was_named(text: str, names_day: bool) -> None:
    read = read_preference(text, NOW)
    assert read is not None
    assert read.names_day is names_day


@pytest.mark.parametrize(
    ("now", "text", "start"),
    [
        ("2025-06-09 10:00", "next tuesday", "2025-06-17 00:00"),  # said on a Monday
        ("2025-06-09 10:00", "tuesday", "2025-06-10 00:00"),
        ("2025-06-15 10:00", "next tuesday", "2025-06-17 00:00"),  # said on a Sunday
        ("2025-12-31 23:59", "tomorrow at 9", "2026-01-01 09:00"),
        ("2025-12-20 10:00", "jan 5", "2026-01-05 00:00"),
        ("2025-12-20 10:00", "1/5", "2026-01-05 00:00"),
        ("2027-12-20 10:00", "feb 29", "2028-02-29 00:00"),
        ("2025-01-30 10:00", "the 30th", "2025-01-30 00:00"),
        ("2025-01-31 10:00", "the 30th", "2025-03-30 00:00"),
        ("2025-06-11 18:00", "at 3", "2025-06-12 15:00"),
        ("2025-03-08 23:00", "tomorrow at 9", "2025-03-09 09:00"),  # clocks go forward
        ("2025-11-01 23:00", "in a week", "2025-11-08 00:00"),  # clocks go back
        ("2025-06-11 23:30", "tonight", "2025-06-11 00:00"),
        ("2025-06-11 23:00", "tomorrow 3ish", "2025-06-12 15:00"),
    ],
)
def test_other_moments(now: str, text: str, start: str) -> None:
    read = read_preference(text, datetime.fromisoformat(now).replace(tzinfo=AUSTIN))
    assert read is not None
    assert read.start == datetime.fromisoformat(start).replace(tzinfo=AUSTIN)


def test_another_time_zone() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    read = read_preference("tomorrow at 3", datetime(2025, 6, 11, 23, 0, tzinfo=tokyo))
    assert read is not None
    assert read.start == datetime(2025, 6, 12, 15, 0, tzinfo=tokyo)


def test_long_messages_are_cut() -> None:
    read = read_preference("tuesday at 3 " + "please " * 500, NOW)
    assert read is not None
    assert len(read.text) <= MAX_TEXT


def test_old_call_still_builds_a_preference() -> None:
    assert Preference("after work") == Preference("after work", None, None, False, False)


def test_no_word_of_the_patient_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        read_preference("gibberish my secret 99", NOW)
        read_preference("tuesday at 3", NOW)
    assert caplog.records == []
