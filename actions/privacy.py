"""The patient's own data: a copy of it, and its deletion, each only after a yes.

The question sets an open form aside, so that a yes cannot become its answer: after the questions
on danger signs it would mean an emergency. The form goes on after the answer.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, FollowupAction, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import Events
from actions.turns import REQUESTED_SLOT, active_loop, previous_turn_asked, standing_level
from bot.appointments import say_when
from bot.entities.yes_no import Answer
from bot.patient_file import downloads
from bot.store.audit import PATIENT, record
from bot.store.erasure import delete_patient

CONFIRM_DELETE, CONFIRM_EXPORT = "utter_delete_confirm", "utter_export_confirm"
DELETE, EXPORT = "action_delete_data", "action_export_data"
SET_ASIDE = "set_aside"


def _ask(response: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Asks a question that a yes or no is to answer, whatever form is open.

    While an emergency stands, a yes or no is answered with the emergency: the question waits.
    """
    if standing_level(tracker).is_emergency:
        dispatcher.utter_message(response="utter_data_later")
        return []
    dispatcher.utter_message(response=response)
    loop = active_loop(tracker)
    leave = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)] if loop else []
    return [*leave, SlotSet(SET_ASIDE, loop)]


def _go_on(tracker: Tracker) -> Events:
    """Returns the events that take up the form that was set aside, if any."""
    loop = tracker.get_slot(SET_ASIDE)
    return [SlotSet(SET_ASIDE, None), FollowupAction(loop)] if loop else []


def answer_on_data(
    said: Answer | None, dispatcher: CollectingDispatcher, tracker: Tracker
) -> Events | None:
    """Follows the answer to the question before, where that was one on the patient's data.

    Returns:
        What follows; None where nothing was asked, or the message is no answer.
    """
    for asked, action, declined in (
        (CONFIRM_DELETE, DELETE, "utter_data_kept"),
        (CONFIRM_EXPORT, EXPORT, "utter_export_declined"),
    ):
        if said is None or not previous_turn_asked(tracker, asked):
            continue
        if said is Answer.YES:
            return [FollowupAction(action)]
        dispatcher.utter_message(response=declined)
        return _go_on(tracker)
    return None


class ActionConfirmDelete(Action):
    """Asks whether to delete everything, and says what that is."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_confirm_delete"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Asks, and sets an open form aside."""
        return _ask(CONFIRM_DELETE, dispatcher, tracker)


class ActionDeleteData(Action):
    """Deletes what is stored of a patient, after they confirmed it."""

    def name(self) -> str:
        """Returns the action's name."""
        return DELETE

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Deletes the rows, then restarts the conversation so that nothing is written back."""
        visits = ", ".join(say_when(begins) for begins in delete_patient(tracker.sender_id).visits)
        # A page empties itself when it gives its token up; by text message nothing is said after.
        by_text = tracker.get_latest_input_channel() == "sms"
        if visits and by_text:
            dispatcher.utter_message(response="utter_deleted_visits", visits=visits)
        dispatcher.utter_message(response="utter_deleted")
        dispatcher.messages[-1]["custom"] = {"type": "forget"}
        if visits and not by_text:
            dispatcher.utter_message(response="utter_deleted_visits", visits=visits)
        # As the last thing that was done, this ends the turn: a new conversation would be answered.
        return [Restarted(), ActionExecuted(DELETE)]


class ActionConfirmExport(Action):
    """Asks whether to show everything that is kept; by text message it is never sent."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_confirm_export"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Asks, and sets an open form aside; or says who gives a copy."""
        if tracker.get_latest_input_channel() == "sms":
            record(PATIENT, "export_asked", tracker.sender_id, "by text: sent to the clinic")
            dispatcher.utter_message(response="utter_export_by_clinic")
            return []
        return _ask(CONFIRM_EXPORT, dispatcher, tracker)


class ActionExportData(Action):
    """Gives a patient everything that is kept of them, after they confirmed it."""

    def name(self) -> str:
        """Returns the action's name."""
        return EXPORT

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Gives a text to read and the same as JSON; none of it without its audit entry."""
        record(PATIENT, "export", tracker.sender_id)
        files = downloads(tracker.sender_id)
        for response, file in zip(("utter_export_text", "utter_export_json"), files, strict=True):
            dispatcher.utter_message(response=response)
            dispatcher.messages[-1]["custom"] = file
        return _go_on(tracker)
