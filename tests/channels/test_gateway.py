"""The safety net under every channel: whatever the engine does, a patient gets an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

DANGER = "I peed myself and I can't feel when I wipe"
CALM = "is walking good for my back?"
ANSWER = {"text": "Walking helps.", "buttons": [{"title": "Next", "payload": "/next_step"}]}
ALERT = {"text": "Go to the emergency room.", "utter_action": "utter_urgent_er_now"}


@pytest.fixture
def gateway_to() -> Callable[..., Any]:
    """Returns a gateway to a stub of the dialogue engine."""
    from bot.channels.gateway import Gateway

    def build(
        *said: dict[str, Any], process: Any = None, recall: Any = None, waiting: Any = None
    ) -> tuple[Any, list[Any]]:
        heard: list[Any] = []

        async def answer(message: Any) -> None:
            heard.append(message)
            for response in said:
                message.say(response)

        return Gateway(process or answer, recall, waiting), heard

    return build


def _alerts(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r for r in replies if (r["custom"] or {}).get("type") == "alert"]


def _is_apology(replies: list[dict[str, Any]]) -> bool:
    text = replies[0]["text"]
    return len(replies) == 1 and "I'm having trouble" in text and "512-215-4227" in text


async def test_engines_answer_is_passed_on(gateway_to: Any) -> None:
    gateway, heard = gateway_to(ANSWER)
    replies = await gateway.reply("web-1", CALM, "web")
    assert replies == [{**ANSWER, "custom": None}]
    assert (heard[0].text, heard[0].sender_id, heard[0].channel) == (CALM, "web-1", "web")
    assert heard[0].parse_data is None


async def test_a_message_is_read_ahead_and_answered_though_that_fails(gateway_to: Any) -> None:
    gateway, _ = gateway_to(ANSWER)
    read: list[str] = []

    def ahead(text: str) -> None:
        read.append(text)
        raise RuntimeError(CALM)

    gateway.ahead = ahead
    replies = await gateway.reply("web-1", f" {CALM} ", "web")
    assert (read, replies[0]["text"]) == ([CALM], ANSWER["text"])


async def _raise(_message: Any) -> None:
    raise RuntimeError(f"engine quotes the patient: {CALM} {DANGER}")


async def _half(message: Any) -> None:
    message.say(ANSWER)
    raise RuntimeError("in the middle")


@pytest.mark.parametrize("process", [_raise, _half])
async def test_failing_engine(
    gateway_to: Any, caplog: pytest.LogCaptureFixture, process: Any
) -> None:
    caplog.set_level(logging.INFO, "backcoach")
    gateway, _ = gateway_to(process=process)
    assert _is_apology(await gateway.reply("web-1", CALM, "web"))
    replies = await gateway.reply("web-1", DANGER, "web")
    assert len(replies) == len(_alerts(replies)) == 1
    assert "emergency room" in replies[0]["text"]
    for words in (CALM, DANGER, "web-1"):
        assert words not in caplog.text
    lines = [r for r in caplog.records if r.message.startswith("channel=")]
    assert [line.levelname for line in lines] == ["INFO", "INFO"], "one line for each message"
    assert "outcome=failed" in lines[0].message
    assert "level=er_now" in lines[1].message


@pytest.mark.parametrize(("text", "urgent"), [(CALM, False), (DANGER, True)])
async def test_hanging_engine(
    gateway_to: Any, monkeypatch: pytest.MonkeyPatch, text: str, urgent: bool
) -> None:
    from bot.channels import gateway as module

    monkeypatch.setattr(module, "URGENT_SECONDS", 0.01 if urgent else 60.0)
    monkeypatch.setattr(module, "OTHER_SECONDS", 60.0 if urgent else 0.01)
    may_end, ended = asyncio.Event(), asyncio.Event()

    async def hang(_message: Any) -> None:
        await may_end.wait()
        ended.set()

    gateway, _ = gateway_to(process=hang)
    replies = await asyncio.wait_for(gateway.reply("web-1", text, "web"), 5)
    assert bool(_alerts(replies)) is urgent
    assert urgent or _is_apology(replies)
    may_end.set()
    await asyncio.wait_for(ended.wait(), 5)  # the late turn was not cancelled


def test_patient_waits_seconds_at_most() -> None:
    from bot.channels import gateway

    assert gateway.URGENT_SECONDS <= 3
    assert gateway.OTHER_SECONDS <= 10


async def test_silent_engine(gateway_to: Any) -> None:
    gateway, _ = gateway_to()
    assert _is_apology(await gateway.reply("web-1", CALM, "web"))
    assert _alerts(await gateway.reply("web-1", DANGER, "web"))


async def test_emergency_that_the_engine_forgot_is_put_in_and_stands_alone(
    gateway_to: Any,
) -> None:
    gateway, _ = gateway_to(ANSWER, {"text": "Shall we do the bridge?"})
    replies = await gateway.reply("web-1", DANGER, "web")
    assert len(replies) == 1
    assert replies[0]["custom"]["type"] == "alert"
    assert "cauda equina" in replies[0]["text"]


async def test_emergency_that_the_engine_said_is_not_said_twice(gateway_to: Any) -> None:
    gateway, _ = gateway_to(ALERT)
    replies = await gateway.reply("web-1", DANGER, "web")
    assert [reply["text"] for reply in replies] == [ALERT["text"]]
    assert _alerts(replies)


async def test_broken_detector_costs_no_answer(
    gateway_to: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.channels import gateway as module

    def broken(_text: str) -> None:
        raise ValueError("bad data")

    monkeypatch.setattr(module, "screen", broken)
    gateway, _ = gateway_to(ANSWER)
    assert (await gateway.reply("web-1", CALM, "web"))[0]["text"] == ANSWER["text"]
    assert "detector failed" in caplog.text


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00", "/", "//", "\x07 /"])
async def test_message_without_words_never_reaches_the_engine(gateway_to: Any, text: str) -> None:
    gateway, heard = gateway_to(ANSWER)
    (reply,) = await gateway.reply("web-1", text, "web")
    assert "didn't see any words" in reply["text"]
    assert heard == []


async def test_overlong_message_is_cut_and_the_patient_told(gateway_to: Any) -> None:
    gateway, heard = gateway_to(ANSWER)
    replies = await gateway.reply("web-1", "a " * 10_000, "web")
    assert replies[0]["text"] == ANSWER["text"]
    assert "only the first part" in replies[1]["text"]
    assert len(heard[0].text) <= 10_000
    exact = await gateway.reply("web-1", "a" * 10_000, "web")
    assert len(exact) == 1


@pytest.mark.parametrize(
    "text", ["/restart", "/book_evaluation", '/inform{"x": 1}', " / /restart", "\x00/session_start"]
)
async def test_forged_command_reaches_the_engine_as_words(gateway_to: Any, text: str) -> None:
    gateway, heard = gateway_to(ANSWER)
    await gateway.reply("web-1", text, "web")
    assert not heard[0].text.startswith("/")
    assert heard[0].parse_data is None


async def test_offered_button_is_a_command_for_the_one_it_was_offered_to(gateway_to: Any) -> None:
    offer = {
        "text": "Shall we?",
        "buttons": [{"title": "Yes, go on", "payload": "/start_exercise?exercise=long_bridge"}],
    }
    gateway, heard = gateway_to(offer)
    await gateway.reply("web-1", "hello", "web")
    await gateway.reply("web-1", "yes, go on", "web")
    await gateway.reply("web-2", "yes, go on", "web")
    assert heard[1].parse_data["intent"] == {"name": "start_exercise", "confidence": 1.0}
    assert heard[1].parse_data["entities"] == [{"entity": "exercise", "value": "long_bridge"}]
    assert heard[2].parse_data is None


async def test_button_of_a_question_is_answered_as_that_question(gateway_to: Any) -> None:
    gateway, heard = gateway_to(
        {"text": "?", "buttons": [{"title": "Hours", "payload": "/faq/hours"}]}
    )
    await gateway.reply("web-1", "hello", "web")
    await gateway.reply("web-1", "Hours", "web")
    data = heard[1].parse_data
    assert data["intent"]["name"] == "faq"
    assert data["response_selector"]["faq"]["response"]["utter_action"] == "utter_faq/hours"


async def test_buttons_from_before_a_restart_still_work(gateway_to: Any) -> None:
    asked = []

    async def recall(sender: str) -> list[dict[str, Any]]:
        asked.append(sender)
        return [{"text": "?", "buttons": [{"title": "Yes", "payload": "/affirm"}], "custom": None}]

    gateway, heard = gateway_to(ANSWER, recall=recall)
    await gateway.reply("web-1", "Yes", "web")
    await gateway.reply("web-1", "Yes", "web")
    assert heard[0].parse_data["intent"]["name"] == "affirm"
    assert asked == ["web-1"], "read once"


async def test_broken_memory_of_buttons_costs_no_emergency(gateway_to: Any) -> None:
    async def recall(_sender: str) -> list[dict[str, Any]]:
        raise OSError("database is gone")

    gateway, _ = gateway_to(ANSWER, recall=recall)
    assert _alerts(await gateway.reply("web-1", DANGER, "web"))


async def test_two_patients_at_once_get_their_own_answers(gateway_to: Any) -> None:
    arrived: list[str] = []
    all_here = asyncio.Event()

    async def echo(message: Any) -> None:
        arrived.append(message.sender_id)
        if len(arrived) == 2:
            all_here.set()
        await all_here.wait()
        message.say({"text": f"for {message.sender_id}"})

    gateway, _ = gateway_to(process=echo)
    one, two = await asyncio.gather(
        gateway.reply("web-1", "hi", "web"), gateway.reply("web-2", "hi", "web")
    )
    assert one[0]["text"] == "for web-1"
    assert two[0]["text"] == "for web-2"


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_channels_wording_is_used_in_every_fallback(gateway_to: Any, channel: str) -> None:
    gateway, heard = gateway_to()
    await gateway.reply("x", CALM, channel)
    assert heard[0].channel == channel


# --- what waited for the visit -----------------------------------------------------------------

REMINDER = {
    "text": "Your exercise reminder",
    "buttons": [{"title": "Stop my reminders", "payload": "/cancel_reminder"}],
    "custom": None,
}


def _mailbox(*waiting: dict[str, Any]) -> Callable[[str, str], list[dict[str, Any]]]:
    """Returns what takes a visitor's waiting messages, once."""
    left = list(waiting)

    def take(sender_id: str, channel: str) -> list[dict[str, Any]]:
        assert (sender_id, channel) == ("web-1", "web")
        taken, left[:] = list(left), []
        return taken

    return take


