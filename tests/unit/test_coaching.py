"""The coached session: its gates, steps and counting, its pain rules, what messages mean."""

from __future__ import annotations

import pytest

from bot.coaching.ball_check import ball_questions, balls_allowed, next_ball_question
from bot.coaching.counting import left
from bot.coaching.events import Event, Said, Say
from bot.coaching.exercises import exercises
from bot.coaching.gates import Gate, Gates
from bot.coaching.reading import (
    MIN_CONFIDENCE,
    asks_for_routine,
    exercises_without_ball,
    has_alarm,
    is_flare,
    read_event,
    read_score,
)
from bot.coaching.session import advance, begin, enter, following, score
from bot.coaching.state import Phase, Session, Turn
from bot.replies import responses

BRIDGE, ILIACUS, PSOAS = "long_bridge", "iliacus_release", "psoas_release"
BALLS = (ILIACUS, PSOAS)
LAST = len(exercises()[BRIDGE].steps) - 1
TODAY, YESTERDAY = "2026-03-10", "2026-03-09"
CLEAR = Gates(TODAY, TODAY, TODAY, balls_allowed=True)
REFUSED = Gates(TODAY, TODAY, TODAY, balls_allowed=False)
UNASKED = Gates(TODAY, TODAY)
UNSCREENED = Gates(TODAY)


def _at(step: int, before: int | None = 3, phase: Phase = Phase.STEP) -> Session:
    return Session(BRIDGE, phase, step, before)


def _do(session: Session, event: Event, number: int = 0, gates: Gates = CLEAR) -> Turn:
    return advance(session, Said(event, number), gates)


# --- the exercises -----------------------------------------------------------------------------


def test_routine_is_the_clinics_in_its_order() -> None:
    assert list(exercises()) == [ILIACUS, PSOAS, BRIDGE, "ta_activation"]
    balls = [exercise.id for exercise in exercises().values() if exercise.ball_on_belly]
    assert tuple(balls) == BALLS


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
    assert "do not lift it" in exercises()[BRIDGE].steps[2].do.text


def test_short_dose_is_what_a_text_message_needs() -> None:
    short = {e.id: [step.short_dose for step in e.steps] for e in exercises().values()}
    assert short[BRIDGE] == ["", "", "Hold 5 s.", "Hold 5 s, 20 times."]
    assert short[ILIACUS] == ["", "2-3 min.", "20-30 times."]
    assert exercises()[ILIACUS].steps[1].seconds == 120


# --- the gates ---------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", exercises())
def test_nothing_begins_before_the_screen_of_the_day(exercise: str) -> None:
    for gates in (UNSCREENED, Gates(TODAY, YESTERDAY, TODAY, balls_allowed=True)):
        turn = begin(exercise, gates)
        assert turn.session.gate is Gate.SCREEN
        assert turn.say == ()
        assert score(turn.session, 3, gates).session.phase is Phase.PAIN_BEFORE


@pytest.mark.parametrize("exercise", exercises())
def test_balls_wait_for_their_questions(exercise: str) -> None:
    for gates in (UNASKED, Gates(TODAY, TODAY, YESTERDAY, balls_allowed=True)):
        gate = begin(exercise, gates).session.gate
        assert gate is (Gate.BALLS if exercise in BALLS else None)


@pytest.mark.parametrize("exercise", BALLS)
def test_refused_ball_is_left_out(exercise: str) -> None:
    turn = begin(exercise, REFUSED)
    assert turn.session.phase is Phase.STOPPED
    assert turn.say == (Say.BALL_SKIP,)
    assert turn.record is None, "nothing was done"


def test_gate_opens_on_the_step_where_it_closed() -> None:
    """The next day every word leads to the screen, and the screen to the same step."""
    tomorrow = Gates("2026-03-11", TODAY, TODAY, balls_allowed=True)
    asleep = _at(2)
    for event in (Event.NEXT, Event.RESUME, Event.COUNT, Event.HELP, Event.SKIP):
        waiting = _do(asleep, event, 5, tomorrow).session
        assert (waiting.gate, waiting.step) == (Gate.SCREEN, 2)
    screened = Gates("2026-03-11", "2026-03-11", TODAY, balls_allowed=True)
    assert enter(waiting, screened) == Turn(asleep, (Say.RESUMED,))


