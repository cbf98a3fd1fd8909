"""Exercises in conversation: starting them, the gates before them, taking them up again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changed_mind import change_in_balls, change_in_exercise
from actions.coach_words import say
from actions.forms import Events, FormValidation
from actions.help import take_first
from actions.screening import FORM as SCREEN_FORM
from actions.screening import screen_before_exercise, start_screen
from actions.sessions import (
    ball_answers,
    choose_exercise,
    current_session,
    gates_of,
    keep_record,
    note_no_ball,
    picked_exercise,
    told_facts,
)
from actions.turns import (
    REQUESTED_SLOT,
    active_loop,
    answer_about_danger,
    entity,
    in_language,
    intent,
    last_buttons,
    last_response,
    standing_level,
    text,
    today,
)
from bot.coaching.ball_check import ball_questions, next_ball_question
from bot.coaching.events import Event
from bot.coaching.exercises import exercises
from bot.coaching.gates import Gate, Gates
from bot.coaching.reading import ROUTINE, asks_for_routine, exercises_without_ball
from bot.coaching.session import advance, begin, enter, following
from bot.coaching.state import Phase, Session, Turn
from bot.entities.exercise import read_exercise
from bot.entities.yes_no import Answer
from bot.safety import Urgency

FORM, BALL_FORM = "coaching_form", "ball_form"
_STOPPED_FOR_PAIN = ("utter_coach_stop_for_pain", "utter_coach_after_worse", "utter_told_worse")
_LEAVE = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


def stop_session(dispatcher: CollectingDispatcher, tracker: Tracker, session: Session) -> Events:
    """Ends an exercise at the patient's word, keeps a record of it and leaves its form."""
    turn = advance(session, Event.STOP, gates_of(tracker))
    say(dispatcher, tracker, turn)
    keep_record(tracker, turn.record)
    return [*_LEAVE, SlotSet("coaching", None)]


def at_gate(dispatcher: CollectingDispatcher, session: Session) -> Events:
    """Returns the events that ask the questions a session waits for."""
    if session.gate is Gate.SCREEN:
        dispatcher.utter_message(response="utter_screen_start")
        return start_screen("exercise")
    dispatcher.utter_message(response="utter_ball_start")
    reset = [SlotSet(name, None) for name in ball_questions()]
    return [*_LEAVE, *reset, FollowupAction(BALL_FORM)]


def offer_next(dispatcher: CollectingDispatcher, session: Session, gates: Gates) -> None:
    """Offers what comes after an exercise in the clinic's routine, or an evaluation at its end."""
    turn = following(session, gates)
    if turn is None:
        dispatcher.utter_message(response="utter_routine_done")
        return
    dispatcher.utter_message(
        response="utter_offer_next",
        next_exercise=turn.session.details.name,
        next_id=turn.session.exercise,
    )


def go_on(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
    """Says what a turn says and opens what comes next: a gate, the exercise, or nothing."""
    say(dispatcher, tracker, turn)
    keep_record(tracker, turn.record)
    session = turn.session
    if session.is_over:
        if session.exercise in session.left_out:
            offer_next(dispatcher, session, gates_of(tracker))
        return [*_LEAVE, SlotSet("coaching", None)]
    stored: Events = [SlotSet("coaching", session.as_dict())]
    if session.gate:
        return [*stored, *at_gate(dispatcher, session)]
    return [*_LEAVE, *stored, FollowupAction(FORM)]


class ActionStartExercise(Action):
    """Starts an exercise or the routine; goes on with one whose gate was just passed."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_start_exercise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Asks the state machine how far the gates allow to go."""
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response=in_language(tracker, "utter_no_exercise_now"))
            return []
        wanted, loop, going_on = _wanted(tracker), active_loop(tracker), current_session(tracker)
        if loop == SCREEN_FORM and tracker.get_slot("after_screen") == "flare":
            dispatcher.utter_message(response="utter_noted")
            return []
        if loop == SCREEN_FORM:
            dispatcher.utter_message(response="utter_noted")
            return [*_waiting(wanted, tracker), screen_before_exercise()]
        if going_on and loop == FORM and (wanted is None or _is_same(going_on, wanted)):
            return []
        if wanted is None and (going_on is None or intent(tracker)[0] == "start_exercise"):
            choose_exercise(dispatcher, tracker)
            return []
        if loop == "booking_form":
            dispatcher.utter_message(response="utter_booking_aside")
        if wanted is None and going_on:
            return go_on(dispatcher, tracker, enter(going_on, gates_of(tracker)))
        if going_on:
            keep_record(tracker, advance(going_on, Event.STOP, gates_of(tracker)).record)
        return [
            SlotSet("exercise_wanted", None),
            *go_on(dispatcher, tracker, _begin(wanted, tracker)),
        ]


