"""A job in a process of its own, with a channel that writes what it sends to a file.

``python -m tests.jobs.sending NOW FILE [hang|together]``: runs the job at the moment NOW. With
``hang`` it says "sent" after its first send and then waits, so that a test can kill it before the
mark. With ``together`` it says "ready" and starts at a word, so that two jobs start at once.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from bot.jobs.reminders import run_once
from bot.store.reminders import Outgoing


class FileChannel:
    """A channel that can push: appends a line for each message."""

    def __init__(self, path: Path, hangs: bool = False) -> None:
        self.path, self.hangs = path, hangs

    def send(self, message: Outgoing) -> None:
        """Writes the message in one write, so that two processes never mix their lines."""
        line = f"{message.sender_id} {message.due_at.isoformat()}\n".encode()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, line)
        os.close(descriptor)
        if self.hangs:
            print("sent", flush=True)
            sys.stdin.readline()


if __name__ == "__main__":
    channel = FileChannel(Path(sys.argv[2]), hangs=sys.argv[3:] == ["hang"])
    if sys.argv[3:] == ["together"]:
        print("ready", flush=True)
        sys.stdin.readline()
    print(dict(run_once({"file": channel}, datetime.fromisoformat(sys.argv[1]))))
