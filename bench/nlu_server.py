"""Servers and clients for ``bench.nlu``: this product's server, and Rasa's own, over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from bot.replies import plain_response
from bot.settings import ROOT
from bot.store.database import migrate

START_SECONDS = 240
TURNS, CLIENTS, CLIENT_TURNS = 150, 8, 25


@dataclass(frozen=True)
class Served:
    """What a server was measured at.

    Attributes:
        start: Seconds until it answered.
        turns: Milliseconds of each turn of one client.
        rate: Turns a second with several clients at once.
        memory: Resident megabytes after that.
        unanswered: Turns that got no answer, or an apology.
    """

    start: float
    turns: list[float]
    rate: float
    memory: float
    unanswered: int


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _resident(pid: int) -> float:
    """Returns the resident memory of a process and its children in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own / 1024 + sum(_resident(int(child)) for child in children)


@contextlib.contextmanager
def _running(command: list[str], var: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "BACKCOACH_VAR": str(var),
        # Nobody listens there: none of the measured turns needs an action.
        "BACKCOACH_ACTIONS_URL": "http://127.0.0.1:1/webhook",
        "RASA_TELEMETRY_ENABLED": "false",
        # All clients come from one address, faster than people.
        "BACKCOACH_VISITOR_MESSAGES": "1000000",
        "BACKCOACH_ADDRESS_MESSAGES": "1000000",
        "BACKCOACH_ADDRESS_SESSIONS": "1000000",
    }
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *command], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


class _Connection:
    """One kept connection; a load that costs the server's cores as little as it can."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(url.removeprefix("http://"), timeout=60)

    def post(self, path: str, body: dict[str, str], token: str = "") -> tuple[int, Any]:
        """Posts JSON and returns the status and the JSON that comes back."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())


def own_client(url: str) -> Callable[[str], bool]:
    """Returns a function that says something as one visitor, and tells whether it was answered."""
    connection = _Connection(url)
    token = connection.post("/chat/session", {})[1]["token"]
    apology = plain_response("utter_trouble", "web")["text"]

    def say(text: str) -> bool:
        status, answer = connection.post("/chat/message", {"text": text}, token)
        replies = answer["replies"] if status == HTTPStatus.OK else []
        return bool(replies) and all(reply["text"] != apology for reply in replies)

    return say


def rest_client(url: str) -> Callable[[str], bool]:
    """Returns a function that says something over Rasa's REST channel."""
    connection = _Connection(url)
    sender = f"bench-{time.perf_counter_ns()}"

    def say(text: str) -> bool:
        body = {"sender": sender, "message": text}
        return bool(connection.post("/webhooks/rest/webhook", body)[1])

    return say


def measure(
    command: Callable[[int], list[str]],
    client: Callable[[str], Callable[[str], bool]],
    texts: list[str],
    scratch: Path,
) -> Served:
    """Starts a server and measures it.

    Args:
        command: Returns the module and arguments that serve on a port.
        client: Makes a client of the server's address.
        texts: What to say, each once, for what was said before may be kept.
        scratch: A folder for its database.
    """
    migrate(f"sqlite:///{scratch / 'backcoach.db'}")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    with _running(command(port), scratch) as process:
        say = _first_client(client, url, process, started + START_SECONDS)
        start = time.perf_counter() - started
        turns = [_timed(say, text) for text in texts[:TURNS]]
        rate, answered = _rate(client, url, texts[TURNS:])
        unanswered = [ok for _, ok in turns].count(False) + answered.count(False)
        took = [milliseconds for milliseconds, _ in turns]
        return Served(start, took, rate, _resident(process.pid), unanswered)


def _first_client(
    client: Callable[[str], Callable[[str], bool]],
    url: str,
    process: subprocess.Popen[bytes],
    until: float,
) -> Callable[[str], bool]:
    while time.perf_counter() < until and process.poll() is None:
        with contextlib.suppress(OSError, HTTPException, ValueError, KeyError):
            say = client(url)
            if say("what are your hours"):
                return say
        time.sleep(0.2)
    raise SystemExit("A server did not start: run its command by hand to see why.")


def _timed(say: Callable[[str], bool], text: str) -> tuple[float, bool]:
    started = time.perf_counter()
    answered = say(text)
    return 1000 * (time.perf_counter() - started), answered


def _rate(
    client: Callable[[str], Callable[[str], bool]], url: str, texts: list[str]
) -> tuple[float, list[bool]]:
    """Returns the turns a second of several clients, and which of them were answered."""

    def talk(visitor: tuple[int, Callable[[str], bool]]) -> list[bool]:
        number, say = visitor
        return [say(text) for text in texts[number::CLIENTS][:CLIENT_TURNS]]

    visitors = list(enumerate(client(url) for _ in range(CLIENTS)))
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answered = [one for said in pool.map(talk, visitors) for one in said]
    return len(answered) / (time.perf_counter() - started), answered
