"""Keeps a module's process running: ``python -m bot.engine.keep MODULE [ARGUMENT ...]``.

The process manager ends everything when one process ends. The action server may be lost without
the bot being lost: emergencies need only the bot. So it is started again instead.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

from bot.settings import WRONG_SETTINGS

PAUSE_SECONDS = 1.0


def main(module: str, arguments: list[str]) -> None:
    """Runs the module again whenever it ends, until this process is told to stop."""
    child: subprocess.Popen[bytes] | None = None
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # No waiting in here: this may run in the middle of the wait below, which holds its lock.
        nonlocal stopping
        stopping = True
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping:
        child = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-W", "ignore", "-m", module, *arguments]
        )
        code = child.wait()
        if stopping:
            break
        if code == WRONG_SETTINGS:
            sys.exit(code)  # the next start would end the same way
        print(f"{module} ended with {code}; starting it again", flush=True)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
