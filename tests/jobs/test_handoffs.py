"""The clinic's side of a wish for a person: one e-mail, a list, and its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from bot.cli import main
from bot.jobs.handoffs import run_once
from bot.jobs.mail import TO_VARIABLE, URL_VARIABLE
from bot.jobs.notices import LEASE
from bot.jobs.notices import run_once as run_notices
from bot.jobs.reminders import run_once as run_reminders
from bot.store import audit
from bot.store.database import session
from bot.store.erasure import delete_patient
from bot.store.handoffs import (
    close_hand_off,
    free_hand_off_notices,
    hand_off,
    hand_offs,
    record_hand_off,
)
from bot.store.models import utc_now
from bot.store.notices import claim_notice
from bot.store.records import record_urgency, request_booking
from tests.jobs.smtp import Server, serving

SAID = [("patient", "my knee is swollen"), ("bot", "I'm sorry."), ("patient", "a human please")]


@pytest.fixture
def server(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as running:
        monkeypatch.setenv(URL_VARIABLE, running.url)
        monkeypatch.setenv(TO_VARIABLE, "desk@clinic.example")
        yield running


def _bot(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["handoffs", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_clinic_is_told_once_and_nothing_on_health(server: Server) -> None:
    for _ in range(3):
        record_hand_off("web-1", "web", SAID)
    assert run_once() == {"hand-offs sent": 1}
    assert run_once() == {}
    (message,) = server.got
    assert message["Subject"] == "Somebody in the chat would like to talk to a person (no. 1)"
    content = message.get_content()
    assert "knee" not in content
    assert "Phone: not given" in content
    assert "bot handoffs show 1" in content
    (wish,) = hand_offs()
    assert wish.told_at is not None


def test_who_it_is_is_said_where_it_is_known(server: Server) -> None:
    request_booking("web-1", "Ana Lopez", "+15125550100", "Monday")
    record_urgency("web-1", "raised", "same_day", None)
    record_hand_off("web-1", "web", SAID)
    run_once()
    content = server.got[0].get_content()
    for part in ("Ana Lopez", "(512) 555-0100", "Marked as urgent"):
        assert part in content
    assert "urgent" not in server.got[0]["Subject"]


def test_refused_e_mail_is_tried_again_later(server: Server) -> None:
    server.refuses = 1
    record_hand_off("web-1", "web", SAID)
    now = utc_now()
    assert run_once(now=now) == {"hand-offs failed": 1}
    assert hand_offs()[0].told_at is None
    assert run_once(now=now) == {}
    assert run_once(now=now + timedelta(minutes=1, seconds=1)) == {"hand-offs sent": 1}


def test_e_mail_of_a_job_that_crashed_is_sent_by_the_next_under_the_same_name(
    server: Server,
) -> None:
    record_hand_off("web-1", "web", SAID)
    now = utc_now()
    (notice,) = free_hand_off_notices(now)
    assert claim_notice(notice.id, "crashed", now, LEASE)
    assert run_once(now=now) == {}
    assert run_once(now=now + LEASE * 2) == {"hand-offs sent": 1}
    assert server.got[0]["Message-ID"] == f"<backcoach-{notice.id}@clinic.example>"


def test_the_other_jobs_leave_it_alone(server: Server) -> None:
    record_hand_off("web-1", "web", SAID)
    run_reminders(now=utc_now() + timedelta(days=2))
    assert run_notices() == {}
    assert run_once() == {"hand-offs sent": 1}


def test_what_is_done_or_deleted_is_not_told(server: Server) -> None:
    record_hand_off("web-1", "web", SAID)
    record_hand_off("web-2", "web", SAID)
    assert close_hand_off(1, "dana")
    delete_patient("web-2")
    assert run_once() == {}
    assert hand_offs() == []


def test_list_has_urgent_patients_first_and_ends_with_done(store: Path) -> None:
    record_hand_off("web-1", "web", SAID)
    record_hand_off("web-2", "sms", SAID)
    record_urgency("web-2", "raised", "er_now", None)
    rows = json.loads(_bot("--json"))
    assert [(row["patient"], row["urgent"]) for row in rows] == [("web-2", "URGENT"), ("web-1", "")]
    assert all(row["e-mailed"] == "not yet" for row in rows)
    assert "Marked as done" in _bot("done", "2")
    assert [row["patient"] for row in json.loads(_bot("--json"))] == ["web-1"]
    assert len(json.loads(_bot("--all", "--json"))) == 2
    assert CliRunner().invoke(main, ["handoffs", "done", "2"]).exit_code == 1
    assert CliRunner().invoke(main, ["handoffs", "show", "99"]).exit_code == 1


def test_done_once_it_may_be_wished_again(store: Path) -> None:
    assert record_hand_off("web-1").is_new
    close_hand_off(1, "dana")
    assert record_hand_off("web-1").is_new
    assert len(hand_offs(also_done=True)) == 2


def test_reading_the_messages_is_in_the_audit_log(store: Path) -> None:
    record_hand_off("web-1", "web", SAID)
    assert "patient: my knee is swollen" in _bot("show", "1")
    (entry,) = audit.entries()
    assert (entry.actor, entry.action, entry.patient) == ("terminal", "view", "web-1")
    assert "knee" not in entry.detail


def test_messages_are_encrypted(store: Path) -> None:
    record_hand_off("web-1", "web", SAID)
    with session() as opened:
        stored = opened.execute(text("SELECT last_messages FROM hand_off")).scalar_one()
    assert stored.startswith("2.")
    assert "knee" not in stored
    found = hand_off(1)
    assert found is not None
    assert found.messages == SAID
