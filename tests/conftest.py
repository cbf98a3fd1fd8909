"""Shared fixtures: a private folder for the database and secrets of every test run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything of the product is imported: no test may touch a developer's own database.
os.environ["BACKCOACH_VAR"] = tempfile.mkdtemp(prefix="backcoach-tests-")
os.environ.pop("BACKCOACH_DATABASE_URL", None)
# Tests talk faster than patients, all from one address.
for limit in ("VISITOR_MESSAGES", "ADDRESS_MESSAGES", "ADDRESS_SESSIONS"):
    os.environ.setdefault(f"BACKCOACH_{limit}", "1000000")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The product, started as a user starts it and stopped with Ctrl-C; one for all live tests."""
    from bot.engine.processes import free_port
    from tests.live import Product

    var: Path = tmp_path_factory.mktemp("var")
    running = Product(var, free_port())
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()
