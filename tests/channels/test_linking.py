"""A web chat and a phone become one patient: only with the code, only after a yes, never twice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.store.database import session
from bot.store.erasure import delete_patient
from bot.store.links import LETTERS, join, new_code, patient_of, senders_of, urgency_stands
from bot.store.models import Conversation, LinkCode
from bot.store.records import (
    exercises_of,
    export_patient,
    record_exercise,
    record_urgency,
)
from bot.store.reminders import agreed_plans, save_plan
from tests.unit.fresh_store import migrated_file, store

__all__ = ["migrated_file", "store"]
pytestmark = pytest.mark.usefixtures("store")

NOON = datetime(2026, 3, 3, 18, tzinfo=timezone.utc)
Say = Callable[..., str]


@pytest.fixture
def heard() -> list[Any]:
    """The messages that reached the dialogue engine."""
    return []


@pytest.fixture
def asked() -> set[str]:
    """Those whom a direct question about a danger sign waits for."""
    return set()


@pytest.fixture
def say(heard: list[Any], asked: set[str]) -> Say:
    """Sends a message through a gateway to a stub of the engine; returns the answer's words."""
    from bot.channels.gateway import Gateway
    from bot.channels.linking import PhoneLinks
    from bot.channels.waiting import waiting_replies

    async def answer(message: Any) -> None:
        heard.append(message)
        message.say({"text": "the engine"})

    async def asked_sign(sender: str) -> bool:
        return sender in asked

    links = PhoneLinks("512-555-0123", asked_sign)
    gateway = Gateway(answer, None, waiting_replies, links=links)

    def said(sender: str, text: str, channel: str = "sms") -> str:
        replies = asyncio.run(gateway.reply(sender, text, channel))
        return "\n".join(reply["text"] for reply in replies)

    return said


def _code(say: Say, sender: str = "web-1") -> str:
    shown = say(sender, "can I continue on my phone?", "web")
    found = re.search(r"LINK (\w{4} \w{4})", shown)
    assert found, shown
    assert "512-555-0123" in shown
    return found[1]


def _join(say: Say, phone: str = "sms-1", web: str = "web-1") -> None:
    assert "code fits" in say(phone, f"LINK {_code(say, web)}")
    assert "are one now" in say(phone, "yes")


def test_after_code_and_yes_the_phone_speaks_in_the_web_chat(say: Say, heard: list[Any]) -> None:
    say("sms-1", "hello")
    _join(say)
    say("sms-1", "continue")
    assert [message.sender_id for message in heard] == ["sms-1", "web-1"]
    assert [message.channel for message in heard] == ["sms", "sms"]
    assert patient_of("sms-1") == "web-1"
    assert senders_of("web-1", "sms") == ["sms-1"]


def test_web_chat_is_told_once_that_a_phone_was_joined(say: Say) -> None:
    _join(say)
    assert "A phone was joined" in say("web-1", "hello", "web")
    assert say("web-1", "hello", "web") == "the engine"


@pytest.mark.parametrize("typed", ["link {}", "LINK: {}", "code {}", "{}", " Link-{}. "])
def test_code_is_taken_however_it_is_typed(say: Say, typed: str) -> None:
    code = new_code("web-1", datetime.now(timezone.utc))
    assert code
    with session() as opened:  # so that the bare form, too, can be told from words
        from bot.store.links import code_hash

        opened.execute(select(LinkCode)).scalar_one().code_hash = code_hash("KDF4R7MQ")
    assert "code fits" in say("sms-1", typed.format("kdf4 r7mq"))


def test_nothing_is_joined_without_a_yes(say: Say, heard: list[Any]) -> None:
    say("sms-1", f"LINK {_code(say)}")
    assert "nothing was joined" in say("sms-1", "no")
    say("sms-1", "yes")
    assert patient_of("sms-1") == "sms-1"
    assert heard[-1].sender_id == "sms-1"


def test_yes_after_something_else_belongs_to_that(say: Say) -> None:
    say("sms-1", f"LINK {_code(say)}")
    assert say("sms-1", "what does a visit cost?") == "the engine"
    assert say("sms-1", "yes") == "the engine"
    assert patient_of("sms-1") == "sms-1"


