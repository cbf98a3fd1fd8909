"""The bot's real server with a fault inside: ``python -m tests.faulty_server FAULT PORT``.

Faults: ``nlu`` (a component of the pipeline raises on "explode", blocks for 30 s on "stall" and
ends the engine's process on "crash"), ``no-model`` (there is no model file), ``corrupt-model`` (it
cannot be read).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bot.engine import server
from bot.engine.client import EngineProcess
from bot.store.database import migrate


def main(fault: str, port: int) -> None:
    """Serves with the fault."""
    migrate()
    if fault == "nlu":
        engine = EngineProcess(module="tests.faulty_worker")
    else:
        model = Path(tempfile.mkdtemp()) / "backcoach.tar.gz"
        if fault == "corrupt-model":
            model.write_bytes(b"not a model")
        engine = EngineProcess(model)
    server.serve("127.0.0.1", port, engine)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
