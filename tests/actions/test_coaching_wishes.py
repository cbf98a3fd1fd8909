"""What patients tell and wish for beside the steps: facts, changes of mind, scores, questions."""

from __future__ import annotations

from typing import Any

import pytest

from actions.changed_mind import ActionTakeBack
from actions.coached_steps import ActionAskCoachReply
from actions.coaching import (
    ActionAfterExercise,
    ActionResumeExercise,
    ActionStartExercise,
    ValidateBallForm,
)
from actions.flare import ActionFlareUp, ActionReportPain
from actions.help import ActionNotUnderstood
from actions.screening import ValidateScreenForm
from actions.turns import today
from bot.coaching.gates import Gate
from bot.coaching.state import Phase, Session
from bot.store.records import record_exercise
from bot.triage.interview import screen_questions
from tests.actions.coached import BALLS_FINE, BRIDGE, FORM, SCREENED, coach, logged, start
from tests.actions.turning import SENDER, bot, did, run, user

# --- what was told at another moment -----------------------------------------------------------

THINNER = {"told_blood_thinner": today()}


@pytest.mark.parametrize("exercise", ["iliacus_release", "psoas_release"])
def test_what_was_told_before_leaves_the_balls_out_and_says_why(exercise: str) -> None:
    outcome = start(exercise, slots={**SCREENED, **BALLS_FINE, **THINNER})
    assert outcome.said == ["utter_coach_ball_told"]
    assert outcome.messages[0]["told"] == "you take a blood thinner"
    assert outcome.next_action is None
    routine = start(None, text="the whole routine", slots={**SCREENED, **THINNER})
    assert routine.said == [
        "utter_coach_balls_told", "utter_coach_next_exercise", "utter_coach_intro",
    ]  # fmt: skip
    assert routine.slots["coaching"]["exercise"] == BRIDGE
    assert start(BRIDGE, slots={**SCREENED, **THINNER}).next_action == FORM
    choices = start(None, text="an exercise", slots={**SCREENED, **THINNER})
    assert choices.said == ["utter_choose_exercise_no_ball"]


def test_a_fact_told_as_the_answer_is_the_answer() -> None:
    slots = {"requested_slot": "ball_recent", **THINNER}
    outcome = run(ValidateBallForm(), "I take eliquis", "faq", slots=slots, loop="ball_form")
    assert outcome.slots["requested_slot"] is None
    assert outcome.slots["ball_recent"] == "yes", "the engine drops an answer that fills nothing"


def test_a_fact_told_on_the_ball_ends_the_ball_exercise(store: Any) -> None:
    at = Session("psoas_release", Phase.STEP, 1, 3)
    outcome = coach("btw I take eliquis", at, "faq", slots={**BALLS_FINE, **THINNER})
    assert outcome.said == ["utter_coach_ball_told"]
    assert outcome.slots["requested_slot"] is None
    assert logged() == [("psoas_release", "stopped", 3, None)]


def test_a_fact_is_taken_back_only_where_it_was_just_named() -> None:
    told = {**SCREENED, **THINNER}
    named = [bot("utter_coach_ball_told")]
    outcome = run(ActionTakeBack(), "That's not so", "false_alarm", slots=told, before=named)
    assert outcome.said == ["utter_taken_back"]
    assert outcome.slots["told_blood_thinner"] is None
    assert outcome.next_action == "action_start_exercise"
    other = run(ActionTakeBack(), "that was a mistake", "false_alarm", slots=told)
    assert other.said == ["utter_false_alarm"]
    assert other.slots == {}


# --- a change of mind ---------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["previous_step", "stop_exercise", "deny", "start_exercise"])
def test_change_of_mind_leaves_the_ball_questions(intent: str) -> None:
    waiting = Session("psoas_release", gate=Gate.BALLS).as_dict()
    slots = {**SCREENED, "requested_slot": "ball_recent", "coaching": waiting}
    outcome = run(
        ValidateBallForm(), "no wait go back to the bridge", intent, slots=slots, loop="ball_form"
    )
    assert outcome.slots == {"exercise_wanted": BRIDGE, "requested_slot": None}
    started = run(ActionStartExercise(), "no wait", "deny", slots={**slots, **outcome.slots})
    assert started.slots["coaching"]["exercise"] == BRIDGE
    assert started.next_action == FORM


