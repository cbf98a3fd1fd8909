"""The coached session: its steps, its pain rules, what messages mean, the ball questions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.coaching.ball_check import ball_questions, balls_allowed, next_ball_question
from bot.coaching.exercises import after, exercises
from bot.coaching.reading import MIN_CONFIDENCE, read_event, read_score
from bot.coaching.session import Event, Phase, Session, Turn, advance, score
from bot.replies import responses

BRIDGE = "long_bridge"
LAST = len(exercises()[BRIDGE].steps) - 1


def _at(step: int, before: int | None = 3, phase: Phase = Phase.STEP) -> Session:
    return Session(BRIDGE, phase, step, before)


# --- the exercises -----------------------------------------------------------------------------


def test_routine_is_the_clinics_in_its_order() -> None:
    assert list(exercises()) == ["iliacus_release", "psoas_release", "long_bridge", "ta_activation"]
    balls = [exercise.id for exercise in exercises().values() if exercise.ball_on_belly]
    assert balls == ["iliacus_release", "psoas_release"]


def test_doses_are_those_of_the_article() -> None:
    """What the article does not state is not filled in."""
    doses = {
        exercise.id: [
            (step.hold_seconds, step.minutes, step.repetitions)
            for step in exercise.steps
            if step.hold_seconds or step.minutes or step.repetitions
        ]
        for exercise in exercises().values()
    }
    assert doses == {
        "iliacus_release": [(None, (2, 3), None), (None, None, (20, 30))],
        "psoas_release": [(None, (2, 3), None)],
        "long_bridge": [(5, None, None), (5, None, (20, 20))],
        "ta_activation": [],
    }
    assert "do not lift it" in exercises()[BRIDGE].steps[2].do


def test_what_follows_in_the_routine() -> None:
    order = list(exercises())
    for one, following in pairwise(order):
        found = after(one, without_balls=False)
        assert found
        assert found.id == following
    skipped = after("iliacus_release", without_balls=True)
    assert skipped
    assert skipped.id == BRIDGE
    assert after(order[-1], without_balls=False) is None


# --- moving ------------------------------------------------------------------------------------


def test_from_beginning_to_end() -> None:
    turn = score(Session(BRIDGE), 4)
    assert turn == Turn(_at(0, 4), ("start",))
    for step in range(1, LAST + 1):
        turn = advance(turn.session, Event.NEXT)
        assert turn == Turn(_at(step, 4))
    turn = advance(turn.session, Event.NEXT)
    assert turn.session.phase is Phase.PAIN_AFTER
    assert turn.say == ("well_done",)
    turn = score(turn.session, 2)
    assert turn.session.phase is Phase.FINISHED
    assert turn.session.is_over
    assert (turn.session.pain_before, turn.session.pain_after) == (4, 2)
    assert turn.say == ("after_better",)


def test_back_and_repeat() -> None:
    assert advance(_at(2), Event.BACK) == Turn(_at(1))
    assert advance(_at(0), Event.BACK) == Turn(_at(0), ("first_step",))
    assert advance(_at(2), Event.REPEAT) == Turn(_at(2))
    asked_after = _at(LAST, phase=Phase.PAIN_AFTER)
    assert advance(asked_after, Event.BACK) == Turn(_at(LAST))


def test_help_stays_where_it_is() -> None:
    assert advance(_at(1), Event.HELP) == Turn(_at(1), ("help",))


def test_pause_keeps_the_step_and_anything_else_ends_it() -> None:
    paused = advance(_at(2), Event.PAUSE).session
    assert paused.paused
    assert paused.step == 2
    assert not paused.is_over
    assert advance(paused, Event.RESUME) == Turn(_at(2))
    assert not advance(paused, Event.NEXT).session.paused


def test_nothing_moves_an_exercise_that_is_over() -> None:
    over = advance(_at(1), Event.STOP).session
    for event in Event:
        assert advance(over, event) == Turn(over)


def test_events_before_the_first_score_ask_for_it_again() -> None:
    for event in (Event.NEXT, Event.BACK, Event.REPEAT, Event.HELP, Event.HURTS, Event.RESUME):
        assert advance(Session(BRIDGE), event).session == Session(BRIDGE)


# --- the pain rules ----------------------------------------------------------------------------


@pytest.mark.parametrize("pain", range(11))
def test_start_is_gentle_from_six(pain: int) -> None:
    turn = score(Session(BRIDGE), pain)
    assert turn.session.phase is Phase.STEP
    assert turn.say == (("start_gently",) if pain >= 6 else ("start",))


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (0, 0, "go_on"), (3, 3, "go_on"), (0, 3, "go_on"), (1, 3, "go_on"), (None, 3, "go_on"),
        (3, 4, "go_on_gently"), (4, 5, "go_on_gently"), (5, 4, "go_on_gently"),
        (None, 5, "go_on_gently"),
        (2, 4, "stop_for_pain"), (3, 5, "stop_for_pain"), (0, 4, "stop_for_pain"),
        (5, 6, "stop_for_pain"), (8, 6, "stop_for_pain"), (None, 6, "stop_for_pain"),
        (10, 10, "stop_for_pain"),
    ],
)  # fmt: skip
def test_pain_in_the_middle(before: int | None, now: int, words: str) -> None:
    """To 3 go on, 4-5 gently, 6 or a rise of 2 stops (below 4 a rise is no reason)."""
    asked = advance(_at(1, before), Event.HURTS)
    assert asked.say == ("hurts",)
    assert asked.session.phase is Phase.PAIN_CHECK
    turn = score(asked.session, now)
    assert turn.say == (words,)
    assert turn.session.step == 1
    stops = words == "stop_for_pain"
    assert turn.session.phase is (Phase.STOPPED if stops else Phase.STEP)
    assert turn.session.pain_after == (now if stops else None)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (5, 4, "after_better"), (5, 0, "after_better"), (5, 5, "after_same"), (3, 4, "after_same"),
        (3, 5, "after_worse"), (0, 2, "after_worse"), (5, 6, "after_worse"), (8, 6, "after_worse"),
        (None, 3, "after_same"), (None, 6, "after_worse"),
    ],
)  # fmt: skip
def test_pain_at_the_end(before: int | None, now: int, words: str) -> None:
    turn = score(_at(LAST, before, Phase.PAIN_AFTER), now)
    assert turn.say == (words,)
    assert turn.session.phase is Phase.FINISHED


def test_a_score_given_unasked_follows_the_same_rules() -> None:
    assert score(_at(1, 3), 8).session.phase is Phase.STOPPED
    assert score(_at(1, 3), 2) == Turn(_at(1, 3), ("go_on",))


# --- any sequence ------------------------------------------------------------------------------


class AnySession(RuleBasedStateMachine):
    """Whatever a patient does, the session stays valid and can be stopped."""

    @initialize(exercise=st.sampled_from(list(exercises())))
    def begin(self, exercise: str) -> None:
        self.turn = Turn(Session(exercise))

    @rule(event=st.sampled_from(list(Event)))
    def act(self, event: Event) -> None:
        was = self.turn.session
        self.turn = advance(was, event)
        if event is Event.STOP:
            assert self.turn.session.is_over
        if was.phase is Phase.PAIN_BEFORE and event is not Event.STOP:
            assert self.turn.session.phase is Phase.PAIN_BEFORE, "no step without a score"
        assert abs(self.turn.session.step - was.step) <= 1

    @precondition(lambda self: not self.turn.session.is_over)
    @rule(pain=st.integers(0, 10))
    def tell_pain(self, pain: int) -> None:
        was = self.turn.session
        self.turn = score(was, pain)
        if pain >= 6 and was.phase in (Phase.STEP, Phase.PAIN_CHECK):
            assert self.turn.session.phase is Phase.STOPPED

    @rule()
    def store_and_restore(self) -> None:
        assert Session.from_dict(self.turn.session.as_dict()) == self.turn.session

    @invariant()
    def stays_valid(self) -> None:
        session = self.turn.session
        assert 0 <= session.step < len(session.details.steps)
        for name in self.turn.say:
            assert name == "help" or f"utter_coach_{name}" in responses()
        if session.phase is Phase.FINISHED:
            assert session.pain_after is not None
        if not session.is_over:
            assert advance(session, Event.STOP).session.phase is Phase.STOPPED
            assert session.phase is Phase.STEP or (
                f"utter_coach_ask_{session.phase.value}" in responses()
            )


TestAnySession = AnySession.TestCase
TestAnySession.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_stored_session_survives_fewer_steps_and_names_a_lost_exercise() -> None:
    stored = {**_at(2).as_dict(), "step": 99}
    assert Session.from_dict(stored).step == LAST
    with pytest.raises(KeyError):
        Session.from_dict({**stored, "exercise": "crunches"})


# --- what a message means ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("next", Event.NEXT), ("Next!", Event.NEXT), ("n", Event.NEXT), ("done", Event.NEXT),
        ("OK", Event.NEXT), ("yes", Event.NEXT), ("got it.", Event.NEXT), ("siguiente", Event.NEXT),
        ("back", Event.BACK), ("go back", Event.BACK), ("B", Event.BACK),
        ("repeat", Event.REPEAT), ("again", Event.REPEAT), ("what?", Event.REPEAT),
        ("pause", Event.PAUSE), ("wait...", Event.PAUSE), ("one sec", Event.PAUSE),
        ("stop", Event.STOP), ("STOP!!", Event.STOP), ("s", Event.STOP), ("i'm done for today",
        Event.STOP), ("enough", Event.STOP),
    ],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["nlu_fallback", "goodbye"])
def test_short_words_are_certain_whatever_the_classifier_thinks(
    text: str, event: Event, intent: str
) -> None:
    assert read_event(_at(1), text, intent, 0.99) is event


@pytest.mark.parametrize(
    ("intent", "event"),
    [
        ("next_step", Event.NEXT), ("previous_step", Event.BACK), ("repeat_step", Event.REPEAT),
        ("ask_step_help", Event.HELP), ("pause_exercise", Event.PAUSE),
        ("resume_exercise", Event.RESUME), ("stop_exercise", Event.STOP),
        ("pain_increased", Event.HURTS),
    ],
)  # fmt: skip
def test_longer_messages_are_read_by_their_intent(intent: str, event: Event) -> None:
    text = "a longer message"
    assert read_event(_at(1), text, intent, 0.9) is event
    assert read_event(_at(1), text, intent, MIN_CONFIDENCE - 0.01) is None


@pytest.mark.parametrize("intent", ["faq", "book_evaluation", "out_of_scope", "nlu_fallback"])
def test_other_messages_are_left_to_the_dialogue(intent: str) -> None:
    assert read_event(_at(1), "is it bad for my discs?", intent, 0.9) is None


def test_stop_inside_a_question_is_not_stop() -> None:
    assert read_event(_at(1), "when should I stop?", "faq", 0.9) is None


def test_yes_goes_on_in_a_step_only() -> None:
    assert read_event(_at(1), "yes please do", "affirm", 0.9) is Event.NEXT
    waiting = Session(BRIDGE)
    assert read_event(waiting, "yes please do", "affirm", 0.9) is None


@pytest.mark.parametrize(
    ("phase", "text", "intent", "pain"),
    [
        (Phase.PAIN_BEFORE, "4", "report_pain", 4),
        (Phase.PAIN_BEFORE, "about 7 or 8", "nlu_fallback", 8),
        (Phase.PAIN_CHECK, "five", "nlu_fallback", 5),
        (Phase.PAIN_AFTER, "no pain", "deny", 0),
        (Phase.PAIN_BEFORE, "what is a multifidus?", "faq", None),
        (Phase.PAIN_BEFORE, "42", "report_pain", None),
        (Phase.STEP, "it's a 6 now", "report_pain", 6),
        (Phase.STEP, "it went to 7", "pain_increased", 7),
        (Phase.STEP, "I did 5", "next_step", None),
    ],
)
def test_scores(phase: Phase, text: str, intent: str, pain: int | None) -> None:
    assert read_score(_at(1, 3, phase), text, intent) == pain


@pytest.mark.parametrize(
    ("before", "text", "pain"),
    [(5, "better", 4), (0, "better", 0), (5, "the same", 5), (5, "worse", 7), (9, "worse", 10)],
)
def test_better_same_or_worse_at_the_end(before: int, text: str, pain: int) -> None:
    session = _at(LAST, before, Phase.PAIN_AFTER)
    assert read_score(session, text, "report_pain") == pain
    assert read_score(_at(LAST, None, Phase.PAIN_AFTER), text, "report_pain") is None


# --- the ball questions ------------------------------------------------------------------------


def test_all_no_allows_the_balls() -> None:
    answers: dict[str, str] = {}
    while (name := next_ball_question(answers)) is not None:
        assert balls_allowed(answers) is None
        answers[name] = "no"
    assert tuple(answers) == ball_questions()
    assert balls_allowed(answers) is True


@pytest.mark.parametrize("name", ball_questions())
@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_one_yes_or_not_sure_leaves_the_balls_out(name: str, answer: str) -> None:
    assert balls_allowed({name: answer}) is False
    assert next_ball_question({name: answer}) is None, "no further question is needed"
    assert balls_allowed({**dict.fromkeys(ball_questions(), "no"), name: answer}) is False


@pytest.mark.parametrize(
    "word",
    "pregnant baby surgery belly pelvis spine 12 aneurysm pulse blood thinner clot hernia stoma "
    "implant groin bowel kidney bones hip lie".split(),
)
def test_ball_questions_name_every_reason(word: str) -> None:
    asked = " ".join(responses()[f"utter_ask_{name}"][0]["text"] for name in ball_questions())
    assert word in asked.lower()
