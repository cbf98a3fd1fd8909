"""Two requests in one message, told from one."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from bot.channels.output import without_repeats
from bot.nlu.two_questions import in_order, may_lead, splits


def _parsed(intent: str, confidence: float = 0.9, level: str = "none") -> dict[str, Any]:
    ranking = [{"name": intent, "confidence": confidence}]
    return {"full_intent_ranking": ranking, "safety": {"level": level, "ask": None}}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("does exercise help and what does it cost?", ("does exercise help", "what does it cost?")),
        ("How much is it? Do I need a referral?", ("How much is it?", "Do I need a referral?")),
        ("where are you, what are your hours", ("where are you", "what are your hours")),
        ("is heat better\nhow long is a visit", ("is heat better", "how long is a visit")),
        ("7, is that bad?", ("7", "is that bad?")),
        ("no. do you take insurance", ("no.", "do you take insurance")),
        ("about a six, is that normal?", ("about a six", "is that normal?")),
    ],
)
def test_the_place_to_part_is_found(text: str, parts: tuple[str, str]) -> None:
    assert parts in splits(text)


@pytest.mark.parametrize(
    "text", ["", "hours?", "ice and heat", "7", "yes and no", "ok, is swimming good?"]
)
def test_a_single_thing_is_not_parted(text: str) -> None:
    assert splits(text) == []


def test_a_long_list_is_bounded() -> None:
    assert len(splits("is it this, or that one, " * 50)) <= 4


def _order(first: tuple[str, Any], second: tuple[str, Any]) -> list[str] | None:
    parts = in_order(first, second)
    return [text for text, _ in parts] if parts else None


def test_two_questions_are_answered_in_their_order() -> None:
    one, two = ("does it help", _parsed("faq/does_exercise_help")), ("cost", _parsed("faq/hours"))
    assert _order(one, two) == ["does it help", "cost"]


def test_a_question_goes_before_the_dialogue_that_the_message_starts() -> None:
    book, cost = ("book me", _parsed("book_evaluation")), ("cost?", _parsed("faq/cost_insurance"))
    assert _order(book, cost) == ["cost?", "book me"]
    assert _order(cost, book) == ["cost?", "book me"]


def test_a_question_after_a_complaint_is_answered_before_the_safety_questions() -> None:
    text = "my lower back is killing me, should i rest"
    first, second = splits("back killing me, should i rest", complaint=True)[0]
    assert (first, second) == ("back killing me", "should i rest")
    assert splits("back killing me, should i rest") == []
    pain, rest = (first, _parsed("describe_pain")), (second, _parsed("faq/rest_or_move"))
    assert may_lead(pain, complaint=True)
    assert in_order(pain, rest, complaint=True) == [rest, pain]
    assert in_order(pain, (second, _parsed("faq/rest_or_move", level="er_now")), True) is None
    assert splits(text, complaint=True)[0][1] == second


def test_an_answer_goes_before_the_question_after_it() -> None:
    score = ("7", _parsed("report_pain", 0.3))
    assert _order(score, ("is that bad?", _parsed("faq/when_to_see_doctor"))) == [
        "7",
        "is that bad?",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_parsed("faq/hours"), _parsed("faq/hours")),
        (_parsed("faq/hours", 0.2), _parsed("faq/contact")),
        (_parsed("describe_pain"), _parsed("faq/rest_or_move")),
        (_parsed("faq/hours"), _parsed("faq/contact", level="er_now")),
        (_parsed("greet"), _parsed("thanks")),
    ],
)
def test_one_request_stays_one(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert in_order(("one part", first), ("other part", second)) is None


def test_a_reply_that_comes_again_is_said_once_where_it_came_last() -> None:
    ask, answer = {"text": "Any fever?"}, {"text": "We open at 8."}
    assert without_repeats([ask, answer, ask]) == [answer, ask]


def test_the_second_part_is_read_wherever_the_message_may_be_taken_apart() -> None:
    texts = ("7", "no", "how much is it", "book me")
    intents = ("faq/hours", "faq/contact", "book_evaluation", "report_pain", "deny", "greet")
    parts = [
        (text, _parsed(intent, confidence, level))
        for text, intent, confidence, level in product(
            texts, intents, (0.3, 0.9), ("none", "er_now")
        )
    ]
    taken_apart = [first for first, second in product(parts, parts) if in_order(first, second)]
    assert taken_apart
    assert all(may_lead(first) for first in taken_apart)
    assert not may_lead(("good morning", _parsed("greet")))
