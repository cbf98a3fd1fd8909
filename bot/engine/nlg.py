"""Responses with the clinic's facts filled in and the source of an answer shown."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.clinic import clinic
from bot.coaching.ball_facts import OVER, ball_facts, say_facts, told_slot
from bot.replies import plain_response, responses, with_source

NOTED = "utter_told_noted"
_ANSWER = "utter_faq/"


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
        if not response:
            return None
        noted = _noted(tracker, output_channel) if utter_action.startswith(_ANSWER) else ""
        if noted:
            response["text"] = f"{noted}\n\n{response['text']}"
        return with_source(response, output_channel)


def _noted(tracker: DialogueStateTracker, channel: str) -> str:
    """Returns what is said to a message that tells of a fact beside its question.

    It is kept for the ball exercises; an answer that passed over it would sound as if it were not.
    """
    message = tracker.latest_message
    told = {e["entity"] for e in message.entities if e.get("value") != OVER} if message else set()
    facts = tuple(fact for fact in ball_facts() if told_slot(fact.name) in told)
    text: str = plain_response(NOTED, channel)["text"] if facts else ""
    return text.replace("{told}", say_facts(facts))
