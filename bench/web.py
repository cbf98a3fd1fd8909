"""Round trips over the website's socket: from a message to the first bubble of its answer.

``python -m bench.web [URL]`` measures a running product (by default one that it starts itself):
one visitor alone, then 50 at once, each with a pause between messages as people make.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import socketio

from bot.engine.processes import free_port

ALONE, CLIENTS, MESSAGES = 60, 50, 10
PAUSE_SECONDS = (2.0, 6.0)
TEXTS = (
    "is walking good for my back?", "should i use heat or ice", "what does a visit cost",
    "how long will this last", "do i need an mri", "thanks",
)  # fmt: skip

if not hasattr(aiohttp, "ClientWSTimeout"):
    # The socket client asks for a name of newer versions; here the plain number does the same.
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close


class Visitor:
    """A page with the real client of the protocol."""

    def __init__(self) -> None:
        self._client = socketio.AsyncClient(reconnection=False)
        self._answered = asyncio.Event()
        self._ready = asyncio.Event()
        self._names = itertools.count()
        self._client.on("message", self._hear)
        self._client.on("session", self._begin)

    async def open(self, url: str) -> None:
        """Connects and waits for the session."""
        await self._client.connect(
            url, auth={"token": None, "last": 0, "channel_version": 1}, wait_timeout=30,
            socketio_path="/chat/socket.io", transports=["websocket"],
        )  # fmt: skip
        await asyncio.wait_for(self._ready.wait(), 30)

    async def _begin(self, _session: Any) -> None:
        self._ready.set()

    async def _hear(self, message: dict[str, Any]) -> None:
        if message["from"] == "bot":
            self._answered.set()

    async def ask(self, text: str) -> float:
        """Returns the milliseconds from sending to the first bubble of the answer."""
        self._answered.clear()
        started = time.perf_counter()
        await self._client.emit("say", {"id": f"b{next(self._names)}", "text": text})
        await asyncio.wait_for(self._answered.wait(), 30)
        return (time.perf_counter() - started) * 1000

    async def close(self) -> None:
        """Closes the page."""
        await self._client.disconnect()


def _row(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99)]
    return f"{name:<24}{len(times):>9}" + "".join(f"{ms:>9.0f}" for ms in at)


async def _talk(url: str, messages: int, pause: tuple[float, float]) -> list[float]:
    visitor = Visitor()
    await visitor.open(url)
    times = []
    for number in range(messages):
        await asyncio.sleep(random.uniform(*pause))
        times.append(await visitor.ask(TEXTS[number % len(TEXTS)]))
    await visitor.close()
    return times


async def measure(url: str) -> None:
    """Measures and prints the table."""
    print(f"{'milliseconds':<24}{'messages':>9}{'p50':>9}{'p95':>9}{'p99':>9}")
    await _talk(url, 5, (0, 0))
    print(_row("one visitor", await _talk(url, ALONE, (0.5, 0.6))))
    talks = await asyncio.gather(*(_talk(url, MESSAGES, PAUSE_SECONDS) for _ in range(CLIENTS)))
    print(_row(f"{CLIENTS} visitors at once", [ms for talk in talks for ms in talk]))


def main() -> None:
    """Starts the product where no address is given."""
    if len(sys.argv) > 1:
        asyncio.run(measure(sys.argv[1]))
        return
    from tests.live import Product

    for limit in ("VISITOR_MESSAGES", "ADDRESS_MESSAGES", "ADDRESS_SESSIONS"):
        os.environ[f"BACKCOACH_{limit}"] = "1000000"
    product = Product(Path(tempfile.mkdtemp()), free_port())
    try:
        product.wait_until_ready()
        asyncio.run(measure(product.url))
    finally:
        product.stop()


if __name__ == "__main__":
    main()
