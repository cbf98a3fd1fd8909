"""Exercises in conversation: the gates before them, the steps, what comes after."""

from __future__ import annotations

from typing import Any

import pytest

from actions.coached_steps import ActionAskCoachReply, ValidateCoachingForm
from actions.coaching import (
    ActionAfterExercise,
    ActionBallDone,
    ActionResumeExercise,
    ActionStartExercise,
    ValidateBallForm,
)
from actions.flare import ActionFlareUp
from actions.screening import ActionScreenDone, ActionStartTriage, ValidateScreenForm
from actions.turns import today
from bot.coaching.ball_check import ball_questions
from bot.coaching.exercises import exercises
from bot.coaching.gates import Gate
from bot.coaching.state import Phase, Session
from bot.replies import responses
from bot.store.records import export_patient
from bot.triage.interview import screen_questions
from tests.actions.coached import BALLS_FINE, BRIDGE, FORM, SCREENED, coach, logged, start
from tests.actions.turning import SENDER, Outcome, did, run, user

# --- the gates ---------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["physician_soon", "same_day", "er_now", "call_911", "crisis"])
@pytest.mark.parametrize("exercise", [*exercises(), None])
def test_no_exercise_while_an_urgency_stands(level: str, exercise: str | None) -> None:
    slots = {**SCREENED, **BALLS_FINE, "urgency": level, "coaching": Session(BRIDGE).as_dict()}
    outcome = start(exercise, slots=slots)
    assert outcome.said == ["utter_no_exercise_now"]
    assert outcome.events == []
    resumed = run(ActionResumeExercise(), "continue", "resume_exercise", slots=slots)
    assert resumed.said == ["utter_no_exercise_now"]
    assert resumed.events == []


@pytest.mark.parametrize("exercise", exercises())
@pytest.mark.parametrize("screened_on", [None, "2020-01-01"])
def test_every_exercise_waits_for_the_screen_of_the_day(
    exercise: str, screened_on: str | None
) -> None:
    outcome = start(exercise, slots={**BALLS_FINE, "screened_on": screened_on})
    assert outcome.said == ["utter_screen_start"]
    assert outcome.next_action == "screen_form"
    assert outcome.slots["coaching"] == Session(exercise, gate=Gate.SCREEN).as_dict()
    assert outcome.slots["after_screen"] == "exercise"
    assert all(outcome.slots[q.name] is None for q in screen_questions()), "asked anew"


@pytest.mark.parametrize("exercise", ["iliacus_release", "psoas_release"])
def test_ball_exercises_wait_for_their_questions(exercise: str) -> None:
    for asked in (None, "2020-01-01"):
        slots = {**SCREENED, **BALLS_FINE, "ball_checked_on": asked}
        outcome = start(exercise, slots=slots)
        assert outcome.said == ["utter_ball_start"]
        assert outcome.next_action == "ball_form"
        assert outcome.slots["coaching"] == Session(exercise, gate=Gate.BALLS).as_dict()
        assert all(outcome.slots[name] is None for name in ball_questions())


@pytest.mark.parametrize("answer", ["yes", "unsure"])
@pytest.mark.parametrize("question", ball_questions())
def test_one_yes_or_not_sure_leaves_the_balls_out(question: str, answer: str) -> None:
    waiting = Session("psoas_release", gate=Gate.BALLS).as_dict()
    slots = {**SCREENED, **BALLS_FINE, question: answer, "coaching": waiting}
    outcome = run(ActionStartExercise(), "no", "deny", slots=slots)
    assert outcome.said == ["utter_coach_ball_skip"]
    assert outcome.next_action is None
    assert outcome.slots["coaching"] is None
    assert start(BRIDGE, slots=slots).next_action == FORM, "the bridge is left to them"


@pytest.mark.parametrize("exercise", exercises())
def test_exercise_starts_when_all_gates_are_passed(exercise: str) -> None:
    outcome = start(exercise, slots={**SCREENED, **BALLS_FINE})
    (message,) = outcome.messages
    assert message["response"] == "utter_coach_intro"
    assert message["stop_rule"] == exercises()[exercise].stop.text
    assert outcome.next_action == FORM
    assert outcome.slots["coaching"] == Session(exercise).as_dict()
    assert outcome.slots["exercise_wanted"] is None


