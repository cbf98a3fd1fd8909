"""Pain that flared up, or is told as a score: a new screen, easing, movement and the clinic."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.screening import FORM as SCREEN_FORM
from actions.screening import start_screen
from actions.sessions import current_session, gates_of, keep_record
from actions.turns import (
    active_loop,
    in_language,
    last_response,
    quietly_read,
    standing_level,
    text,
    today,
)
from bot.coaching.events import Event
from bot.coaching.pain_rules import Told, told_score
from bot.coaching.reading import is_flare
from bot.coaching.session import advance
from bot.entities.pain import read_pain_change, read_pain_score
from bot.entities.yes_no import read_answer
from bot.safety import Urgency
from bot.store.models import utc_now
from bot.store.records import LoggedExercise, exercises_of

_PAIN = re.compile(r"pain|hurt|ache|aching|sore|back|ouch|dolor|duele|out of (?:10|ten)|/ ?10")
_SAID = {Told.FINE: "utter_told_fine", Told.GENTLY: "utter_told_gently"}
SETTLES_WITHIN = timedelta(hours=24)
"""For how long pain after exercise is measured by the pain before it (ground rules)."""


class ActionFlareUp(Action):
    """Answers pain that rose after exercise or by itself."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_flare_up"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Screens anew, although that was done today; an exercise that waits is ended."""
        loop = active_loop(tracker)
        if loop == SCREEN_FORM:
            dispatcher.utter_message(response="utter_noted")
            return [SlotSet("after_screen", "flare"), *_without_exercise(tracker)]
        if loop == "booking_form":
            dispatcher.utter_message(response="utter_noted")
            return []
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response=in_language(tracker, "utter_no_exercise_now"))
            return []
        if _is_only_a_score(text(tracker)):
            # "My pain is 3 now" may be the best news of the day.
            return _say_score(dispatcher, tracker)
        dispatcher.utter_message(response="utter_flare_start")
        return [*_without_exercise(tracker), SlotSet("screened_on", None), *start_screen("flare")]


def _without_exercise(tracker: Tracker) -> Events:
    """Returns the events that end an exercise which waits; what was done of it is recorded."""
    session = current_session(tracker)
    if session is None:
        return []
    keep_record(tracker, advance(session, Event.STOP, gates_of(tracker)).record)
    return [SlotSet("coaching", None), SlotSet("exercise_wanted", None)]


class ActionReportPain(Action):
    """Applies the pain rules to a score that is told outside an exercise."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_report_pain"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Goes on, gently, or eases and screens anew; measured by the last exercise, if any."""
        if active_loop(tracker):
            dispatcher.utter_message(response="utter_noted")
            return []
        if standing_level(tracker) >= Urgency.PHYSICIAN_SOON:
            dispatcher.utter_message(response=in_language(tracker, "utter_no_exercise_now"))
            return []
        if last_response(tracker) == "utter_reminder_set" and not _PAIN.search(
            text(tracker).lower()
        ):
            # "Actually 7", behind "It's set: exercise Monday at 6 pm", is a time.
            return [FollowupAction("action_set_reminder")]
        return _say_score(dispatcher, tracker)


def _is_only_a_score(said: str) -> bool:
    """Tells whether a message names a score and no rise, so that the rules weigh the score."""
    if read_pain_score(said) is None or read_answer(said) is not None:
        return False
    return read_pain_change(said) != "worse" and not is_flare(said)


def _say_score(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Says what a score means after the last exercise, if there was one."""
    pain = read_pain_score(text(tracker))
    if pain is None:
        dispatcher.utter_message(response="utter_report_pain")
        return []
    last = _last_exercise(tracker.sender_id)
    told = told_score(last.pain_before if last else None, pain)
    if told is Told.WORSE and (last or _PAIN.search(text(tracker).lower())):
        return _too_much(dispatcher, tracker)
    dispatcher.utter_message(response=_SAID[told] if last else "utter_report_pain")
    return []


def _too_much(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    dispatcher.utter_message(response="utter_told_worse")
    screened = tracker.get_slot("screened_on") == today()
    if screened and tracker.get_slot("after_screen") == "flare":
        # The questions were asked for this flare already.
        dispatcher.utter_message(response="utter_flare_ease")
        return _without_exercise(tracker)
    dispatcher.utter_message(response="utter_told_screen")
    return [*_without_exercise(tracker), SlotSet("screened_on", None), *start_screen("flare")]


def _last_exercise(sender_id: str) -> LoggedExercise | None:
    """Returns the newest exercise that pain is measured by, or None."""
    logged: list[LoggedExercise] = quietly_read(exercises_of, sender_id) or []
    recent = [done for done in logged if utc_now() - done.finished_at <= SETTLES_WITHIN]
    return recent[-1] if recent else None