def test_ball_questions_are_asked_again_the_next_day_in_a_release() -> None:
    tomorrow = Gates("2026-03-11", "2026-03-11", TODAY, balls_allowed=True)
    asleep = Session(PSOAS, Phase.STEP, 1, 3)
    assert _do(asleep, Event.NEXT, gates=tomorrow).session.gate is Gate.BALLS
    refused = Gates("2026-03-11", "2026-03-11", "2026-03-11", balls_allowed=False)
    assert _do(asleep, Event.NEXT, gates=refused).session.phase is Phase.STOPPED


def test_stop_and_pause_pass_every_gate() -> None:
    waiting = begin(PSOAS, UNSCREENED).session
    assert _do(waiting, Event.STOP, gates=UNSCREENED).session.is_over
    assert _do(waiting, Event.PAUSE, gates=UNSCREENED).session.paused


# --- the routine -------------------------------------------------------------------------------


def _finish(session: Session, gates: Gates = CLEAR, pain: int = 3) -> Turn:
    """Does the rest of an exercise, and says how it felt."""
    turn = score(session, pain, gates) if session.phase is Phase.PAIN_BEFORE else Turn(session)
    while turn.session.phase is Phase.STEP:
        turn = advance(turn.session, Event.NEXT, gates)
    turn = score(turn.session, pain, gates)
    return advance(turn.session, Event.FELT_RIGHT, gates)


@pytest.mark.parametrize(
    ("gates", "left_out", "order"),
    [
        (CLEAR, (), [ILIACUS, PSOAS, BRIDGE, "ta_activation"]),
        (CLEAR, (PSOAS,), [ILIACUS, BRIDGE, "ta_activation"]),
        (UNASKED, BALLS, [BRIDGE, "ta_activation"]),
        (REFUSED, (), [BRIDGE, "ta_activation"]),
    ],
)
def test_routine_goes_in_the_articles_order(
    gates: Gates, left_out: tuple[str, ...], order: list[str]
) -> None:
    turn = begin(None, gates, left_out)
    done = []
    while not turn.session.is_over:
        done.append(turn.session.exercise)
        turn = _finish(turn.session, gates)
        assert turn.felt == "right"
    assert done == order


def test_routine_asks_the_pain_between_two_exercises_once() -> None:
    turn = _finish(begin(None, CLEAR).session, pain=2)
    assert (turn.session.exercise, turn.session.phase) == (PSOAS, Phase.STEP)
    assert turn.session.pain_before == 2
    assert turn.say == (Say.FELT_RIGHT, Say.NEXT_EXERCISE, Say.INTRO)


def test_routine_does_not_go_on_when_it_got_worse() -> None:
    turn = Turn(Session(ILIACUS, Phase.PAIN_AFTER, 2, 3, routine=True))
    turn = score(turn.session, 6, CLEAR)
    assert turn.say == (Say.AFTER_WORSE,)
    assert turn.session.phase is Phase.FINISHED
    assert turn.session.calls_for_screen


def test_no_ball_goes_on_with_what_needs_none() -> None:
    ball = Session(ILIACUS, Phase.STEP, 1, 3, routine=True)
    turn = advance(ball, Said(Event.NO_BALL, exercises=BALLS), CLEAR)
    assert turn.session.exercise == BRIDGE
    assert turn.say == (Say.NO_BALL, Say.NEXT_EXERCISE, Say.INTRO)
    assert turn.record
    assert (turn.record.exercise, turn.record.outcome) == (ILIACUS, "stopped")
    only_tennis = advance(ball, Said(Event.NO_BALL, exercises=(ILIACUS,)), CLEAR)
    assert only_tennis.session.exercise == PSOAS


def test_no_ball_outside_the_routine_ends_the_release() -> None:
    turn = advance(Session(PSOAS), Said(Event.NO_BALL, exercises=BALLS), CLEAR)
    assert (turn.session.phase, turn.say, turn.record) == (Phase.STOPPED, (Say.NO_BALL,), None)
    assert advance(_at(1), Said(Event.NO_BALL, exercises=BALLS), CLEAR).say == (Say.NO_BALL_NEEDED,)


