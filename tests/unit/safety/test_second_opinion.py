"""The learned second opinion: what it may do to the rules' screening, and that it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety import Screening, Urgency, screen
from bot.safety import second_opinion as module
from bot.safety.detector import screen_by_rules
from bot.safety.judgement import QUESTION_OF, Estimate, Judgement, evidence, merge
from bot.safety.questions import questions
from bot.safety.second_opinion import second_opinion

NAMES = evidence(Screening(), Estimate({Urgency.NONE: 1.0}, "crisis"))
# Weights that take the estimate as it is and give an alarm of the rules some credit.
WEIGHTS = {
    **dict.fromkeys(NAMES, 0.0), "bias": 0.0, "rules_er_now": 1.5, "rules_alarm_acute": 1.0,
}  # fmt: skip
JUDGEMENT = Judgement(
    sign={**WEIGHTS, "estimated_sign": 1.0},
    emergency={**WEIGHTS, "estimated_emergency": 1.0},
    alarm=0.8,
    ask=0.4,
    certain=0.7,
    ask_emergency=0.1,
)


def _estimate(sign: float, emergency: float = 0.0, pathology: str = "cauda_equina") -> Estimate:
    return Estimate(
        {
            Urgency.NONE: 1 - sign,
            Urgency.SAME_DAY: sign - emergency,
            Urgency.ER_NOW: emergency,
        },
        pathology,
    )


def test_silent_rules_and_a_sure_opinion_raise() -> None:
    merged = merge(Screening(), _estimate(0.97, 0.95), JUDGEMENT)
    assert (merged.level, merged.pathology) == (Urgency.ER_NOW, "cauda_equina")


def test_silent_rules_and_a_likely_opinion_ask() -> None:
    merged = merge(Screening(), _estimate(0.6, pathology="infection"), JUDGEMENT)
    assert (merged.level, merged.ask) == (Urgency.NONE, "fever")


def test_silent_rules_and_an_unlikely_opinion_stay_silent() -> None:
    assert merge(Screening(), _estimate(0.3), JUDGEMENT) == Screening()


def test_sure_of_a_sign_but_not_of_an_emergency_raises_and_asks() -> None:
    merged = merge(Screening(), _estimate(0.95, 0.3), JUDGEMENT)
    assert (merged.level, merged.ask) == (Urgency.SAME_DAY, "cauda")


def test_alarm_of_the_rules_stands_when_confirmed() -> None:
    rules = Screening(Urgency.ER_NOW, "cauda_equina")
    assert merge(rules, _estimate(0.7, 0.6), JUDGEMENT).level is Urgency.ER_NOW


def test_unconfirmed_alarm_of_the_rules_becomes_its_question() -> None:
    rules = Screening(Urgency.ER_NOW, "cauda_equina")
    merged = merge(rules, _estimate(0.01), JUDGEMENT)
    assert (merged.level, merged.ask) == (Urgency.NONE, "cauda")


def test_sign_that_is_not_called_new_needs_more_confirmation() -> None:
    for acute, level in ((True, Urgency.ER_NOW), (False, Urgency.NONE)):
        rules = Screening(Urgency.ER_NOW, "cauda_equina", acute=acute)
        assert merge(rules, _estimate(0.4, 0.35), JUDGEMENT).level is level


def test_spanish_is_left_to_the_rules() -> None:
    text = "no siento nada entre las piernas desde ayer"
    assert screen(text) == screen_by_rules(text)
    assert screen(text).level.is_emergency


@given(
    sign=st.floats(0, 1),
    share=st.floats(0, 1),
    level=st.sampled_from([Urgency.NONE, Urgency.SAME_DAY, Urgency.ER_NOW, Urgency.CRISIS]),
)
def test_an_alarm_of_the_rules_never_disappears(sign: float, share: float, level: Urgency) -> None:
    """It stands, is raised, or its direct question is asked."""
    rules = Screening(level, "cauda_equina" if level else None)
    merged = merge(rules, _estimate(sign, sign * share), JUDGEMENT)
    assert merged.level >= level or merged.ask is not None


def test_every_pathology_has_a_question_that_exists() -> None:
    assert set(QUESTION_OF.values()) <= set(questions())
    assert {question.pathology for question in questions().values()} <= set(QUESTION_OF)


def test_model_is_there_and_hears_what_no_rule_lists() -> None:
    assert second_opinion() is not None
    text = "my undercarriage has gone to sleep since monday and I did not notice I was soaked"
    screening = screen(text)
    assert screening.level.is_emergency or screening.ask is not None


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "next", "4", "done", "Ana Lopez", "512-555-0123", "tomorrow at 3pm", "ok thanks",
     "what are your hours?", "how long do I hold it?", "let's do the long bridge", "stop"],
)  # fmt: skip
def test_everyday_answers_are_left_alone(text: str) -> None:
    screening = screen(text)
    assert (screening.level, screening.ask) == (Urgency.NONE, None)


def test_damaged_model_leaves_the_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "MODEL", tmp_path)
    second_opinion.cache_clear()
    try:
        text = "since yesterday I can't feel it when I wipe and I peed myself"
        assert screen(text) == screen_by_rules(text)
        assert screen(text).level.is_emergency
    finally:
        second_opinion.cache_clear()
