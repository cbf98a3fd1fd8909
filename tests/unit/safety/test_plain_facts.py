"""What is a fact for the ball questions, or a break, and no sign; and what beside it still is."""

from __future__ import annotations

import pytest

from bot.safety import Urgency, screen
from bot.safety.second_opinion import is_break, is_plain_fact


@pytest.mark.parametrize(
    "text",
    [
        "I take warfarin", "I'm on blood thinners", "im on eliquis for afib",
        "I take xarelto every day", "my doctor put me on warfarin", "yes, I take a blood thinner",
        "I stopped taking warfarin last month", "I can't lie on my stomach", "gotta pee brb",
        "hold on i need to pee", "wait, I have to use the bathroom",
    ],
)  # fmt: skip
def test_no_alarm_and_no_question(text: str) -> None:
    assert is_plain_fact(text) or is_break(text)
    found = screen(text)
    assert (found.level, found.ask) == (Urgency.NONE, None)


@pytest.mark.parametrize(
    "text",
    [
        "I took 8 warfarin", "I took all my warfarin", "I take too much warfarin",
        "I take warfarin and I fell", "I take warfarin, my leg is swollen", "wait i can't pee",
        "i need to pee and can't, hold on", "brb i have to pee every 5 minutes",
        "wait, i peed myself", "hold on, i have to pee but nothing comes out",
        "I need to pee all the time",
    ],
)  # fmt: skip
def test_a_sign_beside_it_is_still_heard(text: str) -> None:
    assert not is_plain_fact(text)
    assert not is_break(text)
    found = screen(text)
    assert found.level >= Urgency.PHYSICIAN_SOON or found.ask is not None
