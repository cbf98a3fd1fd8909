"""The running product for tests: `bot run` on a free port, and visitors who talk to it."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 300


class Product:
    """`bot run` as a user starts it, with a folder of its own for database and secrets."""

    def __init__(self, var: Path, port: int, settings: dict[str, str] | None = None) -> None:
        self.var, self.port = var, port
        self.url = f"http://127.0.0.1:{port}"
        self.lines: list[str] = []
        self._heard: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "bot", "run", "--port", str(port)],
            cwd=ROOT,
            env={
                **os.environ,
                "BACKCOACH_VAR": str(var),
                "PYTHONUNBUFFERED": "1",
                **(settings or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self._heard.put(line)
        self._heard.put(None)

    def wait_until_ready(self) -> None:
        """Waits for the line that says where the page is."""
        while True:
            line = self._heard.get(timeout=START_SECONDS)
            if line is None:
                raise AssertionError("The product ended:\n" + "\n".join(self.lines))
            if line.startswith("Ready"):
                return

    def stop(self) -> int:
        """Stops it as Ctrl-C does and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._listening.join(10)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def visitor(self) -> Visitor:
        """Opens the page as a new visitor."""
        return Visitor(self.url)


def post(url: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Posts JSON and returns the status and the answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json", **(headers or {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        body = error.read()
        try:
            return error.code, json.loads(body)
        except ValueError:
            return error.code, body.decode(errors="replace")


class Visitor:
    """A visitor of the website with a session of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        status, answer = post(f"{url}/chat/session", {})
        assert status == 200, answer
        self.token, self.greeting = answer["token"], answer["replies"]
        self.transcript: list[str] = []

    def say(self, text: str) -> list[dict[str, Any]]:
        """Sends a message, or a button's title, and returns the replies."""
        status, answer = post(
            f"{self.url}/chat/message", {"text": text}, {"Authorization": f"Bearer {self.token}"}
        )
        assert status == 200, answer
        self.transcript.append(f"patient: {text[:200]}")
        for reply in answer["replies"]:
            buttons = "".join(f" [{title}]" for title in reply["buttons"])
            self.transcript.append(f"    bot: {reply['text']}{buttons}")
        return answer["replies"]
