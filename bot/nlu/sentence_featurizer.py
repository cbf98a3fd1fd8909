"""Gives each message the sentence encoder's embedding as its dense sentence feature."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoder.disk_cache import encode_cached
from bot.encoder.errors import EncoderError
from bot.encoder.manifest import read_manifest
from bot.encoder.model import DIMENSION, SentenceEncoder, shared_encoder
from bot.encoder.weights import Array
from bot.settings import ROOT

logger = logging.getLogger(__name__)

# Beside the engine's own cache of trained parts, and cold when that is.
CACHE = Path(os.environ.get("RASA_CACHE_DIRECTORY", ROOT / ".rasa" / "cache")).with_name(
    "embeddings"
)
_TRAINED_WITH = "encoder.json"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the embedding of the text, ``scale`` times its unit length.

    Logistic regression with its default regularisation makes too little of features of
    length 1 beside n-gram counts; on HINT3 ten times the length was best for one encoder, and
    five times for each of two.

    What is trained is only which encoder it was: without one, the model trains on sparse
    features; a model that was trained with one and finds none, or another, gets zeros, so
    that its sparse features still decide.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Names the packages that must be installed."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the default config: the encoder's folder in the project, and the scale."""
        return {
            **DenseFeaturizer.get_default_config(),
            "folder": "models/encoder",
            "scale": 10.0,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accepts any config; the folder may come later than the config."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Returns the encoder's identity, so that another encoder means training anew."""
        folder = config.get("folder", cls.get_default_config()["folder"])
        try:
            return read_manifest(ROOT / folder).identity
        except EncoderError:
            return "no encoder"

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        home: tuple[ModelStorage, Resource],
        encoder: SentenceEncoder | None,
        trained_with: str | None = None,
    ) -> None:
        super().__init__(name, config)
        self._model_storage, self._resource = home
        self._encoder = encoder
        self._trained_with = trained_with

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """Creates the component for training; warns where the encoder cannot be had."""
        encoder = _open(ROOT / config["folder"], "training on word and character n-grams only")
        return cls(config, execution_context.node_name, (model_storage, resource), encoder)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the encoder's identity with the model."""
        self._trained_with = self._encoder.identity if self._encoder else None
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _TRAINED_WITH).write_text(json.dumps({"identity": self._trained_with}))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoderFeaturizer:
        """Loads the component as it was trained (see the parent class)."""
        with model_storage.read_from(resource) as folder:
            trained_with = json.loads((folder / _TRAINED_WITH).read_text())["identity"]
        encoder = None
        if trained_with:
            encoder = _open(ROOT / config["folder"], "n-grams alone decide until it is back")
        if encoder and encoder.identity != trained_with:
            logger.warning(
                "The model was trained with another sentence encoder: train it again; "
                "n-grams alone decide until then."
            )
            encoder = None
        name = execution_context.node_name
        return cls(config, name, (model_storage, resource), encoder, trained_with)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the embeddings to all training examples, in batches, from the disk cache."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        if self._encoder:
            texts = [message.get(TEXT) for message in messages]
            self._add(messages, encode_cached(self._encoder, texts, CACHE))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the embedding to each message that has text, be it empty."""
        with_text = [message for message in messages if message.get(TEXT) is not None]
        if self._encoder:
            texts = [message.get(TEXT) for message in with_text]
            self._add(with_text, self._encoder.encode(texts))
        elif self._trained_with:
            self._add(with_text, np.zeros((len(with_text), DIMENSION), dtype=np.float32))
        return messages

    def _add(self, messages: list[Message], embeddings: Array) -> None:
        scaled = embeddings * np.float32(self._config["scale"])
        for message, row in zip(messages, scaled, strict=True):
            self.add_features_to_message(None, row[np.newaxis], TEXT, message)


def _open(folder: Path, otherwise: str) -> SentenceEncoder | None:
    try:
        return shared_encoder(folder)
    except EncoderError as error:
        logger.warning("%s Meanwhile: %s.", error, otherwise)
        return None
