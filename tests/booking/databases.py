"""The same tests on SQLite and on PostgreSQL, started from the system's own server binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine, text

from bot.engine.processes import free_port
from bot.store.crypto import KEY_VARIABLE
from bot.store.database import engine, migrate

KEY = "the key of the tests, long enough"
REQUIRED = "BACKCOACH_REQUIRE_SERVICES"
"""Set to 1, as in `.ci/run`, nothing is skipped for want of a server."""


def do_without(lacking: str) -> NoReturn:
    """Skips the tests on PostgreSQL and says so; fails where they are required."""
    sentence = f"{lacking}: install postgresql to run these tests"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{sentence} ({REQUIRED}=1)")
    pytest.skip(sentence)


def _binaries() -> Path | None:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _as_server_user() -> list[str]:
    """The server refuses to run as root: it runs as the user that its package made, or nobody."""
    if os.geteuid() != 0:
        return []
    users = {entry.pw_name for entry in pwd.getpwall()}
    name = next((user for user in ("postgres", "nobody") if user in users), None)
    if name is None or shutil.which("runuser") is None:
        do_without("PostgreSQL does not run as root, and there is no other user to run it as")
    return ["runuser", "-u", name, "--"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    binaries = _binaries()
    if binaries is None:
        do_without("no PostgreSQL server binaries here")
    user = _as_server_user()
    folder = Path(tempfile.mkdtemp(prefix="backcoach-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user[2])
    port = free_port()
    try:
        subprocess.run(
            [*user, binaries / "initdb", "-D", folder / "data", "-U", "tests", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = [*user, binaries / "pg_ctl", "-D", folder / "data", "-w"]
        subprocess.run(
            [*control, "-l", folder / "log", "-o", options, "start"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        try:
            yield f"postgresql://tests@127.0.0.1:{port}"
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of an empty database, which the product uses for the length of a test."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'booking.db'}"
    else:
        server = request.getfixturevalue("postgres")
        name = f"t{os.getpid()}_{abs(hash(str(tmp_path)))}"
        admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT", future=True)
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        url = f"{server}/{name}"
    monkeypatch.setenv("BACKCOACH_DATABASE_URL", url)
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    engine.cache_clear()
    migrate(url)
    yield url
    engine(url).dispose()
    engine.cache_clear()
