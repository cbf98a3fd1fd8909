"""The card of an exercise: its clock, its counter, and the way on and back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.patient import Patient

pytestmark = [pytest.mark.trained, pytest.mark.live]
Browse = Callable[..., Patient]


def test_exercise_with_clock_and_counter(browse: Browse) -> None:
    patient = browse()
    patient.page.clock.install()
    patient.open().start_bridge(tapping=True)
    card = patient.card
    picture = card.get_by_role("img", name="Side view: a person lies on their back")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    expect(card.get_by_role("timer")).to_have_count(0)
    card.get_by_role("button", name="Next step").click()
    patient.sees("step 2 of 4")
    card.get_by_role("button", name="Next step").click()
    patient.sees("step 3 of 4")
    expect(card.get_by_role("timer")).to_have_text("0:05")
    card.get_by_role("button", name="Next step").click()
    patient.sees("step 4 of 4")
    expect(card).to_have_count(1)
    patient.has_no_barriers("exercise")
    patient.picture("exercise")
    _holds_count_by_themselves(patient)
    _counter_counts(patient)
    card.get_by_role("button", name="Previous step").click()
    expect(patient.own.last).to_contain_text("Back")
    patient.sees("step 3 of 4", times=2)
    patient.is_clean()


def _holds_count_by_themselves(patient: Patient) -> None:
    clock, count = patient.card.get_by_role("timer"), patient.card.locator(".count")
    expect(count).to_have_text("0 of 20")
    patient.card.get_by_role("button", name="Start", exact=True).click()
    patient.page.clock.run_for(2_000)
    expect(clock).to_have_text("0:03")
    patient.card.get_by_role("button", name="Pause").click()
    patient.page.clock.run_for(60_000)
    expect(clock).to_have_text("0:03")
    patient.card.get_by_role("button", name="Go on").click()
    # The tab sleeps: no timer of the page runs, then time has jumped.
    patient.page.clock.fast_forward(600_000)
    expect(count).to_have_text("1 of 20")
    expect(clock).to_have_text("0:05")
    expect(patient.card.get_by_role("status")).to_contain_text("Relax")


def _counter_counts(patient: Patient) -> None:
    more = patient.card.get_by_role("button", name="Count one more")
    for _ in range(19):
        more.click()
    expect(patient.card.locator(".count")).to_have_text("20 of 20")
    expect(more).to_be_disabled()
    expect(patient.card.get_by_role("status")).to_have_text("All repetitions done.")
    patient.card.get_by_role("button", name="Count one less").click()
    expect(patient.card.locator(".count")).to_have_text("19 of 20")


def test_clock_and_count_outlive_a_reload_and_a_question(browse: Browse) -> None:
    patient = browse()
    patient.page.clock.install()
    patient.open().start_bridge()
    for step in (2, 3, 4):
        patient.say("next", f"step {step} of 4")
    patient.card.get_by_role("button", name="Count one more").click(click_count=3)
    patient.card.get_by_role("button", name="Start", exact=True).click()
    patient.page.clock.run_for(1_000)
    patient.page.reload()
    expect(patient.card.locator(".count")).to_have_text("3 of 20", timeout=20_000)
    expect(patient.card.get_by_role("button", name="Pause")).to_be_visible()
    patient.say("is walking good for my back?", "Yes, walking")
    patient.sees("step 4 of 4", times=2)
    expect(patient.card.locator(".count")).to_have_text("3 of 20")
    expect(patient.card.get_by_role("button", name=re.compile("Go on|Start"))).to_be_visible()


def test_sound_is_off_until_it_is_wanted(browse: Browse) -> None:
    patient = browse()
    patient.page.add_init_script(
        "globalThis.tones = 0;"
        "const make = AudioContext.prototype.createOscillator;"
        "AudioContext.prototype.createOscillator = function () {"
        "  globalThis.tones += 1; return make.call(this); };"
    )
    patient.page.clock.install()
    patient.page.reload()
    patient.open().start_bridge()
    for step in (2, 3):
        patient.say("next", f"step {step} of 4")
    sound = patient.card.get_by_role("button", name="Sound")
    expect(sound).to_have_attribute("aria-pressed", "false")

    def hold() -> None:
        patient.card.get_by_role("button", name=re.compile("^Start")).click()
        patient.page.clock.run_for(6_000)
        expect(patient.card.get_by_role("button", name="Start again")).to_be_visible()

    hold()
    assert patient.page.evaluate("tones") == 0
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    hold()
    assert patient.page.evaluate("tones") == 1


def test_record_as_a_table_and_as_a_chart(browse: Browse) -> None:
    patient = browse(width=320, height=640).open().start_bridge()
    for step in (2, 3, 4):
        patient.say("next", f"step {step} of 4")
    patient.say("next").say("3").say("just right")
    patient.say("how am I doing?")
    table = patient.log.get_by_role("table")
    expect(table).to_contain_text("Long bridge", timeout=20_000)
    patient.log.get_by_role("button", name="Show as a chart").click()
    chart = patient.log.locator("backcoach-chart img")
    expect(chart).to_be_visible(timeout=20_000)
    assert chart.get_attribute("alt")
    patient.has_no_barriers("record")
    patient.fits("record")
    patient.picture("record")
    patient.is_clean()
