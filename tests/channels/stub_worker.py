"""A stand-in for the dialogue engine's process: ``tests.channels.test_engine_process`` starts it.

It says the channel and what it was given of the encoders' work. "fail" fails, "die" says a half and
ends the process. Where the model's file is not there, none is loaded.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

from bot.engine.wire import Wire


async def _serve(descriptor: int, model: Path) -> None:
    ended = asyncio.Event()

    def take(asked: tuple[int, str, tuple[Any, ...]]) -> None:
        number, name, arguments = asked
        if name == "last_turn":
            wire.send((number, "done", ("hello", [{"text": f"pid {os.getpid()}"}])))
            return
        (text, _, channel, *_), seen = arguments
        if text == "fail":
            wire.send((number, "failed", "ValueError"))
            return
        known = [row is not None for row in seen]
        wire.send((number, "said", {"text": f"{channel} {known}"}))
        if text == "die":
            wire.close()
            ended.set()
            return
        wire.send((number, "done", False))

    wire = Wire(take, ended.set)
    own = socket.socket(fileno=descriptor)
    await asyncio.get_running_loop().create_unix_connection(lambda: wire, sock=own)
    wire.send((0, "loaded", model.exists()))
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
