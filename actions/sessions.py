"""The coached session of a conversation: reading it from the slots, keeping records of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import last_buttons, last_response, now, quietly, text, today
from bot.coaching.ball_check import ball_questions, balls_allowed
from bot.coaching.ball_facts import Fact, say_facts, standing_facts, told_slot
from bot.coaching.gates import Gates
from bot.coaching.reading import exercises_without_ball
from bot.coaching.state import Session
from bot.entities.exercise import read_exercise
from bot.store.records import record_exercise
from bot.texting.choices import chosen

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
        bool(told_facts(tracker)),
    )


def told_facts(tracker: Tracker) -> tuple[Fact, ...]:
    """Returns what the patient told, at any moment, that leaves the ball releases out."""
    return standing_facts(tracker.slots, now().date())


def facts_in(tracker: Tracker) -> tuple[Fact, ...]:
    """Returns those of these facts that the newest message tells."""
    told = {entity["entity"] for entity in tracker.latest_message.get("entities") or []}
    return tuple(fact for fact in told_facts(tracker) if told_slot(fact.name) in told)


def picked_exercise(tracker: Tracker) -> str | None:
    """Returns the exercise picked from the list that was just shown: "the soft ball", "the second".

    The list is the only place where a bare name or place in the order is a wish.
    """
    if not (last_response(tracker) or "").startswith("utter_choose_exercise"):
        return None
    buttons = [b for b in last_buttons(tracker) if "exercise=" in b.get("payload", "")]
    title = chosen(text(tracker), [button["title"] for button in buttons])
    payload = next((b["payload"] for b in buttons if b["title"] == title), "")
    return payload.rpartition("exercise=")[2] or read_exercise(text(tracker), wanted=True)


def choose_exercise(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Asks which exercise is wanted, without those that are left out."""
    told = told_facts(tracker)
    name = "utter_choose_exercise_no_ball" if told else "utter_choose_exercise"
    dispatcher.utter_message(response=name, told=say_facts(told))


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
