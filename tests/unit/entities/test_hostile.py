"""No reader raises, and none is slow, whatever is sent."""

import contextlib
import signal
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities.exercise import read_exercise
from bot.entities.pain import read_pain_change, read_pain_score
from bot.entities.person import MAX_NAME, read_name, read_phone, spoken_phone
from bot.entities.side import read_side
from bot.entities.when import NoSuchDateError, PastDateError, read_preference
from bot.entities.yes_no import read_answer

NOW = datetime(2025, 6, 11, 10, 0, tzinfo=ZoneInfo("America/Chicago"))


def _read_when(text: str) -> None:
    with contextlib.suppress(PastDateError, NoSuchDateError):
        read = read_preference(text, NOW)
        assert read is None or read.start is None or read.start.date() >= NOW.date()


READERS: dict[str, Callable[[str], object]] = {
    "answer": read_answer,
    "score": read_pain_score,
    "change": read_pain_change,
    "side": read_side,
    "exercise": read_exercise,
    "name": read_name,
    "phone": read_phone,
    "when": _read_when,
}
UNITS = [
    "a", "1", " ", "1 ", "no ", "no", "yes no ", "i don't have ", "not ", "?", ".", "- ", "a.", "'",
    "5-", "5 or ", "one ", "twenty ", "six point ", "monday ", "12/3 ", "at 3 ", "the 1st of ",
    "in 2 ",
    "next ", "not on ", "(512) ", "512-555-0100 ", "+1", "five one two ", "O'", "é", "e\u0301",
    "\u0301",
    "😂", "👍", "\u200b", "\x00", "İ", "ß", "left right ", "left of ", "heel ", "so as ", "multi ",
    "belly ",
    "better not worse ", "not as ", "my name is ", "it's ", "J.R.", "from 3 to 4 ", "\n", "\t",
    "half past ",
    "ill e ", "none of ", "can't ", "area code ", "double ", "maybe ", "wait ", "S-", "３", "½",
    "%", "/", ":",
]  # fmt: skip
WORDS = st.sampled_from(
    "yes no not sure maybe left right both middle 5 7 10 one two half past quarter to at the 3rd "
    "31 feb monday next last week in from now was better worse same pain free my name is i'm call "
    "me ana o'brien 512-555-0100 five oh double plus ball psoas heel belly button ? , . - / and "
    "or but wait mañana 12/3 99/99 25:61 2025-02-30 a.m. pm 😂 twenty hundred point of".split()
)


def _stop(_signal: int, _frame: object) -> None:
    raise TimeoutError("the reader does not end")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("unit", UNITS)
def test_hostile_messages_are_read_to_the_end(name: str, unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    READERS[name](unit)
    # Not a benchmark: a reader that backtracks without end is stopped, which fails the test.
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, 10)
    try:
        READERS[name](text)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.mark.parametrize("name", READERS)
@given(text=st.text(max_size=300))
@settings(max_examples=30, deadline=None)
def test_readers_never_raise(name: str, text: str) -> None:
    READERS[name](text)


@pytest.mark.parametrize("name", READERS)
@given(words=st.lists(WORDS, max_size=12))
@settings(max_examples=30, deadline=None)
def test_readers_never_raise_on_their_own_words(name: str, words: list[str]) -> None:
    READERS[name](" ".join(words))


@given(words=st.lists(WORDS, max_size=12))
@settings(max_examples=30, deadline=None)
def test_what_is_read_is_well_formed(words: list[str]) -> None:
    text = " ".join(words)
    score, name, phone = read_pain_score(text), read_name(text), read_phone(text)
    assert score is None or 0 <= score <= 10
    assert name is None or 2 <= len(name) <= MAX_NAME
    assert phone is None or spoken_phone(phone)