def test_no_in_a_change_of_mind_answers_no_ball_question() -> None:
    waiting = Session("psoas_release", gate=Gate.BALLS).as_dict()
    slots = {**SCREENED, "requested_slot": "ball_recent", "coaching": waiting}
    outcome = run(
        ValidateBallForm(), "no, I'd rather do the iliacus one", "deny",
        slots=slots, loop="ball_form",
    )  # fmt: skip
    assert "ball_recent" not in outcome.slots
    assert outcome.slots["exercise_wanted"] == "iliacus_release"
    other = run(ValidateBallForm(), "no, another one", "deny", slots=slots, loop="ball_form")
    assert "ball_recent" not in other.slots
    assert other.slots["coaching"] is None, "the list of exercises comes"


@pytest.mark.parametrize(
    ("text", "said", "exercise"),
    [
        ("no wait, let's do the bridge instead", "utter_gate_changed", BRIDGE),
        ("no, I'd rather do something else", "utter_gate_other", None),
    ],
)
def test_change_of_mind_in_the_screen_answers_nothing(
    text: str, said: str, exercise: str | None
) -> None:
    question = screen_questions()[1].name
    waiting = Session("psoas_release", gate=Gate.SCREEN).as_dict()
    slots = {screen_questions()[0].name: "no", "requested_slot": question, "coaching": waiting}
    outcome = run(ValidateScreenForm(), text, "deny", slots=slots, loop="screen_form")
    assert outcome.said == [said]
    assert outcome.slots["requested_slot"] == question, "the same question again"
    assert question not in outcome.slots
    assert (outcome.slots["coaching"] or {}).get("exercise") == exercise


def test_change_of_mind_in_the_middle_of_an_exercise(store: Any) -> None:
    at = Session("iliacus_release", Phase.STEP, 1, 3)
    text = "no wait go back to the bridge"
    outcome = coach(text, at, "previous_step")
    assert outcome.slots["requested_slot"] is None
    slots = {**SCREENED, "coaching": outcome.slots["coaching"]}
    after = run(ActionAfterExercise(), text, "previous_step", slots=slots)
    assert after.slots["exercise_wanted"] == BRIDGE
    assert after.next_action == "action_start_exercise"
    assert coach("back", at, "previous_step").slots["coaching"]["step"] == 0


# --- a score outside an exercise ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "text", "said", "screens"),
    [
        (4, "my pain is 8 now", "utter_told_worse", True),
        (2, "my pain is 5 now", "utter_told_worse", True),
        (4, "my pain is 5 now", "utter_told_gently", False),
        (4, "my pain is 2 now", "utter_told_fine", False),
        (None, "my pain is 4", "utter_report_pain", False),
        (None, "my pain is 8", "utter_told_worse", True),
        (4, "my pain, you know", "utter_report_pain", False),
    ],
)
def test_score_after_exercise_follows_the_pain_rules(
    store: Any, before: int | None, text: str, said: str, screens: bool
) -> None:
    if before is not None:
        record_exercise(SENDER, BRIDGE, "stopped", before, 8)
    outcome = run(ActionReportPain(), text, "report_pain", slots=SCREENED)
    assert outcome.said[0] == said
    assert (outcome.next_action == "screen_form") == screens
    assert (outcome.slots.get("screened_on", "") is None) == screens
    assert outcome.slots.get("after_screen") == ("flare" if screens else None)


def test_score_that_is_taken_for_a_rise_is_weighed_all_the_same(store: Any) -> None:
    record_exercise(SENDER, BRIDGE, "stopped", 4, 8)
    fine = run(ActionFlareUp(), "my pain is 3 now", "pain_increased", slots=SCREENED)
    assert (fine.said, fine.events) == (["utter_told_fine"], [])
    rising = run(ActionFlareUp(), "it went up to a 3", "pain_increased", slots=SCREENED)
    assert rising.said == ["utter_flare_start"]


def test_score_after_the_questions_of_that_flare_eases_at_once(store: Any) -> None:
    record_exercise(SENDER, BRIDGE, "stopped", 4, 8)
    slots = {**SCREENED, "after_screen": "flare"}
    outcome = run(ActionReportPain(), "my pain is 8", "report_pain", slots=slots)
    assert outcome.said == ["utter_told_worse", "utter_flare_ease"]
    assert outcome.next_action is None


