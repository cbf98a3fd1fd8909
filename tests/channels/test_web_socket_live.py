"""Whole conversations over the socket of the running product."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.channels.site import Tab
from tests.live import Product

pytestmark = [pytest.mark.trained, pytest.mark.live]

# The eight safety questions, then the pain before.
CALM_ANSWERS = ("no",) * 6 + ("Neither", "yes", "4")

Opener = Callable[..., Awaitable[Tab]]


@pytest.fixture
async def opened(product: Product) -> AsyncIterator[Opener]:
    """Opens pages, and closes them after the test."""
    tabs: list[Tab] = []

    async def open_page(token: str | None = None) -> Tab:
        tab = Tab(product.url, token)
        tabs.append(tab)
        await tab.open()
        return tab

    yield open_page
    for tab in tabs:
        await tab.close()


async def test_an_exercise_with_a_question_a_reload_and_an_emergency(opened: Opener) -> None:
    tab = await opened()
    reply = await tab.ask("is walking good for my back?")
    assert "Sources:" in reply["text"]
    await tab.ask("let's do the long bridge")
    for answer in CALM_ANSWERS:
        await tab.settled()
        await tab.ask(answer)
    await tab.settled()
    card = tab.shown[-1]["custom"]
    assert card, tab.texts
    assert (card["type"], card["exercise"], card["step"]) == ("exercise_step", "long_bridge", 1)
    again = await opened(tab.token)
    assert again.shown == tab.shown, "a reload in the middle"
    reply = await again.ask("I cannot feel it when I wipe and I peed myself")
    assert reply["custom"], str(again.texts[-4:])
    assert (reply["custom"]["type"], reply["custom"]["level"]) == ("alert", "er_now")
    await again.settled()
    await again.send("restart", {})
    await again.until(lambda: again.events_named("cleared") and len(again.shown) >= 2)
    assert "automated" in again.shown[0]["text"]
    assert again.shown[1]["custom"]["level"] == "er_now", "a new start does not end an emergency"
    await again.settled()
    assert "emergency room" in (await again.ask("let's do the long bridge"))["text"]


async def test_a_new_start_leaves_the_booking_that_was_begun(opened: Opener) -> None:
    tab = await opened()
    await tab.ask("book an evaluation")
    await tab.settled()
    await tab.send("restart", {})
    await tab.until(lambda: tab.events_named("cleared") and tab.shown)
    assert "phone" not in (await tab.ask("thanks"))["text"].lower()


async def test_my_data_is_deleted_after_i_confirm_it(opened: Opener) -> None:
    tab = await opened()
    await tab.ask("is walking good for me on mondays?")
    await tab.settled()
    await tab.send("forget", {})
    await tab.until(lambda: tab.shown[-1]["from"] == "bot" and "delete" in tab.texts[-1])
    await tab.settled()
    await tab.say("Yes, delete everything")
    await tab.until(lambda: (tab.shown[-1]["custom"] or {}).get("type") == "forget")
    again = await opened(tab.token)
    assert again.session
    assert again.session["fresh"]
    assert "monday" not in str(again.shown)


def _ask(product: Product, question: str) -> Any:
    url = f"{product.url}/api/faq?q={quote(question)}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def test_the_faq_api_understands_as_the_chat_does(product: Product) -> None:
    found = _ask(product, "should i use a heating pad or an ice pack?")
    assert (found["kind"], found["answer"]["topic"]) == ("answer", "heat_or_ice")
    assert found == _ask(product, "Should I use a heating pad or an  ice pack?"), "kept for a while"
    assert _ask(product, "i want to book an appointment")["kind"] in ("choices", "unknown")
    urgent = _ask(product, "i can't feel it when i wipe and i peed myself")
    assert (urgent["kind"], urgent["level"]) == ("urgent", "er_now")
    assert "heating" not in "\n".join(product.lines)