def test_skipping_an_exercise() -> None:
    routine = Session(PSOAS, Phase.STEP, 1, 3, routine=True)
    turn = _do(routine, Event.SKIP_EXERCISE)
    assert (turn.session.exercise, turn.session.pain_before) == (BRIDGE, 3)
    last = Session("ta_activation", Phase.STEP, 1, 3, routine=True)
    assert _do(last, Event.SKIP_EXERCISE).session.phase is Phase.STOPPED
    alone = _do(_at(1), Event.SKIP_EXERCISE)
    assert (alone.session.phase, alone.say) == (Phase.STOPPED, (Say.SKIPPED_EXERCISE,))


def test_what_follows_in_the_routine() -> None:
    found = following(Session(ILIACUS), CLEAR)
    assert found
    assert found.session.exercise == PSOAS
    skipped = following(Session(ILIACUS), REFUSED)
    assert skipped
    assert skipped.session.exercise == BRIDGE
    assert following(Session("ta_activation"), CLEAR) is None


# --- moving ------------------------------------------------------------------------------------


def test_from_beginning_to_end() -> None:
    turn = begin(BRIDGE, CLEAR)
    assert turn == Turn(Session(BRIDGE), (Say.INTRO,))
    turn = score(turn.session, 4, CLEAR)
    assert turn == Turn(_at(0, 4), (Say.START,))
    for step in range(1, LAST + 1):
        turn = _do(turn.session, Event.NEXT)
        assert turn == Turn(_at(step, 4))
    turn = _do(turn.session, Event.NEXT)
    assert turn.session.phase is Phase.PAIN_AFTER
    assert turn.say == (Say.WELL_DONE,)
    turn = score(turn.session, 2, CLEAR)
    assert turn.session.phase is Phase.FELT
    assert turn.say == (Say.AFTER_BETTER,)
    assert turn.record
    assert (turn.record.outcome, turn.record.pain_before, turn.record.pain_after) == (
        "finished", 4, 2,
    )  # fmt: skip
    turn = _do(turn.session, Event.FELT_HARD)
    assert (turn.session.phase, turn.say, turn.felt) == (
        Phase.FINISHED, (Say.FELT_HARD,), "hard",
    )  # fmt: skip
    assert turn.record is None, "recorded once"


def test_back_repeat_and_start_over() -> None:
    assert _do(_at(2), Event.BACK) == Turn(_at(1))
    assert _do(_at(0), Event.BACK) == Turn(_at(0), (Say.FIRST_STEP,))
    assert _do(_at(2), Event.REPEAT) == Turn(_at(2))
    assert _do(_at(2), Event.RESTART) == Turn(_at(0), (Say.RESTARTED,))
    asked_after = _at(LAST, phase=Phase.PAIN_AFTER)
    assert _do(asked_after, Event.BACK) == Turn(_at(LAST))


def test_skipped_step_and_early_end_are_no_finished_exercise() -> None:
    skipped = _do(_at(1), Event.SKIP)
    assert (skipped.session.step, skipped.say) == (2, (Say.SKIPPED,))
    early = _do(_at(1), Event.FINISH)
    assert (early.session.phase, early.say) == (Phase.PAIN_AFTER, (Say.ENOUGH,))
    for session in (early.session, _do(_at(LAST), Event.SKIP).session):
        record = score(session, 3, CLEAR).record
        assert record
        assert record.outcome == "stopped"


def test_other_side() -> None:
    one = Session(ILIACUS, Phase.STEP, 2, 3, count=8)
    turn = _do(one, Event.SWAP_SIDE)
    assert (turn.session.step, turn.session.count, turn.session.second_side) == (0, 0, True)
    assert turn.say == (Say.SWAPPED,)
    after = Session(ILIACUS, Phase.PAIN_AFTER, 2, 3)
    assert _do(after, Event.SWAP_SIDE).session.phase is Phase.STEP
    assert _do(_at(2), Event.SWAP_SIDE) == Turn(_at(2), (Say.SWAP_NOT_NEEDED,))


