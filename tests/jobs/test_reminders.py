"""Reminders go out once: with several jobs, after a crash or an outage, as the clocks change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.waiting import waiting_replies
from bot.cli import main
from bot.coaching.plan import Plan, next_due
from bot.jobs.reminders import LEASE, MAX_AGE, run_once
from bot.jobs.senders import NotSentError
from bot.patient import agree, next_reminder, plan_of, snooze
from bot.settings import ROOT
from bot.store.database import session
from bot.store.erasure import delete_patient
from bot.store.models import OutboxMessage
from bot.store.records import (
    export_patient,
    record_exercise,
    record_urgency,
)
from bot.store.reminders import Outgoing, skip_days, stop_reminders

CHICAGO = "America/Chicago"
NOON = datetime(2026, 3, 2, 18, tzinfo=timezone.utc)  # a Monday, noon in Chicago
SEVEN_PM = NOON + timedelta(hours=7)
DAILY = Plan(frozenset(range(7)), time(19), date(2026, 3, 2), CHICAGO)


class Phone:
    """A channel that can push."""

    def __init__(self, *errors: Exception) -> None:
        self.got: list[tuple[str, datetime]] = []
        self.errors = list(errors)

    def send(self, message: Outgoing) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.got.append((message.sender_id, message.due_at))


def _agree(sender: str = "p1", plan: Plan = DAILY, channel: str = "phone") -> None:
    with time_machine.travel(NOON, tick=False):
        assert agree(sender, channel, plan, NOON)


def _run(phone: Any, now: datetime) -> Counter[str]:
    with time_machine.travel(now, tick=False):
        return run_once({"phone": phone}, now)


def _outbox(sender: str = "p1") -> list[tuple[str, str | None, int]]:
    rows: Any = export_patient(sender)["reminder_messages"]
    return [(row["status"], row["reason"], row["attempts"]) for row in rows]


# --- once --------------------------------------------------------------------------------------


def test_nothing_is_sent_before_its_time_and_once_after(store: Path) -> None:
    phone = Phone()
    _agree()
    assert _run(phone, SEVEN_PM - timedelta(seconds=1)) == Counter()
    assert _run(phone, SEVEN_PM) == Counter({"put out": 1, "sent": 1})
    for later in (0, 1, 60, 3600):
        assert _run(phone, SEVEN_PM + timedelta(seconds=later)) == Counter()
    assert phone.got == [("p1", SEVEN_PM)]
    assert _run(phone, SEVEN_PM + timedelta(days=1))["sent"] == 1
    assert _outbox() == [("sent", None, 1)] * 2


def test_every_patient_gets_their_own(store: Path) -> None:
    phone = Phone()
    for number in range(5):
        _agree(f"p{number}")
    assert _run(phone, SEVEN_PM)["sent"] == 5
    assert len(set(phone.got)) == 5


def test_a_reminder_that_is_wanted_once_ends(store: Path) -> None:
    phone = Phone()
    _agree(plan=Plan.once(date(2026, 3, 2), time(19), CHICAGO))
    assert _run(phone, SEVEN_PM)["sent"] == 1
    for days in range(1, 15):
        assert _run(phone, SEVEN_PM + timedelta(days=days)) == Counter()
    assert next_reminder("p1") is None


def test_once_does_not_end_the_plan_and_a_new_plan_takes_the_old_ones_place(store: Path) -> None:
    phone = Phone()
    _agree()
    _agree(plan=Plan.once(date(2026, 3, 2), time(15), CHICAGO))
    assert plan_of("p1") == DAILY
    weekend = Plan(frozenset((5, 6)), time(10), date(2026, 3, 2), CHICAGO)
    _agree(plan=weekend)
    assert plan_of("p1") == weekend
    assert _run(phone, SEVEN_PM)["sent"] == 0, "the old plan is over and 3 pm is too long ago"
    assert _outbox() == [("dropped", "late", 0)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(8, 20),
    st.integers(0, 59),
    st.sampled_from([CHICAGO, "Australia/Sydney", "Europe/London"]),
    st.integers(0, 330),
)
def test_two_weeks_of_any_plan_send_just_what_is_due(
    store: Path, days: frozenset[int], hour: int, minute: int, zone: str, ahead: int
) -> None:
    start = NOON + timedelta(days=ahead)
    plan = Plan(days, time(hour, minute), start.date(), zone)
    phone, sender = Phone(), f"p{days}{hour}{minute}{zone}{ahead}"
    with time_machine.travel(start, tick=False):
        assert agree(sender, "phone", plan, start)
    expected, due = [], next_due(plan, start)
    end = start + timedelta(days=14)
    while due and due <= end:
        expected.append(due)
        due = next_due(plan, due)
    hours = [start + timedelta(hours=6 * number) for number in range(4 * 14 + 1)]
    for now in sorted([*hours, *expected]):
        run_once({"phone": phone}, now)
    got = [moment for who, moment in phone.got if who == sender]
    assert got == expected
    delete_patient(sender)


# --- changes of the clocks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "utc_hours"),
    [
        (date(2026, 3, 6), [1, 1, 0, 0]),  # the clocks go forward in the night to March 8
        (date(2026, 10, 30), [0, 0, 1, 1]),  # and back in the night to November 1
    ],
)
def test_the_local_time_stays_over_a_change_of_the_clocks(
    store: Path, first: date, utc_hours: list[int]
) -> None:
    phone = Phone()
    start = datetime.combine(first, time(12), tzinfo=timezone.utc)
    plan = Plan(frozenset(range(7)), time(19), first, CHICAGO)
    agree("p1", "phone", plan, start)
    for hour in range(24 * 4):
        _run(phone, start + timedelta(hours=hour))
    assert [moment.hour for _, moment in phone.got] == utc_hours
    assert [moment.day for _, moment in phone.got] == [
        (first + timedelta(days)).day for days in range(1, 5)
    ]


# --- several jobs, crashes ---------------------------------------------------------------------


def _job(now: datetime, file: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.jobs.sending", now.isoformat(), str(file),
         *more],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ),
    )  # fmt: skip


def test_two_jobs_at_once_send_each_reminder_once(store: Path, tmp_path: Path) -> None:
    for number in range(25):
        _agree(f"p{number}", channel="file")
    file = tmp_path / "sent"
    jobs = [_job(SEVEN_PM, file, "together") for _ in range(2)]
    for job in jobs:
        assert job.stdout
        assert job.stdout.readline() == "ready\n"
    for job in jobs:
        assert job.stdin
        job.stdin.write("go\n")
        job.stdin.flush()
    for job in jobs:
        job.communicate(timeout=120)
    assert [job.returncode for job in jobs] == [0, 0]
    sent = file.read_text().splitlines()
    assert len(sent) == len(set(sent)) == 25
    assert {(*_outbox(f"p{n}"),) for n in range(25)} == {(("sent", None, 1),)}


def test_a_crash_between_send_and_mark_costs_one_duplicate_that_is_recorded(
    store: Path, tmp_path: Path
) -> None:
    _agree(channel="file")
    file = tmp_path / "sent"
    with _job(SEVEN_PM, file, "hang") as job:
        assert job.stdout
        assert job.stdout.readline() == "sent\n"
        job.send_signal(signal.SIGKILL)
    assert _outbox() == [("claimed", None, 1)]

    def run(now: datetime) -> str:
        return _job(now, file).communicate(timeout=120)[0].strip()

    # While the lease holds nobody takes it over: the first job might only be slow.
    assert run(SEVEN_PM + LEASE) == "{}"
    assert run(SEVEN_PM + LEASE + timedelta(seconds=1)) == "{'sent again': 1}"
    assert _outbox() == [("sent", None, 2)]
    assert run(SEVEN_PM + timedelta(minutes=30)) == "{}"
    assert len(file.read_text().splitlines()) == 2


def test_a_second_crash_ends_the_attempts(store: Path) -> None:
    phone = Phone(RuntimeError(), RuntimeError())
    _agree()
    now = SEVEN_PM
    for _ in range(6):
        _run(phone, now)
        now += LEASE + timedelta(seconds=1)
    assert phone.got == []
    assert phone.errors == [], "tried twice"
    assert _outbox() == [("unknown", "crash", 2)]


def test_what_surely_was_not_sent_is_tried_again(store: Path) -> None:
    phone = Phone(*[NotSentError() for _ in range(5)])
    _agree()
    for minute in range(5):
        assert _run(phone, SEVEN_PM + timedelta(minutes=minute))["failed"] == 1
    assert _run(phone, SEVEN_PM + timedelta(minutes=5))["sent"] == 1
    assert _outbox() == [("sent", None, 1)]


def test_a_slow_job_whose_claim_was_taken_over_does_not_mark(store: Path) -> None:
    _agree()
    later = SEVEN_PM + LEASE * 2

    class Slow(Phone):
        def send(self, message: Outgoing) -> None:
            super().send(message)
            if len(self.got) == 1:
                run_once({"phone": self}, later)

    phone = Slow()
    _run(phone, SEVEN_PM)
    assert len(phone.got) == 2
    assert _outbox() == [("sent", None, 2)]


# --- outages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("outage", [timedelta(minutes=1), MAX_AGE])
def test_a_short_outage_sends_the_missed_one_once(store: Path, outage: timedelta) -> None:
    phone = Phone()
    _agree(plan=Plan(DAILY.days, time(15), DAILY.starts_on, CHICAGO))
    due = SEVEN_PM - timedelta(hours=4)
    assert _run(phone, due + outage)["sent"] == 1
    assert phone.got == [("p1", due)]
    assert _run(phone, due + outage + timedelta(minutes=1)) == Counter()


@pytest.mark.parametrize("days", [0, 1, 3, 30])
def test_after_a_long_outage_nothing_comes_in_a_burst(store: Path, days: int) -> None:
    phone = Phone()
    _agree(plan=Plan(DAILY.days, time(9), DAILY.starts_on, CHICAGO))
    ten = NOON + timedelta(days=days + 1, hours=-2)  # an hour after that day's reminder
    assert _run(phone, ten)["sent"] == 1
    assert len(phone.got) == 1
    _agree("p2", plan=Plan(DAILY.days, time(9), DAILY.starts_on, CHICAGO))
    assert _run(phone, ten + timedelta(hours=4)) == Counter({"dropped": 1})
    assert _outbox("p2") == [("dropped", "late", 0)]


def test_quiet_hours_are_kept_also_after_an_outage(store: Path) -> None:
    phone = Phone()
    plan = Plan(DAILY.days, time(20, 30), DAILY.starts_on, CHICAGO)
    _agree(plan=plan)
    nine = SEVEN_PM + timedelta(hours=2)
    assert _run(phone, nine) == Counter({"put out": 1})
    assert _run(phone, nine + timedelta(hours=11)) == Counter({"dropped": 1})
    assert phone.got == []


# --- not wanted --------------------------------------------------------------------------------


def test_stop_also_takes_back_what_is_on_its_way(store: Path) -> None:
    phone = Phone(NotSentError())
    _agree()
    _run(phone, SEVEN_PM)
    assert stop_reminders("p1") == 1
    assert _run(phone, SEVEN_PM + timedelta(minutes=1)) == Counter()
    assert _run(phone, SEVEN_PM + timedelta(days=1)) == Counter()
    assert _outbox() == [("dropped", "stopped", 0)]
    assert stop_reminders("p1") == 0
    assert plan_of("p1") == DAILY, "the plan stays for the progress"


def test_no_reminder_to_exercise_while_an_urgency_stands(store: Path) -> None:
    phone = Phone()
    _agree()
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        record_urgency("p1", "raised", "er_now", "cauda_equina")
    assert _run(phone, SEVEN_PM) == Counter({"dropped": 1})
    assert _outbox() == [("dropped", "urgent", 0)]
    with time_machine.travel(SEVEN_PM + timedelta(hours=1), tick=False):
        record_urgency("p1", "seen", "er_now", "cauda_equina")
    assert _run(phone, SEVEN_PM + timedelta(days=1))["sent"] == 1


def test_an_urgency_that_is_raised_while_it_is_on_its_way_stops_it(store: Path) -> None:
    phone = Phone(NotSentError())
    _agree()
    _run(phone, SEVEN_PM)
    record_urgency("p1", "raised", "call_911", "cardiac")
    assert _run(phone, SEVEN_PM + timedelta(minutes=1)) == Counter({"dropped": 1})
    assert phone.got == []


def test_who_has_exercised_that_day_is_not_reminded(store: Path) -> None:
    phone = Phone()
    _agree()
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        record_exercise("p1", "long_bridge", "finished", 4, 3)
    assert _run(phone, SEVEN_PM) == Counter({"dropped": 1})
    assert _run(phone, SEVEN_PM + timedelta(days=1))["sent"] == 1


def test_days_that_are_skipped(store: Path) -> None:
    phone = Phone()
    _agree()
    skip_days("p1", date(2026, 3, 3), date(2026, 3, 4))
    for day in range(4):
        _run(phone, SEVEN_PM + timedelta(days=day))
    assert [moment for _, moment in phone.got] == [SEVEN_PM, SEVEN_PM + timedelta(days=3)]


def test_deleted_patients_get_nothing(store: Path) -> None:
    phone = Phone(NotSentError())
    _agree()
    _run(phone, SEVEN_PM)
    delete_patient("p1")
    for later in (timedelta(minutes=1), timedelta(days=1)):
        assert _run(phone, SEVEN_PM + later) == Counter()
    with session() as opened:
        assert opened.query(OutboxMessage).count() == 0


# --- snooze ------------------------------------------------------------------------------------


def test_snooze_comes_once_and_the_plan_goes_on(store: Path) -> None:
    phone = Phone()
    _agree(plan=Plan(DAILY.days, time(15), DAILY.starts_on, CHICAGO))
    three = SEVEN_PM - timedelta(hours=4)
    _run(phone, three)
    later = three + timedelta(minutes=70)
    assert snooze("p1", later) == later
    _run(phone, later - timedelta(seconds=1))
    assert _run(phone, later)["sent"] == 1
    _run(phone, three + timedelta(days=1))
    assert [moment for _, moment in phone.got] == [three, later, three + timedelta(days=1)]


def test_snooze_never_skips_a_reminder_nor_breaks_the_quiet_hours(store: Path) -> None:
    _agree()
    assert snooze("p1", SEVEN_PM + timedelta(hours=1)) == SEVEN_PM, "the regular one is earlier"
    _run(Phone(), SEVEN_PM)
    assert snooze("p1", SEVEN_PM + timedelta(hours=2)) == SEVEN_PM + timedelta(days=1)
    assert snooze("nobody", SEVEN_PM) is None


# --- a channel that cannot push ----------------------------------------------------------------


def _visit(now: datetime, sender: str = "p1") -> list[str]:
    with time_machine.travel(now, tick=False):
        return [reply["text"] for reply in waiting_replies(sender, "web")]


def test_on_the_web_it_waits_for_the_next_visit_and_is_said_once(store: Path) -> None:
    _agree(channel="web")
    assert _visit(SEVEN_PM) == []
    assert _run(None, SEVEN_PM)["sent"] == 1
    assert _visit(SEVEN_PM, "p2") == []
    (said,) = _visit(SEVEN_PM + timedelta(minutes=5))
    assert "today at 7 pm" in said
    assert _visit(SEVEN_PM + timedelta(minutes=6)) == []


def test_of_many_that_waited_the_newest_is_said(store: Path) -> None:
    _agree(channel="web")
    for day in range(5):
        _run(None, SEVEN_PM + timedelta(days=day))
    visit = SEVEN_PM + timedelta(days=4, hours=14)
    (said,) = _visit(visit)
    assert "yesterday at 7 pm" in said
    assert _visit(visit) == []
    assert Counter(_outbox()) == Counter({("dropped", "newer", 1): 4, ("sent", None, 1): 1})


def test_what_waited_is_not_said_where_it_would_be_wrong(store: Path) -> None:
    for sender in ("p1", "p2", "p3"):
        _agree(sender, channel="web")
    _run(None, SEVEN_PM)
    with time_machine.travel(SEVEN_PM + timedelta(minutes=5), tick=False):
        record_urgency("p1", "raised", "er_now", "cauda_equina")
        record_exercise("p2", "long_bridge", "finished", 4, 3)
    stop_reminders("p3")
    for sender in ("p1", "p2", "p3"):
        assert _visit(SEVEN_PM + timedelta(minutes=9), sender) == []


# --- the command and the loop ------------------------------------------------------------------


def test_command_says_what_it_did(store: Path) -> None:
    _agree(channel="web")
    with time_machine.travel(SEVEN_PM, tick=False):
        first = CliRunner().invoke(main, ["jobs", "run-once"])
        again = CliRunner().invoke(main, ["jobs", "run-once"])
    assert (first.exit_code, first.output) == (0, "1 put out, 1 sent\n")
    assert (again.exit_code, again.output) == (0, "Nothing is due.\n")


def test_process_outlives_a_broken_database_and_stops_when_told(
    broken_store: None, tmp_path: Path
) -> None:
    environment = {**os.environ, "BACKCOACH_DATABASE_URL": f"sqlite:///{tmp_path}/no/x.db"}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bot.jobs.loop"], cwd=ROOT, text=True,
        stderr=subprocess.PIPE, env=environment,
    ) as loop:  # fmt: skip
        assert loop.stderr
        assert "job failed: OperationalError" in loop.stderr.readline()
        loop.send_signal(signal.SIGTERM)
        loop.stderr.read()
    assert loop.returncode == 0


@pytest.mark.usefixtures("broken_store")
def test_broken_database_is_an_error_and_not_a_silence() -> None:
    with pytest.raises(SQLAlchemyError):
        run_once({}, SEVEN_PM)
