"""The screening interview in conversation."""

from __future__ import annotations

from typing import Any

import pytest

from actions.screening import ActionScreenDone, ActionStartTriage, ValidateScreenForm
from actions.turns import today
from bot.triage.interview import screen_questions
from tests.actions.turning import Outcome, did, run

FORM = "screen_form"
NAMES = [question.name for question in screen_questions()]
CLEAR = {name: "yes" if name == "screen_adult" else "no" for name in NAMES}


def _answer(requested: str, text: str, intent: str = "nlu_fallback", **more: Any) -> Outcome:
    given = {name: CLEAR[name] for name in NAMES[: NAMES.index(requested)]}
    slots = {**given, "requested_slot": requested}
    return run(ValidateScreenForm(), text, intent, slots=slots, loop=FORM, **more)


def test_pain_starts_the_danger_questions() -> None:
    outcome = run(ActionStartTriage(), "my back hurts", "describe_pain", slots=CLEAR)
    assert outcome.said == ["utter_triage_start"]
    assert outcome.next_action == FORM
    assert outcome.slots["after_screen"] == "triage"
    assert all(outcome.slots[name] is None for name in NAMES), "old answers do not count"


def test_screened_today_goes_to_the_offer() -> None:
    outcome = run(ActionStartTriage(), "it hurts", slots={"screened_on": today()})
    assert outcome.said == ["utter_triage_done"]
    assert outcome.next_action is None


@pytest.mark.parametrize("level", ["physician_soon", "same_day", "er_now", "crisis"])
def test_standing_urgency_is_not_screened_away(level: str) -> None:
    outcome = run(ActionStartTriage(), "it hurts", slots={"urgency": level})
    assert outcome.said == ["utter_no_exercise_now"]
    assert outcome.events == []


@pytest.mark.parametrize("loop", ["booking_form", "coaching_form", FORM])
def test_pain_told_in_a_form_keeps_the_form(loop: str) -> None:
    outcome = run(ActionStartTriage(), "it hurts", loop=loop)
    assert outcome.said == ["utter_noted"]
    assert not outcome.leaves_form


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("text", "intent", "value"),
    [("no", "deny", "no"), ("yes", "affirm", "yes"), ("I don't know", "unsure", "unsure")],
)
def test_answer_is_stored_and_the_next_question_follows(
    name: str, text: str, intent: str, value: str
) -> None:
    outcome = _answer(name, text, intent)
    following = [*NAMES, None][NAMES.index(name) + 1]
    assert outcome.slots == {name: value, "requested_slot": following}
    assert outcome.said == []


@pytest.mark.parametrize("text", ["nexxt", "no wait", "no, hold on", "blimey"])
def test_a_no_that_only_the_model_reads_closes_no_question_about_danger(text: str) -> None:
    assert _answer("screen_bladder", text, "deny", confidence=0.97).events == []


def test_a_yes_is_read_from_the_intent_where_words_do_not_tell() -> None:
    assert _answer("screen_fever", "blimey", "affirm").slots["screen_fever"] == "yes"
    unsure = _answer("screen_fever", "blimey", "affirm", confidence=0.6)
    assert unsure.events == [], "a weak reading is no answer to a danger question"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("screen_legs", "One leg", "one"), ("screen_legs", "Both legs", "both"),
     ("screen_body", "Pregnant", "pregnant"), ("screen_body", "Surgery or shot", "procedure"),
     ("screen_body", "Neither", "no")],
)  # fmt: skip
def test_choices_of_the_buttons(name: str, text: str, value: str) -> None:
    assert _answer(name, text, "affirm").slots[name] == value


@pytest.mark.parametrize(
    ("text", "intent"),
    [("why do you ask that?", "faq"), ("qwertz", "nlu_fallback"), ("pizza", "out_of_scope")],
)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_answer_is_left_to_the_dialogue(name: str, text: str, intent: str) -> None:
    outcome = _answer(name, text, intent)
    assert (outcome.said, outcome.events) == ([], [])


def test_message_that_was_dealt_with_is_not_an_answer() -> None:
    outcome = _answer("screen_fever", "no", "deny", since=[did("utter_faq")])
    assert outcome.slots == {"requested_slot": "screen_fever"}


def test_unknown_question_takes_nothing() -> None:
    outcome = run(ValidateScreenForm(), "no", slots={"requested_slot": "gone"}, loop=FORM)
    assert outcome.events == []


@pytest.mark.parametrize(
    ("purpose", "said", "follows"),
    [
        ("exercise", "utter_screen_clear", "action_start_exercise"),
        ("triage", "utter_triage_done", None),
        (None, "utter_triage_done", None),
    ],
)
def test_all_clear_goes_on_with_what_it_was_for(
    store: Any, purpose: str | None, said: str, follows: str | None
) -> None:
    outcome = run(ActionScreenDone(), slots={**CLEAR, "after_screen": purpose})
    assert outcome.said[-1] == said
    assert outcome.next_action == follows
    assert outcome.slots == {"screened_on": today()}


@pytest.mark.parametrize(
    ("name", "answer", "said", "pathology"),
    [
        ("screen_cancer", "yes", "utter_urgent_physician_soon", "cancer"),
        ("screen_cancer", "unsure", "utter_urgent_physician_soon", "cancer"),
        ("screen_body", "pregnant", "utter_urgent_physician_soon_pregnancy", "pregnancy"),
        ("screen_adult", "no", "utter_urgent_physician_soon_child", "child"),
        ("screen_feeling", "yes", "utter_urgent_er_now_cauda_equina", "cauda_equina"),
        ("screen_legs", "one", "utter_urgent_same_day_neuro_deficit", "neuro_deficit"),
    ],
)
@pytest.mark.parametrize("purpose", ["exercise", "triage"])
def test_danger_is_said_held_and_starts_nothing(
    store: Any, name: str, answer: str, said: str, pathology: str, purpose: str
) -> None:
    slots = {**CLEAR, name: answer, "after_screen": purpose}
    outcome = run(ActionScreenDone(), slots=slots)
    assert outcome.said[0] == said
    if "er_now" in said:
        assert outcome.said == [said], "an emergency instruction stands alone"
    assert outcome.next_action is None
    assert outcome.slots["urgency_pathology"] == pathology
    assert said.startswith(f"utter_urgent_{outcome.slots['urgency']}")
    assert "screened_on" not in outcome.slots, "the screen of the day was not passed"


@pytest.mark.usefixtures("broken_store")
def test_danger_is_said_without_a_database() -> None:
    outcome = run(ActionScreenDone(), slots={**CLEAR, "screen_adult": "no"})
    assert outcome.said[0] == "utter_urgent_physician_soon_child"
    assert outcome.slots["urgency"] == "physician_soon"