def _begin(wanted: str | None, tracker: Tracker) -> Turn:
    left_out = exercises_without_ball(text(tracker))
    return begin(None if wanted == ROUTINE else wanted, gates_of(tracker), left_out)


def _is_same(session: Session, wanted: str) -> bool:
    return wanted == (ROUTINE if session.routine else session.exercise)


def _waiting(wanted: str | None, tracker: Tracker) -> Events:
    """Returns the events that let an exercise wait for the questions that are being asked."""
    if wanted is None:
        return []
    return [SlotSet("coaching", _begin(wanted, tracker).session.as_dict())]


def _wanted(tracker: Tracker) -> str | None:
    """Returns what a fresh wish names: an exercise's id, ``routine`` or None."""
    if intent(tracker)[0] != "start_exercise":
        stored: str | None = tracker.get_slot("exercise_wanted")
        return stored
    named = entity(tracker, "exercise") or read_exercise(text(tracker))
    if named in exercises_without_ball(text(tracker)):
        named = None  # "all of them, but I have no tennis ball" does not ask for that one
    if named is None and asks_for_routine(text(tracker)):
        return ROUTINE
    named = named or picked_exercise(tracker)
    return named if named in (*exercises(), ROUTINE) else None


class ValidateBallForm(FormValidation):
    """Reads the answers that decide on the ball releases."""

    form = BALL_FORM

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Reads yes, no or not sure; without a ball, the questions are not needed."""
        without = note_no_ball(dispatcher, tracker)
        if without is not None:
            left_out = without[0]["value"]["left_out"]
            needed = without[0]["value"]["exercise"] not in left_out
            return without if needed else [*without, SlotSet(REQUESTED_SLOT, None)]
        if told_facts(tracker):
            return [SlotSet(requested, Answer.YES.value)]
        changed = change_in_balls(tracker)
        if changed is not None:
            return changed
        said = answer_about_danger(tracker)
        return None if said is None else [SlotSet(requested, said.value)]

    def next_slot(self, slots: dict[str, Any]) -> str | None:
        """Returns the next open question."""
        return next_ball_question(ball_answers(slots))


class ActionBallDone(Action):
    """Goes on to the exercise that was wanted, or says why it is left out."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_ball_done"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Marks the questions as asked today."""
        return [SlotSet("ball_checked_on", today()), FollowupAction("action_start_exercise")]


class ActionResumeExercise(Action):
    """Takes up an exercise that was set aside, or offers one."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_resume_exercise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Resumes the session at its step, after a new screen on a new day."""
        if active_loop(tracker):
            dispatcher.utter_message(response="utter_please_answer")
            return []
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response=in_language(tracker, "utter_no_exercise_now"))
            return []
        session = current_session(tracker)
        if session is not None:
            return go_on(dispatcher, tracker, enter(session, gates_of(tracker)))
        picked = picked_exercise(tracker)
        if picked:
            return [SlotSet("exercise_wanted", picked), FollowupAction("action_start_exercise")]
        if last_response(tracker) in _STOPPED_FOR_PAIN:
            dispatcher.utter_message(response="utter_told_worse")
            return []
        # "Next" and "let's go on" take up the offer of the routine's next exercise.
        going_on = last_response(tracker) == "utter_offer_next"
        offer = take_first(last_buttons(tracker)) if going_on else []
        if not offer:
            choose_exercise(dispatcher, tracker)
        return offer


class ActionAfterExercise(Action):
    """Goes on after the exercise's form has closed."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_after_exercise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Opens the gate that is closed, offers the next exercise, or screens anew."""
        stored = tracker.get_slot("coaching") or {}
        session = Session.from_dict(stored) if stored else None
        if session is None or session.paused:
            return []
        if not session.is_over:
            wanted = change_in_exercise(tracker, session)
            if wanted:
                return [SlotSet("exercise_wanted", wanted), FollowupAction("action_start_exercise")]
            return at_gate(dispatcher, session) if session.gate else []
        over = [SlotSet("coaching", None)]
        if session.alarmed:
            return [*over, SlotSet("screened_on", None), *start_screen("flare")]
        if session.calls_for_screen:
            # Worse than before: the next exercise needs a new screen.
            return [*over, SlotSet("screened_on", None)]
        if session.phase is Phase.FINISHED or session.exercise in session.left_out:
            offer_next(dispatcher, session, gates_of(tracker))
        return over
