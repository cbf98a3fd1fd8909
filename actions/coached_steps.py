"""The form that is open while an exercise goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changed_mind import change_in_exercise
from actions.coach_words import say, show_step
from actions.coaching import FORM
from actions.forms import Events, FormValidation
from actions.sessions import current_session, gates_of, keep_record
from actions.turns import (
    REQUESTED_SLOT,
    actions_since_user,
    cleared_text,
    intent,
    previous_turn_did,
    quietly,
    text,
)
from bot.coaching.events import Event, Said, Say
from bot.coaching.reading import has_alarm, has_number, read_event, read_score
from bot.coaching.session import advance, ask_score, enter, score
from bot.coaching.state import Phase, Session, Turn
from bot.store.records import record_felt

_NO_SCORE = frozenset({"affirm", "deny", "unsure"})
NOT_UNDERSTOOD = "action_not_understood"


class ValidateCoachingForm(FormValidation):
    """Turns messages into events of the session."""

    form = FORM
    only_slot = "coach_reply"

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Advances the session, or leaves the message to the rules."""
        session = current_session(tracker)
        if session is None:
            return [SlotSet("coaching", None), SlotSet(REQUESTED_SLOT, None)]
        if change_in_exercise(tracker, session):
            # The engine takes a form's answer for one only where it fills a slot.
            return [SlotSet("coaching", session.as_dict()), SlotSet(REQUESTED_SLOT, None)]
        turn = _turn(session, tracker)
        if turn is None:
            return None
        say(dispatcher, tracker, turn)
        keep_record(tracker, turn.record)
        if turn.felt:
            quietly(record_felt, tracker.sender_id, session.exercise, turn.felt)
        events: Events = [SlotSet("coaching", turn.session.as_dict())]
        if turn.session.is_over or turn.session.paused or turn.session.gate:
            events.append(SlotSet(REQUESTED_SLOT, None))
        return events


def _turn(session: Session, tracker: Tracker) -> Turn | None:
    (name, confidence), said, gates = intent(tracker), text(tracker), gates_of(tracker)
    if has_alarm(said):
        return advance(session, Said(Event.ALARM), gates)
    if gates.refuse(session.details) and session.phase is not Phase.FELT:
        return enter(session, gates)
    pain = read_score(session, said, name)
    if pain is not None:
        return score(session, pain, gates)
    event = read_event(session, said, name, confidence)
    if session.waits_for_score and has_number(said) and event is None:
        return Turn(session, (Say.SCORE_PLEASE,))
    if event is not None:
        return advance(session, event, gates)
    # A score was told that is none on the scale, or a word about the pain without a number; or a
    # yes or no where only a number answers.
    asks = name == "report_pain" or (session.waits_for_score and name in _NO_SCORE)
    return ask_score(session) if asks else None


def _went_past(tracker: Tracker) -> bool:
    """Tells whether the newest message was about something else than how the exercise felt.

    What was done is logged by then, so that question is not asked over and over: only a message
    that was not understood gets it once more.
    """
    did = [name for name in actions_since_user(tracker) if name != FORM]
    if did == [NOT_UNDERSTOOD]:
        return previous_turn_did(tracker, NOT_UNDERSTOOD)
    return bool(did)


class ActionAskCoachReply(Action):
    """Shows where the session is: the step, or the question that waits for its answer."""

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
        if has_alarm(cleared_text(tracker)):
            return self._stop(dispatcher, tracker, session)
        if gates_of(tracker).closed(session.details):
            # The day has changed: nothing is shown before the new screen.
            dispatcher.utter_message(response="utter_exercise_waiting")
        elif session.phase is Phase.STEP:
            show_step(dispatcher, session)
        elif session.phase is Phase.FELT and _went_past(tracker):
            over = replace(session, phase=Phase.FINISHED)
            return [SlotSet("coaching", over.as_dict()), SlotSet(REQUESTED_SLOT, None)]
        else:
            dispatcher.utter_message(response=f"utter_coach_ask_{session.phase.value}")
        return []

    @staticmethod
    def _stop(dispatcher: CollectingDispatcher, tracker: Tracker, session: Session) -> Events:
        """Stops for a sign that was asked about first: no emergency, but no exercise either.

        That no slot is asked for any more closes the form.
        """
        turn = advance(session, Event.ALARM, gates_of(tracker))
        say(dispatcher, tracker, turn)
        keep_record(tracker, turn.record)
        return [SlotSet("coaching", turn.session.as_dict()), SlotSet(REQUESTED_SLOT, None)]