def test_which_exercise_is_read_from_the_words_or_the_gate() -> None:
    slots = {**SCREENED, **BALLS_FINE}
    assert start(None, text="the bridge please", slots=slots).slots["coaching"]["exercise"] == (
        BRIDGE
    )
    routine = start(None, text="the whole routine", slots=slots)
    assert routine.said == ["utter_coach_routine", "utter_coach_intro"]
    assert routine.slots["coaching"]["exercise"] == "iliacus_release"
    assert routine.slots["coaching"]["routine"]
    offered = run(
        ActionStartExercise(), "yes", "affirm", slots={**slots, "exercise_wanted": "ta_activation"}
    )
    assert offered.slots["coaching"]["exercise"] == "ta_activation"
    waiting = {**slots, "coaching": Session("ta_activation", gate=Gate.SCREEN).as_dict()}
    after_gate = run(ActionStartExercise(), "no", "deny", slots=waiting)
    assert after_gate.slots["coaching"]["exercise"] == "ta_activation"
    assert after_gate.slots["coaching"]["gate"] is None


@pytest.mark.parametrize("exercise", [None, "crunches", "../../etc/passwd"])
def test_unknown_exercise_gets_the_choices(exercise: str | None) -> None:
    outcome = start(exercise, slots=SCREENED)
    assert outcome.said == ["utter_choose_exercise"]
    assert outcome.next_action is None


def test_same_exercise_again_goes_on_where_it_was() -> None:
    slots = {**SCREENED, "coaching": Session(BRIDGE, Phase.STEP, 2, 3).as_dict()}
    outcome = start(BRIDGE, slots=slots, loop=FORM)
    assert (outcome.said, outcome.events) == ([], [])


def test_switching_ends_the_first_exercise_and_keeps_its_record(store: Any) -> None:
    slots = {**SCREENED, "coaching": Session(BRIDGE, Phase.STEP, 2, 3).as_dict()}
    outcome = start("ta_activation", slots=slots, loop=FORM)
    assert outcome.slots["coaching"]["exercise"] == "ta_activation"
    assert outcome.leaves_form
    assert logged() == [(BRIDGE, "stopped", 3, None)]


def test_booking_is_kept_aside() -> None:
    outcome = start(BRIDGE, slots={**SCREENED, "booking_name": "Ana"}, loop="booking_form")
    assert outcome.said == ["utter_booking_aside", "utter_coach_intro"]
    assert "booking_name" not in outcome.slots


# --- the ball form -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent", "value"),
    [("no", "deny", "no"), ("Yes", "affirm", "yes"), ("not sure", "unsure", "unsure")],
)
def test_ball_answer_is_read(text: str, intent: str, value: str) -> None:
    first, second = ball_questions()[:2]
    slots = {"requested_slot": first}
    outcome = run(ValidateBallForm(), text, intent, slots=slots, loop="ball_form")
    assert outcome.slots[first] == value
    assert outcome.slots["requested_slot"] == (second if value == "no" else None)


def test_a_no_that_only_the_model_reads_opens_no_ball_exercise() -> None:
    slots = {"requested_slot": ball_questions()[0]}
    outcome = run(ValidateBallForm(), "nexxt", "deny", slots=slots, loop="ball_form")
    assert outcome.events == []


@pytest.mark.parametrize("intent", ["faq", "out_of_scope"])
def test_ball_form_leaves_questions_to_the_dialogue(intent: str) -> None:
    slots = {"requested_slot": ball_questions()[0]}
    outcome = run(ValidateBallForm(), "why do you ask?", intent, slots=slots, loop="ball_form")
    assert (outcome.said, outcome.events) == ([], [])


def test_ball_form_does_not_read_a_message_twice() -> None:
    slots = {"requested_slot": ball_questions()[0]}
    outcome = run(
        ValidateBallForm(), "no", "deny", slots=slots, loop="ball_form", since=[did("utter_faq")]
    )
    assert outcome.slots == {"requested_slot": ball_questions()[0]}


def test_ball_form_leads_back_to_the_exercise() -> None:
    outcome = run(ActionBallDone())
    assert outcome.slots == {"ball_checked_on": today()}
    assert outcome.next_action == "action_start_exercise"


# --- the session -------------------------------------------------------------------------------


def test_first_score_opens_the_first_step() -> None:
    outcome = coach("4", Session(BRIDGE))
    assert outcome.said == ["utter_coach_start"]
    assert outcome.slots["coaching"]["phase"] == "step"
    assert outcome.slots["coaching"]["pain_before"] == 4
    assert outcome.slots["requested_slot"] == "coach_reply", "the form goes on"


