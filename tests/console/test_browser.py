"""The console in a real browser: accessible, without scripts, by keyboard, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.console.keys import patient_link
from bot.store.database import engine, migrate
from tests.console.made_up import MARIA, SAM, fill
from tests.console.running import AXE, NAME, PASSWORD, bot, chromium, console, lacking, sign_in


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `bot console` over made-up patients, started as staff start it."""
    var = tmp_path_factory.mktemp("console")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCOACH_VAR", str(var))
        engine.cache_clear()
        migrate()
        fill()
        made = bot(var, "console", "user", "add", NAME, "--password-stdin", stdin=PASSWORD)
        assert made.returncode == 0, made.stderr
        with console(var) as running:
            yield running
    engine.cache_clear()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, one for all tests here."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def links(address: str) -> list[str]:
    """The addresses of all pages."""
    return [
        "/", "/patients", f"/patients/{patient_link(MARIA)}", f"/patients/{patient_link(SAM)}",
        f"/patients/{patient_link(MARIA)}/delete?missing=1", "/hand-offs", "/requests?done=called",
        "/appointments", "/appointments?past=1", "/questions", "/questions/1", "/opt-outs",
        "/audit", "/audit?action=view", "/nowhere",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_on_any_page(
    browser: Any, address: str, links: list[str], width: int
) -> None:
    if not AXE.exists():
        lacking("no axe-core in widget/node_modules: run `npm ci` in widget/")
    context = browser.new_context(viewport={"width": width, "height": 900})
    # Put in by the browser itself: the page's own policy lets no script in.
    context.add_init_script(path=str(AXE))
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def check(name: str) -> None:
        for scheme, rules in (("light", ""), ("dark", ", {runOnly: ['color-contrast']}")):
            page.emulate_media(color_scheme=scheme)
            violations = page.evaluate(f"axe.run(document{rules})")["violations"]
            found.update(
                {
                    f"{name}, {scheme}: {one['id']}": [n["html"][:120] for n in one["nodes"]]
                    for one in violations
                }
            )
        across = page.evaluate("document.documentElement.scrollWidth")
        if across > width:
            found[f"{name} is {across} wide"] = []

    page.goto(f"{address}/sign-in")
    check("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    assert page.evaluate("axe.run(document)")["violations"], "it would find something"
    sign_in(page, address, "not the password")
    check("wrong password")
    sign_in(page, address)
    for link in links:
        page.goto(f"{address}{link}")
        for summary in page.locator("summary").all():
            summary.click()
        check(link)
    page.goto(f"{address}/patients")
    page.get_by_label("Name, phone or reference").fill("a")
    page.get_by_role("button", name="Search").click()
    check("search")
    context.close()
    assert found == {}


def test_browser_blocks_nothing_and_every_part_arrives(
    browser: Any, address: str, links: list[str]
) -> None:
    """The strict policy must not stand in the way of the page's own style and pictures."""
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    sign_in(page, address)
    for link in links[:-1]:
        page.goto(f"{address}{link}", wait_until="load")
        for picture in page.locator("img").all():
            assert picture.evaluate("picture => picture.naturalWidth") == 960
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "styled"
    context.close()
    assert wrong == []


def test_morning_is_done_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, address)
    assert page.title().startswith("Today")
    page.get_by_role("button", name="Followed up Lee Abernathy").click()
    assert page.get_by_role("status").inner_text() == "Marked as followed up."
    page.get_by_role("link", name="Patients", exact=True).click()
    page.get_by_label("Name, phone or reference").fill("ortega")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Maria Ortega").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Maria Ortega"
    assert "ortega" not in page.url.lower()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    assert "Maria Ortega" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("button", name="Sign out").click()
    assert page.title().startswith("Sign in")
    page.go_back()
    assert "Maria" not in page.content()
    context.close()


def test_all_is_reached_and_done_by_keyboard(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert page.evaluate(f"{focused}.innerText") == "Skip to the content"
    assert page.evaluate(f"{focused}.getBoundingClientRect().left >= 0"), "it is seen"
    page.keyboard.press("Enter")
    assert page.evaluate(f"{focused}.id") == "main"
    reached = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(f"{focused} === document.body"):
            break
        reached.add(page.evaluate(f"{focused}.outerHTML"))
        outline = page.evaluate(f"getComputedStyle({focused}).outlineStyle")
        assert outline != "none", page.evaluate(f"{focused}.outerHTML")
        if page.evaluate(f"{focused}.textContent") == "I take it Ana Lopez":
            page.keyboard.press("Enter")
            break
    page.wait_for_url(f"{address}/?done=taken")
    assert "Please contact the patient now." in page.get_by_role("status").inner_text()
    assert any("Followed up" in one for one in reached)
    assert any("<summary" in one for one in reached)
    context.close()


def test_targets_are_big_enough_for_a_finger(browser: Any, address: str, links: list[str]) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, address)
    targets = "button, .button, .tabs a, select, summary, .counts a"
    small = f"""[...document.querySelectorAll('{targets}')]
        .filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML)"""
    for link in links:
        page.goto(f"{address}{link}")
        assert page.evaluate(small) == [], link
    context.close()
