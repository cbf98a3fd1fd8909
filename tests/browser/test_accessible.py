"""For everybody: every state free of barriers, at every width and theme, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.patient import Patient

pytestmark = [pytest.mark.trained, pytest.mark.live]
Browse = Callable[..., Patient]

SCREENS = {
    "320-dark": {"width": 320, "height": 640, "color_scheme": "dark"},
    "1440": {"width": 1440, "height": 900},
    "1440-at-200-percent": {"width": 720, "height": 450, "device_scale_factor": 2},
    "high-contrast": {"width": 1024, "height": 768, "forced_colors": "active"},
    "4k": {"width": 3840, "height": 2160},
}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_state(browse: Browse, screen: str) -> None:
    patient = browse(**SCREENS[screen])

    def check(state: str) -> None:
        where = f"{screen}-{state}"
        patient.fits(where)
        patient.has_no_barriers(where)
        patient.picture(where)

    check("closed")
    patient.open()
    check("greeting")
    patient.say("should i rest or keep moving?", "as much as your pain allows")
    check("answer")
    for page in ("About this chat", "Menu"):
        patient.page.get_by_role("button", name=page).first.click()
        expect(patient.page.get_by_role("button", name="Back to the chat")).to_be_visible()
        check(page.split()[0].lower())
        patient.page.get_by_role("button", name="Back to the chat").click()
    patient.danger()
    check("emergency")
    patient.is_clean()


def test_keyboard_alone(browse: Browse) -> None:
    patient = browse()
    keys, page = patient.page.keyboard, patient.page
    focused = page.locator("backcoach-chat :focus")
    keys.press("Tab")
    expect(page.get_by_role("link", name="How to find us")).to_be_focused()
    keys.press("Tab")
    expect(patient.launcher).to_be_focused()
    keys.press("Enter")
    expect(patient.box).to_be_focused()
    patient.sees("automated")
    keys.type("should i rest or keep moving?")
    keys.press("Enter")
    patient.sees("as much as your pain allows")
    expect(patient.box).to_be_focused()
    keys.type("delete my data")
    keys.press("Enter")
    choice = patient.log.get_by_role("button", name=re.compile("^No"))
    expect(choice).to_be_visible(timeout=20_000)
    _go_to(patient, choice, "Shift+Tab")
    keys.press("Enter")
    expect(patient.box).to_be_focused()
    for name in ("Menu", "About this chat"):
        _go_to(patient, page.get_by_role("button", name=name).first, "Shift+Tab")
        keys.press("Enter")
        expect(page.get_by_role("region", name=name)).to_be_visible()
        expect(page.get_by_role("region", name=name).locator(":focus")).to_have_count(1)
        keys.press("Escape")
        expect(focused).to_have_accessible_name(name)
    keys.press("Escape")
    expect(patient.launcher).to_be_focused()
    assert page.get_by_role("dialog").count() == 0


def _go_to(patient: Patient, target: object, key: str) -> None:
    """Presses a key until something has the focus, as somebody without a mouse does."""
    for _ in range(30):
        if target.evaluate("node => node.matches(':focus')"):  # type: ignore[attr-defined]
            outline = target.evaluate("node => getComputedStyle(node).outlineStyle")  # type: ignore[attr-defined]
            assert outline == "solid", "where the focus is can be seen"
            return
        patient.page.keyboard.press(key)
    raise AssertionError("out of reach by keyboard")


def test_small_screen_holds_the_focus_and_gives_it_back(browse: Browse) -> None:
    patient = browse(width=320, height=640).open()
    for _ in range(40):
        patient.page.keyboard.press("Tab")
        inside = patient.page.evaluate(
            "['BACKCOACH-CHAT', 'BODY'].includes(document.activeElement.tagName)"
        )
        assert inside, "the page below is covered, so nothing of it may have the focus"
    patient.page.keyboard.press("Escape")
    expect(patient.launcher).to_be_focused()


def test_announcements_wait_their_turn_but_danger_does_not(browse: Browse) -> None:
    patient = browse().open()
    expect(patient.log).to_have_attribute("aria-live", "polite")
    patient.say("should i rest or keep moving?", "as much as your pain allows")
    assert patient.log.get_by_role("alert").count() == 0
    expect(patient.danger()).to_have_count(1)
    patient.say("I want to die", "988 now")
    expect(patient.log.get_by_role("alert")).to_have_count(1)
    expect(patient.log.get_by_role("alert")).to_contain_text("988 now")


def test_danger_is_shown_where_the_chat_was_closed_or_covered_meanwhile(browse: Browse) -> None:
    patient = browse().open()
    # The answer comes after the chat was closed: the line is cut until then.
    patient.page.context.set_offline(True)
    patient.say("I can't control my pee and my groin is numb")
    patient.page.keyboard.press("Escape")
    patient.page.context.set_offline(False)
    expect(patient.log.get_by_role("alert")).to_be_visible(timeout=20_000)
    patient.page.get_by_role("button", name="Close chat").click()
    expect(patient.launcher).to_be_focused()
    patient.launcher.click()
    # And this one after the menu was opened.
    patient.page.context.set_offline(True)
    patient.box.fill("I want to die")
    patient.box.press("Enter")
    patient.page.get_by_role("button", name="Menu").click()
    patient.page.context.set_offline(False)
    expect(patient.log.get_by_role("alert")).to_contain_text("988 now", timeout=20_000)
    patient.page.keyboard.press("Escape")
    expect(patient.launcher).to_be_focused()


def test_motion_only_for_those_who_like_it(browse: Browse) -> None:
    names = []
    for wish in ("reduce", "no-preference"):
        patient = browse(reduced_motion=wish).open()
        names.append(
            patient.page.evaluate(
                "() => { const dots = document.createElement('span'); dots.className = 'dots';"
                "const dot = document.createElement('i'); dots.append(dot);"
                "document.querySelector('backcoach-chat').shadowRoot.querySelector('.typing')"
                ".append(dots); return getComputedStyle(dot).animationName; }"
            )
        )
    assert names == ["none", "rise"]


def test_long_words_and_spanish_do_not_break_it(browse: Browse) -> None:
    patient = browse("lang=es&title=Rueckenschmerzbehandlungszentrum", width=320, height=640)
    patient.launcher.click()
    patient.sees("automated")
    patient.box.fill("Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamte " * 3)
    patient.box.press("Enter")
    expect(patient.own).to_have_count(1)
    patient.fits("long words")
    patient.has_no_barriers("long words")
    patient.picture("long-words")
