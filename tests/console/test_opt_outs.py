"""The page of those who may not be texted, over the consents of the SMS channel."""

from __future__ import annotations

import pytest

from bot.console import keys
from bot.store import sms_consent, sms_numbers
from bot.store.database import session
from bot.store.opt_outs import opt_outs
from tests.booking.databases import database, postgres
from tests.console.conftest import Browser

__all__ = ["database", "postgres"]
NUMBER = "+15125550188"


def _say(number_hash: str, *events: str) -> None:
    for event in events:
        with session() as opened:
            sms_consent.record(opened, number_hash, event, "keyword")


@pytest.mark.parametrize(
    ("events", "wants"),
    [
        (["replies"], []),
        (["replies", "opt_out"], [True]),
        (["opt_out", "opt_in"], []),
        (["replies", "reminders", "no_reminders"], [False]),
        (["reminders", "no_reminders", "reminders"], []),
        (["reminders", "no_reminders", "opt_out"], [True]),
        (["reminders", "no_reminders", "opt_out", "opt_in"], [False]),
    ],
)
@pytest.mark.usefixtures("store")
def test_what_was_said_last_holds(events: list[str], wants: list[bool]) -> None:
    _say("a", *events)
    assert [one.nothing for one in opt_outs()] == wants


def test_number_and_moment_are_read_on_both_databases(database: str) -> None:
    number = sms_numbers.meet(NUMBER)
    sender = sms_numbers.sender_of(number, 0)
    _say(number, "opt_out")
    (one,) = opt_outs()
    assert (one.sender_id, one.number, one.how) == (sender, NUMBER, "keyword")
    assert one.at.tzinfo is not None


def test_page_shows_number_patient_and_what_they_want(staff: Browser) -> None:
    assert "Nobody opted out." in staff.get("/opt-outs").text
    number = sms_numbers.meet(NUMBER)
    sender = sms_numbers.sender_of(number, 0)
    _say(number, "opt_out")
    _say("deleted", "reminders", "no_reminders")
    page = staff.get("/opt-outs").text
    assert 'href="/opt-outs" aria-current="page"' in page
    assert "(512) 555-0188" in page
    assert keys.patient_link(sender) in page
    assert page.index("no reminders</span>") < page.index("no texts at all</span>"), "newest first"
    assert "STOP or a word like it" in page
