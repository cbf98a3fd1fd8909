"""SQLite connections that stay open between the steps of a turn, and close when it is over.

To open one costs as much as what is done with it, and to close a database's last one writes its
journal back: several times in every turn, that is a third of the patient's wait. Kept for good,
though, a connection maps a journal that somebody may cut short, as a bad restore does, and the
process would end, and with it the emergency answers. So none outlives a second of quiet.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError

QUIET_SECONDS = 1.0
_INDEX_BYTES = 32 * 1024
"""What SQLite maps of a journal's index at least (sqlite.org/walformat.html)."""


class Lingering:
    """Closes the idle connections of an engine a second after their last use.

    Args:
        engine: An SQLite engine with a pool that keeps connections.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = Path(engine.url.database or "")
        self._lock = threading.Lock()
        self._used_at = 0.0
        self._closer: threading.Thread | None = None
        self._seen: tuple[int, int] | None = None
        event.listen(engine, "checkout", self._check)
        event.listen(engine, "checkin", self._note)

    def _check(self, _connection: Any, _record: Any, _proxy: Any) -> None:
        """Refuses a kept connection whose file is another by now; the pool opens a new one."""
        self._mend_index()
        found = self._identity()
        with self._lock:
            known, self._seen = self._seen, found
        if known is not None and found != known:
            raise InvalidatePoolError

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _mend_index(self) -> None:
        """Makes a cut journal index as long again as it is mapped: empty, SQLite builds it anew."""
        index = f"{self._file}-shm"
        with contextlib.suppress(OSError):
            if os.stat(index).st_size < _INDEX_BYTES:
                os.truncate(index, _INDEX_BYTES)

    def _note(self, _connection: Any, _record: Any) -> None:
        with self._lock:
            self._used_at = time.monotonic()
            if self._closer is None:
                self._closer = threading.Thread(
                    target=self._close_when_quiet, daemon=True, name="sqlite"
                )
                self._closer.start()

    def _close_when_quiet(self) -> None:
        while True:
            with self._lock:
                left = self._used_at + QUIET_SECONDS - time.monotonic()
                if left <= 0:
                    self._closer = None
                    break
            time.sleep(left)
        self._mend_index()
        self._engine.dispose()
