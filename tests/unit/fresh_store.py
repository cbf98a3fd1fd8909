"""A database of its own for each test: migrated once, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.crypto import KEY_VARIABLE
from bot.store.database import engine, migrate


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest revision."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def store(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a fresh database, which the product uses for the length of a test."""
    path = tmp_path / "backcoach.db"
    shutil.copy(migrated_file, path)
    monkeypatch.setenv("BACKCOACH_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv(KEY_VARIABLE, "the key of the tests, long enough")
    engine.cache_clear()
    yield path
    engine.cache_clear()


@pytest.fixture
def broken_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that cannot be opened."""
    monkeypatch.setenv("BACKCOACH_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/x.db")
    engine.cache_clear()
    yield
    engine.cache_clear()
