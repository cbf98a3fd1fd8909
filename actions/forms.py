"""The base of all form validations: an answer, a digression, or the question again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import REQUESTED_SLOT, is_fresh

Events = list[dict[str, Any]]


class FormValidation(Action):
    """Reads answers for one form.

    Slots of our forms have no mapping of their own, so that nothing fills them but ``take``: a
    frightening sentence or a question never becomes a name. Where ``take`` returns None the form
    rejects the message; the rules answer it, and the form asks again.

    Attributes:
        form: The form's name.
        only_slot: The one slot that keeps a form open until ``take`` ends it, where it has no list
            of questions.
    """

    form = ""
    only_slot: str | None = None

    def name(self) -> str:
        """Returns the action's name, from the form's."""
        return f"validate_{self.form}"

    def take(
        self, requested: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Events | None:
        """Reads the newest message as the answer to the requested slot.

        Returns:
            Events that store the answer, or None when the message is about something else.
        """
        raise NotImplementedError

    def next_slot(self, slots: dict[str, Any]) -> str | None:
        """Returns the slot to ask for next, or None when the form is done."""
        return self.only_slot

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Runs the validation (see the parent class)."""
        requested = tracker.get_slot(REQUESTED_SLOT)
        events: Events = []
        if requested and is_fresh(tracker, self.form):
            taken = self.take(requested, dispatcher, tracker)
            if taken is None:
                return []
            events = taken
        if any(event.get("name") == REQUESTED_SLOT for event in events):
            return events
        slots = dict(tracker.slots)
        slots.update({e["name"]: e["value"] for e in events if e["event"] == "slot"})
        return [*events, SlotSet(REQUESTED_SLOT, self.next_slot(slots))]
