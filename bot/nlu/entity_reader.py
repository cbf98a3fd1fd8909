"""Entities by the readers of ``bot.entities``: exercise, pain score, better/same/worse."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.entities.exercise import read_exercise
from bot.entities.pain import read_pain_change, read_pain_score

_PAIN_INTENTS = ("report_pain", "pain_increased", "describe_pain")


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class EntityReader(GraphComponent):
    """Adds the entities that deterministic readers find in a message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityReader:
        """Creates the component (see the parent class)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities to each message."""
        for message in messages:
            text = message.get("text") or ""
            intent = (message.get("intent") or {}).get("name")
            found = [*message.get("entities", []), *_entities(text, intent)]
            message.set("entities", found, add_to_output=True)
        return messages


def _entities(text: str, intent: str | None) -> list[dict[str, Any]]:
    read: list[tuple[str, str | int | None]] = [("exercise", read_exercise(text))]
    if intent in _PAIN_INTENTS:
        read += [("pain_score", read_pain_score(text)), ("pain_change", read_pain_change(text))]
    return [
        {"entity": name, "value": value, "start": 0, "end": len(text), "extractor": "EntityReader"}
        for name, value in read
        if value is not None
    ]
