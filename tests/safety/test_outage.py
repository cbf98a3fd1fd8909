"""Whatever is broken, the emergency text arrives within 3 seconds and the rest is honest."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.engine.processes import free_port
from tests.live import ROOT, START_SECONDS, Product, Visitor

pytestmark = [pytest.mark.live, pytest.mark.trained]

SIGN = "I can't feel it when I wipe and I peed myself"
HARMLESS = "let's do the long bridge"
WITHIN_SECONDS = 3.0


def _asserts_emergency(visitor: Visitor, text: str = SIGN) -> None:
    started = time.monotonic()
    replies = visitor.say(text)
    took = time.monotonic() - started
    assert (replies[0]["custom"] or {}).get("type") == "alert", visitor.transcript
    assert "emergency room" in replies[0]["text"]
    assert took < WITHIN_SECONDS, f"{took:.1f} s"


def _asserts_apology(visitor: Visitor, text: str = HARMLESS) -> None:
    replies = visitor.say(text)
    said = "\n".join(reply["text"] for reply in replies)
    assert "trouble" in said, said
    assert "512-215-4227" in said


@pytest.fixture
def own_product(tmp_path: Path) -> Iterator[Product]:
    """A product of the test's own, which it may break."""
    running = Product(tmp_path, free_port())
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


def _action_server(product: Product) -> int:
    """Returns the process id of the product's action server."""
    keeper = next(line for line in product.lines if "actions started (pid=" in line)
    keeper_id = keeper.split("pid=")[1].rstrip(") \n")
    children = Path(f"/proc/{keeper_id}/task/{keeper_id}/children").read_text().split()
    return int(children[0])


def test_database_locked_then_destroyed(own_product: Product) -> None:
    """One product, broken more and more."""
    database = own_product.var / "backcoach.db"
    lock = sqlite3.connect(database, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        _asserts_emergency(own_product.visitor())
        _asserts_apology(own_product.visitor())
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    for path in own_product.var.glob("backcoach.db*"):
        path.write_bytes(b"no database any more" * 5000)
    _asserts_emergency(own_product.visitor())
    # What the process still has in memory may serve the harmless message: answered it must be.
    assert own_product.visitor().say(HARMLESS)[0]["text"]


def test_action_server_killed(own_product: Product) -> None:
    """Emergencies need no action server; the rest gets the apology, and later an answer again."""
    os.kill(_action_server(own_product), signal.SIGKILL)
    _asserts_emergency(own_product.visitor())
    _asserts_apology(own_product.visitor())
    deadline = time.monotonic() + START_SECONDS
    while "safety questions" not in own_product.visitor().say(HARMLESS)[0]["text"]:
        assert time.monotonic() < deadline
        time.sleep(0.5)


@contextmanager
def _faulty(fault: str, var: Path, answers: Callable[[str], bool]) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.faulty_server", fault, str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "BACKCOACH_VAR": str(var),
            "BACKCOACH_ACTIONS_URL": f"http://127.0.0.1:{free_port()}/webhook",
        },
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    try:
        while not answers(url):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(45)


def _health(url: str) -> int | None:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def test_component_raises_or_stalls(tmp_path: Path) -> None:
    """An exception in the pipeline and a block of 30 seconds in it."""
    with _faulty("nlu", tmp_path, lambda url: _health(url) == 200) as url:
        _asserts_emergency(Visitor(url), f"explode {SIGN}")
        _asserts_apology(Visitor(url), "explode, how much is a visit?")
        _asserts_emergency(Visitor(url), f"stall {SIGN}")
        # While the engine still hangs, the next patient's emergency is answered as well.
        _asserts_emergency(Visitor(url))


def test_engine_process_ends_and_comes_back(tmp_path: Path) -> None:
    """The engine's process is killed in the middle of a message."""
    with _faulty("nlu", tmp_path, lambda url: _health(url) == 200) as url:
        _asserts_emergency(Visitor(url), f"crash {SIGN}")
        # While it loads again, the next emergency does not wait for it.
        _asserts_emergency(Visitor(url))
        deadline = time.monotonic() + START_SECONDS
        while _health(url) != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert "trouble" not in Visitor(url).say("how much is a visit?")[0]["text"]


@pytest.mark.parametrize("fault", ["no-model", "corrupt-model"])
def test_without_a_model(fault: str, tmp_path: Path) -> None:
    """The server answers without any model: emergencies, and an honest apology."""
    with _faulty(fault, tmp_path, lambda url: _health(url) == 503) as url:
        _asserts_emergency(Visitor(url))
        _asserts_apology(Visitor(url))
