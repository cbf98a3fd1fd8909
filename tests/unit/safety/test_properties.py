"""What must hold for any message."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety import MAX_CHARACTERS
from bot.safety.detector import screen_by_rules as screen

HARMLESS = [
    " Do you have parking?",
    " See you Thursday at four.",
    " I like the ball exercise.",
    " What does a visit cost?",
]
DANGER = [
    "I wet myself today.",
    "My privates are numb.",
    "I want to kill myself.",
    "I can't breathe.",
    "I fell off a ladder and my back hurts.",
    "There is blood in my pee.",
]
MESSAGES = [*DANGER, "My back aches.", "No numbness, no fever.", "What if I ever wet myself?", "ok"]
SOON = settings(deadline=None, max_examples=150)


@SOON
@given(st.sampled_from(MESSAGES), st.lists(st.sampled_from(HARMLESS), max_size=3))
def test_a_harmless_sentence_never_lowers(message: str, more: list[str]) -> None:
    assert screen(message + "".join(more)).level >= screen(message).level


@SOON
@given(st.sampled_from(MESSAGES), st.sampled_from(DANGER))
def test_a_danger_sentence_never_lowers(message: str, danger: str) -> None:
    both = screen(f"{message} {danger}").level
    assert both >= screen(message).level
    assert both >= screen(danger).level


@SOON
@given(st.text(max_size=300))
def test_never_raises_and_spans_lie_inside(text: str) -> None:
    for finding in screen(text).findings:
        assert 0 <= finding.span[0] < finding.span[1] <= len(text)


@SOON
@given(
    st.lists(st.sampled_from("no not numb legs crotch pee can't if my dog 101 . , ? but".split()))
)
def test_never_raises_on_its_own_words(words: list[str]) -> None:
    text = " ".join(words)
    assert screen(text) == screen(text)


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 50,
        "\ud800",
        "İ" * 99,
        "ß ﬃ ½",
        "🍑🦵",
        "a" * 200_000,
        "no " * 90_000,
        "'" * 9,
        "1e9.9.9",
    ],
)
def test_hostile_input(text: str) -> None:
    screen(text)


def _calls(text: str) -> int:
    """The number of function calls that screening the text takes."""
    count = 0

    def profile(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        screen(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "unit", ["i cant feel my leg ", "pee ", ", ", "my back and i fell off it. "]
)
def test_long_messages_stay_cheap(unit: str) -> None:
    long = (unit * MAX_CHARACTERS)[:MAX_CHARACTERS]
    screen(long)  # compiles and remembers what it needs
    # Work is counted in calls, not in seconds: twice the length, about twice the work.
    assert _calls(long) < 3 * _calls(long[: MAX_CHARACTERS // 2])
