"""The dialogue engine's process with a fault in its pipeline (see ``tests.faulty_server``)."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bot.engine import worker
from bot.nlu.entity_reader import EntityReader

STALL_SECONDS = 30

_process = EntityReader.process


def _faulty(self: EntityReader, messages: list[Any]) -> list[Any]:
    text = messages[0].get("text") or ""
    if "explode" in text:
        raise RuntimeError("a component failed")
    if "stall" in text:
        time.sleep(STALL_SECONDS)
    if "crash" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return _process(self, messages)


if __name__ == "__main__":
    EntityReader.process = _faulty
    worker.main(int(sys.argv[1]), Path(sys.argv[2]))
