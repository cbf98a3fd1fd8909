"""One running product for all whole dialogues."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.processes import free_port
from tests.live import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, started as a user starts it and stopped with Ctrl-C."""
    var: Path = tmp_path_factory.mktemp("var")
    running = Product(var, free_port())
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()
