"""Exercises in conversation."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events, FormValidation
from actions.help import take_first
from actions.screening import FORM as SCREEN_FORM
from actions.screening import screen_before_exercise, start_screen
from actions.turns import (
    REQUESTED_SLOT,
    active_loop,
    answer,
    entity,
    intent,
    last_buttons,
    last_response,
    quietly,
    standing_level,
    text,
    today,
)
from bot.coaching.ball_check import ball_questions, balls_allowed, next_ball_question
from bot.coaching.exercises import Step, after, exercises
from bot.coaching.reading import has_number, read_event, read_score
from bot.coaching.session import Event, Phase, Session, Turn, advance, ask_score, score
from bot.entities.exercise import read_exercise
from bot.safety import Urgency
from bot.store.records import record_exercise

FORM, BALL_FORM = "coaching_form", "ball_form"
_LEAVE = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


def current_session(tracker: Tracker) -> Session | None:
    """Returns the exercise that is going on or set aside, or None."""
    stored = tracker.get_slot("coaching")
    if not stored:
        return None
    try:
        session = Session.from_dict(stored)
    except (KeyError, TypeError, ValueError):
        return None
    return None if session.is_over else session


def _ball_answers(slots: dict[str, Any]) -> dict[str, str]:
    return {name: slots[name] for name in ball_questions() if slots.get(name)}


def _log(tracker: Tracker, session: Session) -> None:
    outcome = "finished" if session.phase is Phase.FINISHED else "stopped"
    quietly(
        record_exercise,
        tracker.sender_id,
        session.exercise,
        outcome,
        session.pain_before,
        session.pain_after,
    )


def stop_session(dispatcher: CollectingDispatcher, tracker: Tracker, session: Session) -> Events:
    """Ends an exercise at the patient's word, keeps a record of it and leaves its form."""
    dispatcher.utter_message(response="utter_coach_stopped")
    _log(tracker, advance(session, Event.STOP).session)
    return [*_LEAVE, SlotSet("coaching", None)]


