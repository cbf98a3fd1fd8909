"""Handles a turn as Rasa does, without the work whose result nobody reads."""

from __future__ import annotations

from functools import cached_property

from rasa.core.actions.action import (
    Action,
    ActionBotResponse,
    ActionListen,
    ActionRetrieveResponse,
)
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import DefinePrevUserUtteredFeaturization
from rasa.shared.core.trackers import DialogueStateTracker

# They look at a tracker and change nothing in it.
_READERS = (ActionListen, ActionBotResponse, ActionRetrieveResponse)
# About the training of policies; no answer depends on it.
_UNREAD = (DefinePrevUserUtteredFeaturization,)
_VALIDATION = "action_validate_slot_mappings"


def _glimpse(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Returns the tracker as it is, for an action that only reads; what it is told is dropped."""
    seen = object.__new__(type(tracker))
    seen.__dict__.update(tracker.__dict__, update_with_events=lambda *_: None)
    return seen


def filled_by(domain: Domain) -> frozenset[str] | None:
    """Returns the entities that fill slots outside of forms.

    Returns:
        None where something else may fill one: the words of a message, its intent, or an action.
    """
    entities = set()
    for slot in domain.slots:
        for mapping in slot.mappings:
            kind = mapping.get("type")
            if kind == "from_entity":
                entities.add(mapping["entity"])
            elif kind != "custom" or "action" in mapping:
                return None
    return None if _VALIDATION in domain.user_actions else frozenset(entities)


class TurnProcessor(MessageProcessor):
    """Rasa's processor with two short ways, where the long one leads to the same place."""

    @cached_property
    def _filled_by(self) -> frozenset[str] | None:
        return filled_by(self.domain)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fills slots (see the parent class); looks for none where nothing could fill one."""
        message = tracker.latest_message
        if self._filled_by is not None and tracker.active_loop_name is None and message is not None:
            named = {entity.get("entity") for entity in message.entities}
            if named.isdisjoint(self._filled_by):
                return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        # Rasa copies the tracker, so that an action that refuses to run leaves no trace in it.
        reads = type(action) in _READERS and all(type(e) in _UNREAD for e in prediction.events)
        if reads:
            tracker.__dict__["copy"] = lambda: _glimpse(tracker)
        try:
            return bool(await super()._run_action(action, tracker, output_channel, nlg, prediction))
        finally:
            if reads:
                del tracker.__dict__["copy"]
