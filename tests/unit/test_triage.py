"""The screening interview: what each answer means, alone and together."""

from __future__ import annotations

from itertools import product

import pytest

from bot.safety.urgency import Urgency
from bot.triage.interview import (
    Disposition,
    disposition,
    next_question,
    question_named,
    screen_questions,
)

NO, YES, UNSURE = "no", "yes", "unsure"
CLEAR = {q.name: YES if q.name == "screen_adult" else NO for q in screen_questions()}


@pytest.mark.parametrize(
    ("name", "answer", "level", "pathology"),
    [
        ("screen_feeling", YES, Urgency.ER_NOW, "cauda_equina"),
        ("screen_feeling", UNSURE, Urgency.ER_NOW, "cauda_equina"),
        ("screen_bladder", YES, Urgency.ER_NOW, "cauda_equina"),
        ("screen_bladder", UNSURE, Urgency.ER_NOW, "cauda_equina"),
        ("screen_legs", YES, Urgency.ER_NOW, "cauda_equina"),
        ("screen_legs", "both", Urgency.ER_NOW, "cauda_equina"),
        ("screen_legs", UNSURE, Urgency.ER_NOW, "cauda_equina"),
        ("screen_legs", "one", Urgency.SAME_DAY, "neuro_deficit"),
        ("screen_fever", YES, Urgency.SAME_DAY, "infection"),
        ("screen_fever", UNSURE, Urgency.SAME_DAY, "infection"),
        ("screen_fall", YES, Urgency.ER_NOW, "fracture"),
        ("screen_fall", "hard", Urgency.ER_NOW, "fracture"),
        ("screen_fall", "small", Urgency.SAME_DAY, "fracture"),
        ("screen_fall", UNSURE, Urgency.SAME_DAY, "fracture"),
        ("screen_cancer", YES, Urgency.PHYSICIAN_SOON, "cancer"),
        ("screen_cancer", UNSURE, Urgency.PHYSICIAN_SOON, "cancer"),
        ("screen_body", YES, Urgency.PHYSICIAN_SOON, "post_procedure"),
        ("screen_body", UNSURE, Urgency.PHYSICIAN_SOON, "post_procedure"),
        ("screen_body", "pregnant", Urgency.PHYSICIAN_SOON, "pregnancy"),
        ("screen_body", "procedure", Urgency.PHYSICIAN_SOON, "post_procedure"),
        ("screen_adult", NO, Urgency.PHYSICIAN_SOON, "child"),
        ("screen_adult", UNSURE, Urgency.PHYSICIAN_SOON, "child"),
    ],
)
def test_one_answer_decides(name: str, answer: str, level: Urgency, pathology: str) -> None:
    assert disposition({**CLEAR, name: answer}) == Disposition(level, pathology, name)


def test_all_clear_means_coaching_may_go_on() -> None:
    assert disposition(CLEAR) == Disposition(Urgency.SELF_CARE)


def test_adding_a_danger_never_lowers_the_level() -> None:
    """All combinations of answers, each with one more answer turned into a danger."""
    possible = [sorted({NO, YES, UNSURE, *q.choices}) for q in screen_questions()]
    names = [q.name for q in screen_questions()]
    levels = {
        answers: disposition(dict(zip(names, answers, strict=True))).level
        for answers in product(*possible)
    }
    assert len(levels) == 3**5 * 5 * 5 * 5
    for place, question in enumerate(screen_questions()):
        safe = next(a for a in possible[place] if question.level(a) is Urgency.NONE)
        for answers, level in levels.items():
            without = levels[(*answers[:place], safe, *answers[place + 1 :])]
            assert level >= without
            assert level >= question.level(answers[place])


def test_most_urgent_answer_names_the_pathology() -> None:
    answers = {**CLEAR, "screen_cancer": YES, "screen_fever": YES, "screen_legs": "one"}
    result = disposition(answers)
    assert result.level is Urgency.SAME_DAY
    assert result.because == "screen_legs", "the first of two equal ones"


def test_at_most_8_questions_one_after_another() -> None:
    answers: dict[str, str] = {}
    asked = []
    while question := next_question(answers):
        asked.append(question.name)
        answers[question.name] = NO
    assert asked == [q.name for q in screen_questions()]
    assert len(asked) == len(set(asked)) <= 8


def test_danger_questions_come_first() -> None:
    names = [q.name for q in screen_questions()]
    assert names[:3] == ["screen_feeling", "screen_bladder", "screen_legs"]


def test_unanswered_question_is_not_taken_for_a_no() -> None:
    answers = dict(CLEAR)
    del answers["screen_fever"]
    question = next_question(answers)
    assert question
    assert question.name == "screen_fever"


@pytest.mark.parametrize(
    ("name", "text", "answer"),
    [
        ("screen_legs", "Both legs", "both"),
        ("screen_legs", "One leg", "one"),
        ("screen_legs", "yes, the left", "one"),
        ("screen_legs", "yes", YES),
        ("screen_legs", "no, both are fine", NO),
        ("screen_legs", "not sure", UNSURE),
        ("screen_body", "Pregnant", "pregnant"),
        ("screen_body", "Surgery or shot", "procedure"),
        ("screen_body", "Neither", NO),
        ("screen_body", "I'm expecting", "pregnant"),
        ("screen_fever", "No", NO),
        ("screen_fever", "what do you mean?", None),
        ("screen_fever", "One leg", None),
        ("screen_adult", "yes", YES),
    ],
)
def test_answers_are_read_as_the_buttons_and_people_say_them(
    name: str, text: str, answer: str | None
) -> None:
    question = question_named(name)
    assert question
    assert question.read(text) == answer


def test_unknown_question() -> None:
    assert question_named("booking_name") is None
    assert question_named(None) is None
