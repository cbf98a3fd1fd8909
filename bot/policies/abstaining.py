"""The base of policies that have nothing to learn and abstain but for what they are there for."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates


class AbstainingPolicy(Policy):
    """A policy without a model."""

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Has nothing to learn (see the parent class)."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AbstainingPolicy:
        """Restores the policy; it keeps nothing (see the parent class)."""
        return cls(config, model_storage, resource, execution_context)

    def probabilities_of(self, action: str, confidence: float, domain: Domain) -> list[float]:
        """Returns probabilities that are zero but for one action's."""
        probabilities: list[float] = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = confidence
        return probabilities
