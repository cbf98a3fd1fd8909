"""Whole Python objects over a socket between two processes of the product."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from typing import Any, cast

_SIZE_BYTES = 4


class Wire(asyncio.Protocol):
    """One end of a socket pair. Nobody else can write to it, so pickles from it are our own.

    Args:
        take: Called with each object that arrives.
        lost: Called once when the other end is gone.
    """

    def __init__(self, take: Callable[[Any], None], lost: Callable[[], None]) -> None:
        self._take, self._lost = take, lost
        self._arrived = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way to send (see the parent class)."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by name

    def connection_lost(self, _error: Exception | None) -> None:
        """Passes on that the other end is gone (see the parent class)."""
        self._transport = None
        self._lost()

    def data_received(self, data: bytes) -> None:
        """Passes on every object that is there as a whole (see the parent class)."""
        arrived = self._arrived
        arrived += data
        while len(arrived) >= _SIZE_BYTES:
            end = _SIZE_BYTES + int.from_bytes(arrived[:_SIZE_BYTES], "big")
            if len(arrived) < end:
                return
            whole = bytes(arrived[_SIZE_BYTES:end])
            del arrived[:end]
            self._take(pickle.loads(whole))  # noqa: S301  our own process wrote it

    def send(self, item: Any) -> bool:
        """Sends an object without waiting; returns False where the other end is gone."""
        if self._transport is None:
            return False
        whole = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        self._transport.write(len(whole).to_bytes(_SIZE_BYTES, "big") + whole)
        return True

    def close(self) -> None:
        """Ends the connection after what was sent."""
        if self._transport is not None:
            self._transport.close()
