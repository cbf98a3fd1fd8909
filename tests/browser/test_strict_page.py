"""On a clinic's own page: its policy holds, nothing is asked of anybody else, settings work."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.patient import Patient
from tests.browser.website import Site

pytestmark = [pytest.mark.trained, pytest.mark.live]
Browse = Callable[..., Patient]


def test_strict_policy_and_no_third_party(browse: Browse, bot: Site) -> None:
    patient = browse().open().start_bridge()
    patient.danger()
    own = {urlsplit(bot.product.url).port, urlsplit(bot.website).port}
    asked = {urlsplit(address) for address in patient.asked if not address.startswith("blob:")}
    assert {address.hostname for address in asked} <= {"localhost", "127.0.0.1"}
    assert {address.port for address in asked} <= own
    assert not any("token" in address.query for address in asked), "a token is never in an address"
    patient.is_clean()
    policies = patient.page.evaluate(
        "(() => { try { trustedTypes.createPolicy('other', {}); return 'allowed' }"
        " catch { return 'refused' } })()"
    )
    assert policies == "refused", "the page's policy is as strict as the test means it to be"


def test_attributes_of_the_script_tag(browse: Browse) -> None:
    patient = browse("title=Ask+us&theme=dark&open=true")
    patient.sees("automated")
    panel = patient.page.get_by_role("dialog", name="Ask us")
    expect(panel).to_have_css("background-color", "rgb(18, 25, 26)")
    assert patient.page.evaluate("document.activeElement === document.body")
    patient.page.get_by_role("button", name="Close chat").click()
    patient.page.reload()
    expect(patient.launcher).to_be_visible()


def test_a_page_themes_the_chat(browse: Browse) -> None:
    patient = browse().open()
    patient.page.evaluate(
        "document.querySelector('backcoach-chat').style"
        ".setProperty('--backcoach-accent', 'rgb(90, 20, 120)')"
    )
    expect(patient.page.locator("backcoach-chat header")).to_have_css(
        "background-color", "rgb(90, 20, 120)"
    )


def test_conversation_starts_only_when_it_is_opened(browse: Browse) -> None:
    patient = browse()
    expect(patient.launcher).to_be_visible()
    assert not [address for address in patient.asked if "socket.io" in address]
    assert patient.stored() == {"tab": {}, "device": {}}


def test_server_that_cannot_be_reached_leaves_numbers_to_call(browse: Browse, bot: Site) -> None:
    patient = browse("server=http://localhost:9&phone=512-555-0100")
    patient.launcher.click()
    notice = patient.page.get_by_role("alert").filter(has_text="can't reach")
    expect(notice.get_by_role("link", name="Call 911")).to_be_visible(timeout=20_000)
    expect(notice.get_by_role("link", name="512-555-0100")).to_be_visible()
    patient.box.fill("my back hurts")
    patient.box.press("Enter")
    expect(patient.log.get_by_text("Not sent yet")).to_be_visible()
