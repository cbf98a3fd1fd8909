"""Whatever a patient does, on however many days, a coached session stays valid and gated."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.coaching.events import Event, Said, Say
from bot.coaching.exercises import exercises
from bot.coaching.gates import Gate, Gates
from bot.coaching.session import advance, ask_score, begin, enter, score
from bot.coaching.state import Phase, Session, Turn
from bot.replies import responses

_BALLS = tuple(e.id for e in exercises().values() if e.ball_on_belly)
_ENDING = (Event.STOP, Event.ALARM, Event.NO_BALL, Event.FINISH)
# What ends an exercise comes seldom, so that most sequences get far.
_EVENTS = st.sampled_from([event for event in Event if event not in _ENDING] * 3 + [*_ENDING])
_WITHOUT = st.sampled_from([(), _BALLS, _BALLS[:1], _BALLS[1:]])


class AnySession(RuleBasedStateMachine):
    """Patients who answer, come back days later, count, skip, hurt, and lose their ball."""

    @initialize(exercise=st.sampled_from([None, *exercises()]), without=_WITHOUT)
    def start(self, exercise: str | None, without: tuple[str, ...]) -> None:
        self.day = 1
        self.gates = Gates("day 1")
        self.turn = begin(exercise, self.gates, without)

    @precondition(lambda self: self.turn.session.is_over)
    @rule(exercise=st.sampled_from([None, *exercises()]), without=_WITHOUT)
    def start_again(self, exercise: str | None, without: tuple[str, ...]) -> None:
        self.turn = begin(exercise, self.gates, without)
        self._seen()

    @precondition(lambda self: not self.turn.session.has_begun)
    @rule()
    def get_to_the_first_step(self) -> None:
        day = self.gates.today
        self.gates = Gates(day, day, day, balls_allowed=True)
        self.turn = score(enter(self.turn.session, self.gates).session, 3, self.gates)
        self._seen()

    @rule()
    def pass_screen(self) -> None:
        self.gates = replace(self.gates, screened_on=self.gates.today)
        self.turn = enter(self.turn.session, self.gates)

    @rule(allowed=st.booleans())
    def answer_ball_questions(self, allowed: bool) -> None:
        self.gates = replace(self.gates, balls_on=self.gates.today, balls_allowed=allowed)
        self.turn = enter(self.turn.session, self.gates)

    @rule()
    def sleep(self) -> None:
        self.day += 1
        self.gates = replace(self.gates, today=f"day {self.day}")
        # The session still holds yesterday's view of the gates, until something happens.
        self.turn = ask_score(self.turn.session) if self.turn.session.waits_for_score else self.turn

    @rule(event=_EVENTS, number=st.integers(0, 10**6), without=_WITHOUT)
    def act(self, event: Event, number: int, without: tuple[str, ...]) -> None:
        was = self.turn.session
        self.turn = advance(was, Said(event, number, without), self.gates)
        now = self.turn.session
        if event is Event.STOP:
            assert now.is_over
        if was.phase is Phase.PAIN_BEFORE and now.exercise == was.exercise:
            assert not now.has_begun or now.is_over, "no step without a score"
        if self.gates.closed(was.details) and not was.is_over and not now.is_over:
            same = (now.exercise, now.step, now.count) == (was.exercise, was.step, was.count)
            assert same or now.exercise != was.exercise, "a closed gate keeps the place"
        self._seen()

    @rule(pain=st.integers(0, 10))
    def tell_pain(self, pain: int) -> None:
        was = self.turn.session
        self.turn = score(was, pain, self.gates)
        checked = was.phase in (Phase.STEP, Phase.PAIN_CHECK)
        if pain >= 6 and checked and not self.gates.closed(was.details):
            assert self.turn.session.phase is Phase.STOPPED
        self._seen()

    @rule()
    def store_and_restore(self) -> None:
        self.turn = Turn(Session.from_dict(self.turn.session.as_dict()))

    def _seen(self) -> None:
        """After anything that a patient says, a step is shown only with its gates passed."""
        session = self.turn.session
        if session.phase is Phase.STEP and session.gate is None and not session.paused:
            assert self.gates.screened_on == self.gates.today
            if session.details.ball_on_belly:
                assert self.gates.balls_on == self.gates.today
                assert self.gates.balls_allowed
                assert session.exercise not in session.left_out

    @invariant()
    def stays_valid(self) -> None:
        turn, session = self.turn, self.turn.session
        assert 0 <= session.step < len(session.details.steps)
        assert session.count >= 0
        assert session.gate in (None, *Gate)
        for word in turn.say:
            assert word is Say.HELP or f"utter_coach_{word.value}" in responses()
        if turn.record:
            assert turn.record.outcome in ("finished", "stopped")
            assert turn.record.outcome == "stopped" or turn.record.pain_after is not None
        if not session.is_over:
            assert f"utter_coach_ask_{session.phase.value}" in responses() or (
                session.phase is Phase.STEP
            )

    @invariant()
    def stop_is_always_reachable(self) -> None:
        session = self.turn.session
        assert advance(session, Event.STOP, self.gates).session.is_over

    @invariant()
    def end_is_always_reachable(self) -> None:
        """With the gates passed, saying next and a low score leads to the end."""
        session = self.turn.session
        day = self.gates.today
        passed = Gates(day, day, day, balls_allowed=True)
        turn = enter(session, passed)
        for _ in range(40):
            if turn.session.is_over:
                return
            session = turn.session
            asked = session.waits_for_score
            turn = score(session, 0, passed) if asked else advance(session, Event.NEXT, passed)
        raise AssertionError("the exercise does not end")


TestAnySession = AnySession.TestCase
TestAnySession.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
