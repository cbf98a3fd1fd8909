"""Misunderstandings, bare yes and no, the release of an urgency."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.privacy import answer_on_data
from actions.sessions import facts_in, picked_exercise
from actions.turns import (
    active_loop,
    answer,
    in_language,
    intent,
    last_buttons,
    last_response,
    previous_turn_did,
    quietly,
    text,
)
from bot.coaching.ball_facts import say_facts
from bot.entities.yes_no import Answer
from bot.readings import choices
from bot.store.records import record_unanswered, record_urgency

_OFFERS = {
    "book_evaluation": "action_start_booking",
    "start_exercise": "action_start_exercise",
    "describe_pain": "action_start_triage",
    "resume_exercise": "action_resume_exercise",
}
# Questions with buttons that a bare yes does not answer.
_WHICH = frozenset(
    {"utter_greet", "utter_capabilities", "utter_what_next", "utter_choices",
     "utter_coach_ball_skip", "utter_choose_exercise", "utter_report_pain", "utter_did_you_mean",
     "utter_coach_ball_told"}
)  # fmt: skip
_ANYTHING_ELSE = frozenset({"utter_thanks", "utter_offer_declined", "utter_nothing_to_stop"})


class ActionNotUnderstood(Action):
    """Offers the nearest readings as choices; the second time in a row, topics and the phone."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_not_understood"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Keeps the message for the clinic's review and answers."""
        picked = None if active_loop(tracker) else picked_exercise(tracker)
        if picked:
            return [SlotSet("exercise_wanted", picked), FollowupAction("action_start_exercise")]
        again = previous_turn_did(tracker, self.name())
        off_topic = intent(tracker)[0] == "out_of_scope"
        ranking = tracker.latest_message.get("full_intent_ranking") or []
        if not off_topic:
            nearest = ", ".join(reading["name"] for reading in ranking)
            quietly(record_unanswered, tracker.sender_id, text(tracker), nearest)
        noted = facts_in(tracker)
        if noted and active_loop(tracker):
            dispatcher.utter_message(response="utter_noted")
        elif noted:
            dispatcher.utter_message(response="utter_told_noted", told=say_facts(noted))
        elif active_loop(tracker):
            response = "utter_not_understood_in_form_again" if again else "utter_please_answer"
            dispatcher.utter_message(response=response)
        elif again:
            dispatcher.utter_message(response="utter_choices")
        elif off_topic:
            dispatcher.utter_message(response="utter_out_of_scope")
        elif near := choices(ranking):
            dispatcher.utter_message(response="utter_did_you_mean", buttons=near)
        else:
            dispatcher.utter_message(response="utter_not_understood")
        return []


class ActionTakeOffer(Action):
    """Binds a bare yes or no to the last thing that the bot offered, and to nothing else."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_take_offer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Follows the first button of the bot's last message on yes."""
        if active_loop(tracker):
            dispatcher.utter_message(response="utter_please_answer")
            return []
        buttons = last_buttons(tracker)
        said = answer(tracker)
        on_data = answer_on_data(said, dispatcher, tracker)
        if on_data is not None:
            return on_data
        if said is Answer.NO and last_response(tracker) in _ANYTHING_ELSE:
            dispatcher.utter_message(response="utter_goodbye")
            return []
        if said is Answer.YES and last_response(tracker) not in _WHICH:
            taken = take_first(buttons)
            if taken:
                return taken
        if said is Answer.NO and buttons:
            dispatcher.utter_message(response="utter_offer_declined")
            return []
        dispatcher.utter_message(response="utter_what_next")
        return []


def take_first(buttons: list[dict[str, str]]) -> Events:
    """Returns the events of taking the first offered button; none where it offers nothing."""
    payload = urlsplit(buttons[0]["payload"]) if buttons else None
    offered = payload.path.lstrip("/") if payload else ""
    if payload is None or offered not in _OFFERS:
        return []
    exercise = dict(parse_qsl(payload.query)).get("exercise")
    slots = [SlotSet("exercise_wanted", exercise)] if exercise else []
    return [*slots, FollowupAction(_OFFERS[offered])]


class ActionReleaseUrgency(Action):
    """Releases a level after the patient was asked and answered; recorded or not at all."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_release_urgency"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Records how it was released, then offers the evaluation."""
        how = tracker.get_slot("urgency_releasing") or "seen"
        record_urgency(
            tracker.sender_id, how, tracker.get_slot("urgency") or "none",
            tracker.get_slot("urgency_pathology"),
        )  # fmt: skip
        dispatcher.utter_message(response=in_language(tracker, f"utter_released_{how}"))
        names = ("urgency", "urgency_pathology", "urgency_releasing", "screened_on", "coaching")
        return [SlotSet(name, None) for name in names]
