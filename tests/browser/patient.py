"""A patient in front of the chat: what they see, tap and type."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bot.settings import ROOT

AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
CLEAR = ("No", "No", "No", "No", "No", "No", "Neither", "Yes")
"""What is tapped at the eight safety questions by somebody without a danger sign."""
ANSWER_MS = 20_000
REPORTS = """
addEventListener("securitypolicyviolation", (event) => {
  (globalThis.reports ??= []).push(event.violatedDirective + " " + event.blockedURI);
});
"""


def missing(why: str) -> None:
    """Skips a test, or fails it where everything must be there."""
    if os.environ.get("BACKCOACH_REQUIRE_SERVICES") == "1":
        pytest.fail(why)
    pytest.skip(why)


class Patient:
    """One open page with the chat."""

    def __init__(self, context: BrowserContext, address: str, bot: str) -> None:
        self.bot = bot
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.add_init_script(REPORTS)
        self.page.goto(address)
        self.launcher: Locator = self.page.get_by_role("button", name=re.compile("^(Open|Abrir)"))
        self.log: Locator = self.page.get_by_role("log")
        self.box: Locator = self.page.locator("backcoach-chat textarea")

    def open(self) -> Patient:
        """Opens the chat and waits for the greeting."""
        self.launcher.click()
        self.sees("automated")
        return self

    def sees(self, text: str, times: int | None = None) -> Locator:
        """Waits until the conversation shows a text."""
        found = self.log.get_by_text(text)
        if times is None:
            found = found.last
            expect(found).to_be_attached(timeout=ANSWER_MS)
        else:
            expect(found).to_have_count(times, timeout=ANSWER_MS)
        return found

    def say(self, text: str, then: str | None = None) -> Patient:
        """Types a message and sends it."""
        self.box.fill(text)
        self.box.press("Enter")
        if then:
            self.sees(then)
        return self

    def tap(self, title: str, then: str | None = None) -> Patient:
        """Taps one of the bot's buttons, once it is there."""
        self.log.get_by_role("button", name=title, exact=True).click(timeout=ANSWER_MS)
        if then:
            self.sees(then)
        return self

    def start_bridge(self, tapping: bool = False) -> Patient:
        """Goes to the first step of the long bridge, by tapping or by the quick way."""
        if not tapping:
            token = self.stored()["tab"]["backcoach-session"]
            for text in ("let's do the long bridge", *CLEAR, "4"):
                answer = self.page.request.post(
                    f"{self.bot}/chat/message",
                    headers={"Authorization": f"Bearer {token}"},
                    data={"text": text},
                )
                assert answer.ok, answer.text()
            return self.say("show me that step again", "step 1 of 4")
        self.say("let's do the long bridge", "when you wipe")
        for place, answer in enumerate(CLEAR, start=1):
            self.tap(answer)
            expect(self.own).to_have_count(place + 1, timeout=ANSWER_MS)
        self.sees("from 0 (none) to 10")
        return self.say("4", "step 1 of 4")

    def danger(self, text: str = "I can't control my pee and my groin is numb") -> Locator:
        """Tells of a danger sign and returns the alert that answers it."""
        self.say(text)
        alert = self.log.get_by_role("alert")
        expect(alert).to_be_visible(timeout=ANSWER_MS)
        return alert

    @property
    def own(self) -> Locator:
        """The patient's own messages."""
        return self.log.locator(".bubble.me")

    @property
    def card(self) -> Locator:
        """The card of the step that is being done."""
        return self.log.locator("backcoach-exercise")

    def has_no_barriers(self, where: str) -> None:
        """Asserts that axe-core finds nothing, of whatever severity, in the whole page."""
        if not AXE.is_file():
            missing("axe-core is missing: install Node 20 and run `make widget`")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        problems = [
            f"{rule['id']} ({rule['impact']}): {[node['target'] for node in rule['nodes']]}"
            for rule in found["violations"]
        ]
        assert not problems, f"{where}: {problems}"
        assert found["passes"], where

    def fits(self, where: str) -> None:
        """Asserts that nothing is wider than the window and no target smaller than 44 px."""
        found = self.page.evaluate(MEASURE)
        assert not found["wide"], f"{where}: wider than the window: {found['wide']}"
        assert not found["small"], f"{where}: smaller than 44 px: {found['small']}"

    def is_clean(self) -> None:
        """Asserts that the page reported no error and no violation of its policy."""
        assert self.errors == []
        assert self.page.evaluate("globalThis.reports ?? []") == []

    def picture(self, name: str) -> None:
        """Keeps a screenshot where BACKCOACH_SCREENSHOTS names a folder."""
        folder = os.environ.get("BACKCOACH_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def stored(self) -> dict[str, Any]:
        """What the page has written down in the browser."""
        kept = self.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
        tab, device = json.loads(kept)
        return {"tab": tab, "device": device}


# Links inside a sentence are exempt from the size of targets, as WCAG 2.2 has it.
MEASURE = """() => {
  const root = document.querySelector("backcoach-chat").shadowRoot;
  const seen = (element) => element.checkVisibility() && !element.closest(".hidden, [inert]");
  const name = (element) => element.outerHTML.replace(/<!--.*?-->/g, "").slice(0, 80);
  const wide = [...root.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    const rolls = element.closest(".wide");
    return seen(element) && !rolls && box.width && (box.right > innerWidth + 1 || box.left < -1);
  });
  const small = [...root.querySelectorAll("button, a, textarea")].filter((element) => {
    const box = element.getBoundingClientRect();
    const inline = element.matches(".link, .bubble a, .words a");
    return seen(element) && !inline && box.width && (box.width < 43.5 || box.height < 43.5);
  });
  return {wide: wide.map(name), small: small.map(name)};
}"""