async def test_what_waited_is_said_at_the_visit_after_the_disclosure(gateway_to: Any) -> None:
    gateway, heard = gateway_to(ANSWER, waiting=_mailbox(REMINDER))
    greeting, reminder = await gateway.welcome("web-1", "web")
    assert "not a therapist" in greeting["text"]
    assert reminder == REMINDER
    assert len(await gateway.welcome("web-1", "web")) == 1, "once"
    await gateway.welcome("web-1", "web")
    assert heard == []


async def test_a_waiting_messages_button_can_be_taken(gateway_to: Any) -> None:
    gateway, heard = gateway_to(ANSWER, waiting=_mailbox(REMINDER))
    await gateway.welcome("web-1", "web")
    await gateway.reply("web-1", "Stop my reminders", "web")
    assert heard[0].parse_data["intent"] == {"name": "cancel_reminder", "confidence": 1.0}


async def test_what_waited_goes_before_the_next_answer(gateway_to: Any) -> None:
    gateway, _ = gateway_to(ANSWER, waiting=_mailbox(REMINDER))
    replies = await gateway.reply("web-1", CALM, "web")
    assert [reply["text"] for reply in replies] == [REMINDER["text"], ANSWER["text"]]
    assert len(await gateway.reply("web-1", CALM, "web")) == 1