class ActionStartExercise(Action):
    """Starts an exercise once the gates before it are passed."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_start_exercise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Passes the gates in their order: urgency, screen of the day, ball questions."""
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response="utter_no_exercise_now")
            return []
        wanted = self._wanted(tracker)
        if active_loop(tracker) == SCREEN_FORM:
            dispatcher.utter_message(response="utter_noted")
            return [SlotSet("exercise_wanted", wanted), screen_before_exercise()]
        going_on = current_session(tracker)
        if going_on and active_loop(tracker) == FORM and wanted in (None, going_on.exercise):
            return []
        if wanted is None:
            dispatcher.utter_message(response="utter_choose_exercise")
            return []
        if active_loop(tracker) == "booking_form":
            dispatcher.utter_message(response="utter_booking_aside")
        events: Events = [SlotSet("exercise_wanted", wanted)]
        if tracker.get_slot("screened_on") != today():
            dispatcher.utter_message(response="utter_screen_start")
            return events + start_screen("exercise")
        if exercises()[wanted].ball_on_belly:
            gate = self._ball_gate(dispatcher, tracker)
            if gate is not None:
                return events + gate
        if going_on and going_on.exercise != wanted:
            _log(tracker, advance(going_on, Event.STOP).session)
        chosen = exercises()[wanted]
        dispatcher.utter_message(
            response="utter_coach_intro",
            exercise=chosen.name,
            lay_name=chosen.lay_name,
            purpose=chosen.purpose,
            needs=chosen.needs,
            stop_rule=chosen.stop,
        )
        return [
            *events,
            *_LEAVE,
            SlotSet("coaching", Session(wanted).as_dict()),
            SlotSet("exercise_wanted", None),
            FollowupAction(FORM),
        ]

    @staticmethod
    def _wanted(tracker: Tracker) -> str | None:
        name, _ = intent(tracker)
        if name == "start_exercise":
            named = entity(tracker, "exercise") or read_exercise(text(tracker))
            if named is None and any(w in text(tracker).lower() for w in ("routine", "all of")):
                named = next(iter(exercises()))
            return named if named in exercises() else None
        stored: str | None = tracker.get_slot("exercise_wanted")
        return stored

    @staticmethod
    def _ball_gate(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """Returns what to do instead of a ball release, or None when it may start."""
        if tracker.get_slot("ball_checked_on") != today():
            dispatcher.utter_message(response="utter_ball_start")
            reset = [SlotSet(name, None) for name in ball_questions()]
            return [*_LEAVE, *reset, FollowupAction(BALL_FORM)]
        if not balls_allowed(_ball_answers(tracker.slots)):
            dispatcher.utter_message(response="utter_ball_skip")
            return [*_LEAVE, SlotSet("exercise_wanted", None)]
        return None


class ValidateBallForm(FormValidation):
    """Reads the answers that decide on the ball releases."""

    form = BALL_FORM

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Reads yes, no or not sure."""
        said = answer(tracker)
        return None if said is None else [SlotSet(requested, said.value)]

    def next_slot(self, slots: dict[str, Any]) -> str | None:
        """Returns the next open question."""
        return next_ball_question(_ball_answers(slots))


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


class ValidateCoachingForm(FormValidation):
    """Turns messages into events of the session."""

    form = FORM

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Advances the session, or leaves the message to the rules."""
        session = current_session(tracker)
        if session is None:
            return [SlotSet("coaching", None), SlotSet(REQUESTED_SLOT, None)]
        turn = self._turn(session, tracker)
        if turn is None:
            return None
        for name in turn.say:
            _say(dispatcher, name, turn.session, tracker)
        events: Events = [SlotSet("coaching", turn.session.as_dict())]
        if turn.session.is_over:
            _log(tracker, turn.session)
        if turn.session.is_over or turn.session.paused:
            events.append(SlotSet(REQUESTED_SLOT, None))
        return events

    @staticmethod
    def _turn(session: Session, tracker: Tracker) -> Turn | None:
        name, confidence = intent(tracker)
        pain = read_score(session, text(tracker), name)
        if pain is not None:
            return score(session, pain)
        if session.waits_for_score and has_number(text(tracker)):
            return Turn(session, ("score_please",))
        event = read_event(session, text(tracker), name, confidence)
        if event is not None:
            return advance(session, event)
        # A score was told that is none on the scale, or a word about the pain without a number.
        return ask_score(session) if name == "report_pain" else None

    def next_slot(self, slots: dict[str, Any]) -> str | None:
        """Returns the one slot that keeps the form open while the session goes on."""
        return "coach_reply"


def _say(dispatcher: CollectingDispatcher, name: str, session: Session, tracker: Tracker) -> None:
    if name == "help":
        asks_time = any(w in text(tracker).lower() for w in ("long", "many", "time", "reps", "sec"))
        dispatcher.utter_message(text=session.details.help["how_long" if asks_time else "how"])
        return
    dispatcher.utter_message(
        response=f"utter_coach_{name}",
        exercise=session.details.name,
        pain_before=session.pain_before,
        pain_after=session.pain_after,
    )


class ActionAskCoachReply(Action):
    """Shows where the session is: the step, or the question about pain."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_ask_coach_reply"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Says the prompt of the session's phase."""
        session = current_session(tracker)
        if session is None:
            return []
        if session.phase is Phase.STEP:
            step = session.details.steps[session.step]
            dispatcher.utter_message(
                response="utter_coach_step",
                exercise=session.details.name,
                number=session.step + 1,
                steps=len(session.details.steps),
                do=step.do,
                feel=step.feel,
            )
            dispatcher.messages[-1]["custom"] = _card(session, step)
        else:
            dispatcher.utter_message(response=f"utter_coach_ask_{session.phase.value}")
        return []


def _card(session: Session, step: Step) -> dict[str, Any]:
    return {
        "type": "exercise_step",
        "exercise": session.exercise,
        "step": session.step + 1,
        "steps": len(session.details.steps),
        "seconds": step.hold_seconds or (step.minutes[0] * 60 if step.minutes else None),
        "repetitions": step.repetitions[0] if step.repetitions else None,
    }


class ActionAfterExercise(Action):
    """Offers what may come after an exercise that ended."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_after_exercise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Offers the routine's next exercise, or an evaluation where it got worse."""
        stored = tracker.get_slot("coaching") or {}
        session = Session.from_dict(stored) if stored else None
        if session is None or session.paused:
            return []
        if session.phase is Phase.STOPPED:
            if session.pain_after is not None:
                # Worse than before: the next exercise needs a new screen.
                return [SlotSet("coaching", None), SlotSet("screened_on", None)]
            return [SlotSet("coaching", None)]
        skip_balls = balls_allowed(_ball_answers(tracker.slots)) is False
        following = after(session.exercise, skip_balls)
        if following is None:
            dispatcher.utter_message(response="utter_routine_done")
        else:
            dispatcher.utter_message(
                response="utter_offer_next",
                next_exercise=following.name,
                next_id=following.id,
            )
        return [SlotSet("coaching", None)]


class ActionResumeExercise(Action):
    """Takes up an exercise that was set aside, or offers one."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_resume_exercise"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Resumes the session, or offers the exercises."""
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response="utter_no_exercise_now")
            return []
        if active_loop(tracker):
            dispatcher.utter_message(response="utter_please_answer")
            return []
        session = current_session(tracker)
        if session is None:
            # "Next" and "let's go on" take up the offer of the routine's next exercise.
            going_on = last_response(tracker) == "utter_offer_next"
            offer = take_first(last_buttons(tracker)) if going_on else []
            if not offer:
                dispatcher.utter_message(response="utter_choose_exercise")
            return offer
        if tracker.get_slot("screened_on") != today():
            dispatcher.utter_message(response="utter_screen_start")
            return [SlotSet("exercise_wanted", session.exercise), *start_screen("exercise")]
        resumed = advance(session, Event.RESUME).session
        dispatcher.utter_message(response="utter_coach_resumed", exercise=session.details.name)
        return [SlotSet("coaching", resumed.as_dict()), FollowupAction(FORM)]
