"""Faintness that is told alone is asked about; with anything else it is what it was."""

from __future__ import annotations

import pytest

from bot.safety import Screening, Urgency, screen
from bot.safety.faintness import with_faintness


@pytest.mark.parametrize(
    "text",
    ["I feel dizzy", "a bit faint", "I feel a bit faint", "im getting light headed", "dizzy",
     "kinda woozy", "I got dizzy when I stood up", "I FEEL DIZY!!", "I'm dizzy and a bit sick",
     "um I feel light-headed, sorry", "I'm about to pass out", "everything is spinning",
     "this exercise makes me dizzy", "me siento mareada"],
)  # fmt: skip
def test_alone_it_is_asked_about_and_no_alarm(text: str) -> None:
    found = screen(text)
    assert (found.level, found.ask) == (Urgency.NONE, "faint")


@pytest.mark.parametrize(
    "text",
    ["I'm dizzy and my chest hurts", "dizzy and short of breath", "faint, cold sweat, chest tight",
     "dizzy with sudden tearing back pain", "I'm dizzy and can't move my arm",
     "dizzy, my speech is slurred", "I'm dizzy and numb down both legs",
     "I feel dizzy and my heart is racing", "I fainted",
     "I took too many pills and feel dizzy"],
)  # fmt: skip
def test_with_another_sign_or_after_a_faint_it_stays_an_emergency(text: str) -> None:
    assert screen(text).level.is_emergency


@pytest.mark.parametrize("text", ["I passed out", "I just blacked out for a second"])
def test_passing_out_is_at_least_asked_about(text: str) -> None:
    found = screen(text)
    assert found.ask == "faint" or found.level.is_emergency


@pytest.mark.parametrize("text", ["no dizziness", "what if I feel dizzy?", "not dizzy any more"])
def test_denied_or_asked_about_it_brings_no_question(text: str) -> None:
    assert screen(text).ask != "faint"


@pytest.mark.parametrize("level", [Urgency.CALL_911, Urgency.CRISIS])
def test_a_faint_that_happened_never_lowers_a_level(level: Urgency) -> None:
    found = with_faintness("I passed out", Screening(level, "vascular"))
    assert (found.level, found.ask) == (level, None)


def test_more_than_a_feeling_is_left_as_it_was_found() -> None:
    found = Screening(Urgency.SAME_DAY, "infection")
    assert with_faintness("dizzy and feverish", found) is found