def test_score_in_another_dialogue_or_while_an_urgency_stands(store: Any) -> None:
    busy = run(ActionReportPain(), "my pain is 8", "report_pain", loop="booking_form")
    assert (busy.said, busy.events) == (["utter_noted"], [])
    urgent = run(ActionReportPain(), "my pain is 1", slots={"urgency": "same_day"})
    assert (urgent.said, urgent.events) == (["utter_no_exercise_now"], [])


# --- the last question -------------------------------------------------------------------------


def test_digression_at_the_last_question_is_not_followed_by_it_again() -> None:
    felt = {**SCREENED, "coaching": Session(BRIDGE, Phase.FELT, 3, 4, 3).as_dict()}
    asked = run(ActionAskCoachReply(), "3", "report_pain", slots=felt)
    assert asked.said == ["utter_coach_ask_felt"]
    gone_on = run(ActionAskCoachReply(), "price?", "faq", slots=felt, since=[did("utter_faq")])
    assert gone_on.said == []
    assert gone_on.slots["requested_slot"] is None
    after = run(ActionAfterExercise(), slots={**SCREENED, "coaching": gone_on.slots["coaching"]})
    assert after.said == ["utter_offer_next"]


def test_last_question_is_repeated_once_to_what_was_not_understood() -> None:
    felt = {**SCREENED, "coaching": Session(BRIDGE, Phase.FELT, 3, 4, 3).as_dict()}
    lost = [did("action_not_understood")]
    once = run(ActionAskCoachReply(), "blub", slots=felt, since=lost)
    assert once.said == ["utter_coach_ask_felt"]
    before = [user("blub"), did("action_not_understood")]
    twice = run(ActionAskCoachReply(), "blub", slots=felt, before=before, since=lost)
    assert twice.said == []
    assert twice.slots["requested_slot"] is None


def test_stop_at_the_last_question_offers_nothing_more() -> None:
    outcome = coach("stop", Session(BRIDGE, Phase.FELT, 3, 4, 3), "stop_exercise")
    assert outcome.said == ["utter_coach_stopped"]
    after = run(ActionAfterExercise(), slots={"coaching": outcome.slots["coaching"]})
    assert after.said == []


def test_skip_in_another_form_says_nothing_of_exercises() -> None:
    slots = {"urgency": "physician_soon"}
    outcome = run(ActionResumeExercise(), "skip", "next_step", slots=slots, loop="booking_form")
    assert outcome.said == ["utter_please_answer"]


# --- picking from the list ---------------------------------------------------------------------

LIST = [
    bot(
        "utter_choose_exercise",
        ("The whole routine", "/start_exercise?exercise=routine"),
        ("Iliacus release", "/start_exercise?exercise=iliacus_release"),
        ("Long bridge", "/start_exercise?exercise=long_bridge"),
    )
]


@pytest.mark.parametrize(
    ("text", "exercise"),
    [("the third one", BRIDGE), ("the soft ball", "psoas_release"), ("um the tennis ball?",
     "iliacus_release")],
)  # fmt: skip
def test_the_list_takes_a_name_or_a_place(text: str, exercise: str) -> None:
    lost = run(ActionNotUnderstood(), text, before=LIST)
    assert lost.slots == {"exercise_wanted": exercise}
    assert lost.next_action == "action_start_exercise"
    slots = {**SCREENED, **BALLS_FINE}
    started = run(ActionStartExercise(), text, "start_exercise", slots=slots, before=LIST)
    assert started.slots["coaching"]["exercise"] == exercise
    elsewhere = run(ActionNotUnderstood(), text, before=[bot("utter_what_next")])
    assert elsewhere.next_action is None


@pytest.mark.parametrize("stopped", ["utter_coach_stop_for_pain", "utter_coach_after_worse"])
def test_no_list_of_exercises_behind_a_stop_for_pain(stopped: str) -> None:
    before = [bot(stopped, ("Book an evaluation", "/book_evaluation"))]
    outcome = run(ActionResumeExercise(), "keep going", "resume_exercise", before=before)
    assert outcome.said == ["utter_told_worse"]