def test_danger_goes_before_joining(say: Say) -> None:
    say("sms-1", f"LINK {_code(say)}")
    assert "emergency room" in say("sms-1", "yes and I peed myself and can't feel when I wipe")
    say("sms-1", "yes")
    assert patient_of("sms-1") == "sms-1"


def test_code_works_once(say: Say) -> None:
    code = _code(say)
    assert "code fits" in say("sms-1", f"LINK {code}")
    assert "doesn't fit" in say("sms-2", f"LINK {code}")
    say("sms-1", "yes")
    assert "doesn't fit" in say("sms-3", f"LINK {code}")


def test_newer_code_makes_the_older_one_void(say: Say) -> None:
    older, newer = _code(say), _code(say)
    assert "doesn't fit" in say("sms-1", f"LINK {older}")
    assert "code fits" in say("sms-1", f"LINK {newer}")


def test_code_is_void_after_fifteen_minutes_and_so_is_the_yes(say: Say) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        code = _code(say)
        clock.shift(timedelta(minutes=15))
        assert "doesn't fit" in say("sms-1", f"LINK {code}")
        code = _code(say)
        say("sms-1", f"LINK {code}")
        clock.shift(timedelta(minutes=15))
        assert say("sms-1", "yes") == "the engine"
    assert patient_of("sms-1") == "sms-1"


def test_guesses_are_limited_even_when_the_last_one_is_right(say: Say) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        code = _code(say)
        for place in range(5):
            assert "doesn't fit" in say("sms-1", f"LINK BCD2 BCD{LETTERS[place]}")
        assert "a lot of codes" in say("sms-1", f"LINK {code}")
        clock.shift(timedelta(minutes=16))
        assert "code fits" in say("sms-1", f"LINK {_code(say)}")


def test_codes_are_limited_for_each_patient(say: Say) -> None:
    for _ in range(5):
        _code(say)
    assert "a lot of codes" in say("web-1", "continue on my phone", "web")
    _code(say, "web-2")


def test_code_is_neither_stored_in_the_clear_nor_told_to_the_engine(
    say: Say, heard: list[Any], store: Path
) -> None:
    code = _code(say).replace(" ", "")
    say("sms-1", f"LINK {code}")
    say("sms-1", "yes")
    assert heard == []
    assert code.encode() not in store.read_bytes()


def test_records_of_both_become_one_and_nobody_is_reminded_twice(say: Say) -> None:
    for sender in ("web-1", "sms-1"):
        record_exercise(sender, "long_bridge", "finished", 4, 3)
        save_plan(
            sender, sender[:3], NOON, days="024", at_time="12:00", starts_on=NOON.date(),
            ends_on=None, time_zone="America/Chicago",
        )  # fmt: skip
    _join(say)
    assert len(exercises_of("web-1")) == 2
    assert exercises_of("sms-1") == []
    assert [plan.channel for plan in agreed_plans("web-1")] == ["web"]
    assert [c["channel"] for c in export_patient("web-1")["joined_channels"]] == ["sms"]


@pytest.mark.parametrize("web_has_spoken", [True, False])
def test_one_conversation_is_left(say: Say, web_has_spoken: bool) -> None:
    with session() as opened:
        opened.add(Conversation(sender_id="sms-1", state='["phone"]'))
        if web_has_spoken:
            opened.add(Conversation(sender_id="web-1", state='["web"]'))
    _join(say)
    with session() as opened:
        assert opened.get(Conversation, "sms-1") is None
        state = opened.get(Conversation, "web-1").state
    assert state == ('["web"]' if web_has_spoken else '["phone"]')


def test_standing_emergency_is_settled_first(say: Say) -> None:
    code = _code(say)
    say("sms-1", f"LINK {code}")
    record_urgency("sms-1", "raised", "er_now", "cauda_equina")
    assert "nothing was changed" in say("sms-1", "yes")
    assert patient_of("sms-1") == "sms-1"
    record_urgency("web-1", "raised", "er_now", "cauda_equina")
    assert say("web-1", "continue on my phone", "web") == "the engine", "it repeats the emergency"


