"""Pain that flared up: a new screen, then easing, gentle movement and the clinic."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.screening import FORM as SCREEN_FORM
from actions.screening import start_screen
from actions.sessions import current_session, gates_of, keep_record
from actions.turns import active_loop, in_language, standing_level
from bot.coaching.events import Event
from bot.coaching.session import advance
from bot.safety import Urgency


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
        dispatcher.utter_message(response="utter_flare_start")
        return [*_without_exercise(tracker), SlotSet("screened_on", None), *start_screen("flare")]


def _without_exercise(tracker: Tracker) -> Events:
    """Returns the events that end an exercise which waits; what was done of it is recorded."""
    session = current_session(tracker)
    if session is None:
        return []
    keep_record(tracker, advance(session, Event.STOP, gates_of(tracker)).record)
    return [SlotSet("coaching", None), SlotSet("exercise_wanted", None)]
