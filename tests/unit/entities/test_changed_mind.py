"""Whether a message changes its mind about the exercise, and which one it wishes for."""

from __future__ import annotations

import pytest

from bot.coaching.reading import ROUTINE, read_change
from bot.entities.changed_mind import OTHER
from bot.triage.interview import question_named


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("no wait go back to the bridge", "long_bridge"),
        ("actually let's do the bridge instead", "long_bridge"),
        ("no numbness, but actually let's do the bridge instead", "long_bridge"),
        ("no, I'd rather do the iliacus one", "iliacus_release"),
        ("no, not the psoas, the bridge", "long_bridge"),
        ("hold on, i meant the deep abs one", "ta_activation"),
        ("can we do the bridge instead?", "long_bridge"),
        ("what about the bridge", "long_bridge"),
        ("start my routine instead", ROUTINE),
        ("never mind that, the other one", OTHER),
        ("let's switch to something else", OTHER),
    ],
)
def test_change_of_mind(text: str, wanted: str) -> None:
    assert read_change(text, "psoas_release") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "no", "nope", "yes", "not sure", "actually yes", "sorry no", "in one leg",
        "actually the left one", "I had a hernia at my belly button", "belly button hernia",
        "I don't want to do the bridge", "not the psoas", "is the bridge safe?",
        "wait, does the bridge need a ball?", "my tummy hurts actually", "never mind",
        "ok let's go on with the psoas",
    ],
)  # fmt: skip
def test_answers_and_questions_change_nothing(text: str) -> None:
    assert read_change(text, "psoas_release") is None


def test_the_one_of_a_wish_is_no_leg() -> None:
    legs = question_named("screen_legs")
    assert legs is not None
    assert legs.read("let's do the belly button one instead") != "one"
    assert legs.read("never mind the ball, let's do the other one") != "one"
    for text in ("one", "in one leg", "the left one", "actually the left one"):
        assert legs.read(text) == "one"
