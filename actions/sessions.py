"""The coached session of a conversation: reading it from the slots, keeping records of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import quietly, text, today
from bot.coaching.ball_check import ball_questions, balls_allowed
from bot.coaching.gates import Gates
from bot.coaching.reading import exercises_without_ball
from bot.coaching.state import Session
from bot.store.records import record_exercise

Events = list[dict[str, Any]]


def stored_session(tracker: Tracker) -> Session | None:
    """Returns the exercise of this conversation, over or not; None where it cannot be read."""
    stored = tracker.get_slot("coaching")
    if not stored:
        return None
    try:
        return Session.from_dict(stored)
    except (KeyError, TypeError, ValueError):
        return None


def current_session(tracker: Tracker) -> Session | None:
    """Returns the exercise that is going on or set aside, or None."""
    session = stored_session(tracker)
    return None if session is None or session.is_over else session


def ball_answers(slots: dict[str, Any]) -> dict[str, str]:
    """Returns the answers to the ball questions."""
    return {name: slots[name] for name in ball_questions() if slots.get(name)}


def gates_of(tracker: Tracker) -> Gates:
    """Returns what was answered today, from the slots."""
    return Gates(
        today(),
        tracker.get_slot("screened_on"),
        tracker.get_slot("ball_checked_on"),
        balls_allowed(ball_answers(tracker.slots)),
    )


def keep_record(tracker: Tracker, session: Session | None) -> None:
    """Keeps a record of an exercise that was finished or stopped."""
    if session is not None:
        quietly(
            record_exercise,
            tracker.sender_id,
            session.exercise,
            session.outcome,
            session.pain_before,
            session.pain_after,
        )


def note_no_ball(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
    """Takes "I don't have a ball", said instead of an answer to the questions before an exercise.

    It is no "no": the question is asked again.

    Returns:
        Events that leave out the exercises for which there is no ball; None where the message says
        nothing of the kind, or no exercise waits.
    """
    without, session = exercises_without_ball(text(tracker)), current_session(tracker)
    if not without or session is None:
        return None
    dispatcher.utter_message(response="utter_coach_no_ball_noted")
    return [SlotSet("coaching", session.leaving_out(without).as_dict())]