def test_help_and_an_easier_way_stay_where_it_is() -> None:
    assert _do(_at(1), Event.HELP) == Turn(_at(1), (Say.HELP,))
    assert _do(_at(1), Event.TOO_HARD) == Turn(_at(1), (Say.EASIER,))


def test_pause_keeps_the_step_and_anything_else_ends_it() -> None:
    paused = _do(_at(2), Event.PAUSE).session
    assert paused.paused
    assert paused.step == 2
    assert not paused.is_over
    assert _do(paused, Event.RESUME) == Turn(_at(2), (Say.RESUMED,))
    assert _do(paused, Event.NEXT) == Turn(_at(3))


def test_nothing_moves_an_exercise_that_is_over() -> None:
    over = _do(_at(1), Event.STOP).session
    for event in Event:
        assert _do(over, event) == Turn(over)
    assert score(over, 3, CLEAR) == Turn(over)


@pytest.mark.parametrize("event", [
    Event.NEXT, Event.BACK, Event.REPEAT, Event.HELP, Event.HURTS, Event.RESUME, Event.FINISH,
    Event.SKIP, Event.COUNT, Event.SWAP_SIDE, Event.TOO_HARD, Event.RESTART,
])  # fmt: skip
def test_events_before_the_first_score_ask_for_it_again(event: Event) -> None:
    assert _do(Session(BRIDGE), event).session == Session(BRIDGE)


# --- counting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise", "step", "so_far", "event", "number", "count", "say"),
    [
        (BRIDGE, LAST, 0, Event.COUNT, 8, 8, Say.COUNTED),
        (BRIDGE, LAST, 8, Event.COUNT, 12, 12, Say.COUNTED),
        (BRIDGE, LAST, 8, Event.COUNT_MORE, 5, 13, Say.COUNTED),
        (ILIACUS, 2, 0, Event.COUNT, 22, 22, Say.COUNTED_ENOUGH),
        (BRIDGE, LAST, 8, Event.HOW_MANY_LEFT, 0, 8, Say.LEFT),
        (BRIDGE, LAST, 8, Event.LOST_COUNT, 0, 8, Say.LOST_COUNT),
        (BRIDGE, LAST, 0, Event.LOST_COUNT, 0, 0, Say.LOST_COUNT_NONE),
        (ILIACUS, 1, 0, Event.HOW_MANY_LEFT, 0, 0, Say.LEFT_TIME),
        (PSOAS, 2, 0, Event.HOW_MANY_LEFT, 0, 0, Say.LEFT_NONE),
        (PSOAS, 2, 0, Event.COUNT, 9, 0, Say.COUNT_NOT_NEEDED),
        (BRIDGE, LAST, 0, Event.WHICH_NUMBER, 8, 0, Say.WHICH_NUMBER),
    ],
)  # fmt: skip
def test_count(
    exercise: str, step: int, so_far: int, event: Event, number: int, count: int, say: Say
) -> None:
    turn = _do(Session(exercise, Phase.STEP, step, 3, count=so_far), event, number)
    assert (turn.session.step, turn.session.count, turn.say) == (step, count, (say,))


def test_all_repetitions_end_the_step() -> None:
    turn = _do(_at(LAST), Event.COUNT, 20)
    assert turn.session.phase is Phase.PAIN_AFTER
    assert turn.say == (Say.COUNTED_ALL, Say.WELL_DONE)


def test_count_begins_anew_with_each_step() -> None:
    assert _do(Session(BRIDGE, Phase.STEP, LAST, 3, count=8), Event.BACK).session.count == 0


@pytest.mark.parametrize(
    ("exercise", "step", "so_far", "words"),
    [(BRIDGE, LAST, 8, "12"), (BRIDGE, LAST, 30, "0"), (ILIACUS, 2, 8, "12 to 22"),
     (ILIACUS, 2, 24, "6"), (PSOAS, 2, 3, "")],
)  # fmt: skip
def test_what_is_left(exercise: str, step: int, so_far: int, words: str) -> None:
    assert left(exercises()[exercise].steps[step], so_far) == words


# --- the pain rules ----------------------------------------------------------------------------


