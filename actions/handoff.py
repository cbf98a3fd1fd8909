"""The wish to talk to a person."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.turns import now, text
from bot.clinic import clinic
from bot.patient import say_moment
from bot.store.handoffs import Wish, last_said, record_hand_off

logger = logging.getLogger("backcoach.actions")


class ActionHandOff(Action):
    """Notes that the patient wants a person, and says how to reach one."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_hand_off"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Never pretends that someone is there, or was told; an open form goes on by itself."""
        channel = tracker.get_latest_input_channel() or "web"
        try:
            # The transcript holds every turn before this one; the tracker only the last few.
            said = [*last_said(tracker.sender_id), ("patient", text(tracker))]
            wish = record_hand_off(tracker.sender_id, channel, said)
        except Exception as error:
            logger.error("record_hand_off failed: %s", type(error).__name__)
            dispatcher.utter_message(response="utter_talk_to_human_unsaved")
            return []
        _say(wish, dispatcher)
        return []


def _say(wish: Wish, dispatcher: CollectingDispatcher) -> None:
    if wish.told_at is not None:
        when = say_moment(wish.told_at, now(), clinic().time_zone)
        dispatcher.utter_message(response="utter_talk_to_human_told", told_when=when)
    elif wish.is_new:
        dispatcher.utter_message(response="utter_talk_to_human")
    else:
        dispatcher.utter_message(response="utter_talk_to_human_again")
