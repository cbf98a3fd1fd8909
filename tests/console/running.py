"""The console as staff start it, over made-up patients, and a browser to open it with."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.engine.processes import free_port
from bot.settings import ROOT

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
NAME, PASSWORD = "rosa", "green lamp under the stairs"
START_SECONDS = 60


def lacking(what: str) -> None:
    """Skips a test that needs something of the machine; fails where that is required."""
    if os.environ.get("BACKCOACH_REQUIRE_SERVICES") == "1":
        pytest.fail(what)
    pytest.skip(what)


def bot(var: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a `bot` command with a folder of its own for database and keys."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot", *arguments],
        cwd=ROOT, env={**os.environ, "BACKCOACH_VAR": str(var)}, input=stdin,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@contextmanager
def console(var: Path, *arguments: str) -> Iterator[str]:
    """Runs `bot console` until the end of the block; gives its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bot", "console", "--port", str(port), *arguments],
        cwd=ROOT, env={**os.environ, "BACKCOACH_VAR": str(var), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    heard: queue.Queue[str | None] = queue.Queue()

    def listen() -> None:
        assert process.stdout
        for line in process.stdout:
            heard.put(line)
        heard.put(None)

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    said = []
    try:
        while not any(line.startswith("Clinic console:") for line in said):
            line = heard.get(timeout=START_SECONDS)
            assert line is not None, "The console ended:\n" + "".join(said)
            said.append(line)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        listening.join(10)
        if process.stdout:
            process.stdout.close()


@contextmanager
def chromium() -> Iterator[Any]:
    """Runs Debian's Chromium without a window."""
    if not CHROMIUM.exists():
        lacking("no Chromium at /usr/bin/chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Any, address: str, password: str = PASSWORD) -> None:
    """Signs in by the form, as staff do."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