@pytest.mark.parametrize("pain", range(11))
def test_start_is_gentle_from_six(pain: int) -> None:
    turn = score(Session(BRIDGE), pain, CLEAR)
    assert turn.session.phase is Phase.STEP
    assert turn.say == ((Say.START_GENTLY,) if pain >= 6 else (Say.START,))


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
    asked = _do(_at(1, before), Event.HURTS)
    assert asked.say == (Say.HURTS,)
    assert asked.session.phase is Phase.PAIN_CHECK
    turn = score(asked.session, now, CLEAR)
    assert turn.say == (words,)
    assert turn.session.step == 1
    stops = words == "stop_for_pain"
    assert turn.session.phase is (Phase.STOPPED if stops else Phase.STEP)
    assert turn.session.pain_after == (now if stops else None)
    assert turn.session.calls_for_screen is (stops and (now >= 6 or before is not None))


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (5, 4, "after_better"), (5, 0, "after_better"), (5, 5, "after_same"), (3, 4, "after_same"),
        (3, 5, "after_worse"), (0, 2, "after_worse"), (5, 6, "after_worse"), (8, 6, "after_worse"),
        (None, 3, "after_same"), (None, 6, "after_worse"),
    ],
)  # fmt: skip
def test_pain_at_the_end(before: int | None, now: int, words: str) -> None:
    turn = score(_at(LAST, before, Phase.PAIN_AFTER), now, CLEAR)
    assert turn.say == (words,)
    worse = words == "after_worse"
    assert turn.session.phase is (Phase.FINISHED if worse else Phase.FELT)
    assert turn.session.calls_for_screen is worse


def test_a_score_given_unasked_follows_the_same_rules() -> None:
    assert score(_at(1, 3), 8, CLEAR).session.phase is Phase.STOPPED
    assert score(_at(1, 3), 2, CLEAR) == Turn(_at(1, 3), (Say.GO_ON,))


@pytest.mark.parametrize("phase", [Phase.PAIN_BEFORE, Phase.STEP, Phase.PAIN_CHECK])
def test_an_alarm_stops_at_once_and_calls_for_a_new_screen(phase: Phase) -> None:
    turn = _do(_at(1, 3, phase), Event.ALARM)
    assert turn.session.phase is Phase.STOPPED
    assert turn.session.calls_for_screen
    assert turn.say == (Say.ALARM,)


# --- storing -----------------------------------------------------------------------------------


def test_stored_session_survives_fewer_steps_and_names_a_lost_exercise() -> None:
    stored = {**_at(2).as_dict(), "step": 99}
    assert Session.from_dict(stored).step == LAST
    with pytest.raises(KeyError):
        Session.from_dict({**stored, "exercise": "crunches"})


def test_session_that_an_older_version_stored_is_read() -> None:
    stored = {"exercise": BRIDGE, "phase": "step", "step": 2, "pain_before": 3, "pain_after": None,
              "paused": True}  # fmt: skip
    assert Session.from_dict(stored) == Session(BRIDGE, Phase.STEP, 2, 3, paused=True)


