"""The database: engine, sessions and migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

# SQLAlchemy 1.4 is pinned by the dialogue engine; its advice to move to 2.0 helps no one here.
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.settings import database_url
from bot.store.lingering import Lingering

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 2.0
CONNECT_SECONDS = 3
STATEMENT_SECONDS = 5
"""On PostgreSQL: a server that hangs fails like one that is down, while the patient still waits."""
POOL_SECONDS = 3.0
"""How long a step waits for a connection where all of a process's are in use."""


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
    cursor.close()
    connection.commit()  # a rollback would take the setting back


@lru_cache(maxsize=4)
def engine(url: str | None = None) -> Engine:
    """Returns the engine of a database, one per process and address.

    Args:
        url: The SQLAlchemy address; by default that of the settings.
    """
    if url is None:
        return engine(database_url())
    if url.startswith("sqlite"):
        made = create_engine(
            url,
            future=True,
            poolclass=QueuePool,
            pool_timeout=POOL_SECONDS,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(made, "connect", _set_up_sqlite)
        Lingering(made)
        return made
    made = create_engine(
        url,
        future=True,
        pool_pre_ping=True,
        pool_timeout=POOL_SECONDS,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )
    event.listen(made, "connect", _set_up_postgresql)
    return made


@contextmanager
def session(url: str | None = None) -> Iterator[Session]:
    """Opens a session that commits at the end, or rolls back and raises."""
    with Session(engine(url), future=True) as opened, opened.begin():
        yield opened


@contextmanager
def connection() -> Iterator[Connection]:
    """Opens a connection that commits at the end, or rolls back and raises.

    For steps of every turn: statements on the tables cost half of what objects of the rows do.
    """
    with engine().begin() as opened:
        yield opened


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str | None = None, revision: str = "head") -> None:
    """Brings the schema to a revision, the newest by default."""
    address = url or database_url()
    command.upgrade(_config(address), revision)
    engine(address).dispose()  # closed, the file holds all of it and can be copied


def downgrade(revision: str, url: str | None = None) -> None:
    """Takes the schema back to an earlier revision (``base`` empties it)."""
    address = url or database_url()
    command.downgrade(_config(address), revision)
    engine(address).dispose()


def is_current(url: str | None = None) -> bool:
    """Tells whether the schema is at the newest revision."""
    address = url or database_url()
    newest = ScriptDirectory.from_config(_config(address)).get_current_head()
    with engine(address).connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return bool(current == newest)
