"""The product's own pages with the chat on them, as `make run` shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.patient import Patient
from tests.browser.website import Site

pytestmark = [pytest.mark.trained, pytest.mark.live]
Browse = Callable[..., Patient]


@pytest.mark.parametrize("path", ["/", "/faq", "/faq/rest_or_move", "/faq/nowhere"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_free_of_barriers(browse: Browse, bot: Site, path: str, scheme: str) -> None:
    address = bot.product.url + path
    patient = browse(page=address, width=320, height=640, color_scheme=scheme)
    expect(patient.launcher).to_be_visible()
    patient.has_no_barriers(path)
    wide = patient.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, "nothing has to be scrolled sideways"
    patient.is_clean()
    patient.picture(f"page-{path.strip('/').replace('/', '-') or 'home'}-{scheme}")


def test_conversation_goes_on_from_page_to_page(browse: Browse, bot: Site) -> None:
    patient = browse(page=f"{bot.product.url}/").open()
    patient.say("should i rest or keep moving?", "as much as your pain allows")
    patient.page.goto(f"{bot.product.url}/faq")
    patient.sees("as much as your pain allows", times=1)
    patient.has_no_barriers("page with an open chat")
    patient.picture("page-with-chat")
    patient.is_clean()
