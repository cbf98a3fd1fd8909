"""Takes the pictures of docs/clinic-guide.md: ``python -m tests.console.pictures docs/images``.

The patients are made up, and it is always the same Tuesday morning.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import time_machine
import uvicorn
from PIL import Image

from bot.console.app import create_app
from bot.console.keys import patient_link
from bot.console.passwords import hash_password
from bot.engine.processes import free_port
from bot.store.console_users import add_user
from bot.store.database import migrate
from tests.console.made_up import MARIA, fill
from tests.console.running import NAME, PASSWORD, chromium, sign_in

MORNING = datetime(2026, 12, 1, 14, 30, tzinfo=timezone.utc)
MOST_BYTES = 150_000
WIDE, NARROW = {"width": 940, "height": 620}, {"width": 390, "height": 780}


@contextmanager
def _served() -> Iterator[str]:
    """Serves the console from a thread of this process, whose clock stands on the morning."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(create_app(), port=port, log_config=None, lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def _keep(page: Any, folder: Path, name: str, whole: bool = False) -> None:
    """Keeps what a page shows, in few enough colors to be small."""
    page.wait_for_load_state("load")
    taken = Image.open(BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    path = folder / f"console-{name}.png"
    taken.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path}  {taken.width} x {taken.height}, {size // 1000} kB")
    if size >= MOST_BYTES:
        raise SystemExit(f"{path} is larger than {MOST_BYTES // 1000} kB.")


def _take(browser: Any, address: str, folder: Path) -> None:
    page = browser.new_context(viewport=WIDE, color_scheme="light").new_page()
    page.goto(f"{address}/sign-in")
    _keep(page, folder, "sign-in")
    sign_in(page, address)
    _keep(page, folder, "today", whole=True)
    page.goto(f"{address}/hand-offs")
    page.locator("summary").click()
    _keep(page, folder, "hand-offs", whole=True)
    for name, link in (
        ("requests", "/requests"), ("appointments", "/appointments"), ("question", "/questions/1"),
        ("delete", f"/patients/{patient_link(MARIA)}/delete"), ("audit", "/audit?action=view"),
    ):  # fmt: skip
        page.goto(f"{address}{link}")
        _keep(page, folder, name)
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(f"{address}/patients/{patient_link(MARIA)}")
    _keep(page, folder, "patient", whole=True)
    page.set_viewport_size(NARROW)
    page.goto(address)
    _keep(page, folder, "phone")


def main(folder: Path) -> None:
    """Takes all pictures.

    Args:
        folder: Where to put them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, time_machine.travel(MORNING, tick=True):
        os.environ["BACKCOACH_VAR"] = var
        os.environ.pop("BACKCOACH_DATABASE_URL", None)
        migrate()
        fill()
        add_user(NAME, hash_password(NAME, PASSWORD))
        with _served() as address, chromium() as browser:
            _take(browser, address, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
