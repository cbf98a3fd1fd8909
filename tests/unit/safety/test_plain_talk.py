"""Plain talk of pain and exercise holds nothing that the second opinion could weigh."""

from __future__ import annotations

import pytest

from bot.safety import Urgency, screen
from bot.safety.second_opinion import is_denial, plain_words


@pytest.mark.parametrize(
    "text",
    ["it's about a four I guess period", "hurts worse now", "it's hurting more every time I do it",
     "ow my back just got worse doing that", "OK it's starting to hurt worse", "pain's climbing",
     "about a six maybe seven", "um I think I did like seven of them so far",
     "it spiked to a 7 when i lifted my hips",
     "I did the bridge yesterday and today it hurts more", "its hurting more rn",
     "ive had back pain since the weekend", "aight thats it for tonight cya"],
)  # fmt: skip
def test_talk_in_an_exercise_raises_no_danger_question(text: str) -> None:
    found = screen(text)
    assert (found.level, found.ask) == (Urgency.NONE, None)


@pytest.mark.parametrize(
    "text",
    ["my leg gives out when I do it and it's numb", "I can't hold it any more, my pee comes out",
     "I did it and now both my legs are numb", "worse every time, and I have a fever",
     "I don't want to live like this any more"],
)  # fmt: skip
def test_one_word_of_a_sign_and_it_is_heard(text: str) -> None:
    found = screen(text)
    assert found.level >= Urgency.PHYSICIAN_SOON or found.ask


def test_no_plain_word_can_deny_or_name_what_a_sign_is_made_of() -> None:
    forbidden = {
        "no", "not", "cant", "cannot", "dont", "wont", "without", "never", "numb", "leg", "legs",
        "foot", "feel", "hold", "holding", "push", "pee", "pill", "pills", "took", "number", "die",
        "live", "chest", "faint", "sweat", "fever", "fell", "sudden", "suddenly", "give", "gave",
        "gives", "giving",
    }  # fmt: skip
    assert not forbidden & plain_words()


@pytest.mark.parametrize(
    "text",
    ["my leg is not numb or anything", "ok no chest pain or anything, going on",
     "no numbness, next", "I'm not dizzy", "no fever, no numbness", "I don't have any chest pain"],
)  # fmt: skip
def test_plain_denial_is_taken_at_its_word(text: str) -> None:
    found = screen(text)
    assert (found.level, found.ask) == (Urgency.NONE, None)


@pytest.mark.parametrize(
    "text",
    ["not numb anywhere but the parts I sit on", "my legs are not weak, can't pee",
     "no fever but I can't feel my legs", "my foot isn't numb, it drags since yesterday"],
)  # fmt: skip
def test_denial_with_a_sign_behind_it_is_none(text: str) -> None:
    found = screen(text)
    assert found.level >= Urgency.PHYSICIAN_SOON or found.ask


def test_denial_reaches_no_further_than_its_words() -> None:
    for text in ("no fever and numb", "no fever, numb", "not not numb", "any numbness", "numb"):
        assert not is_denial(text), text
