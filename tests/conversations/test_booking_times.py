"""Whole dialogues with times to book, over the product as a newcomer starts it (clinic.yml).

The files in `booking` are written as those of test_dialogues. Besides, `as` names another patient,
`calendar: true` demands a file for the calendar, and `{reference}` is the one that was said last.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.jobs.mail import TO_VARIABLE, URL_VARIABLE
from bot.settings import ROOT
from tests.conversations.test_dialogues import HERE, _problems, _said
from tests.jobs.mailbox import serving
from tests.live import Product, Visitor

pytestmark = [pytest.mark.live, pytest.mark.trained]
SETTINGS = {"BACKCOACH_CLINIC_FILE": str(ROOT / "clinic.yml")}
_REFERENCE = re.compile(r"reference is ([A-Z0-9]{6})\b")


@pytest.fixture(scope="module")
def clinic_with_times(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    from bot.engine.processes import free_port

    running = Product(tmp_path_factory.mktemp("times"), free_port(), SETTINGS)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


def _dialogues() -> list[Any]:
    found = yaml.safe_load((HERE / "booking" / "times.yml").read_text(encoding="utf-8"))
    return [pytest.param(dialogue["turns"], id=dialogue["name"]) for dialogue in found]


def _with_reference(turn: dict[str, Any], reference: str) -> dict[str, Any]:
    """The turn with the reference in its place."""

    def put(value: Any) -> Any:
        if isinstance(value, list):
            return [put(one) for one in value]
        return value.replace("{reference}", reference) if isinstance(value, str) else value

    return {key: put(value) for key, value in turn.items()}


def _talk(turns: list[dict[str, Any]], product: Product) -> dict[str, Visitor]:
    patients: dict[str, Visitor] = {}
    reference = "(none)"
    for raw in turns:
        turn = _with_reference(raw, reference)
        patient = patients.setdefault(turn.get("as", "patient"), product.visitor())
        replies = patient.say(_said(turn["say"]))
        problems = _problems(turn, replies)
        files = [r for r in replies if (r["custom"] or {}).get("type") == "calendar"]
        if turn.get("calendar") and not files:
            problems.append("no file for the calendar")
        if problems:
            pytest.fail(f"{'; '.join(problems)}\n\n" + "\n".join(patient.transcript), pytrace=False)
        said = _REFERENCE.search("\n".join(reply["text"] for reply in replies))
        reference = said[1] if said else reference
    return patients


@pytest.mark.parametrize("turns", _dialogues())
def test_dialogue_with_times(turns: list[dict[str, Any]], clinic_with_times: Product) -> None:
    _talk(turns, clinic_with_times)


BOOKED = [
    {"say": "book an evaluation"},
    {"say": "1"},
    {"say": "Jo March"},
    {"say": "512-555-0160"},
    {"say": "jo@example.com"},
    {"say": "stiff since my fall last year"},
    {"say": "yes", "expect": "you're booked", "never": "sent it to the clinic"},
]


def test_clinic_is_said_to_be_told_when_it_is(clinic_with_times: Product) -> None:
    """From the chat through the outbox and a real mail server to the clinic's and Jo's mailbox."""
    jo = _talk(BOOKED, clinic_with_times)["patient"]
    settings = {
        **os.environ, **SETTINGS, "BACKCOACH_VAR": str(clinic_with_times.var),
        TO_VARIABLE: "desk@clinic.example",
    }  # fmt: skip
    with serving() as mailbox:
        settings[URL_VARIABLE] = mailbox.url
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bot", "jobs", "run-once"],
            cwd=ROOT, env=settings, check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        addressed = {message["To"] for message in mailbox.got}
        clinics = [m for m in mailbox.got if m["To"] == "desk@clinic.example"]
    assert addressed == {"desk@clinic.example", "jo@example.com"} | (
        addressed & {"ana@example.com"}
    )
    assert any("Jo March" in message.get_content() for message in clinics)
    assert not any("stiff" in message.as_string() for message in mailbox.got)
    replies = jo.say("when is my appointment?")
    assert any("I've sent it to the clinic" in reply["text"] for reply in replies)


def test_clinic_reads_the_reason_in_its_list(clinic_with_times: Product) -> None:
    listed = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot", "bookings", "--json"],
        cwd=ROOT, check=True, capture_output=True, timeout=120, text=True,
        env={**os.environ, **SETTINGS, "BACKCOACH_VAR": str(clinic_with_times.var)},
    ).stdout  # fmt: skip
    assert "stiff since my fall last year" in listed
    assert "jo@example.com" in listed
