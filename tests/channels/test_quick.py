"""What the engine leaves out of a turn changes no result: each beside Rasa's own way."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.settings import MODEL_FILE
from tests.unit.fresh_store import migrated_file, store

__all__ = ["migrated_file", "store"]

pytestmark = [pytest.mark.trained, pytest.mark.usefixtures("engine_imported")]

TEXTS = [
    "how much is a visit", "", "k", "My back HURTS, hurts, hurts!! what now??", "año nuevo ß 7/10",
    "should i rest or keep moving? my doctor said to rest but i am not sure about it",
]  # fmt: skip


@pytest.fixture(scope="module")
def runners(engine_imported: None, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The product's runner and Rasa's of the trained model, and what the model says of itself."""
    made = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that these load
        from rasa.core.policies.rule_policy import RulePolicy
        from rasa.engine.loader import load_predict_graph_runner
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage

        from bot.engine.quick import do_once
        from bot.engine.runner import DirectRunner

        do_once()
        for kind in (DirectRunner, DaskGraphRunner):
            folder: Path = tmp_path_factory.mktemp("graph")
            about, runner = load_predict_graph_runner(folder, MODEL_FILE, LocalModelStorage, kind)
            made.append(runner)
    return (*made, about, RulePolicy)


def _parsed(runner: Any, about: Any, text: str) -> Any:
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.trackers import DialogueStateTracker

    tracker = DialogueStateTracker.from_events("web-1", [])
    inputs = {"__message__": [UserMessage(text)], "__tracker__": tracker}
    return runner.run(inputs, [about.nlu_target])[about.nlu_target][0].as_dict(True)


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_is_understood_as_by_the_cluster_scheduler(runners: Any, text: str) -> None:
    direct, dask, about, _ = runners
    assert _parsed(direct, about, text) == _parsed(dask, about, text)


def _next(runner: Any, about: Any, events: list[Any]) -> str:
    from rasa.shared.core.trackers import DialogueStateTracker

    tracker = DialogueStateTracker.from_events("web-1", list(events), about.domain.slots)
    found = runner.run({"__tracker__": tracker}, [about.core_target])[about.core_target]
    return str(about.domain.action_names_or_texts[int(np.argmax(found.probabilities))])


