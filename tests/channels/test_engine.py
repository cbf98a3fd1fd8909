"""The parts inside the dialogue engine: responses, stored conversations, policies."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from tests.unit.fresh_store import migrated_file, store

__all__ = ["migrated_file", "store"]

pytestmark = [pytest.mark.trained, pytest.mark.usefixtures("engine_imported")]

RESPONSES = {
    "utter_faq/hours": [
        {"text": "{clinic_hours} Call {clinic_phone}.", "metadata": {"source_note": "Source: X"}},
        {"channel": "sms", "text": "Call {clinic_phone}.", "metadata": {"source_note": "S: X"}},
    ],
    "utter_booking_done": [{"text": "Reference {reference}."}],
}
ACTIONS = ["utter_hold", "utter_urgent_er_now", "utter_urgent_er_now_cauda_equina",
           "utter_urgent_same_day", "utter_ask_sign_bladder", "utter_sign_cleared",
           "utter_sign_cleared_crisis",
           "utter_release_check_seen", "action_release_urgency", "action_listen",
           "utter_faq"]  # fmt: skip


@pytest.fixture(scope="module")
def domain(engine_imported: None) -> Any:
    from rasa.shared.core.domain import Domain

    from bot.settings import ROOT

    said = {name: [{"text": name}] for name in ACTIONS if name.startswith("utter_")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that reading a domain loads
        own = Domain.load(str(ROOT / "domain.yml"))
        return own.merge(Domain.from_dict({"responses": said, "intents": ["faq"]}))


def _tracker(domain: Any, *events: Any) -> Any:
    from rasa.shared.core.trackers import DialogueStateTracker

    return DialogueStateTracker.from_events("web-1", list(events), domain.slots)


def _said(text: str, intent: str = "faq", level: str = "none", ask: str | None = None) -> Any:
    from rasa.shared.core.events import UserUttered

    pathology = "cauda_equina" if level != "none" else None
    return UserUttered(
        text,
        {"name": intent, "confidence": 0.9},
        parse_data={
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [],
            "safety": {"level": level, "pathology": pathology, "ask": ask},
        },
    )


def _policy(kind: Any) -> Any:
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.resource import Resource

    context = ExecutionContext(GraphSchema({}))
    return kind(kind.get_default_config(), None, Resource("policy"), context)


# --- responses ---------------------------------------------------------------------------------


async def _generated(name: str, channel: str, **values: Any) -> str:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.engine import nlg as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "responses", lambda: RESPONSES)
        nlg = module.ClinicNlg(None, Domain.empty())
    # As the engine does when it loads a model: the model's texts, which may be older.
    nlg.responses = {"utter_faq/hours": [{"text": "of the last training"}]}
    tracker = DialogueStateTracker("web-1", [])
    response = await nlg.generate(name, tracker, channel, **values)
    assert response
    return str(response["text"])


async def test_answer_on_the_web_has_facts_and_source() -> None:
    text = await _generated("utter_faq/hours", "web")
    assert "512-215-4227" in text
    assert "{" not in text
    assert text.endswith("\n\n*Source: X*")


async def test_answer_in_a_text_message_has_no_source() -> None:
    assert await _generated("utter_faq/hours", "sms") == "Call 512-215-4227."


async def test_value_of_an_action_is_filled_in() -> None:
    assert await _generated("utter_booking_done", "web", reference="K7TW2B") == "Reference K7TW2B."


async def test_what_is_told_beside_a_question_is_said_back() -> None:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.engine.nlg import ClinicNlg

    def tracker(value: str) -> Any:
        entity = {"entity": "told_blood_thinner", "value": value}
        said = UserUttered("i take warfarin btw", {"name": "faq"}, [entity])
        return DialogueStateTracker.from_events("web-1", [said])

    nlg = ClinicNlg(None, Domain.empty())
    answer = await nlg.generate("utter_faq/medication", tracker("2026-01-05"), "web")
    assert answer
    assert "keep in mind that you take a blood thinner" in answer["text"]
    assert "pharmacist" in answer["text"]
    over = await nlg.generate("utter_faq/medication", tracker("over"), "web")
    assert over
    assert "keep in mind" not in over["text"]


# --- stored conversations ----------------------------------------------------------------------


def _turn(number: int) -> list[Any]:
    from rasa.shared.core.events import ActionExecuted, BotUttered

    return [
        _said(f"message {number}"),
        ActionExecuted("utter_faq"),
        BotUttered(f"answer {number}"),
        ActionExecuted("action_listen"),
    ]


def test_long_conversation_is_shortened_and_keeps_what_stands() -> None:
    from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered

    from bot.engine.tracker_store import KEPT_TURNS, shortened

    lead = [SlotSet("urgency", "er_now"), SlotSet("booking_name", "A"),
            SlotSet("booking_name", None), ActiveLoop("booking_form")]  # fmt: skip
    events = [*lead, *(event for number in range(200) for event in _turn(number))]
    kept = shortened(events)
    assert len(kept) < 60
    messages = [event.text for event in kept if isinstance(event, UserUttered)]
    assert messages == [f"message {n}" for n in range(200 - KEPT_TURNS, 200)]
    slots = {event.key: event.value for event in kept if isinstance(event, SlotSet)}
    assert slots == {"urgency": "er_now"}
    assert [event.name for event in kept if isinstance(event, ActiveLoop)] == ["booking_form"]
    assert shortened(events[:20]) == events[:20]


async def test_conversation_is_stored_encrypted_and_comes_back(domain: Any, store: Any) -> None:
    from rasa.shared.core.events import SlotSet

    from bot.engine.tracker_store import ConversationStore

    conversations = ConversationStore(domain=domain)
    assert await conversations.retrieve("web-1") is None
    await conversations.save(_tracker(domain, SlotSet("urgency", "er_now"), *_turn(1)))
    back = await conversations.retrieve("web-1")
    assert back.get_slot("urgency") == "er_now"
    assert back.latest_message.text == "message 1"
    assert list(await conversations.keys()) == ["web-1"]
    assert await conversations.retrieve("web-2") is None
    raw = b"".join(path.read_bytes() for path in store.parent.iterdir() if path.is_file())
    assert b"message 1" not in raw
    assert b"answer 1" not in raw


async def test_transcript_and_raised_level_are_written_once(domain: Any, store: Any) -> None:
    from rasa.shared.core.events import SlotSet

    from bot.engine.tracker_store import ConversationStore
    from bot.store.records import export_patient

    conversations = ConversationStore(domain=domain)
    tracker = _tracker(domain, *_turn(1), SlotSet("urgency", "er_now"))
    for _ in range(3):
        await conversations.save(tracker)
    exported = json.loads(json.dumps(export_patient("web-1")))
    assert [(m["speaker"], m["text"]) for m in exported["messages"]] == [
        ("patient", "message 1"), ("bot", "answer 1"),
    ]  # fmt: skip
    assert [(u["event"], u["level"]) for u in exported["urgencies"]] == [("raised", "er_now")]


async def test_after_deletion_nothing_of_before_is_written_back(domain: Any, store: Any) -> None:
    from rasa.shared.core.events import ActionExecuted, Restarted

    from bot.engine.tracker_store import ConversationStore
    from bot.store.erasure import delete_patient
    from bot.store.records import export_patient

    conversations = ConversationStore(domain=domain)
    await conversations.save(_tracker(domain, *_turn(1)))
    delete_patient("web-1")
    ended = [ActionExecuted("action_delete_data"), ActionExecuted("action_listen")]
    await conversations.save(_tracker(domain, *_turn(1), Restarted(), *ended))
    assert export_patient("web-1")["messages"] == []
    assert await conversations.retrieve("web-1") is None
    assert list(await conversations.keys()) == []
    # Another part of the same message, after the restart, begins a conversation anew.
    await conversations.save(_tracker(domain, *_turn(1), Restarted(), *ended, *_turn(2)))
    back = await conversations.retrieve("web-1")
    assert back.latest_message.text == "message 2"
    assert "message 1" not in str([event.as_dict() for event in back.events])


async def test_file_that_was_given_is_not_kept_with_the_conversation(
    domain: Any, store: Any
) -> None:
    from rasa.shared.core.events import BotUttered

    from bot.engine.tracker_store import ConversationStore

    file = {"type": "download", "filename": "my-data.txt", "content": "everything of theirs"}
    given = BotUttered("Here is your copy.", {"custom": file})
    conversations = ConversationStore(domain=domain)
    await conversations.save(_tracker(domain, *_turn(1), given))
    back = await conversations.retrieve("web-1")
    kept = str([event.as_dict() for event in back.events])
    assert "my-data.txt" in kept
    assert "everything of theirs" not in kept
    assert given.data["custom"] == file, "the patient gets it all the same"


@pytest.mark.parametrize("question", ["bladder", None])
async def test_open_question_about_a_sign_is_known(
    domain: Any, monkeypatch: pytest.MonkeyPatch, question: str | None
) -> None:
    from rasa.shared.core.events import SlotSet

    from bot.engine.dialogue import Dialogue

    tracker = _tracker(domain, SlotSet("sign_asked", question))

    class Stored:
        async def retrieve(self, sender_id: str) -> Any:
            return tracker if sender_id == "web-1" else None

    engine = Dialogue()
    loaded = {"tracker_store": Stored(), "is_ready": lambda _self: True}
    monkeypatch.setattr(engine, "_agent", type("Agent", (), loaded)())
    assert await engine.asked_sign("web-1") is bool(question)
    assert not await engine.asked_sign("web-2")


async def test_turn_that_broke_off_does_not_block_the_next_message(domain: Any, store: Any) -> None:
    from bot.engine.tracker_store import ConversationStore

    conversations = ConversationStore(domain=domain)
    await conversations.save(_tracker(domain, _said("message 1")))
    assert (await conversations.retrieve("web-1")).latest_action_name == "action_listen"


# --- the safety policy -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def predicted(domain: Any) -> Any:
    """Returns what the policy predicts: the action, or None, and the slots it sets."""
    from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet

    from bot.policies.safety_policy import SafetyPolicy

    policy = _policy(SafetyPolicy)

    def predict(message: Any, loop: str | None = None, **slots: Any) -> tuple[Any, Any, Any]:
        events = [SlotSet(name, value) for name, value in slots.items()]
        if loop:
            events.append(ActiveLoop(loop))
        tracker = _tracker(domain, *events, ActionExecuted("action_listen"), message)
        prediction = policy.predict_action_probabilities(tracker, domain)
        best = max(prediction.probabilities)
        name = domain.action_names_or_texts[prediction.probabilities.index(best)] if best else None
        changed = {e.key: e.value for e in prediction.optional_events if isinstance(e, SlotSet)}
        return name, changed, prediction

    return predict


@pytest.mark.parametrize("loop", [None, "booking_form", "screen_form", "coaching_form"])
def test_sign_is_answered_in_every_form(predicted: Any, loop: str | None) -> None:
    from rasa.shared.core.events import ActiveLoop

    name, slots, prediction = predicted(_said("...", level="er_now"), loop)
    assert name == "utter_urgent_er_now_cauda_equina"
    assert slots["urgency"] == "er_now"
    assert slots["urgency_pathology"] == "cauda_equina"
    assert prediction.is_no_user_prediction, "else the form's own prediction would win"
    assert prediction.policy_priority > 6
    ends = [e for e in prediction.optional_events if isinstance(e, ActiveLoop)]
    assert [e.name for e in ends] == ([None] if loop else [])


def test_calm_message_is_left_to_the_rules(predicted: Any) -> None:
    name, slots, _ = predicted(_said("is walking good?"))
    assert (name, slots) == (None, {})


def test_unclear_sign_is_asked_about_and_the_form_stays(predicted: Any) -> None:
    name, slots, prediction = predicted(_said("?", ask="bladder"), "booking_form")
    assert name == "utter_ask_sign_bladder"
    assert slots == {"sign_asked": "bladder"}
    assert not [e for e in prediction.optional_events if e.type_name == "active_loop"]


@pytest.mark.parametrize(
    ("text", "intent", "name"),
    [
        ("yes", "affirm", "utter_urgent_er_now_cauda_equina"),
        ("not sure", "unsure", "utter_urgent_er_now_cauda_equina"),
        ("what are your hours?", "faq", "utter_urgent_er_now_cauda_equina"),
        ("no", "deny", "utter_sign_cleared"),
    ],
)
def test_answer_to_the_direct_question(predicted: Any, text: str, intent: str, name: str) -> None:
    said, slots, _ = predicted(_said(text, intent), sign_asked="bladder")
    assert said == name
    assert slots["sign_asked"] is None


def test_a_no_that_only_the_model_reads_is_asked_about_once_more(predicted: Any) -> None:
    name, slots, _ = predicted(_said("nexxt", "deny"), sign_asked="bladder")
    assert name == "utter_ask_sign_bladder"
    assert slots == {"sign_asked_again": True}
    name, slots, _ = predicted(
        _said("no wait", "deny"), sign_asked="bladder", sign_asked_again=True
    )
    assert name == "utter_urgent_er_now_cauda_equina"


@pytest.mark.parametrize(
    ("asked", "name"),
    [("crisis", "utter_sign_cleared_crisis"), ("bladder", "utter_sign_cleared")],
)
def test_thanks_for_a_no_fit_the_question(predicted: Any, asked: str, name: str) -> None:
    said, _, _ = predicted(_said("no", "deny"), sign_asked=asked)
    assert said == name


def test_release_takes_two_turns(predicted: Any) -> None:
    standing = {"urgency": "er_now", "urgency_pathology": "cauda_equina"}
    name, slots, _ = predicted(_said("I was seen", "been_seen"), **standing)
    assert name == "utter_release_check_seen"
    assert slots == {"urgency_releasing": "seen"}
    name, _, _ = predicted(_said("yes", "affirm"), **standing, urgency_releasing="seen")
    assert name == "action_release_urgency"
    name, _, _ = predicted(_said("start the bridge", "start_exercise"), **standing)
    assert name == "utter_hold"


def test_dangerous_answer_to_the_interview(predicted: Any) -> None:
    name, slots, _ = predicted(
        _said("yes", "affirm"), "screen_form", requested_slot="screen_bladder"
    )
    assert name == "utter_urgent_er_now_cauda_equina"
    assert slots["urgency"] == "er_now"
    name, _, _ = predicted(_said("no", "deny"), "screen_form", requested_slot="screen_bladder")
    assert name is None


def test_turn_end_policy_listens_after_an_action_only(domain: Any) -> None:
    from rasa.shared.core.events import ActionExecuted

    from bot.policies.turn_end_policy import TurnEndPolicy

    policy = _policy(TurnEndPolicy)
    listen = domain.index_for_action("action_listen")
    answered = _tracker(domain, _said("hi"), ActionExecuted("utter_faq"))
    assert policy.predict_action_probabilities(answered, domain).probabilities[listen] == 0.5
    new = _tracker(domain, ActionExecuted("action_listen"), _said("hi"))
    assert max(policy.predict_action_probabilities(new, domain).probabilities) == 0