# --- what a message means ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("next", Event.NEXT), ("Next!", Event.NEXT), ("n", Event.NEXT), ("done", Event.NEXT),
        ("OK", Event.NEXT), ("yes", Event.NEXT), ("got it.", Event.NEXT), ("siguiente", Event.NEXT),
        ("finished", Event.NEXT),
        ("back", Event.BACK), ("go back", Event.BACK), ("B", Event.BACK),
        ("repeat", Event.REPEAT), ("again", Event.REPEAT), ("what?", Event.REPEAT),
        ("pause", Event.PAUSE), ("wait...", Event.PAUSE), ("one sec", Event.PAUSE),
        ("stop", Event.STOP), ("STOP!!", Event.STOP), ("s", Event.STOP), ("i'm done for today",
        Event.STOP), ("enough", Event.STOP),
        ("skip", Event.SKIP), ("skip this step", Event.SKIP), ("let's skip it", Event.SKIP),
        ("skip this exercise", Event.SKIP_EXERCISE), ("next exercise please", Event.SKIP_EXERCISE),
        ("other side", Event.SWAP_SIDE), ("ok now the other side", Event.SWAP_SIDE),
        ("switch sides", Event.SWAP_SIDE), ("swapping legs", Event.SWAP_SIDE),
        ("finish", Event.FINISH), ("skip the rest", Event.FINISH),
        ("start over", Event.RESTART), ("from the top", Event.RESTART),
        ("I lost count", Event.LOST_COUNT), ("sorry i lost track", Event.LOST_COUNT),
        ("I forgot how many I did", Event.LOST_COUNT),
        ("how many left", Event.HOW_MANY_LEFT), ("how many do I have left?", Event.HOW_MANY_LEFT),
        ("how many more?", Event.HOW_MANY_LEFT), ("how much longer, whats left",
        Event.HOW_MANY_LEFT),
        ("too hard", Event.TOO_HARD), ("this is really hard", Event.TOO_HARD),
        ("I can't do this", Event.TOO_HARD), ("is there an easier way?", Event.TOO_HARD),
        ("it shoots down my leg", Event.ALARM), ("I feel faint", Event.ALARM),
        ("my belly hurts", Event.ALARM), ("my foot is tingling", Event.ALARM),
        ("I have to go now", Event.PAUSE), ("gotta run, sorry", Event.PAUSE),
        ("I have to get the kids, can we finish here", Event.FINISH),
        ("let's call it a day", Event.FINISH), ("can we wrap this up early?", Event.FINISH),
        ("my wife wants to try it too", Event.OTHER_PERSON),
        ("it's my husband's turn now", Event.OTHER_PERSON),
        ("can my mom do this too?", Event.OTHER_PERSON),
        ("this is a different person now", Event.OTHER_PERSON),
        ("how long do I stay here", Event.HELP), ("why does this help?", Event.HELP),
        ("do I need to do both sides", Event.HELP), ("is it normal for my calf to burn?",
        Event.HELP), ("wait what was step one again", Event.RESTART),
        ("my leg is not numb or anything", Event.REPEAT),
        ("ok no chest pain or anything, going on", Event.NEXT),
        ("nxt", Event.NEXT), ("stpo", Event.STOP), ("hw many lft", Event.HOW_MANY_LEFT),
        ("too hrd", Event.TOO_HARD), ("skp", Event.SKIP),
    ],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["nlu_fallback", "goodbye"])
def test_words_are_certain_whatever_the_classifier_thinks(
    text: str, event: Event, intent: str
) -> None:
    assert read_event(_at(1), text, intent, 0.99) == Said(event)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I did 8", Said(Event.COUNT, 8)), ("i've done twelve so far", Said(Event.COUNT, 12)),
        ("10 done, 10 to go right", Said(Event.COUNT, 10)),
        ("8 done", Said(Event.COUNT, 8)), ("did twenty-two of them", Said(Event.COUNT, 22)),
        ("14 reps", Said(Event.COUNT, 14)), ("I think I did about 9", Said(Event.COUNT, 9)),
        ("5 more", Said(Event.COUNT_MORE, 5)), ("did another five more",
        Said(Event.COUNT_MORE, 5)), ("12", Said(Event.COUNT, 12)),
        ("8", Said(Event.WHICH_NUMBER, 8)),
    ],
)  # fmt: skip
def test_counts(text: str, said: Said) -> None:
    assert read_event(_at(LAST), text, "report_pain", 0.9) == said
    assert read_score(_at(LAST), text, "report_pain") is None, "no pain score"


def test_a_bare_number_is_pain_where_nothing_is_counted() -> None:
    assert read_score(_at(0), "8", "report_pain") == 8


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("too easy", Event.FELT_EASY), ("that was easy", Event.FELT_EASY),
        ("About right", Event.FELT_RIGHT), ("fine", Event.FELT_RIGHT), ("ok", Event.FELT_RIGHT),
        ("not too bad", Event.FELT_RIGHT), ("not hard at all", Event.FELT_RIGHT),
        ("Too hard", Event.FELT_HARD), ("pretty tough", Event.FELT_HARD),
        ("1", Event.FELT_EASY), ("2.", Event.FELT_RIGHT), ("reply 3", Event.FELT_HARD),
        ("1 too easy", Event.FELT_EASY), ("3 hard", Event.FELT_HARD),
        ("not easy", Event.FELT_HARD), ("skip", Event.SKIP), ("next", Event.NEXT),
    ],
)  # fmt: skip
def test_how_it_felt(text: str, event: Event) -> None:
    said = read_event(_at(LAST, 3, Phase.FELT), text, "give_feedback", 0.9)
    assert said == Said(event)


