"""The job's process: runs the reminders' job again and again until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from collections import Counter
from collections.abc import Callable
from types import FrameType

from bot.engine.logs import set_up_logging
from bot.jobs import handoffs, notices, retention, texts
from bot.jobs.reminders import run_once
from bot.keys import refuse_wrong_keys
from bot.settings import quiet_environment

EVERY_SECONDS = 20.0
JOBS: dict[str, Callable[[], Counter[str]]] = {
    "reminders": run_once,
    "appointments": notices.run_once,
    "hand-offs": handoffs.run_once,
    "texts": texts.run_once,
    "retention": retention.run_daily,
}

logger = logging.getLogger("backcoach.jobs")


def main() -> None:
    """Runs until SIGTERM or SIGINT; an error of the database is logged and tried again."""
    quiet_environment()
    refuse_wrong_keys()
    set_up_logging()
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not stop.is_set():
        for job, run in JOBS.items():
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
