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
        self._texts = dict(responses())
        super().__init__(self._texts)
        self._facts = clinic().facts()

    @property
    def responses(self) -> dict[str, list[dict[str, Any]]]:
        """The texts of the files, not those of the model: a changed answer needs no training."""
        return self._texts

    @responses.setter
    def responses(self, _of_the_model: dict[str, list[dict[str, Any]]]) -> None:
        """Does nothing: the engine would put the model's older texts over the files'."""

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
