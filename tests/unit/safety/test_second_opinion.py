"""The learned second opinion: what it may do to the rules' screening, and that it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety import Screening, Urgency, screen
from bot.safety import second_opinion as module
from bot.safety.detector import screen_by_rules
from bot.safety.findings import Finding, Status
from bot.safety.judgement import QUESTION_OF, Estimate, Judgement, merge
from bot.safety.questions import questions
from bot.safety.second_opinion import second_opinion

JUDGEMENT = Judgement(
    alarm=0.8, confirm=0.6, ask=0.4, ask_brief=0.7, doubt=0.15, certain=0.7, ask_emergency=0.1,
    firm=("cannot_walk",),
)  # fmt: skip


def _found(level: Urgency, sign: str = "bladder_change", question: str = "bladder") -> Screening:
    finding = Finding("cauda_equina", sign, Status.PRESENT, (0, 1), level)
    return Screening(level, "cauda_equina", settles=question, findings=(finding,))


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
    merged = merge(_found(Urgency.ER_NOW), _estimate(0.7, 0.1), JUDGEMENT)
    assert (merged.level, merged.ask) == (Urgency.ER_NOW, None)


def test_doubted_alarm_of_the_rules_becomes_its_own_question() -> None:
    """A yes to it means no less than the alarm."""
    merged = merge(_found(Urgency.CALL_911), _estimate(0.3), JUDGEMENT)
    assert (merged.level, merged.ask, merged.ask_level) == (
        Urgency.NONE,
        "bladder",
        Urgency.CALL_911,
    )


def test_words_that_surely_mean_something_else_are_no_sign() -> None:
    merged = merge(_found(Urgency.ER_NOW), _estimate(0.05), JUDGEMENT)
    assert (merged.level, merged.ask) == (Urgency.NONE, None)


def test_of_a_few_unknown_words_more_certainty_is_wanted() -> None:
    name = Estimate(_estimate(0.5).levels, "crisis", brief=True)
    assert merge(Screening(), name, JUDGEMENT).ask is None
    sure = Estimate(_estimate(0.75).levels, "crisis", brief=True)
    assert merge(Screening(), sure, JUDGEMENT).ask == "crisis"


def test_a_stroke_is_asked_about_as_a_stroke() -> None:
    likely = Estimate({Urgency.NONE: 0.5, Urgency.CALL_911: 0.5}, "neuro_deficit")
    assert merge(Screening(), likely, JUDGEMENT).ask == "stroke"


def test_a_pregnancy_without_an_emergency_is_only_asked_about() -> None:
    likely = Estimate({Urgency.NONE: 0.5, Urgency.PHYSICIAN_SOON: 0.5}, "pregnancy")
    assert merge(Screening(), likely, JUDGEMENT).ask == "expecting"


def test_spanish_is_left_to_the_rules() -> None:
    text = "no siento nada entre las piernas desde ayer"
    assert screen(text) == screen_by_rules(text)
    assert screen(text).level.is_emergency


@given(
    sign=st.floats(0, 1),
    share=st.floats(0, 1),
    level=st.sampled_from([Urgency.SAME_DAY, Urgency.ER_NOW, Urgency.CRISIS]),
    name=st.sampled_from(["cannot_walk", "bladder_change"]),
)
def test_an_alarm_of_the_rules_is_not_lowered(
    sign: float, share: float, level: Urgency, name: str
) -> None:
    """It stands, is raised, or is asked about; but for words that surely mean something else."""
    merged = merge(_found(level, name), _estimate(sign, sign * share), JUDGEMENT)
    if name in JUDGEMENT.firm or sign >= JUDGEMENT.doubt:
        assert merged.level >= level or (merged.ask and merged.ask_level == level)


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
     "what are your hours?", "how long do I hold it?", "let's do the long bridge", "stop",
     "it's ana lopez", "no ball", "my back flared up", "it flared up", "{{7*7}} ${7*7} %s %d"],
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
