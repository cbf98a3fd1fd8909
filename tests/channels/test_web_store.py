"""The stored bubbles, on both databases: numbered without a gap, each message once, encrypted."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from bot.patient_file import downloads
from bot.store import web_messages
from bot.store.database import downgrade, engine, is_current, migrate, session
from bot.store.models import OutboxMessage, WebMessage, utc_now
from bot.store.records import export_patient, record_exercise
from bot.store.web_messages import BOT, ME, Bubble, Taken
from tests.booking.databases import database, postgres

__all__ = ["database", "postgres"]

CARD = {"type": "exercise_step", "step": 1, "seconds": None}


def test_bubbles_come_back_as_they_were(database: str) -> None:
    said = [
        Bubble(1, BOT, "Hello ✓", ("Yes", "No"), CARD),
        Bubble(2, ME, "my back 😖", client_id="a-1"),
    ]
    web_messages.store("web-1", said)
    assert web_messages.kept("web-1") == said
    assert web_messages.kept("web-1", after=1) == said[1:]
    assert web_messages.kept("web-2") == []
    assert (web_messages.last_seq("web-1"), web_messages.last_seq("web-2")) == (2, 0)
    with engine(database).connect() as connection:
        raw = str(connection.execute(text("SELECT body FROM web_message")).all())
    assert "Hello" not in raw
    assert "back" not in raw


@pytest.mark.parametrize("kind", ["download", "calendar"])
def test_a_file_is_not_kept_with_its_bubble(database: str, kind: str) -> None:
    file = {"type": kind, "filename": "my-data.txt", "content": "all that I said"}
    web_messages.store("web-1", [Bubble(1, BOT, "Here it is.", custom=file)])
    (kept,) = web_messages.kept("web-1")
    assert (kept.text, kept.custom) == ("Here it is.", {"type": kind, "filename": "my-data.txt"})


def test_downloads_of_a_patients_data_do_not_hold_each_other(database: str) -> None:
    web_messages.store("web-1", [Bubble(1, ME, "export my data")])
    sizes = []
    for number in range(2, 12, 2):
        files = downloads("web-1")
        sizes.append(sum(len(file["content"]) for file in files))
        said = [Bubble(number + n, BOT, "Here", custom=dict(f)) for n, f in enumerate(files)]
        web_messages.store("web-1", said)
    steps = {later - before for before, later in pairwise(sizes)}
    assert max(steps) < 1000, "each download grows by its two bubbles"


def test_the_text_holds_the_table_for_the_therapist(database: str) -> None:
    assert "Pain is from 0" not in downloads("web-1")[0]["content"]
    record_exercise("web-1", "long_bridge", "finished", 4, 3)
    text = downloads("web-1")[0]["content"]
    assert "exercises Long bridge; pain before 4; pain after 3" in text


def test_a_file_that_was_kept_earlier_is_in_no_download(database: str) -> None:
    old = {"text": "Here", "buttons": [], "custom": {"type": "download", "content": "all my words"}}
    with session() as opened:
        opened.add(WebMessage(sender_id="web-1", seq=1, speaker=BOT, body=json.dumps(old)))
    assert "all my words" not in str(export_patient("web-1"))
    assert "Here" in str(export_patient("web-1")["web_messages"])


def test_many_connections_that_send_the_same_message_store_it_once(database: str) -> None:
    same = Bubble(1, ME, "once", client_id="same")
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: web_messages.take_own("web-1", same), range(24)))
    assert sorted(one.new for one in taken) == [False] * 23 + [True]
    assert {one.seq for one in taken} == {1}
    assert len(web_messages.kept("web-1")) == 1


def test_different_messages_at_once_get_numbers_without_a_gap(database: str) -> None:
    def take(number: int) -> Taken:
        return web_messages.take_own("web-1", Bubble(1, ME, "x", client_id=f"m{number}"))

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, range(16)))
    assert sorted(one.seq for one in taken) == list(range(1, 17))
    assert all(one.new for one in taken)


def test_an_answered_message_is_not_owed_any_more(database: str) -> None:
    own = Bubble(1, ME, "help", client_id="m1")
    assert web_messages.take_own("web-1", own) == Taken(1, new=True, owed=True)
    since = utc_now() - timedelta(minutes=1)
    assert web_messages.owed("web-1", since) == [own]
    assert web_messages.owed("web-1", utc_now() + timedelta(minutes=1)) == []
    web_messages.store("web-1", [Bubble(2, BOT, "answer")], answered=[1])
    assert web_messages.owed("web-1", since) == []
    assert web_messages.take_own("web-1", own) == Taken(1, new=False, owed=False)


def test_what_was_stored_before_is_not_stored_twice(database: str) -> None:
    bubbles = [Bubble(number, BOT, str(number)) for number in range(1, 4)]
    web_messages.store("web-1", bubbles[:2])
    assert web_messages.store("web-1", bubbles) == 3
    assert [bubble.text for bubble in web_messages.kept("web-1")] == ["1", "2", "3"]


def test_only_the_newest_are_kept(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_messages, "KEPT", 5)
    for number in range(1, 13):
        web_messages.store("web-1", [Bubble(number, BOT, str(number))])
    assert [bubble.seq for bubble in web_messages.kept("web-1")] == [8, 9, 10, 11, 12]
    assert web_messages.last_seq("web-1") == 12


def test_hidden_bubbles_are_for_the_download_only(database: str) -> None:
    web_messages.store("web-1", [Bubble(1, BOT, "old"), Bubble(2, BOT, "new")])
    web_messages.hide("web-1", 1)
    assert [b.text for b in web_messages.kept("web-1")] == ["new"]
    assert [b.text for b in web_messages.kept("web-1", with_hidden=True)] == ["old", "new"]
    web_messages.drop("web-1", utc_now())
    assert web_messages.kept("web-1", with_hidden=True) == []


def test_who_is_waited_for_by_a_reminder(database: str) -> None:
    states = [("web-1", "web", "sent", None), ("web-2", "web", "sent", utc_now()),
              ("web-3", "web", "pending", None), ("sms-1", "sms", "sent", None)]  # fmt: skip
    with session() as opened:
        for sender, channel, status, shown in states:
            opened.add(
                OutboxMessage(sender_id=sender, channel=channel, status=status, shown_at=shown,
                              due_at=utc_now())
            )  # fmt: skip
    assert web_messages.waiting_visitors("web") == {"web-1"}


def test_migration_goes_back_and_forth(database: str) -> None:
    web_messages.store("web-1", [Bubble(1, BOT, "old")])
    downgrade("0005", database)
    migrate(database)
    assert is_current(database)
    assert web_messages.kept("web-1") == []