def test_next_back_and_repeat_move() -> None:
    at = Session(BRIDGE, Phase.STEP, 1, 3)
    assert coach("next", at).slots["coaching"]["step"] == 2
    assert coach("back", at).slots["coaching"]["step"] == 0
    assert coach("repeat", at).slots["coaching"]["step"] == 1
    assert coach("I am through with it", at, "next_step").slots["coaching"]["step"] == 2


def test_question_in_the_middle_is_left_to_the_dialogue() -> None:
    at = Session(BRIDGE, Phase.STEP, 1, 3)
    outcome = coach("is coffee bad for my back?", at, "faq")
    assert (outcome.said, outcome.events) == ([], [])
    again = coach("next", at, since=[did("utter_faq")])
    assert again.slots == {"requested_slot": "coach_reply"}, "a dealt-with message moves nothing"


@pytest.mark.parametrize(
    ("text", "part"), [("how long do I hold it?", "5 seconds"), ("how exactly?", "heels in")]
)
def test_help_is_that_of_the_exercise(text: str, part: str) -> None:
    at = Session(BRIDGE, Phase.STEP, 1, 3)
    outcome = coach(text, at, "ask_step_help")
    (message,) = outcome.messages
    assert part in message.get("how", message.get("text", ""))
    assert outcome.slots["coaching"] == at.as_dict()


def test_pause_keeps_the_session_and_closes_the_form(store: Any) -> None:
    outcome = coach("pause", Session(BRIDGE, Phase.STEP, 2, 3))
    assert outcome.said == ["utter_coach_paused"]
    assert outcome.slots["requested_slot"] is None
    assert outcome.slots["coaching"]["paused"]
    assert outcome.slots["coaching"]["step"] == 2
    assert logged() == [], "a pause is no end"


def test_stop_ends_the_session_and_is_recorded(store: Any) -> None:
    outcome = coach("stop", Session(BRIDGE, Phase.STEP, 2, 3))
    assert outcome.said == ["utter_coach_stopped"]
    assert outcome.slots["requested_slot"] is None
    assert logged() == [(BRIDGE, "stopped", 3, None)]


def test_last_step_asks_for_the_pain_and_the_score_finishes(store: Any) -> None:
    last = len(exercises()[BRIDGE].steps) - 1
    outcome = coach("next", Session(BRIDGE, Phase.STEP, last, 5))
    assert outcome.said == ["utter_coach_well_done"]
    assert outcome.slots["coaching"]["phase"] == "pain_after"
    outcome = coach("3", Session(BRIDGE, Phase.PAIN_AFTER, last, 5))
    assert outcome.said == ["utter_coach_after_better"]
    assert (outcome.messages[0]["pain_before"], outcome.messages[0]["pain_after"]) == (5, 3)
    assert outcome.slots["coaching"]["phase"] == "felt"
    assert logged() == [(BRIDGE, "finished", 5, 3)], "kept, although the last question is open"
    outcome = coach("About right", Session(BRIDGE, Phase.FELT, last, 5, 3), "give_feedback")
    assert outcome.said == ["utter_coach_felt_right"]
    assert outcome.slots["requested_slot"] is None
    rows: Any = export_patient(SENDER)["exercise_sessions"]
    assert [row["felt"] for row in rows] == ["right"]


@pytest.mark.parametrize("text", ["it's 8 now", "7/10"])
def test_much_pain_stops_and_is_recorded(store: Any, text: str) -> None:
    outcome = coach(text, Session(BRIDGE, Phase.PAIN_CHECK, 2, 3))
    assert outcome.said == ["utter_coach_stop_for_pain"]
    assert outcome.slots["requested_slot"] is None
    assert logged()[0][1] == "stopped"


@pytest.mark.parametrize("text", ["11", "-3", "it is 1234567890"])
def test_score_off_the_scale_is_not_taken(text: str) -> None:
    outcome = coach(text, Session(BRIDGE))
    stored = outcome.slots.get("coaching")
    assert stored is None or stored["pain_before"] is None


