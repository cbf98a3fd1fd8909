"""A change of mind: about the exercise that waits or goes on, or about what was told before."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.sessions import current_session, gates_of, told_facts
from actions.turns import REQUESTED_SLOT, active_loop, intent, last_response, text
from bot.coaching.ball_facts import ball_facts, told_slot
from bot.coaching.exercises import exercises
from bot.coaching.reading import ROUTINE, has_alarm, read_change
from bot.coaching.session import begin
from bot.coaching.state import Session
from bot.entities.changed_mind import OTHER

CHOOSE = "action_start_exercise"
_MAY_BE_WISHES = frozenset(
    {"start_exercise", "previous_step", "next_step", "repeat_step", "resume_exercise",
     "pause_exercise", "stop_exercise", "nlu_fallback", "out_of_scope"}
)  # fmt: skip
_LEFT_OUT = ("utter_coach_ball_told", "utter_choose_exercise_no_ball")


def wanted_instead(tracker: Tracker) -> str | None:
    """Returns the exercise that the newest message wishes for in place of the present one."""
    session = current_session(tracker)
    current = None if session is None else ROUTINE if session.routine else session.exercise
    return read_change(text(tracker), current)


def change_in_exercise(tracker: Tracker, session: Session) -> str | None:
    """Returns the other exercise that a message in the middle of one wishes for.

    A message that is understood as a wish to start one needs no reading here; one that asks about
    the step may name a part of the body that belongs to another exercise.
    """
    wanted = wanted_instead(tracker)
    if wanted in (None, OTHER, session.exercise) or has_alarm(text(tracker)):
        return None
    return wanted if intent(tracker)[0] in _MAY_BE_WISHES else None


def change_in_screen(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
    """Takes a change of mind in the safety questions: they go on, for the other exercise.

    It answers nothing: a "no" in it would hide a sign.
    """
    wanted = wanted_instead(tracker)
    if wanted is None:
        return None
    if tracker.get_slot("after_screen") == "flare":
        dispatcher.utter_message(response="utter_noted")
        return [SlotSet("after_screen", "flare")]
    purpose = SlotSet("after_screen", "exercise")
    if wanted == OTHER:
        dispatcher.utter_message(response="utter_gate_other")
        return [purpose, SlotSet("coaching", None), SlotSet("exercise_wanted", None)]
    named = "whole routine" if wanted == ROUTINE else exercises()[wanted].name.lower()
    dispatcher.utter_message(response="utter_gate_changed", exercise=named)
    turn = begin(None if wanted == ROUTINE else wanted, gates_of(tracker))
    return [purpose, SlotSet("coaching", turn.session.as_dict())]


def change_in_balls(tracker: Tracker) -> Events | None:
    """Takes a change of mind in the ball questions: they end unanswered."""
    wanted = wanted_instead(tracker)
    if wanted is None:
        return None
    if wanted == OTHER:
        return [
            SlotSet("coaching", None),
            SlotSet("exercise_wanted", None),
            SlotSet(REQUESTED_SLOT, None),
        ]
    return [SlotSet("exercise_wanted", wanted), SlotSet(REQUESTED_SLOT, None)]


class ActionTakeBack(Action):
    """Takes back what left the ball releases out, or hears that something was a mistake."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_take_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Forgets the facts where the bot has just named them; the ball questions decide then."""
        told = told_facts(tracker) and last_response(tracker) in _LEFT_OUT
        if active_loop(tracker) or not told:
            dispatcher.utter_message(response="utter_false_alarm")
            return []
        dispatcher.utter_message(response="utter_taken_back")
        forgotten = [SlotSet(told_slot(fact.name), None) for fact in ball_facts()]
        return [*forgotten, SlotSet("exercise_wanted", None), FollowupAction(CHOOSE)]
