"""The intent classifier by itself: learning, confidence, and what it says of an unread message."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.settings import NLU_DATA
from training.data import plain_examples

INTENTS = {
    "faq/hours",
    "faq/contact",
    "faq/cost_insurance",
    "greet",
    "affirm",
    "out_of_scope",
    "thanks",
    "cancel_booking",
    "check_booking",
}


def _examples() -> list[tuple[str, str]]:
    pairs = [pair for path in sorted(NLU_DATA.glob("*.yml")) for pair in plain_examples(path)]
    return [(text, intent) for text, intent in pairs if intent in INTENTS]


@pytest.fixture(scope="module")
def nlu(engine_imported: None) -> SimpleNamespace:
    """The engine's classes, imported once and late."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.intent_classifier import FullIntentClassifier

    return SimpleNamespace(
        classifier=FullIntentClassifier, data=TrainingData, storage=LocalModelStorage, at=Resource
    )


def _message(text: str, intent: str | None = None) -> Any:
    from rasa.shared.nlu.training_data.message import Message

    data: dict[str, Any] = {"text": text}
    if intent:
        base = intent.split("/")[0]
        data |= {"intent": base, "intent_response_key": intent if "/" in intent else None}
    return Message(data={key: value for key, value in data.items() if value})


@pytest.fixture(scope="module")
def trained(nlu: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    storage = nlu.storage.create(Path(tmp_path_factory.mktemp("model")))
    config = {**nlu.classifier.get_default_config(), "threshold": 0.4}
    classifier = nlu.classifier(config, storage, nlu.at("intents"))
    classifier.train(nlu.data([_message(text, intent) for text, intent in _examples()]))
    return classifier, (config, storage)


def _read(classifier: Any, text: str) -> Any:
    return classifier.process([_message(text)])[0]


def test_reads_full_intents_and_fills_in_the_retrieval_answer(trained: Any) -> None:
    message = _read(trained[0], "what time do you open on saturday")
    assert message.get("intent")["name"] == "faq"
    response = message.get("response_selector")["faq"]["response"]
    assert response["utter_action"] == "utter_faq/hours"


def test_confidence_is_honest_enough_to_act_on(trained: Any) -> None:
    rows = [(_read(trained[0], text), intent) for text, intent in _examples()[::7]]
    sure = [m.get("full_intent_ranking")[0] for m, _ in rows]
    right = [top["name"] == intent for top, (_, intent) in zip(sure, rows, strict=True)]
    assert np.mean(right) > 0.9
    assert np.mean([top["confidence"] for top in sure]) > 0.6


def test_what_is_not_understood_is_a_fallback_that_keeps_its_readings(trained: Any) -> None:
    message = _read(trained[0], "qwrtz plmk")
    ranking = message.get("full_intent_ranking")
    assert len(ranking) == 3
    if ranking[0]["confidence"] < 0.4:
        assert message.get("intent")["name"] == "nlu_fallback"


def test_a_yes_in_plain_words_is_no_fallback(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However unsure the model is, where the words alone say what it reads."""
    monkeypatch.setitem(trained[0]._config, "threshold", 1.1)
    assert _read(trained[0], "yes please").get("intent")["name"] == "affirm"
    asked = _read(trained[0], "what time do you open on saturday")
    assert asked.get("intent")["name"] == "nlu_fallback"


def test_message_with_a_reference_is_about_that_booking(trained: Any) -> None:
    """What was not clearly asked for is a look at the booking, never its end."""
    for said in ("hello K7TW2B 512-555-0100", "what about K7TW2B", "BCDFGH, 512-555-0100"):
        assert _read(trained[0], said).get("intent")["name"] == "check_booking", said
    cancel = _read(trained[0], "cancel my appointment K7TW2B")
    assert cancel.get("intent")["name"] == "cancel_booking"
    assert _read(trained[0], "hello there").get("intent")["name"] == "greet"


def test_a_loaded_classifier_reads_as_the_trained_one(nlu: SimpleNamespace, trained: Any) -> None:
    classifier, (config, storage) = trained
    restored = nlu.classifier.load(config, storage, nlu.at("intents"), None)
    for text in ("hello there", "how much is it", "where are you"):
        ours, theirs = _read(classifier, text), _read(restored, text)
        assert ours.get("intent")["name"] == theirs.get("intent")["name"]
        assert ours.get("intent")["confidence"] == pytest.approx(
            theirs.get("intent")["confidence"], abs=0.01
        )


def test_few_examples_train_without_calibration(nlu: SimpleNamespace, tmp_path: Path) -> None:
    config = nlu.classifier.get_default_config()
    classifier = nlu.classifier(config, nlu.storage.create(tmp_path), nlu.at("few"))
    examples = _examples()[::40]
    classifier.train(nlu.data([_message(*pair) for pair in examples]))
    text, intent = examples[0]
    assert _read(classifier, text).get("full_intent_ranking")[0]["name"] == intent


def test_log_loss_prefers_the_sure_and_right(nlu: SimpleNamespace) -> None:
    from bot.nlu.intent_classifier import log_loss, softmax

    rows = softmax(np.array([[3.0, 0.0], [0.0, 1.0]]))
    assert rows.sum(axis=1) == pytest.approx(1)
    assert log_loss(rows, np.array([0, 1])) < log_loss(rows, np.array([1, 0]))
