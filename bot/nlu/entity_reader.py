"""Entities by deterministic readers: exercise, pain score, what leaves the ball releases out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.clinic import clinic
from bot.coaching.ball_facts import read_told, told_slot
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
    told = read_told(text, datetime.now(ZoneInfo(clinic().time_zone)).date())
    read += [(told_slot(fact), on) for fact, on in told.items()]
    if intent in _PAIN_INTENTS:
        read += [("pain_score", read_pain_score(text)), ("pain_change", read_pain_change(text))]
    return [
        {"entity": name, "value": value, "start": 0, "end": len(text), "extractor": "EntityReader"}
        for name, value in read
        if value is not None
    ]