def test_standing_emergency_of_the_web_chat_is_settled_first(say: Say) -> None:
    say("sms-1", f"LINK {_code(say)}")
    record_urgency("web-1", "raised", "er_now", "cauda_equina")
    record_urgency("sms-1", "raised", "er_now", "cauda_equina")
    record_urgency("sms-1", "mistake", "er_now", "cauda_equina")
    assert "nothing was changed" in say("sms-1", "yes")
    assert patient_of("sms-1") == "sms-1"
    assert urgency_stands("web-1")


def test_no_code_is_taken_while_a_danger_sign_is_asked_about(
    say: Say, heard: list[Any], asked: set[str]
) -> None:
    sent = f"LINK {_code(say)}"
    asked.add("sms-1")
    assert say("sms-1", sent) == "the engine", "it asks again"
    assert say("sms-1", "yes") == "the engine", "the answer to the question joins nothing"
    assert patient_of("sms-1") == "sms-1"
    asked.clear()
    assert "code fits" in say("sms-1", sent)
    assert len(heard) == 2


@pytest.mark.parametrize("where", ["web-1", "sms-1"])
def test_unlinking_parts_them(say: Say, heard: list[Any], where: str) -> None:
    _join(say)
    assert "are two again" in say(where, "unlink my phone", "web" if where == "web-1" else "sms")
    say("sms-1", "hello")
    assert heard[-1].sender_id == "sms-1"
    assert "no phone joined" in say("web-1", "unlink my phone", "web")


def test_who_was_joined_before_comes_along(say: Say) -> None:
    _join(say, "sms-1", "terminal-1")
    _join(say, "terminal-1", "web-1")
    assert [patient_of(sender) for sender in ("sms-1", "terminal-1")] == ["web-1", "web-1"]


def test_deletion_parts_them_and_keeps_nothing_of_the_link(say: Say) -> None:
    _join(say)
    delete_patient("web-1")
    assert patient_of("sms-1") == "sms-1"
    assert export_patient("web-1")["joined_channels"] == []
    with session() as opened:
        assert list(opened.execute(select(LinkCode))) == []


def test_join_without_a_code_does_nothing() -> None:
    assert not join("sms-1", "sms", NOON)


@pytest.mark.parametrize(
    "text",
    ["can I continue on my phone", "switch to text please", "let's go on by sms",
     "can I do this on my phone?", "link my phone", "move this chat to my cell phone"],
)  # fmt: skip
def test_ways_to_ask_for_it(say: Say, text: str) -> None:
    assert "LINK" in say("web-1", text, "web")
    assert "on the clinic's website" in say("sms-1", text)


@pytest.mark.parametrize(
    "text",
    ["continue", "can I move my appointment by phone?", "call me on my phone", "do this",
     "text me a reminder", "my phone number is 512-555-0100", "what is your phone number?",
     "switch sides", "link", "connect me to a person", "scrunchy", "2026-03-04", "5125550100",
     "I go on my phone in bed and it hurts my neck, should I see a doctor?"],
)  # fmt: skip
def test_what_is_about_something_else_goes_to_the_engine(say: Say, text: str) -> None:
    for sender, channel in (("web-1", "web"), ("sms-1", "sms")):
        assert say(sender, text, channel) == "the engine"


def test_without_a_number_no_code_is_given(heard: list[Any]) -> None:
    from bot.channels.gateway import Gateway
    from bot.channels.linking import PhoneLinks

    gateway = Gateway(lambda _message: asyncio.sleep(0), links=PhoneLinks())
    replies = asyncio.run(gateway.reply("web-1", "continue on my phone", "web"))
    assert "aren't set up" in replies[0]["text"]
    assert "LINK" not in replies[0]["text"]


def test_unknown_links_show_nobodys_conversation(
    say: Say, heard: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_sender: str) -> str:
        raise OSError

    monkeypatch.setattr("bot.store.links.patient_of", broken)
    assert "I'm having trouble" in say("sms-1", "continue")
    assert "emergency room" in say("sms-1", "I peed myself and can't feel when I wipe")
    assert heard == []
