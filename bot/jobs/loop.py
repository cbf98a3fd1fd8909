"""The job's process: runs the reminders' job again and again until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from collections import Counter
from collections.abc import Callable
from types import FrameType

from bot.engine.logs import set_up_logging
from bot.jobs import notices, texts
from bot.jobs.reminders import run_once
from bot.settings import quiet_environment

EVERY_SECONDS = 20.0

logger = logging.getLogger("backcoach.jobs")

_JOBS: dict[str, Callable[[], Counter[str]]] = {
    "reminders": run_once,
    "appointments": notices.run_once,
    "texts": texts.run_once,
}


def main() -> None:
    """Runs until SIGTERM or SIGINT; an error of the database is logged and tried again."""
    quiet_environment()
    set_up_logging()
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not stop.is_set():
        for job, run in _JOBS.items():
            try:
                done = run()
            except Exception as error:
                logger.error("The %s' job failed: %s", job, type(error).__name__)
            else:
                if done:
                    logger.info("%s: %s", job, ", ".join(f"{n} {w}" for w, n in done.items()))
        stop.wait(EVERY_SECONDS)


if __name__ == "__main__":
    main()
