"""From a click on send to the answer on the screen, measured in Chromium: `make bench-widget`.

The whole product runs as `bot run` starts it, with an empty database of its own, and the widget is
used as patients use it. An answer counts as painted when the frame that shows its first bubble has
been drawn. The first messages warm up and do not count.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from bot.engine.processes import free_port
from tests.browser.conftest import ARGUMENTS, CHROMIUM, ENVIRONMENT
from tests.live import Product

REQUIRED_P95_MS = 150
WARM_UP = 10
QUESTIONS = (
    "should i rest or keep moving?",
    "is walking good for my back?",
    "what does an evaluation cost?",
    "do i need an mri?",
    "is sitting all day bad for me?",
    "thanks",
    "how long until it gets better?",
    "what exercises help?",
    "can i still lift things?",
    "where are you located?",
)
# Notes when the first answer came in, to tell the widget's own share from the server's.
LISTEN = """
const Plain = WebSocket;
globalThis.WebSocket = class extends Plain {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({data}) => {
      if (String(data).includes('"from":"bot"')) globalThis.received ??= performance.now();
    });
  }
};
"""
# Puts a text in, clicks, and waits for the frame after the first new bubble of the bot.
MEASURE = """async (text) => {
  const root = document.querySelector("backcoach-chat").shadowRoot;
  const log = root.querySelector(".log");
  const answers = () => log.querySelectorAll(".turn.bot").length;
  root.querySelector("textarea").value = text;
  const before = answers();
  const shown = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("no answer")), 20000);
    const watch = new MutationObserver(() => {
      if (answers() === before) return;
      watch.disconnect();
      clearTimeout(late);
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    });
    watch.observe(log, {childList: true, subtree: true});
  });
  globalThis.received = undefined;
  const from = performance.now();
  root.querySelector(".send").click();
  const painted = await shown;
  return {all: painted - from, widget: painted - (globalThis.received ?? from)};
}"""


def percentile(times: Sequence[float], share: float) -> float:
    """Returns the time that so many of the times do not exceed (nearest rank)."""
    ordered = sorted(times)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def measure(page: Page, messages: int) -> list[dict[str, float]]:
    """Sends messages; of each, the milliseconds in all and those after the answer came in."""
    page.locator("backcoach-chat .launcher").click()
    page.locator("backcoach-chat .turn.bot").first.wait_for()
    times = []
    for number in range(WARM_UP + messages):
        times.append(page.evaluate(MEASURE, QUESTIONS[number % len(QUESTIONS)]))
        # People read before they write again: nothing is still on its way.
        expect(page.locator("backcoach-chat .dots")).to_have_count(0)
    return times[WARM_UP:]


def run(messages: int) -> list[dict[str, float]]:
    """Starts everything, measures, and stops everything."""
    os.environ.update(ENVIRONMENT)
    with TemporaryDirectory(prefix="backcoach-bench-") as folder, sync_playwright() as playwright:
        product = Product(Path(folder), free_port())
        try:
            product.wait_until_ready()
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or CHROMIUM, args=ARGUMENTS
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(LISTEN)
            page.goto(f"{product.url}/")
            times = measure(page, messages)
            browser.close()
        finally:
            product.stop()
    return times


def main() -> None:
    """Prints the table; exits with 1 where the answers come too late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100)
    times = run(parser.parse_args().messages)
    table = Table(title="Click on send to answer painted", title_justify="left")
    table.add_column(f"{len(times)} messages", no_wrap=True)
    for name in ("p50 ms", "p90 ms", "p95 ms", "p99 ms", "worst ms", "required"):
        table.add_column(name, justify="right")
    whole = [time["all"] for time in times]
    for name, part, required in (
        ("in all", whole, str(REQUIRED_P95_MS)),
        ("widget alone", [time["widget"] for time in times], ""),
    ):
        shares = (f"{percentile(part, share):.0f}" for share in (0.5, 0.9, 0.95, 0.99, 1.0))
        table.add_row(name, *shares, required)
    Console().print(table)
    load = os.getloadavg()[0]
    print(f"Load of the machine: {load:.1f} on {os.cpu_count()} cores.")
    sys.exit(percentile(whole, 0.95) > REQUIRED_P95_MS)


if __name__ == "__main__":
    main()
