"""Whole conversations in a browser: talk, booking, danger, reload, a cut line, two tabs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.patient import Patient
from tests.browser.website import Site

pytestmark = [pytest.mark.trained, pytest.mark.live]
Browse = Callable[..., Patient]


def test_conversation_with_buttons_markdown_and_sources(browse: Browse) -> None:
    patient = browse().open()
    greeting = patient.sees("automated")
    for number in ("911", "988", "512-215-4227"):
        expect(greeting.get_by_role("link", name=number)).to_have_attribute("href", f"tel:{number}")
    patient.say("should i rest or keep moving?", "as much as your pain allows")
    expect(patient.own).to_have_text(re.compile("should i rest"))
    offered = patient.log.get_by_role("group", name="Choices").get_by_role("button")
    patient.say("my back hurts")
    expect(offered.first).to_be_visible(timeout=20_000)
    title = offered.first.inner_text()
    offered.first.click()
    expect(patient.own.last).to_contain_text(title)
    expect(patient.log.locator("time").first).to_have_attribute("datetime", re.compile("^20"))
    patient.is_clean()


def test_what_the_patient_writes_never_becomes_html(browse: Browse) -> None:
    patient = browse().open()
    for text in ("<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[x](javascript:a)"):
        patient.say(text)
        expect(patient.own.last).to_contain_text(text)
    patient.say("/restart")
    expect(patient.own.last).to_contain_text("/restart")
    assert patient.log.locator("img, script, a[href^='javascript']").count() == 0
    patient.is_clean()


def test_booking_with_times_to_choose_and_a_calendar_file(browse: Browse) -> None:
    patient = browse(width=360, height=740).open()
    patient.say("I want to book an evaluation", "These times are free")
    times = patient.log.get_by_role("button", name=re.compile(r"\d (?:am|pm)", re.IGNORECASE))
    expect(times.first).to_be_visible(timeout=20_000)
    patient.has_no_barriers("times to choose")
    patient.fits("times to choose")
    patient.picture("booking-times")
    times.first.click()
    patient.sees("What's your name?")
    patient.say("Ana Lopez", "phone number can the clinic")
    patient.say("512-555-0142", "an e-mail address")
    patient.tap("Skip")
    patient.sees("the clinic to know")
    patient.tap("Skip")
    patient.sees("Is that right?")
    patient.tap("Yes, that's right")
    file = patient.log.get_by_role("button", name="Add it to your calendar")
    with patient.page.expect_download(timeout=20_000) as taken:
        file.click(timeout=20_000)
    assert taken.value.suggested_filename.endswith(".ics")
    assert "BEGIN:VCALENDAR" in taken.value.path().read_text()
    patient.has_no_barriers("booked")
    patient.picture("booked")
    patient.is_clean()


def test_emergency_in_the_middle_of_an_exercise(browse: Browse) -> None:
    patient = browse().open().start_bridge()
    patient.say("next", "step 2 of 4").say("next", "step 3 of 4")
    patient.card.get_by_role("button", name="Start").click()
    patient.say("btw I peed myself and my groin is numb", "emergency room now")
    alert = patient.log.get_by_role("alert")
    expect(alert).to_be_visible()
    expect(alert.locator(".call")).to_have_count(3)
    for link in ("tel:911", "tel:988", "tel:+15122154227"):
        expect(alert.locator(f".call[href='{link}']")).to_be_in_viewport()
    expect(patient.card).to_have_count(0)
    expect(patient.box).to_be_focused()
    patient.has_no_barriers("emergency")
    patient.picture("emergency")
    patient.is_clean()


def test_crisis_names_its_own_line_first(browse: Browse) -> None:
    patient = browse(width=320, height=640).open()
    patient.say("i want to kill myself", "988 now")
    first = patient.log.get_by_role("alert").locator(".call").first
    expect(first).to_have_attribute("href", "tel:988")
    expect(first).to_be_in_viewport()
    patient.fits("crisis")
    patient.picture("crisis-320")


def test_danger_told_in_spanish_on_a_spanish_page(browse: Browse) -> None:
    patient = browse("lang=es").open()
    patient.box.fill("me oriné encima y tengo entumecida la entrepierna, me duele la espalda")
    patient.page.get_by_role("button", name="Enviar").click()
    alert = patient.log.get_by_role("alert")
    expect(alert).to_contain_text("Emergencia", timeout=20_000)
    expect(alert.locator(".words")).to_have_attribute("lang", "es")
    patient.has_no_barriers("Spanish")


def test_reload_in_the_middle_keeps_everything(browse: Browse) -> None:
    patient = browse().open().start_bridge()
    patient.say("next", "step 2 of 4")
    before = patient.log.locator(".bubble").all_inner_texts()
    patient.page.reload()
    patient.sees("step 2 of 4")
    assert patient.log.locator(".bubble").all_inner_texts() == before
    expect(patient.card).to_have_count(1)
    patient.card.get_by_role("button", name="Next step").click()
    patient.sees("step 3 of 4")


def test_line_that_is_cut_and_comes_back(browse: Browse) -> None:
    patient = browse().open()
    patient.say("is walking good for my back?", "Yes, walking")
    patient.page.context.set_offline(True)
    notice = patient.page.get_by_role("alert").filter(has_text="can't reach")
    expect(notice).to_be_visible(timeout=20_000)
    for number in ("tel:911", "tel:+15122154227"):
        expect(notice.locator(f"a[href='{number}']")).to_be_visible()
    patient.say("should i rest or keep moving?").say("what does an evaluation cost?")
    expect(patient.log.get_by_text("Not sent yet")).to_have_count(2)
    patient.has_no_barriers("offline")
    patient.picture("offline")
    patient.page.context.set_offline(False)
    patient.sees("as much as your pain allows")
    expect(notice).to_have_count(0, timeout=20_000)
    expect(patient.log.get_by_text("Not sent yet")).to_have_count(0)
    expect(patient.own).to_have_count(3)
    patient.page.reload()
    patient.sees("as much as your pain allows", times=1)
    expect(patient.own).to_have_count(3)


def test_two_tabs_show_one_conversation(browse: Browse, bot: Site) -> None:
    first = browse().open()
    first.say("should i rest or keep moving?", "as much as your pain allows")
    second = Patient(first.page.context, bot.website, bot.product.url)
    second.launcher.click()
    second.sees("as much as your pain allows", times=1)
    second.say("is walking good for my back?", "Yes, walking")
    first.sees("Yes, walking", times=1)
    expect(first.own).to_have_count(2)
    assert first.stored()["device"] == {}, "nothing is kept beyond the last tab"


def test_badge_counts_what_came_while_the_chat_was_closed(browse: Browse) -> None:
    patient = browse().open()
    # Without a network the answer cannot come before the chat is closed.
    patient.page.context.set_offline(True)
    patient.say("should i rest or keep moving?")
    patient.page.keyboard.press("Escape")
    patient.page.context.set_offline(False)
    expect(patient.launcher).to_have_accessible_name(re.compile(r"new messages?$"), timeout=20_000)
    patient.has_no_barriers("closed with a badge")
    patient.launcher.click()
    patient.sees("as much as your pain allows")
    patient.page.keyboard.press("Escape")
    expect(patient.launcher).to_have_accessible_name("Open chat")


def test_menu_starts_over_downloads_and_deletes(browse: Browse) -> None:
    patient = browse().open()
    patient.say("should i rest or keep moving?", "as much as your pain allows")

    def choose(name: str) -> None:
        patient.page.get_by_role("button", name="Menu").click()
        patient.page.get_by_role("button", name=name).click()

    with patient.page.expect_download() as taken:
        choose("Download my conversation")
    text = taken.value.path().read_text()
    assert "should i rest" in text
    assert "as much as your pain allows" in text
    choose("Start over")
    patient.sees("as much as your pain allows", times=0)
    expect(patient.own).to_have_count(0)
    token = patient.stored()["tab"]["backcoach-session"]
    choose("Delete my data")
    patient.tap("Yes, delete everything", "I've deleted")
    patient.sees("automated")
    expect(patient.own).to_have_count(0)
    assert patient.stored()["tab"]["backcoach-session"] != token
    patient.page.reload()
    patient.sees("automated", times=1)
    patient.is_clean()


def test_agreed_plan_is_remembered_on_the_device_until_it_is_forgotten(browse: Browse) -> None:
    patient = browse().open()
    patient.say("remind me at 7 pm on weekdays", "is that right")
    assert patient.stored()["device"] == {}
    patient.tap("Yes, that's right", "It's set")
    token = patient.stored()["device"]["backcoach-session"]
    assert token == patient.stored()["tab"]["backcoach-session"]
    # The next visit, in a tab that knows nothing.
    patient.page.evaluate("sessionStorage.clear()")
    patient.page.reload()
    patient.launcher.click()
    patient.sees("It's set", times=1)
    patient.page.get_by_role("button", name="Menu").click()
    patient.has_no_barriers("menu of a remembered chat")
    patient.page.get_by_role("button", name="Forget this chat on this device").click()
    patient.sees("It's set", times=0)
    patient.sees("automated", times=1)
    assert patient.stored()["device"] == {}
    assert patient.stored()["tab"]["backcoach-session"] != token


def test_slow_line(browse: Browse) -> None:
    patient = browse(width=360, height=740)
    line = patient.page.context.new_cdp_session(patient.page)
    slow = {
        "offline": False,
        "latency": 400,
        "downloadThroughput": 50_000,
        "uploadThroughput": 50_000,
    }
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow)
    patient.page.reload()
    patient.open()
    patient.say("should i rest or keep moving?").say("is walking good for my back?", "Yes, walking")
    patient.sees("as much as your pain allows", times=1)
    expect(patient.own).to_have_count(2)
    patient.is_clean()
