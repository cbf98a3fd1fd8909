"""The danger-sign detector as a component of the pipeline, on every message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.safety import Status, screen
from bot.safety.detector import prepare

SAFETY = "safety"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class SafetyScreen(GraphComponent):
    """Puts the screening of each message beside its intent, as ``safety``."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyScreen:
        """Creates the component, ready for its first message (see the parent class)."""
        prepare()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Screens each message."""
        for message in messages:
            screening = screen(message.get("text") or "")
            message.set(
                SAFETY,
                {
                    "level": screening.level.label,
                    "pathology": screening.pathology,
                    "ask": screening.ask,
                    "ask_level": screening.ask_level.label,
                    "by_rules": any(f.status is Status.PRESENT for f in screening.findings),
                },
                add_to_output=True,
            )
        return messages
