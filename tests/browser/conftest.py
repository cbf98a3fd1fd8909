"""One running product with times to book, one Chromium, one website that shows the chat."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bot.settings import ROOT
from tests.browser.patient import Patient, missing
from tests.browser.website import Site, website
from tests.live import Product

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BOOKING = {
    "visit_minutes": 60,
    "therapists": ["Dana Reyes", "Sam Okafor"],
    "hours": dict.fromkeys(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        "08:00-18:00",
    ),
    "lead_hours": 24,
    "days_ahead": 30,
}
# Many visitors come from this machine's one address, and they type faster than people.
ENVIRONMENT = dict.fromkeys(
    (
        "BACKCOACH_ADDRESS_SESSIONS",
        "BACKCOACH_ADDRESS_MESSAGES",
        "BACKCOACH_VISITOR_MESSAGES",
    ),
    "1000",
)


# Not for the whole session: while the browser's driver runs, no test with a loop of its own can.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    found = shutil.which("chromium") or (CHROMIUM if Path(CHROMIUM).exists() else None)
    if not found:
        missing("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def bot(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product of a clinic that offers times and has a website elsewhere."""
    from bot.engine.processes import free_port

    folder: Path = tmp_path_factory.mktemp("browser")
    profile = yaml.safe_load((ROOT / "clinic.yml").read_text(encoding="utf-8"))
    port = free_port()
    with website(f"http://localhost:{port}") as address, pytest.MonkeyPatch.context() as setting:
        profile |= {"booking": BOOKING, "allowed_origins": [address]}
        (folder / "clinic.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
        setting.setenv("BACKCOACH_CLINIC_FILE", str(folder / "clinic.yml"))
        for name, value in ENVIRONMENT.items():
            setting.setenv(name, value)
        running = Product(folder, port)
        try:
            running.wait_until_ready()
            yield Site(running, address)
        finally:
            running.stop()


@pytest.fixture
def browse(chromium: Browser, bot: Site) -> Iterator[Callable[..., Patient]]:
    """Opens the clinic's website, or another page, as a new visitor."""
    contexts: list[BrowserContext] = []

    def visit(
        query: str = "", width: int = 1024, height: int = 768, page: str = "", **more: Any
    ) -> Patient:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="en-US", **more
        )
        contexts.append(context)
        return Patient(context, page or f"{bot.website}/?{query}", bot.product.url)

    yield visit
    for context in contexts:
        context.close()
