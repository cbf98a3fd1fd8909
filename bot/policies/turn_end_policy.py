"""Ends a turn that has had its answer."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policies.abstaining import AbstainingPolicy


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True
)
class TurnEndPolicy(AbstainingPolicy):
    """Listens once an action has run and no rule says what comes next.

    Without it, an action that was reached as a follow-up, for which there is no rule, would be
    followed by "I didn't get that" to a message that was answered. Its confidence lies between
    RulePolicy's fallback and a rule.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the default config."""
        return {"priority": 1, "confidence": 0.5}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts to listen after any action, and abstains on a new message."""
        if tracker.latest_action_name in (None, ACTION_LISTEN_NAME):
            return self._prediction(self._default_predictions(domain))
        return self._prediction(
            self.probabilities_of(ACTION_LISTEN_NAME, self.config["confidence"], domain)
        )
