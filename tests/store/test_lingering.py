"""Connections that are kept for a turn: closed in quiet, and no trap when files change."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from bot.store import lingering
from bot.store.database import engine, migrate, session


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database of its own, closed afterwards."""
    address = f"sqlite:///{tmp_path / 'own.db'}"
    migrate(address)
    yield address
    engine(address).dispose()


def _read(url: str) -> str:
    with session(url) as opened:
        return str(opened.execute(text("select version_num from alembic_version")).scalar_one())


def test_steps_of_a_turn_share_a_connection(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lingering, "QUIET_SECONDS", 10.0)
    connections: list[str] = []
    event.listen(engine(url), "connect", lambda *_: connections.append("opened"))
    for _ in range(5):
        _read(url)
    assert connections == ["opened"]


def test_it_closes_in_quiet_and_opens_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lingering, "QUIET_SECONDS", 0.05)
    version = _read(url)
    for closer in [thread for thread in threading.enumerate() if thread.name == "sqlite"]:
        closer.join(30)
    assert not list(Path(str(engine(url).url.database)).parent.glob("own.db-*"))
    assert _read(url) == version


@pytest.mark.parametrize("rubbish", [b"", b"x" * 10, b"no index" * 20_000])
def test_a_journal_that_is_cut_short_ends_no_process(url: str, rubbish: bytes) -> None:
    version = _read(url)
    index = Path(f"{engine(url).url.database}-shm")
    index.write_bytes(rubbish)
    assert _read(url) == version


def test_a_restored_file_is_read_anew_and_a_ruined_one_is_an_error(
    url: str, tmp_path: Path
) -> None:
    file = Path(str(engine(url).url.database))
    good = file.read_bytes()
    version = _read(url)
    other = tmp_path / "other.db"
    migrate(f"sqlite:///{other}")
    with session(f"sqlite:///{other}") as opened:
        opened.execute(text("update alembic_version set version_num = 'restored'"))
    engine(f"sqlite:///{other}").dispose()
    os.replace(other, file)
    assert _read(url) == "restored"
    for path in file.parent.glob("own.db*"):
        path.write_bytes(b"no database any more" * 5000)
    with pytest.raises(DBAPIError):
        _read(url)
    for path in file.parent.glob("own.db-*"):
        path.unlink()
    file.write_bytes(good)
    engine(url).dispose()
    assert _read(url) == version
