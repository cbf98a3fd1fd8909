"""Conversations by text over the whole product, with the sandbox for the provider."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.channels.sms.settings import NEEDED
from bot.commands.sms import variables
from bot.engine.processes import free_port
from bot.settings import ROOT
from bot.sms_sandbox.app import sandbox_settings
from bot.sms_sandbox.local import LocalSandbox, Phone
from bot.texting.gsm7 import size
from tests.live import Product

pytestmark = [pytest.mark.trained, pytest.mark.live]

BOOKING = """
booking:
  visit_minutes: 60
  therapists: [Dana Reyes, Sam Okafor]
  hours: {monday: "08:00-18:00", tuesday: "08:00-18:00", wednesday: "08:00-18:00",
          thursday: "08:00-18:00", friday: "08:00-18:00"}
  lead_hours: 2
  days_ahead: 30
sms:
  pictures: true
"""


class Clinic:
    """The product with its sandbox."""

    def __init__(self, local: LocalSandbox, product: Product) -> None:
        self.local, self.product = local, product
        self._numbers = iter(range(100))

    def is_idle(self) -> bool:
        """Tells whether nothing waits, neither in nor out."""
        with closing(sqlite3.connect(self.product.var / "backcoach.db", timeout=10)) as opened:
            (inbound,) = opened.execute(
                "SELECT count(*) FROM sms_inbound WHERE status <> 'done'"
            ).fetchone()
            (outbound,) = opened.execute(
                "SELECT count(*) FROM sms_outbound WHERE status IN ('pending', 'claimed')"
            ).fetchone()
        return not inbound and not outbound

    def phone(self) -> Phone:
        """Returns the phone of a new patient."""
        return self.local.phone(f"+151255506{next(self._numbers):02}", self.is_idle)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The product as `bot sms-sandbox` starts it; one for all conversations."""
    var = tmp_path_factory.mktemp("var")
    profile = Path(var) / "clinic.yml"
    profile.write_text((ROOT / "clinic.yml").read_text(encoding="utf-8") + BOOKING, "utf-8")
    port, sandbox_port = free_port(), free_port()
    settings = sandbox_settings(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}")
    local = LocalSandbox(settings, sandbox_port)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables(settings).items():
            patch.setenv(name, value)
        patch.setenv("BACKCOACH_CLINIC_FILE", str(profile))
        running = Product(var, port)
    try:
        running.wait_until_ready()
        yield Clinic(local, running)
    finally:
        running.stop()
        local.stop()


def test_a_question_about_back_pain(clinic: Clinic) -> None:
    ana = clinic.phone()
    answer = ana.say("should i rest or keep moving?")
    assert "Keep moving as much as your pain allows" in answer
    assert "HELP for help, STOP to opt out" in answer
    assert all(size(text.body).alphabet == "GSM-7" for text in ana.got)
    assert "*" not in ana.say("what exercises help?")


def test_an_exercise_to_its_end_by_numbers(clinic: Clinic) -> None:
    ana = clinic.phone()
    said = ana.say("start the long bridge")
    for _ in range(8):
        assert re.search(r"1 for|^1\. ", said, re.MULTILINE), said
        said = ana.say("1")
    assert "0 (none) to 10" in said
    said = ana.say("4")
    for step in range(1, 5):
        assert f"{step}/4" in said
        assert "Reply N when done" in said
        assert re.search(r"/pictures/long_bridge_\d\.png$", ana.got[-1].media)
        said = ana.say("N")
    assert "0 to 10" in said
    assert "from 4 to 3" in ana.say("3")
    assert "How did that exercise feel" in " ".join(text.body for text in ana.got)


def test_an_emergency_in_the_middle_of_an_exercise(clinic: Clinic) -> None:
    ana = clinic.phone()
    ana.say("start the long bridge")
    for answer in "11111111":
        ana.say(answer)
    ana.say("4")
    said = ana.say("btw I wet myself during that one and can't feel my legs")
    assert said.startswith("Please go to the emergency room now.")
    assert "Reply N" not in said
    assert "emergency room" in ana.say("N"), "it stands until it is released"


def test_an_appointment_is_booked_moved_and_cancelled(clinic: Clinic) -> None:
    ana = clinic.phone()
    said = ana.say("I want to book an appointment")
    for answer in ("1", "Ana Lopez", "512-555-0123", "skip", "skip", "yes"):
        said = ana.say(answer) if "booked:" not in said else said
    (booked,) = re.findall(r"You're booked: (.+?)\. Your reference is ([A-Z0-9]{6})", said)
    when, reference = booked
    assert "These times are free" in ana.say("change my appointment")
    moved = ana.say("2")
    if "booked" not in moved and "now" not in moved:
        moved = ana.say("yes")
    assert reference in moved
    assert when not in moved
    assert "cancelled" in ana.say("cancel my appointment")


def test_stop_and_start(clinic: Clinic) -> None:
    ana = clinic.phone()
    ana.say("hi")
    assert "opted out" in ana.say("STOP")
    assert ana.say("is walking good?") == ""
    assert "START" not in ana.say("START")
    assert "walking is a good choice" in ana.say("is walking good?")
    assert "opted out" in ana.say("please take me off your list")
    said = clinic.phone().say("when should i stop the exercise?")
    assert "opted out" not in said


def test_stop_with_a_danger_sign(clinic: Clinic) -> None:
    ana = clinic.phone()
    ana.say("hi")
    said = ana.say("STOP texting me, I can't feel my legs and I wet myself")
    assert "emergency room" in said or "911" in said
    assert "opted out" not in said
    assert ana.say("hello?") == ""


def test_reminders_are_texted_after_a_yes_only(clinic: Clinic) -> None:
    ana = clinic.phone()
    ana.say("remind me at 7 pm on weekdays")
    assert "Reply YES" in ana.say("1")
    assert "I'll text you your reminders" in ana.say("YES")
    assert "stopped your reminders" in ana.say("stop my reminders")


def test_deletion_asks_and_then_deletes(clinic: Clinic) -> None:
    ana = clinic.phone()
    ana.say("is walking good?")
    assert "can't be undone" in ana.say("delete my data")
    said = ana.say("1")
    assert said.startswith("Done. Your messages")
    assert "didn't get" not in said
    with closing(sqlite3.connect(clinic.product.var / "backcoach.db", timeout=10)) as opened:
        rows = opened.execute("SELECT count(*) FROM sms_number WHERE number IS NULL").fetchone()
    assert rows == (1,)


def test_somebody_else_on_the_same_phone(clinic: Clinic) -> None:
    ana = clinic.phone()
    ana.say("I have had sciatica for 3 weeks")
    assert "sciatica" not in ana.say("hi, this is his wife").lower()
    assert "fresh start" in ana.say("NEW")


def test_the_log_tells_no_number_and_no_text(clinic: Clinic) -> None:
    log = "\n".join(clinic.product.lines)
    assert "channel=sms" in log
    assert "5125550" not in log
    assert "sciatica" not in log
    assert NEEDED[1] not in log
