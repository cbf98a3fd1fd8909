"""Intent classification by logistic regression over the full intent names (``faq/topic``)."""

from __future__ import annotations

import json
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bot.entities.reference import is_about_a_booking
from bot.entities.yes_no import Answer, read_answer
from bot.nlu.ngrams import Ngrams
from bot.nlu.retrieval import retrieval

FULL_RANKING = "full_intent_ranking"
OUT_OF_SCOPE = "out_of_scope"
CHECK = "check_booking"
OF_A_BOOKING = frozenset({CHECK, "change_booking", "cancel_booking"})
_ANSWERS = {"affirm": Answer.YES, "deny": Answer.NO, "unsure": Answer.UNSURE}
CLEAR = 0.5
REFERENCE_CONFIDENCE = 0.9
"""Of a message with a booking's reference: it is about that booking."""
LEAST_TO_CALIBRATE = 500
_WEIGHTS, _DESCRIPTION = "weights.npz", "classifier.json"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class FullIntentClassifier(IntentClassifier, GraphComponent):
    """Labels a message with its full intent, and fills in what Rasa needs to answer ``faq/...``.

    Rasa's own classifier labels by base intent, so that a retrieval intent needs a second model;
    here one model decides, and the retrieval action finds its answer as if a selector had run.
    It reads the sentence embedding where a featurizer before it made one, and makes its own word
    and character n-grams: Rasa's count featurizers also make features of every token, which
    nothing here reads and which double the training time.

    A best confidence below ``threshold`` becomes ``nlu_fallback``; the ranking keeps the readings.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the default config."""
        return {
            "C": 1.0,
            "max_iter": 30,
            "tol": 1e-3,
            "threshold": 0.2,
            "ngram_weight": 4.0,
            "out_of_scope_weight": 2.0,
            "random_state": 42,
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage, self._resource = model_storage, resource
        self._ngrams = Ngrams()
        self._classes: list[str] = []
        # One row for each feature, one column for each intent.
        self._by_feature: npt.NDArray[np.float32] = np.empty((0, 0), dtype=np.float32)
        self._bias: npt.NDArray[np.float32] = np.empty(0, dtype=np.float32)
        self._sharpness = 1.0

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FullIntentClassifier:
        """Creates an untrained classifier (see the parent class)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on all examples that have an intent."""
        examples = [e for e in training_data.intent_examples if e.get("intent") and e.get("text")]
        if not examples:
            return self._resource
        self._ngrams.fit([example.get("text") for example in examples])
        labels = np.array([example.get_full_intent() for example in examples])
        features = self._features(examples)
        with warnings.catch_warnings(), ThreadPoolExecutor(1) as pool:
            # They stop early on purpose: more steps take minutes and read no better.
            warnings.simplefilter("ignore", ConvergenceWarning)
            calibrating = pool.submit(self._calibrated, features, labels)  # on the other core
            model = self._fit(features, labels)
            self._sharpness = calibrating.result()
        self._classes = [str(name) for name in model.classes_]
        self._by_feature = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        self._bias = model.intercept_.astype(np.float32)
        self._persist()
        return self._resource

    def _fit(self, features: csr_matrix, labels: npt.NDArray[Any]) -> LogisticRegression:
        names, counts = np.unique(labels, return_counts=True)
        weights = dict(zip(names, len(labels) / (len(names) * counts), strict=True))
        # Balanced, but for what is off topic: it is a hundred topics, not one.
        weights[OUT_OF_SCOPE] = self._config["out_of_scope_weight"] * weights.get(OUT_OF_SCOPE, 1.0)
        model = LogisticRegression(
            C=self._config["C"],
            max_iter=self._config["max_iter"],
            tol=self._config["tol"],
            random_state=self._config["random_state"],
            class_weight={name: weights[name] for name in names},
        )
        return model.fit(features, labels)

    def _calibrated(self, features: csr_matrix, labels: npt.NDArray[Any]) -> float:
        """Returns the factor on the scores that makes the confidence honest.

        Learnt on a tenth of the examples, by a model that has not seen them (temperature scaling,
        Guo et al. 2017): of the messages read with a confidence of 0.7, 70 % should be right.
        """
        if len(labels) < LEAST_TO_CALIBRATE:
            return 1.0
        chosen = np.random.default_rng(self._config["random_state"]).random(len(labels)) < 0.1
        model = self._fit(features[~chosen], labels[~chosen])
        known = np.isin(labels[chosen], model.classes_)
        scores = model.decision_function(features[chosen][known])
        truth = np.searchsorted(model.classes_, labels[chosen][known])
        found = minimize_scalar(
            lambda factor: log_loss(softmax(factor * scores), truth),
            bounds=(0.2, 5),
            method="bounded",
        )
        return round(float(found.x), 3)

    def _features(self, messages: list[Message]) -> csr_matrix:
        """Returns the n-grams of the messages, and their embeddings where all have one."""
        ngrams = self._ngrams.transform([_text(message) for message in messages])
        # Of length 1 or 2 they would say little beside embeddings of length 5 each.
        ngrams = self._config["ngram_weight"] * ngrams
        embeddings = [message.get_dense_features(TEXT)[1] for message in messages]
        if not all(embeddings):
            return ngrams
        dense = np.vstack([embedding.features for embedding in embeddings])
        return hstack([ngrams, csr_matrix(dense)], format="csr")

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent, ranking and the retrieval answer of each message."""
        if not messages or not self._classes:
            return messages
        scores = np.vstack([self._scores(message) for message in messages])
        rows = softmax(self._sharpness * (scores + self._bias))
        for message, row in zip(messages, rows, strict=True):
            best = np.argsort(row)[::-1]
            ranking = [{"name": self._classes[i], "confidence": float(row[i])} for i in best]
            if is_about_a_booking(message.get(TEXT) or ""):
                ranking = _of_a_booking(ranking)
            ranking = ranking[:3]
            answered = _is_answer(message.get(TEXT) or "", ranking[0]["name"])
            _label(message, ranking, 0.0 if answered else self._config["threshold"])
        return messages

    def _scores(self, message: Message) -> npt.NDArray[np.float32]:
        """Returns a message's scores: its few n-grams and its embedding each in its own product.

        As one sparse product they would take ten times as long.
        """
        embedding = message.get_dense_features(TEXT)[1]
        width = embedding.features.shape[1] if embedding else 0
        ngrams = len(self._by_feature) - width
        if ngrams != self._ngrams.width:
            raise ValueError("The model was trained with other features: run `bot train`.")
        scores: npt.NDArray[np.float32] = np.float32(self._config["ngram_weight"]) * (
            self._ngrams.score(_text(message), self._by_feature[:ngrams])
        )
        if embedding:
            scores += embedding.features[0] @ self._by_feature[ngrams:]
        return scores

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: no component after this one reads its intents."""
        return training_data

    def _persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / _WEIGHTS,
                weights=self._by_feature.astype(np.float16),
                bias=self._bias,
                **self._ngrams.arrays(),
            )
            description = {
                "classes": self._classes,
                "sharpness": self._sharpness,
                "ngrams": self._ngrams.vocabularies(),
            }
            (folder / _DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FullIntentClassifier:
        """Loads a trained classifier (see the parent class)."""
        restored = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            description = json.loads((folder / _DESCRIPTION).read_text())
            with np.load(folder / _WEIGHTS) as arrays:
                restored._ngrams = Ngrams.restore(description["ngrams"], arrays)
                restored._by_feature = arrays["weights"].astype(np.float32)
                restored._bias = arrays["bias"]
        restored._classes = description["classes"]
        restored._sharpness = description["sharpness"]
        return restored


def _text(message: Message) -> str:
    return message.get(TEXT) or ""


def softmax(scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Returns each row of scores as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: npt.NDArray[Any] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def log_loss(rows: npt.NDArray[Any], truth: npt.NDArray[np.int64]) -> float:
    """Returns the mean surprise at the true classes: lower is better."""
    return float(-np.log(np.maximum(rows[np.arange(len(truth)), truth], 1e-12)).mean())


def _of_a_booking(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Puts the reading on top of a message that names a booking's reference.

    No example holds a reference: it is a word that the classifier has never met. What was not
    clearly asked for is never a cancellation or a change, only a look at the booking.
    """
    top = ranking[0]
    clear = top["name"] in OF_A_BOOKING and top["confidence"] >= CLEAR
    meant = top["name"] if clear else CHECK
    others = [one for one in ranking if one["name"] != meant]
    return [{"name": meant, "confidence": REFERENCE_CONFIDENCE}, *others]


def _is_answer(text: str, intent: str) -> bool:
    """Tells whether a message's words alone say the yes or no that it was read as."""
    said = _ANSWERS.get(intent)
    return said is not None and read_answer(text) is said


def _label(message: Message, ranking: list[dict[str, Any]], threshold: float) -> None:
    top = ranking[0]
    base = top["name"].split("/")[0]
    understood = top["confidence"] >= threshold
    intent = {
        "name": base if understood else DEFAULT_NLU_FALLBACK_INTENT_NAME,
        "confidence": top["confidence"],
    }
    message.set("intent", intent, add_to_output=True)
    message.set(FULL_RANKING, ranking, add_to_output=True)
    if understood and "/" in top["name"]:
        message.set(
            "response_selector", retrieval(top["name"], top["confidence"]), add_to_output=True
        )
