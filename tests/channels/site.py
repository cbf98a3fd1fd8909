"""The website's server over a stand-in for the dialogue engine, and pages that talk to it."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import socketio

from bot.engine.processes import free_port, is_ready
from tests.live import ROOT, START_SECONDS

SECONDS = 20
# The limits as a clinic has them, whatever the other tests set.
USUAL = {
    "BACKCOACH_VISITOR_MESSAGES": "20",
    "BACKCOACH_ADDRESS_MESSAGES": "60",
    "BACKCOACH_ADDRESS_SESSIONS": "30",
}
if not hasattr(aiohttp, "ClientWSTimeout"):
    # The socket client asks for a name of newer versions; here the plain number does the same.
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close  # type: ignore[attr-defined]


class Site:
    """The server in a process of its own, with a folder of its own.

    Args:
        folder: For database, keys, and what the stand-in heard.
        settings: Environment variables, for example lower limits.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = settings
        self.log = folder / "server.log"
        self.start()

    def start(self) -> None:
        """Starts it, or starts it again."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.channels.stub_server",
                 str(self.port), str(self.folder)],
                cwd=ROOT, stdout=log, stderr=log,
                env={**os.environ, **USUAL, "BACKCOACH_VAR": str(self.folder), **self._settings},
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self.port):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stops it; with SIGKILL as a crash does."""
        self.process.send_signal(how)
        self.process.wait(30)

    def heard(self, sender: str | None = None) -> list[str]:
        """Returns the messages that reached the dialogue engine."""
        return [line["text"] for line in self._heard() if sender in (None, line["sender"])]

    def commands(self) -> list[str]:
        """Returns the commands that reached it."""
        return [line["command"] for line in self._heard() if line["command"]]

    def _heard(self) -> list[dict[str, Any]]:
        path = self.folder / "heard.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def release(self, name: str) -> None:
        """Lets the answer to ``hold NAME`` go."""
        (self.folder / name).touch()


class Tab:
    """A page of the website, with the real client of the protocol."""

    _names = itertools.count()

    def __init__(self, url: str, token: str | None = None, last: int = 0) -> None:
        self.url, self.token, self.last = url, token, last
        self.shown: list[dict[str, Any]] = []
        self.events: list[tuple[str, Any]] = []
        self.session: dict[str, Any] | None = None
        self.address: str | None = None
        self._news = asyncio.Condition()
        self._client: Any = None

    async def open(
        self,
        origin: str | None = None,
        transport: str = "websocket",
        address: str | None = None,
        claims: Any = None,
    ) -> None:
        """Connects and waits until the server has said who this is, or refused.

        Args:
            origin: The website that the page is of.
            transport: ``websocket`` or ``polling``.
            address: What a proxy in between would say of the visitor's address.
            claims: What it says it has shown; by default the truth.
        """
        self.session = None
        self.address = address or self.address
        headers = {"Origin": origin, "X-Forwarded-For": self.address}
        self._client = socketio.AsyncClient(reconnection=False)
        self._client.on("*", self._hear)
        self._client.on("disconnect", self._gone)
        await self._client.connect(
            self.url,
            headers={name: value for name, value in headers.items() if value},
            auth={"token": self.token, "last": claims or self.last, "channel_version": 1},
            socketio_path="/chat/socket.io",
            transports=[transport],
            wait_timeout=SECONDS,
        )
        await self.until(lambda: self.session or self.events_named("refused"))

    async def _hear(self, event: str, data: Any = None) -> None:
        async with self._news:
            self.events.append((event, data))
            if event == "session":
                self.session, self.token = data, data["token"]
                if data["fresh"]:
                    self.last, self.shown = 0, []
                for message in data["messages"]:
                    self._show(message)
            elif event == "message":
                self._show(data)
            elif event == "cleared":
                self.shown = [m for m in self.shown if m["seq"] > data["seq"]]
            self._news.notify_all()

    async def _gone(self, *_reason: Any) -> None:
        await self._hear("gone")

    def _show(self, message: dict[str, Any]) -> None:
        if message["seq"] > self.last:
            self.last = message["seq"]
            self.shown.append(message)

    def events_named(self, name: str) -> list[Any]:
        return [data for event, data in self.events if event == name]

    async def until(self, holds: Callable[[], Any]) -> None:
        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(holds), SECONDS)
            except asyncio.TimeoutError:
                raise AssertionError(f"Never so; shown: {self.texts}") from None

    async def say(self, text: Any, name: Any = None) -> Any:
        name = name if name is not None else f"message-{next(self._names)}"
        return await self.send("say", {"id": name, "text": text})

    async def send(self, event: str, data: Any = None) -> Any:
        return await self._client.call(event, data, timeout=SECONDS)

    async def emit(self, event: str, data: Any = None, ack: Any = None) -> None:
        await self._client.emit(event, data, callback=ack)

    async def ask(self, text: str) -> dict[str, Any]:
        """Sends a message and returns the bot's next one."""
        ack = await self.say(text)
        assert ack["ok"], ack
        await self.until(lambda: any(self._answers(m, ack["seq"]) for m in self.shown))
        return next(m for m in self.shown if self._answers(m, ack["seq"]))

    async def settled(self) -> None:
        """Waits until the bot has said all that it has to say to what was sent."""
        await self.until(lambda: self.events_named("typing").count({"on": False}) == self._turns())

    def _turns(self) -> int:
        return len({data["id"] for data in self.events_named("message") if data["from"] == "me"})

    @staticmethod
    def _answers(message: dict[str, Any], seq: int) -> bool:
        return message["from"] == "bot" and message["seq"] > seq

    @property
    def texts(self) -> list[str]:
        return [f"{message['from']}: {message['text']}" for message in self.shown]

    @property
    def sender(self) -> str:
        """The visitor's id, which the token carries for all to read and nobody to forge."""
        payload = str(self.token).split(".", maxsplit=1)[0]
        return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))

    @property
    def is_open(self) -> bool:
        return bool(self._client and self._client.connected)

    async def cut(self) -> None:
        """Loses the network: the connection breaks without a word of farewell."""
        self._client.eio.state = "disconnected"
        await self._leave_nothing_open()

    async def close(self) -> None:
        if self._client is not None:
            if self._client.transport() == "websocket":
                await self._client.disconnect()
            # A page that polls would wait for its last poll to end.
            await self._leave_nothing_open()

    async def _leave_nothing_open(self) -> None:
        if self._client.eio.http is not None:
            await self._client.eio.http.close()
