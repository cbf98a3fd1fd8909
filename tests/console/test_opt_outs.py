"""The page of those who may not be texted, over the tables of the SMS channel."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.console import keys
from bot.console.app import create_app
from bot.store.crypto import encrypt
from bot.store.database import session
from bot.store.models import utc_now
from bot.store.opt_outs import opt_outs
from tests.console.conftest import ADDRESS, Browser

# What the page needs of the channel's tables, whether they are there or not.
TABLES = (
    "CREATE TABLE sms_consent (id INTEGER PRIMARY KEY, number_hash VARCHAR(64), at DATETIME, "
    "event VARCHAR(16), how VARCHAR(16))",
    "CREATE TABLE sms_number (number_hash VARCHAR(64) PRIMARY KEY, sender_id VARCHAR(128), "
    "number TEXT)",
)


def _say(number: str, *events: str) -> None:
    with session() as opened:
        for event in events:
            opened.execute(
                text(
                    "INSERT INTO sms_consent (number_hash, at, event, how) "
                    "VALUES (:number, :at, :event, 'keyword')"
                ),
                {"number": number, "event": event, "at": utc_now().replace(tzinfo=None)},
            )


@pytest.fixture
def texting(account: None) -> None:
    """An installation with the SMS channel, where one number is known."""
    with session() as opened:
        for name, statement in zip(("sms_consent", "sms_number"), TABLES, strict=True):
            opened.execute(text(f"DROP TABLE IF EXISTS {name}"))
            opened.execute(text(statement))
        opened.execute(
            text("INSERT INTO sms_number VALUES ('a', 'sms-a', :number)"),
            {"number": encrypt("+15125550188", "sms_number.number")},
        )


@pytest.mark.parametrize(
    ("events", "wants"),
    [
        (["replies"], []), (["replies", "opt_out"], [True]), (["opt_out", "opt_in"], []),
        (["reminders", "no_reminders"], [False]), (["no_reminders", "reminders"], []),
        (["no_reminders", "opt_out"], [True]), (["no_reminders", "opt_out", "opt_in"], [False]),
    ],
)  # fmt: skip
def test_what_was_said_last_holds(texting: None, events: list[str], wants: list[bool]) -> None:
    _say("a", *events)
    assert [one.nothing for one in opt_outs()] == wants


def test_page_shows_number_patient_and_what_they_want(texting: None) -> None:
    _say("a", "opt_out")
    _say("deleted", "no_reminders")
    browser = Browser(create_app(), ADDRESS, follow_redirects=False)
    browser.sign_in()
    page = browser.get("/opt-outs").text
    assert 'href="/opt-outs" aria-current="page"' in page
    assert "(512) 555-0188" in page
    assert keys.patient_link("sms-a") in page
    assert page.index("no reminders") < page.index("no texts at all"), "the newest first"
    assert "STOP or a word like it" in page


def test_clinic_that_does_not_text_has_no_such_page(
    account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.opt_outs.in_use", lambda: False)
    browser = Browser(create_app(), ADDRESS, follow_redirects=False)
    browser.sign_in()
    assert "/opt-outs" not in browser.get("/").text
    assert browser.get("/opt-outs").status_code == 404