@pytest.mark.parametrize(
    "text",
    ["no numbness", "I don't feel dizzy", "what if my leg goes numb?", "should I feel tingling?",
     "it isn't going down my leg", "the ball went flat", "my belly goes up"],
)  # fmt: skip
def test_denied_or_supposed_signs_are_no_alarm(text: str) -> None:
    assert not has_alarm(text)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("no ball", BALLS), ("I don't have a ball", BALLS), ("can't find my ball", BALLS),
        ("my ball popped", BALLS), ("no tengo pelota", BALLS),
        ("I don't have a tennis ball", (ILIACUS,)), ("no soft ball", (PSOAS,)),
        ("don't own a 4 inch ball", (PSOAS,)),
        ("do I need a ball?", ()), ("the ball hurts", ()), ("no", ()), ("got the ball", ()),
    ],
)  # fmt: skip
def test_no_ball(text: str, without: tuple[str, ...]) -> None:
    assert exercises_without_ball(text) == without


@pytest.mark.parametrize(
    ("text", "asked"),
    [("start my routine", True), ("let's do my exercises", True), ("all four please", True),
     ("the usual", True), ("start an exercise", False), ("give me an exercise", False)],
)  # fmt: skip
def test_asking_for_the_routine(text: str, asked: bool) -> None:
    assert asks_for_routine(text) is asked


@pytest.mark.parametrize(
    ("text", "flare"),
    [
        ("it flared up", True), ("I'm having a flare-up", True), ("my back is flaring", True),
        ("worse after exercise", True), ("the exercises made it worse", True),
        ("my back is worse since we did the bridge", True), ("the routine set it off", True),
        ("can exercise make it worse?", False), ("what is a flare up?", False),
        ("my back hurts", False), ("it's worse today", False),
    ],
)  # fmt: skip
def test_flares(text: str, flare: bool) -> None:
    assert is_flare(text) is flare


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
    assert read_event(_at(1), text, intent, 0.9) == Said(event)
    assert read_event(_at(1), text, intent, MIN_CONFIDENCE - 0.01) is None


@pytest.mark.parametrize("intent", ["faq", "book_evaluation", "out_of_scope", "nlu_fallback"])
@pytest.mark.parametrize(
    "text", ["is it bad for my discs?", "do I need to swap sides?", "am I pushing too hard?"]
)
def test_other_messages_are_left_to_the_dialogue(text: str, intent: str) -> None:
    assert read_event(_at(1), text, intent, 0.9) is None


def test_stop_inside_a_question_is_not_stop() -> None:
    assert read_event(_at(1), "when should I stop?", "faq", 0.9) is None


def test_yes_goes_on_in_a_step_only() -> None:
    assert read_event(_at(1), "yes please do", "affirm", 0.9) == Said(Event.NEXT)
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
        (Phase.FELT, "3", "report_pain", None),
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


@pytest.mark.parametrize(
    "text",
    ["I need to go slower", "I have to go to the hospital", "should I stop here?",
     "my back is having a day", "I need to go back", "my friend told me about you"],
)  # fmt: skip
def test_what_only_looks_like_leaving_or_another_person_is_neither(text: str) -> None:
    said = read_event(_at(1), text, "nlu_fallback", 0.9)
    assert said is None or said.event not in (Event.PAUSE, Event.FINISH, Event.OTHER_PERSON)


def test_another_person_never_goes_on_with_the_answers_of_the_first() -> None:
    turn = advance(_at(1), Event.OTHER_PERSON, CLEAR)
    assert turn.session.paused
    assert turn.say == (Say.OTHER_PERSON,)
    assert advance(turn.session, Event.RESUME, CLEAR).session.step == 1


@pytest.mark.parametrize("text", ["I don't want to do the ball ones", "skip the ball stuff"])
def test_who_does_not_want_the_balls_goes_on_without_them(text: str) -> None:
    assert exercises_without_ball(text) == ("iliacus_release", "psoas_release")
