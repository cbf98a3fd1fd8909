"""Fixtures of the tests of jobs.

With ``BACKCOACH_TEST_DATABASE_URL`` set to an empty PostgreSQL database, which they empty again,
they run on it instead of SQLite.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.crypto import KEY_VARIABLE
from bot.store.database import downgrade, engine, migrate
from tests.unit.conftest import broken_store, migrated_file
from tests.unit.conftest import store as sqlite_store

__all__ = ["broken_store", "migrated_file", "sqlite_store"]
OTHER_DATABASE = os.environ.get("BACKCOACH_TEST_DATABASE_URL")


if OTHER_DATABASE:

    @pytest.fixture
    def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """The other database, migrated anew."""
        monkeypatch.setenv("BACKCOACH_DATABASE_URL", OTHER_DATABASE)
        monkeypatch.setenv(KEY_VARIABLE, "the key of the tests, long enough")
        engine.cache_clear()
        migrate()
        downgrade("base")
        migrate()
        yield tmp_path
        engine().dispose()
        engine.cache_clear()

else:
    store = sqlite_store