async def test_nothing_joins_an_emergency_and_it_waits_on(gateway_to: Any) -> None:
    gateway, _ = gateway_to(ALERT, waiting=_mailbox(REMINDER))
    replies = await gateway.reply("web-1", DANGER, "web")
    assert len(replies) == len(_alerts(replies)) == 1
    assert (await gateway.welcome("web-1", "web"))[1:] == [REMINDER]


async def test_a_broken_mailbox_costs_no_answer(gateway_to: Any) -> None:
    def broken(_sender_id: str, _channel: str) -> list[dict[str, Any]]:
        raise OSError

    gateway, _ = gateway_to(ANSWER, waiting=broken)
    assert [r["text"] for r in await gateway.reply("web-1", CALM, "web")] == [ANSWER["text"]]
    assert len(await gateway.welcome("web-1", "web")) == 1


async def test_after_a_deletion_no_message_is_kept_by_the_detector(gateway_to: Any) -> None:
    from bot.safety import detector

    gateway, _ = gateway_to(ANSWER)
    await gateway.reply("web-1", CALM, "web")
    assert any(CALM in about for about in detector._kept)
    gateway, _ = gateway_to({"text": "All is deleted.", "custom": {"type": "forget"}})
    await gateway.reply("web-1", "yes", "web")
    assert not detector._kept
