"""The bot's real server with a fault inside: ``python -m tests.faulty_server FAULT PORT``.

Faults: ``nlu`` (a component of the pipeline raises on "explode" and blocks for 30 s on "stall"),
``no-model`` (there is no model file), ``corrupt-model`` (it cannot be read).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.engine import server
from bot.nlu.entity_reader import EntityReader
from bot.store.database import migrate

STALL_SECONDS = 30


def _break_pipeline() -> None:
    process = EntityReader.process

    def faulty(self: EntityReader, messages: list[Any]) -> list[Any]:
        text = messages[0].get("text") or ""
        if "explode" in text:
            raise RuntimeError("a component failed")
        if "stall" in text:
            time.sleep(STALL_SECONDS)
        return process(self, messages)

    EntityReader.process = faulty


def main(fault: str, port: int) -> None:
    """Serves with the fault."""
    migrate()
    if fault == "nlu":
        _break_pipeline()
    else:
        folder = Path(tempfile.mkdtemp())
        server.MODEL_FILE = folder / "backcoach.tar.gz"
        if fault == "corrupt-model":
            server.MODEL_FILE.write_bytes(b"not a model")
    server.serve("127.0.0.1", port)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
