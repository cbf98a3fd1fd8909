import logging
import warnings

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # TensorFlow, which the dialogue engine imports
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.encoder.errors import EncoderError
    from bot.nlu import sentence_featurizer
    from bot.nlu.sentence_featurizer import SentenceEncoderFeaturizer as Featurizer

RESOURCE = Resource("encoder")
CONTEXT = ExecutionContext(GraphSchema({}), node_name="encoder")


class Encoder:
    def __init__(self, identity):
        self.identity = identity

    def encode(self, texts):
        rows = [np.full(384, len(text), dtype=np.float32) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 384), dtype=np.float32)


@pytest.fixture
def storage(tmp_path, monkeypatch):
    monkeypatch.setattr(sentence_featurizer, "CACHE", tmp_path / "cache")
    (tmp_path / "storage").mkdir()
    return LocalModelStorage(tmp_path / "storage")


@pytest.fixture
def use(monkeypatch):
    """Chooses the encoder that is installed: its identity, or None for none."""

    def choose(identity):
        def opened(folder):
            if identity is None:
                raise EncoderError(f"There is no sentence encoder in {folder}: run `make setup`.")
            return Encoder(identity)

        monkeypatch.setattr(sentence_featurizer, "shared_encoder", opened)

    return choose


def config(**other):
    return {**Featurizer.get_default_config(), **other}


def train(storage, *texts):
    data = TrainingData([Message.build(text, intent="greet") for text in texts])
    component = Featurizer.create(config(), storage, RESOURCE, CONTEXT)
    component.train(data)
    loaded = Featurizer.load(config(), storage, RESOURCE, CONTEXT)
    return loaded.process_training_data(data).training_examples


def served(storage, text, **other):
    component = Featurizer.load(config(**other), storage, RESOURCE, CONTEXT)
    message = Message(data={"text": text})
    component.process([message])
    return message


def sentence(message):
    sequence, features = message.get_dense_features("text")
    assert sequence is None
    return features.features if features else None


def test_training_examples_get_the_scaled_embedding(storage, use):
    use("a")
    first, second = train(storage, "abc", "abcde")
    assert sentence(first).shape == (1, 384)
    assert sentence(first)[0, 0] == 30
    assert sentence(second)[0, 0] == 50


def test_messages_get_the_same_as_in_training(storage, use):
    use("a")
    (example,) = train(storage, "abc")
    assert (sentence(served(storage, "abc")) == sentence(example)).all()


def test_scale_can_be_set(storage, use):
    use("a")
    train(storage, "abc")
    assert sentence(served(storage, "abc", scale=1.0))[0, 0] == 3


@pytest.mark.parametrize("data", [{}, {"text": None}, {"action_name": "x"}])
def test_what_has_no_text_gets_nothing(storage, use, data):
    use("a")
    train(storage, "abc")
    message = Message(data=data)
    Featurizer.load(config(), storage, RESOURCE, CONTEXT).process([message])
    assert message.features == []


def test_an_empty_message_gets_its_embedding_too(storage, use):
    use("a")
    train(storage, "abc")
    assert sentence(served(storage, "")).shape == (1, 384)


def test_without_encoder_training_warns_once_and_goes_on(storage, use, caplog):
    use(None)
    with caplog.at_level(logging.WARNING):
        (example,) = train(storage, "abc")
        message = served(storage, "abc")
    assert sentence(example) is None
    assert sentence(message) is None
    assert len(caplog.records) == 1
    assert "make setup" in caplog.text
    assert "n-grams only" in caplog.text


def test_an_encoder_that_came_later_is_not_used(storage, use):
    use(None)
    train(storage, "abc")
    use("a")
    assert sentence(served(storage, "abc")) is None


@pytest.mark.parametrize("later", [None, "b"])
def test_a_lost_or_other_encoder_leaves_zeros_and_a_warning(storage, use, later, caplog):
    use("a")
    train(storage, "abc")
    use(later)
    with caplog.at_level(logging.WARNING):
        message = served(storage, "abc")
    assert sentence(message).shape == (1, 384)
    assert not sentence(message).any()
    assert len(caplog.records) == 1


def test_the_fingerprint_names_the_encoder(tmp_path, monkeypatch):
    monkeypatch.setattr(sentence_featurizer, "ROOT", tmp_path)
    assert Featurizer.fingerprint_addon({}) == "no encoder"
    monkeypatch.setattr(
        sentence_featurizer, "read_manifest", lambda folder: type("M", (), {"identity": folder})
    )
    assert Featurizer.fingerprint_addon({}) == tmp_path / "models/encoder"
    assert Featurizer.fingerprint_addon({"folder": "x"}) == tmp_path / "x"
