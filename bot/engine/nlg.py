"""Responses with the clinic's facts filled in and the source of an answer shown."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.clinic import clinic
from bot.replies import responses, with_source


class ClinicNlg(TemplatedNaturalLanguageGenerator):
    """Rasa's response generator with the clinic's facts filled in."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        # Read from the files, not from the model: a changed answer needs no training.
        super().__init__(dict(responses()))
        self._facts = clinic().facts()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Generates a response (see the parent class)."""
        response = await super().generate(
            utter_action, tracker, output_channel, **{**self._facts, **kwargs}
        )
        return with_source(response, output_channel) if response else None
