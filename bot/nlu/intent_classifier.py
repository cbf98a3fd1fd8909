"""Intent classification by logistic regression over the full intent names (``faq/topic``)."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

FULL_RANKING = "full_intent_ranking"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class FullIntentClassifier(LogisticRegressionClassifier):
    """Labels a message with its full intent, and fills in what Rasa needs to answer ``faq/...``.

    Rasa's own classifier labels by base intent, so that a retrieval intent needs a second model;
    here one model decides, and the retrieval action finds its answer as if a selector had run.
    A best confidence below ``threshold`` becomes ``nlu_fallback``; the ranking keeps the readings.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the default config (see the parent class)."""
        return {
            **LogisticRegressionClassifier.get_default_config(),
            "C": 1.0,
            "threshold": 0.2,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clf = LogisticRegression(
            C=self.config["C"],
            solver=self.config["solver"],
            max_iter=self.config["max_iter"],
            tol=self.config["tol"],
            random_state=self.config["random_state"],
            class_weight="balanced",
        )

    def _create_training_matrix(self, training_data: TrainingData) -> tuple[Any, list[str]]:
        examples = [
            example
            for example in training_data.intent_examples
            if example.get("intent") and example.get("text")
        ]
        return self._create_X(examples), [example.get_full_intent() for example in examples]

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent, ranking and the retrieval answer of each message."""
        if not messages or not hasattr(self.clf, "classes_"):
            return messages
        rows = self.clf.predict_proba(self._create_X(messages))
        for message, row in zip(messages, rows, strict=True):
            best = np.argsort(row)[::-1][: self.config["ranking_length"] or None]
            ranking = [
                {"name": str(self.clf.classes_[i]), "confidence": float(row[i])} for i in best
            ]
            _label(message, ranking, self.config["threshold"])
        return messages


def _label(message: Message, ranking: list[dict[str, Any]], threshold: float) -> None:
    top = ranking[0]
    base = top["name"].split("/")[0]
    understood = top["confidence"] >= threshold
    message.set(
        "intent",
        {
            "name": base if understood else DEFAULT_NLU_FALLBACK_INTENT_NAME,
            "confidence": top["confidence"],
        },
        add_to_output=True,
    )
    message.set(FULL_RANKING, ranking[:3], add_to_output=True)
    if understood and "/" in top["name"]:
        message.set(
            "response_selector", retrieval(top["name"], top["confidence"]), add_to_output=True
        )


def retrieval(full_intent: str, confidence: float) -> dict[str, Any]:
    """Returns what Rasa's retrieval action reads to answer ``faq/topic``."""
    base = full_intent.split("/", maxsplit=1)[0]
    return {
        "all_retrieval_intents": [base],
        base: {
            "response": {
                "intent_response_key": full_intent,
                "utter_action": f"utter_{full_intent}",
                "confidence": confidence,
            }
        },
    }
