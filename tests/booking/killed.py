"""Changes of appointments in processes that are killed at their N-th step.

``python -m tests.booking.killed`` reads lines ``N ACTION SENDER WHAT`` and does each in
a process of its own, which it kills at step N: the steps are the begin and the end of each
statement, the commit, and the end. It answers each line with ``killed``, ``ended`` or ``failed``.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from bot.store import appointments as store
from bot.store.database import engine
from bot.store.records import request_booking
from tests.booking.times import slot


def _change(action: str, sender: str, what: str) -> None:
    if action == "hold":
        store.hold(sender, slot(int(what)))
    elif action == "book":
        who = ("Ana Lopez", "+15125550100", False, "web")
        store.book(sender, what, *who, email="ana@example.com")
    elif action == "request":
        request_booking(sender, "Ana Lopez", "+15125550100", "mornings", key=what)
    elif action == "move":
        reference, key = what.split(":")
        store.move(reference, sender, key, "web")
    else:
        store.cancel(what)


def _with_kill(step: int, action: str, sender: str, what: str) -> None:
    seen = 0

    def count(*_ignored: Any, **_named: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine(), name, count)
    _change(action, sender, what)
    count()


def _in_child(words: list[str]) -> str:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _with_kill(int(words[0]), *words[1:])
            code = 0
        except store.SlotTakenError:
            code = 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    return {0: "ended", 2: "taken"}.get(os.WEXITSTATUS(status), "failed")


if __name__ == "__main__":
    for line in sys.stdin:
        print(_in_child(line.split()), flush=True)
