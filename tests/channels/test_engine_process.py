"""The channels' side of the engine: what is said arrives, and a lost engine comes back."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.message import PatientMessage
from bot.engine import client as module
from bot.engine.client import EngineProcess
from bot.engine.errors import EngineError
from bot.engine.wire import Wire
from bot.safety import screen

STAND_IN = "tests.channels.stub_worker"


@pytest.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EngineProcess]:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    model = tmp_path / "model"
    model.touch()
    started = EngineProcess(model, STAND_IN)
    await started.start()
    yield started
    await asyncio.wait_for(started.stop(), 20)


def _message(text: str) -> PatientMessage:
    return PatientMessage(text, "web-1", "web", screening=screen(text))


async def _pid(engine: EngineProcess) -> int:
    return int((await engine.recall("web-1"))[0]["text"].split()[1])


async def test_answer_arrives_with_what_the_encoders_saw_before(engine: EngineProcess) -> None:
    # The process has only just been started: the message waits for its model.
    message = _message("is walking good for my back?")
    engine.ahead(message.text)
    await asyncio.wait_for(engine.process(message), 20)
    seen = [True, engine._encoder is not None]
    assert message.replies == [{"text": f"web {seen}", "buttons": [], "custom": None}]
    assert message.may_wait is False


async def test_chosen_button_is_not_read_again(engine: EngineProcess) -> None:
    message = PatientMessage("Yes", "web-1", "sms", parse_data={"intent": {"name": "affirm"}})
    await asyncio.wait_for(engine.process(message), 20)
    assert message.replies[0]["text"] == "sms [False, False]"


async def test_failure_is_told_by_its_kind_only(engine: EngineProcess) -> None:
    with pytest.raises(EngineError, match=r"^ValueError$"):
        await asyncio.wait_for(engine.process(_message("fail")), 20)


async def test_lost_engine_keeps_what_it_said_and_is_started_again(engine: EngineProcess) -> None:
    first = await asyncio.wait_for(_pid(engine), 20)
    message = _message("die")
    with pytest.raises(EngineError):
        await asyncio.wait_for(engine.process(message), 20)
    assert len(message.replies) == 1, "the patient is told what was said before the end"
    assert await asyncio.wait_for(_pid(engine), 20) != first
    assert engine.ready


async def test_what_waited_too_long_for_the_engine_is_not_done_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patient was told that it could not be done; a "yes" of then must not book now."""
    monkeypatch.setattr(module, "LOADING_SECONDS", 0.01)
    model = tmp_path / "model"
    model.touch()
    engine = EngineProcess(model, STAND_IN)
    message = _message("yes")
    with pytest.raises(EngineError):
        await engine.process(message)
    await engine.start()
    try:
        assert await asyncio.wait_for(engine.loaded(), 20)
        await asyncio.wait_for(engine.recall("web-1"), 20)
        assert message.replies == []
    finally:
        await asyncio.wait_for(engine.stop(), 20)


async def test_without_a_model_nothing_waits(tmp_path: Path) -> None:
    engine = EngineProcess(tmp_path / "none", STAND_IN)
    await engine.start()
    try:
        assert not await asyncio.wait_for(engine.loaded(), 20)
        with pytest.raises(EngineError):
            await engine.process(_message("hello"))
    finally:
        await asyncio.wait_for(engine.stop(), 20)


async def test_stopping_ends_the_process(engine: EngineProcess) -> None:
    pid = await asyncio.wait_for(_pid(engine), 20)
    await asyncio.wait_for(engine.stop(), 20)
    assert not Path(f"/proc/{pid}").exists()


def test_objects_arrive_whole_however_they_are_cut() -> None:
    taken: list[object] = []
    wire = Wire(taken.append, lambda: None)
    sent = [(1, "said", {"text": "x" * 300}), (2, "done", None)]
    stream = b"".join(
        len(whole).to_bytes(4, "big") + whole for whole in (pickle.dumps(item) for item in sent)
    )
    for place in range(len(stream)):
        wire.data_received(stream[place : place + 1])
    assert taken == sent
    wire.data_received(stream)
    assert taken == sent * 2


def test_the_channels_process_loads_nothing_heavy() -> None:
    """Emergencies are answered within a second or two of a start, and in little memory."""
    heavy = ("rasa", "tensorflow", "spacy", "sklearn")
    told = f"import sys, bot.engine.server; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", told], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