def test_every_intent_leads_where_all_the_rules_lead(
    runners: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.shared.core.events import ActionExecuted, UserUttered

    from bot.engine import quick

    direct, dask, about, rule_policy = runners

    def walk(runner: Any, intent: str) -> list[str]:
        parse = {"text": "x", "intent": {"name": intent, "confidence": 0.9}, "entities": []}
        said = UserUttered("x", parse["intent"], parse_data=parse)
        events: list[Any] = [ActionExecuted("action_listen"), said]
        steps: list[str] = []
        while len(steps) < 6 and steps[-1:] != ["action_listen"]:
            steps.append(_next(runner, about, events))
            events.append(ActionExecuted(steps[-1]))
        return steps

    quickly = {intent: walk(direct, intent) for intent in about.domain.intents}
    monkeypatch.setattr(rule_policy, "_find_action_from_rules", quick._find)
    assert quickly == {intent: walk(dask, intent) for intent in about.domain.intents}
    assert len({steps[0] for steps in quickly.values()}) > 20


def test_no_rule_hangs_on_a_message_s_very_words(runners: Any) -> None:
    import json

    from rasa.core.policies.rule_policy import RULES, RulePolicy

    direct, *_ = runners
    policies = [
        node._component
        for node in direct._instantiated_nodes.values()
        if isinstance(node._component, RulePolicy)
    ]
    assert len(policies) == 1
    for key in policies[0].lookup[RULES]:
        assert all("text" not in state.get("user", {}) for state in json.loads(key))


def test_n_grams_of_one_text_score_as_a_matrix_of_texts_does() -> None:
    from bot.nlu.ngrams import Ngrams

    learnt = Ngrams()
    learnt.fit(TEXTS)
    ngrams = Ngrams.restore(learnt.vocabularies(), learnt.arrays())
    weights = np.random.default_rng(7).random((ngrams.width, 5)).astype(np.float32)
    for text in [*TEXTS, "nothing of this was met before: qxzv"]:
        expected = (ngrams.transform([text]) @ weights)[0]
        assert np.allclose(ngrams.score(text, weights), expected, atol=1e-5)


def test_answers_of_actions_are_checked_and_events_known() -> None:
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.events import Event, SlotSet
    from rasa.utils.endpoints import EndpointConfig

    from bot.engine.quick import do_once

    do_once()
    action = RemoteAction("action_x", EndpointConfig("http://127.0.0.1:1"))
    good = {"events": [{"event": "slot", "name": "pain", "value": 3}], "responses": []}
    assert action._validate_action_result(good)
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": "none", "responses": []})
    assert Event.from_parameters(good["events"][0]) == SlotSet("pain", 3)
    with pytest.raises(ValueError, match="nonsense"):
        Event.from_parameters({"event": "nonsense"})


SAID = [
    "hello", "how much is a visit?", "does exercise help and what does it cost?",
    "i take warfarin btw", "my foot went numb and i peed myself", "what are your hours",
    "can you fix my car",
]  # fmt: skip


async def _told(agent: Any, sender: str, short_ways: bool) -> list[Any]:
    """Lets a conversation run and returns what is in it, without times and names."""
    from rasa.core.processor import MessageProcessor

    from bot.channels.message import PatientMessage
    from bot.engine.dialogue import Dialogue

    dialogue = Dialogue()
    dialogue._agent = agent
    if not short_ways:
        agent.processor.__class__ = MessageProcessor
    for text in SAID:
        await dialogue.process(PatientMessage(text, sender, "web"))
    tracker = await agent.tracker_store.retrieve(sender)
    # The last is read by policies that learn from stories; there is none.
    own = ("timestamp", "message_id", "metadata", "hide_rule_turn")
    plain = [{k: v for k, v in e.as_dict().items() if k not in own} for e in tracker.events]
    for event in plain:
        event.get("parse_data", {}).pop("message_id", None)
    return [plain, tracker.current_slot_values()]


async def test_a_conversation_is_the_same_as_in_rasa_s_own_way(
    runners: Any, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.core.agent import load_agent
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.core.utils import AvailableEndpoints

    from bot.engine import quick
    from bot.engine.tracker_store import ConversationStore
    from bot.settings import ROOT

    monkeypatch.setenv("BACKCOACH_ACTIONS_URL", "http://127.0.0.1:1/webhook")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that these load
        endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
        agent = await load_agent(str(MODEL_FILE), endpoints=endpoints)
        agent.tracker_store = ConversationStore(domain=agent.domain)
        agent.processor.tracker_store = agent.tracker_store
        np.random.seed(1)
        quickly = await _told(agent, "web-quick", short_ways=True)
        monkeypatch.setattr(RulePolicy, "_prediction_states", quick._states)
        monkeypatch.setattr(RulePolicy, "_get_possible_keys", quick._keys)
        monkeypatch.setattr(RulePolicy, "_find_action_from_rules", quick._find)
        np.random.seed(1)
        slowly = await _told(agent, "web-slow", short_ways=False)
    assert quickly == slowly
    assert quickly[1]["told_blood_thinner"]
    assert quickly[1]["urgency"] == "er_now"


def test_only_entities_fill_slots_outside_of_forms(runners: Any) -> None:
    from rasa.shared.core.domain import Domain

    from bot.engine.processor import filled_by

    domain = runners[2].domain
    told = filled_by(domain)
    assert told is not None
    assert "told_blood_thinner" in told
    by_words = {"other": {"type": "text", "mappings": [{"type": "from_text"}]}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what became of an older format
        with_words = Domain.from_dict({"version": "3.1", "slots": by_words})
    assert filled_by(with_words) is None
