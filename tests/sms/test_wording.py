"""What the bot says, measured as text messages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.clinic import Clinic
from bot.coaching.exercises import exercises
from bot.replies import responses
from bot.texting.gsm7 import size
from bot.texting.render import render
from tests.unit.test_responses import BY_ACTIONS, FACTS

MOST = 320
# What does not fit into 320 characters: in Spanish nothing is left out, the instruction goes first.
LONG = {
    "utter_urgent_er_now_overdose_es",
}
STEPS = [step.sms for exercise in exercises().values() for step in exercise.steps]
_COMMAND = re.compile(
    r"\b(?:say|reply|send|text) (?:stop|cancel|end|quit)\b(?! my| the|:)", re.IGNORECASE
)


def _variations() -> list[tuple[str, dict[str, Any]]]:
    """Returns what is said by text, with examples filled in."""
    found = []
    for name, variations in responses().items():
        own = [v for v in variations if v.get("channel") == "sms"]
        for variation in own or variations:
            found.append((name, variation))
    return found


def _texts(variation: dict[str, Any]) -> list[str]:
    facts = {**FACTS, "clinic_links": "", **BY_ACTIONS}
    said = re.sub(r"\{(\w+)\}", lambda found: str(facts[found[1]]), variation["text"])
    reply = {"text": said, "buttons": variation.get("buttons") or [], "custom": None}
    return render([reply]).texts


def test_responses_that_take_more_than_320_characters_are_listed() -> None:
    lengths = {name: sum(map(len, _texts(v))) for name, v in _variations()}
    assert {name for name, length in lengths.items() if length > MOST} == LONG
    assert len(lengths) > 150


def test_all_but_the_spanish_ones_are_in_the_cheap_alphabet() -> None:
    dear = {
        name for name, v in _variations() for text in _texts(v) if size(text).alphabet != "GSM-7"
    }
    assert {name for name in dear if not name.endswith("_es")} == set()
    assert [step for step in STEPS if size(step).alphabet != "GSM-7"] == []


def test_spanish_made_for_text_messages_is_in_the_cheap_alphabet_and_one_text() -> None:
    made = {n: _texts(v) for n, v in _variations() if n.endswith("_es") and "channel" in v}
    assert len(made) >= 4
    dear = {n for n, texts in made.items() if len(texts) > 1 or size(texts[0]).alphabet != "GSM-7"}
    assert dear == set()


def test_no_text_is_longer_than_two_segments_and_its_mark() -> None:
    for name, variation in _variations():
        for text in _texts(variation):
            measured = size(text)
            assert measured.segments <= (2 if measured.alphabet == "GSM-7" else 4), name


def test_emergencies_say_what_to_do_in_their_first_part() -> None:
    for name, variation in _variations():
        if name.startswith(("utter_urgent_crisis", "utter_urgent_call_911", "utter_urgent_er")):
            first = _texts(variation)[0]
            assert re.search(r"911|988|emergenc|hospital|Poison", first), name


def test_nothing_asks_for_a_word_that_opts_out() -> None:
    """STOP, CANCEL, END and QUIT end all texts; the dialogue must not ask for them."""
    asked = {
        name: found[0]
        for name, variation in _variations()
        for text in _texts(variation)
        if (found := _COMMAND.search(text.replace("Reply STOP", "").replace("reply STOP", "")))
        and not name.startswith("utter_sms")
    }
    assert asked == {}


@pytest.mark.parametrize(
    "name", ["utter_sms_reminder", "utter_sms_appointment", "utter_sms_booked"]
)
def test_what_the_bot_starts_names_no_symptom_and_no_person(name: str) -> None:
    (variation,) = responses()[name]
    fields = set(re.findall(r"\{(\w+)\}", variation["text"]))
    assert fields <= {"clinic_name", "clinic_phone", "reminder_when", "booking_when", "reference"}
    assert not re.search(r"\b(back|pain|hurt|leg|numb|sore|therap)", variation["text"], re.I)
    assert "STOP" in variation["text"]
    assert size(_texts(variation)[0]).segments <= 2


def test_pictures_and_cancel_are_the_clinics_choice() -> None:
    plain = Clinic(name="C", phone="512-215-4227", area="Austin").sms
    assert (plain.pictures, plain.cancel_word) == (False, "opt_out")
    with pytest.raises(ValueError, match="opt_out or booking"):
        Clinic(name="C", phone="512-215-4227", area="A", sms={"cancel_word": "maybe"})
