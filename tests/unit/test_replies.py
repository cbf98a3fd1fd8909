"""Reading, choosing and filling the bot's texts without the dialogue engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import replies
from bot.clinic import Clinic
from bot.replies import fill, plain_response, read_responses, urgent_response, with_source

CLINIC = Clinic(name="The Clinic", phone="512-555-0100", area="Austin")
FACTS = CLINIC.facts()


def test_placeholders_are_filled_everywhere_and_only_they() -> None:
    value = {
        "text": "Call {clinic_phone}. Reference {reference}. {clinic_unknown}",
        "buttons": [{"title": "Call {clinic_name}", "payload": "/x"}],
        "number": 3,
    }
    assert fill(value, FACTS) == {
        "text": "Call 512-555-0100. Reference {reference}. {clinic_unknown}",
        "buttons": [{"title": "Call The Clinic", "payload": "/x"}],
        "number": 3,
    }


def test_source_is_shown_on_the_web_and_not_in_a_text_message() -> None:
    response = {"text": "Keep moving.", "metadata": {"source_note": "Source: NICE 2020"}}
    assert with_source(response, "web")["text"] == "Keep moving.\n\n*Source: NICE 2020*"
    assert with_source(response, "sms")["text"] == "Keep moving."
    assert response["text"] == "Keep moving.", "the stored response must not change"


@pytest.mark.parametrize("response", [{"text": "Hi"}, {"text": "Hi", "metadata": None}, {}])
def test_answer_without_a_source_stays_as_it_is(response: dict[str, object]) -> None:
    assert with_source(response, "web") == response


def test_channel_has_its_own_wording() -> None:
    web, sms = (plain_response("utter_greet", channel, CLINIC) for channel in ("web", "sms"))
    assert web["text"] != sms["text"]
    assert web["buttons"]
    for greeting in (web["text"], sms["text"]):
        for part in ("512-555-0100", "The Clinic", "911", "988", "AI", "therapist"):
            assert part in greeting
        assert "{" not in greeting


def test_general_wording_where_the_channel_has_none() -> None:
    assert plain_response("utter_trouble", "sms", CLINIC) == plain_response(
        "utter_trouble", "web", CLINIC
    )
    assert "512-555-0100" in plain_response("utter_trouble", "sms", CLINIC)["text"]


def test_emergency_text_is_the_most_specific_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "utter_urgent_er_now": [{"text": "general"}],
        "utter_urgent_er_now_infection": [{"text": "infection"}],
    }
    monkeypatch.setattr(replies, "responses", lambda: texts)
    assert urgent_response("er_now", "infection", "web", CLINIC)["text"] == "infection"
    assert urgent_response("er_now", "fracture", "web", CLINIC)["text"] == "general"
    assert urgent_response("er_now", None, "web", CLINIC)["text"] == "general"


def test_emergency_texts_name_who_to_call() -> None:
    assert "988" in urgent_response("crisis", None, "web", CLINIC)["text"]
    assert "911" in urgent_response("call_911", "cardiac", "web", CLINIC)["text"]
    er_now = urgent_response("er_now", "cauda_equina", "sms", CLINIC)["text"]
    assert "emergency room" in er_now
    assert "else drive" in er_now


def test_all_files_of_a_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("responses:\n  utter_a:\n  - text: A\n")
    (tmp_path / "b.yml").write_text("responses:\n  utter_b:\n  - text: B\n")
    (tmp_path / "empty.yml").write_text('version: "3.1"\nresponses:\n')
    assert read_responses(tmp_path) == {"utter_a": [{"text": "A"}], "utter_b": [{"text": "B"}]}
