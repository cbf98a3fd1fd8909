"""The wish for a person: noted once, with the last messages, and nothing promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.handoff import ActionHandOff
from bot.clinic import Clinic
from bot.jobs.handoffs import run_once
from bot.jobs.mail import Mail
from bot.replies import fill, responses
from bot.store.database import session
from bot.store.handoffs import LAST_MESSAGES, hand_offs
from bot.store.models import Conversation, Utterance, utc_now
from tests.actions.turning import SENDER, run

SAID = [("patient", "my hip hurts"), ("bot", "I'm sorry to hear that.")]


def _transcript(*said: tuple[str, str]) -> None:
    with session() as opened:
        opened.add(Conversation(sender_id=SENDER, state="[]"))
        opened.flush()
        for speaker, words in said:
            opened.add(Utterance(sender_id=SENDER, speaker=speaker, text=words))
            opened.flush()


class _Post:
    def send(self, mail: Mail) -> None:
        pass


def _ask() -> list[str]:
    return run(ActionHandOff(), "a human please", "talk_to_human").said


def test_wish_is_noted_with_the_last_messages(store: Any) -> None:
    _transcript(*SAID)
    assert _ask() == ["utter_talk_to_human"]
    (wish,) = hand_offs()
    assert wish.messages == [*SAID, ("patient", "a human please")]


def test_of_a_long_conversation_only_the_end_goes_along(store: Any) -> None:
    _transcript(*(("patient", f"message {n}") for n in range(50)))
    _ask()
    (wish,) = hand_offs()
    assert len(wish.messages) == LAST_MESSAGES
    assert wish.messages[-2:] == [("patient", "message 49"), ("patient", "a human please")]


def test_asked_twice_it_is_one_wish(store: Any) -> None:
    _ask()
    assert _ask() == ["utter_talk_to_human_again"]
    assert len(hand_offs()) == 1


def test_the_clinic_is_said_to_be_told_only_once_it_was(store: Any) -> None:
    for name in ("utter_talk_to_human", "utter_talk_to_human_again", "utter_talk_to_human_unsaved"):
        for variation in responses()[name]:
            assert "told the clinic" not in variation["text"]
            assert "went out" not in variation["text"]
    _ask()
    assert run_once() == {}, "no e-mail is set up"
    assert _ask() == ["utter_talk_to_human_again"]
    run_once(_Post(), utc_now() + timedelta(seconds=1))
    outcome = run(ActionHandOff(), "a human please")
    assert outcome.said == ["utter_talk_to_human_told"]
    assert outcome.messages[0]["told_when"].startswith("today at ")


@pytest.mark.usefixtures("broken_store")
def test_without_a_database_nothing_is_said_to_be_noted() -> None:
    assert _ask() == ["utter_talk_to_human_unsaved"]


@pytest.mark.parametrize(
    "name", [f"utter_talk_to_human{end}" for end in ("", "_again", "_told", "_unsaved")]
)
def test_phone_and_hours_are_always_said(name: str) -> None:
    facts = {"name": "The Clinic", "phone": "512-215-4227", "area": "Austin"}
    open_hours = Clinic(**facts, hours="Monday to Friday, 8 am to 6 pm").facts()
    for variation in responses()[name]:
        without = fill(variation["text"], Clinic(**facts).facts())
        assert "I don't have the clinic's hours here" in without
        assert "512-215-4227" in without
        assert "Monday to Friday, 8 am to 6 pm" in fill(variation["text"], open_hours)


@pytest.mark.parametrize("loop", ["screen_form", "coaching_form", "booking_form", "reminder_form"])
def test_open_form_stays_open(store: Any, loop: str) -> None:
    outcome = run(ActionHandOff(), "a human please", loop=loop)
    assert outcome.events == []