@pytest.mark.usefixtures("broken_store")
def test_patient_is_answered_though_the_record_cannot_be_kept(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcome = coach("stop", Session(BRIDGE, Phase.STEP, 2, 3))
    assert outcome.said == ["utter_coach_stopped"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize(
    "stored",
    [None, {}, {"exercise": "crunches", "phase": "step"}, {"phase": "?"}, {"exercise": BRIDGE},
     {"exercise": BRIDGE, "phase": "step", "unknown": 1}],
)  # fmt: skip
def test_session_that_cannot_be_read_ends_the_form(stored: Any) -> None:
    slots = {"coaching": stored, "requested_slot": "coach_reply"}
    outcome = run(ValidateCoachingForm(), "next", slots=slots, loop=FORM)
    assert outcome.slots == {"coaching": None, "requested_slot": None}
    assert run(ActionAskCoachReply(), slots=slots).said == []


# --- what is shown -----------------------------------------------------------------------------


def test_step_is_shown_with_its_card() -> None:
    at = Session("iliacus_release", Phase.STEP, 2, 3, count=8)
    slots = {**SCREENED, **BALLS_FINE, "coaching": at.as_dict()}
    (message,) = run(ActionAskCoachReply(), slots=slots).messages
    step = exercises()["iliacus_release"].steps[2]
    assert message["response"] == "utter_coach_step"
    assert (message["number"], message["steps"]) == (3, 3)
    assert (message["do"], message["feel"]) == (step.do.text, step.feel.text)
    assert message["sms_step"].endswith("20-30 times.")
    assert message["custom"] == {
        "type": "exercise_step", "exercise": "iliacus_release", "name": "Iliacus release",
        "step": 3, "steps": 3, "seconds": None, "repetitions": 20, "repetitions_most": 30,
        "done": 8, "picture": "/pictures/iliacus_release_3.svg", "alt": step.alt,
    }  # fmt: skip


def test_card_has_the_seconds_for_the_timer() -> None:
    for exercise, step, seconds in (("iliacus_release", 1, 120), (BRIDGE, 3, 5)):
        at = Session(exercise, Phase.STEP, step, 3)
        slots = {**SCREENED, **BALLS_FINE, "coaching": at.as_dict()}
        (message,) = run(ActionAskCoachReply(), slots=slots).messages
        assert message["custom"]["seconds"] == seconds


@pytest.mark.parametrize("exercise", exercises())
def test_every_step_fits_one_text_message(exercise: str) -> None:
    (sms,) = [v for v in responses()["utter_coach_step"] if v.get("channel") == "sms"]
    for number in range(len(exercises()[exercise].steps)):
        at = Session(exercise, Phase.STEP, number, 3)
        slots = {**SCREENED, **BALLS_FINE, "coaching": at.as_dict()}
        (message,) = run(ActionAskCoachReply(), slots=slots).messages
        text = sms["text"].format(**message)
        assert text.isascii()
        assert len(text) <= 160, text
        assert text.startswith(f"{number + 1}/")
        assert "Reply N when done" in text


@pytest.mark.parametrize(
    "phase", [Phase.PAIN_BEFORE, Phase.PAIN_CHECK, Phase.PAIN_AFTER, Phase.FELT]
)
def test_question_is_asked(phase: Phase) -> None:
    slots = {**SCREENED, "coaching": Session(BRIDGE, phase).as_dict()}
    outcome = run(ActionAskCoachReply(), slots=slots)
    assert outcome.said == [f"utter_coach_ask_{phase.value}"]


@pytest.mark.parametrize(("exercise", "slots"), [
    (BRIDGE, {"screened_on": "2020-01-01"}),
    ("psoas_release", {**SCREENED, **BALLS_FINE, "ball_checked_on": "2020-01-01"}),
])  # fmt: skip
def test_no_step_is_shown_before_the_gates_of_a_new_day(
    exercise: str, slots: dict[str, Any]
) -> None:
    at = Session(exercise, Phase.STEP, 1, 3)
    outcome = run(ActionAskCoachReply(), slots={**slots, "coaching": at.as_dict()})
    assert outcome.said == ["utter_exercise_waiting"]


# --- counting, sides, what is too hard ---------------------------------------------------------


def _bridge_reps(count: int = 0) -> Session:
    return Session(BRIDGE, Phase.STEP, 3, 3, count=count)


def test_count_is_kept_and_what_is_left_is_said() -> None:
    outcome = coach("I did 8", _bridge_reps(), "report_pain")
    (message,) = outcome.messages
    assert (message["response"], message["done"], message["left"]) == (
        "utter_coach_counted", 8, "12",
    )  # fmt: skip
    assert outcome.slots["coaching"]["count"] == 8
    asked = coach("how many left?", _bridge_reps(8), "ask_step_help")
    assert asked.said == ["utter_coach_left"]
    assert coach("I lost count", _bridge_reps(8), "check_progress").said == [
        "utter_coach_lost_count"
    ]
    assert coach("I did 20", _bridge_reps(8), "report_pain").said == [
        "utter_coach_counted_all", "utter_coach_well_done",
    ]  # fmt: skip


def test_bare_number_on_a_counted_step_is_asked_about_and_stops_nothing() -> None:
    outcome = coach("8", _bridge_reps(), "report_pain")
    assert outcome.said == ["utter_coach_which_number"]
    assert outcome.messages[0]["said_number"] == 8
    assert outcome.slots["coaching"]["phase"] == "step"


def test_too_hard_gets_the_easier_way_of_this_step() -> None:
    outcome = coach("too hard", _bridge_reps(), "repeat_step")
    assert outcome.said == ["utter_coach_easier"]
    assert outcome.messages[0]["easier"] == exercises()[BRIDGE].steps[3].easier.text


def test_other_side_begins_the_release_anew() -> None:
    outcome = coach("other side", Session("iliacus_release", Phase.STEP, 2, 3))
    assert outcome.said == ["utter_coach_swapped"]
    assert outcome.slots["coaching"]["step"] == 0


# --- the routine and balls that are not there --------------------------------------------------


def test_routine_goes_on_by_itself_and_each_exercise_is_recorded(store: Any) -> None:
    felt = Session("iliacus_release", Phase.FELT, 2, 4, 3, routine=True)
    outcome = coach("easy", felt, "give_feedback")
    assert outcome.said == [
        "utter_coach_felt_easy", "utter_coach_next_exercise", "utter_coach_intro",
    ]  # fmt: skip
    assert (outcome.messages[1]["place"], outcome.messages[1]["total"]) == (2, 4)
    assert outcome.slots["coaching"]["exercise"] == "psoas_release"
    assert outcome.slots["coaching"]["pain_before"] == 3
    assert outcome.slots["requested_slot"] == "coach_reply"


def test_routine_without_a_ball_asks_no_ball_questions() -> None:
    outcome = start(None, text="start my routine, I have no ball", slots=SCREENED)
    assert outcome.said == ["utter_coach_no_ball", "utter_coach_next_exercise", "utter_coach_intro"]
    assert outcome.slots["coaching"]["exercise"] == BRIDGE
    assert outcome.next_action == FORM


def test_no_ball_in_a_release(store: Any) -> None:
    alone = coach("I don't have a ball", Session("psoas_release"), "deny")
    assert alone.said == ["utter_coach_no_ball"]
    assert alone.slots["requested_slot"] is None
    slots = {"coaching": alone.slots["coaching"], **SCREENED, **BALLS_FINE}
    after = run(ActionAfterExercise(), slots=slots)
    assert after.messages[0]["next_id"] == BRIDGE
    assert logged() == []


@pytest.mark.parametrize("intent", ["deny", "nlu_fallback"])
def test_no_ball_is_no_answer_to_a_danger_question(intent: str) -> None:
    waiting = Session("iliacus_release", gate=Gate.SCREEN, routine=True).as_dict()
    slots = {"requested_slot": "screen_feeling", "coaching": waiting}
    outcome = run(ValidateScreenForm(), "no ball", intent, slots=slots, loop="screen_form")
    assert "screen_feeling" not in outcome.slots
    assert outcome.slots["requested_slot"] == "screen_feeling", "asked again"
    assert outcome.slots["coaching"]["left_out"] == ["iliacus_release", "psoas_release"]


@pytest.mark.parametrize("intent", ["deny", "nlu_fallback"])
def test_no_ball_ends_the_ball_questions_without_answering_them(intent: str) -> None:
    waiting = Session("iliacus_release", gate=Gate.BALLS, routine=True).as_dict()
    slots = {**SCREENED, "requested_slot": "ball_recent", "coaching": waiting}
    outcome = run(ValidateBallForm(), "I have no ball", intent, slots=slots, loop="ball_form")
    assert "ball_recent" not in outcome.slots
    assert outcome.slots["requested_slot"] is None
    gone_on = {**slots, **outcome.slots, "ball_checked_on": today()}
    started = run(ActionStartExercise(), "I have no ball", intent, slots=gone_on)
    assert started.slots["coaching"]["exercise"] == BRIDGE
    later = start("psoas_release", slots={**SCREENED, "ball_checked_on": today()})
    assert later.said == ["utter_ball_start"], "they are still to be asked"


# --- flares and alarms -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["it's shooting down my leg", "I feel faint", "my belly hurts"])
@pytest.mark.parametrize("phase", [Phase.PAIN_BEFORE, Phase.STEP, Phase.PAIN_CHECK])
def test_alarm_stops_the_exercise_and_screens_anew(store: Any, text: str, phase: Phase) -> None:
    outcome = coach(text, Session(BRIDGE, phase, 2, 3), "describe_pain")
    assert outcome.said == ["utter_coach_alarm"]
    assert outcome.slots["requested_slot"] is None
    slots = {**SCREENED, "coaching": outcome.slots["coaching"]}
    after = run(ActionAfterExercise(), slots=slots)
    assert after.slots["screened_on"] is None
    assert after.slots["coaching"] is None
    assert after.slots["after_screen"] == "flare"
    assert after.next_action == "screen_form"


@pytest.mark.parametrize("cleared", ["utter_sign_cleared", "utter_sign_cleared_expecting"])
def test_alarm_that_the_direct_question_cleared_still_stops_the_exercise(
    store: Any, cleared: str
) -> None:
    at = {**SCREENED, "coaching": Session(BRIDGE, Phase.STEP, 2, 3).as_dict()}
    before = [user("I feel faint"), did("utter_ask_sign_cauda")]
    since = [did(cleared)]
    outcome = run(ActionAskCoachReply(), "no", "deny", slots=at, before=before, since=since)
    assert outcome.said == ["utter_coach_alarm"]
    assert outcome.slots["coaching"]["alarmed"]
    assert outcome.slots["requested_slot"] is None
    harmless = [user("my back feels funny"), did("utter_ask_sign_cauda")]
    gone_on = run(ActionAskCoachReply(), "no", "deny", slots=at, before=harmless, since=since)
    assert gone_on.said == ["utter_coach_step"]


def test_flare_is_screened_anew_although_it_was_done_today(store: Any) -> None:
    paused = Session(BRIDGE, Phase.STEP, 2, 3, paused=True)
    slots = {**SCREENED, "coaching": paused.as_dict()}
    outcome = run(ActionFlareUp(), "it flared up", "pain_increased", slots=slots)
    assert outcome.said == ["utter_flare_start"]
    assert outcome.next_action == "screen_form"
    assert outcome.slots["screened_on"] is None
    assert outcome.slots["after_screen"] == "flare"
    assert outcome.slots["coaching"] is None
    assert logged() == [(BRIDGE, "stopped", 3, None)]


def test_flare_told_as_pain_takes_the_same_path() -> None:
    outcome = run(ActionStartTriage(), "my back flared up", "describe_pain", slots=SCREENED)
    assert outcome.next_action == "action_flare_up"


@pytest.mark.parametrize(
    ("loop", "slots"), [("screen_form", {"after_screen": "flare"}), ("booking_form", {})]
)
def test_flare_told_in_another_dialogue(loop: str, slots: dict[str, str]) -> None:
    outcome = run(ActionFlareUp(), "it flared up", loop=loop)
    assert outcome.said == ["utter_noted"]
    assert outcome.slots == slots


def test_flare_while_an_urgency_stands() -> None:
    outcome = run(ActionFlareUp(), "it's worse", slots={"urgency": "same_day"})
    assert outcome.said == ["utter_no_exercise_now"]


def test_after_a_clear_flare_screen_comes_easing_and_the_clinic(store: Any) -> None:
    clear = dict.fromkeys([q.name for q in screen_questions()], "no")
    slots = {**clear, "screen_adult": "yes", "after_screen": "flare"}
    outcome = run(ActionScreenDone(), "yes", "affirm", slots=slots)
    assert outcome.said == ["utter_flare_ease"]
    assert outcome.slots == SCREENED
    said = responses()["utter_flare_ease"][0]
    for part in ("Ease off", "short, easy walks", "24 hours", "Bed rest isn't advised"):
        assert part in said["text"]
    assert said["buttons"][0]["payload"] == "/book_evaluation"


# --- afterwards --------------------------------------------------------------------------------


def _after(exercise: str, **fields: Any) -> Outcome:
    slots = {**SCREENED, **fields.pop("slots", BALLS_FINE)}
    session = Session(exercise, fields.pop("phase", Phase.FINISHED), 0, 4, **fields)
    return run(ActionAfterExercise(), slots={**slots, "coaching": session.as_dict()})


def test_next_exercise_of_the_routine_is_offered() -> None:
    outcome = _after("iliacus_release", pain_after=3)
    assert outcome.said == ["utter_offer_next"]
    assert outcome.messages[0]["next_id"] == "psoas_release"
    assert outcome.slots == {"coaching": None}


def test_ball_is_not_offered_after_a_yes_to_its_questions() -> None:
    slots = {"ball_checked_on": today(), ball_questions()[0]: "yes"}
    outcome = _after("iliacus_release", pain_after=3, slots=slots)
    assert outcome.messages[0]["next_id"] == BRIDGE


def test_end_of_the_routine_offers_an_evaluation() -> None:
    assert _after("ta_activation", pain_after=3).said == ["utter_routine_done"]


def test_after_a_stop_nothing_is_offered() -> None:
    outcome = _after(BRIDGE, phase=Phase.STOPPED)
    assert outcome.said == []
    assert outcome.slots == {"coaching": None}


def test_after_a_stop_for_pain_the_next_exercise_needs_a_new_screen() -> None:
    outcome = _after(BRIDGE, phase=Phase.STOPPED, pain_after=8)
    assert outcome.said == []
    assert outcome.slots == {"coaching": None, "screened_on": None}


def test_after_a_worse_end_nothing_is_offered_and_a_new_screen_is_due() -> None:
    outcome = _after("iliacus_release", pain_after=7)
    assert outcome.said == []
    assert outcome.slots == {"coaching": None, "screened_on": None}


def test_new_day_in_the_middle_leads_to_the_screen_and_back_to_the_step() -> None:
    asleep = Session(BRIDGE, Phase.STEP, 2, 3)
    outcome = coach("next", asleep, slots={"screened_on": "2020-01-01"})
    assert outcome.slots["requested_slot"] is None
    slots = {"screened_on": "2020-01-01", "coaching": outcome.slots["coaching"]}
    after = run(ActionAfterExercise(), slots=slots)
    assert after.said == ["utter_screen_start"]
    assert after.next_action == "screen_form"
    back = run(ActionStartExercise(), "yes", "affirm", slots={**slots, **SCREENED})
    assert back.said == ["utter_coach_resumed"]
    assert back.slots["coaching"] == asleep.as_dict()
    assert back.next_action == FORM


def test_pause_is_not_an_end() -> None:
    outcome = _after(BRIDGE, phase=Phase.STEP, paused=True)
    assert (outcome.said, outcome.events) == ([], [])


def test_resume_takes_up_where_it_was() -> None:
    paused = Session(BRIDGE, Phase.STEP, 2, 3, paused=True)
    slots = {**SCREENED, "coaching": paused.as_dict()}
    outcome = run(ActionResumeExercise(), "continue", "resume_exercise", slots=slots)
    assert outcome.said == ["utter_coach_resumed"]
    assert outcome.slots["coaching"]["step"] == 2
    assert not outcome.slots["coaching"]["paused"]
    assert outcome.next_action == FORM


def test_resume_on_another_day_is_screened_first() -> None:
    paused = Session(BRIDGE, Phase.STEP, 2, 3, paused=True)
    slots = {"screened_on": "2020-01-01", "coaching": paused.as_dict()}
    outcome = run(ActionResumeExercise(), "continue", "resume_exercise", slots=slots)
    assert outcome.said == ["utter_screen_start"]
    assert outcome.next_action == "screen_form"
    assert outcome.slots["coaching"]["gate"] == "screen"
    assert outcome.slots["coaching"]["step"] == 2


def test_resume_without_an_exercise_offers_them() -> None:
    outcome = run(ActionResumeExercise(), "continue", "resume_exercise", slots=SCREENED)
    assert outcome.said == ["utter_choose_exercise"]
    over = {**SCREENED, "coaching": Session(BRIDGE, Phase.FINISHED).as_dict()}
    assert run(ActionResumeExercise(), "continue", slots=over).said == ["utter_choose_exercise"]
