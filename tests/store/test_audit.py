"""The audit log: complete, in order, and never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import audit
from bot.store.database import session
from bot.store.models import AuditEntry, utc_now


def test_entries_say_who_what_whose_and_when(store: Path) -> None:
    before = utc_now()
    audit.record("dana", "view", "web-1", "patient page")
    audit.record(audit.JOBS, "retention")
    newest, first = audit.entries()
    assert (first.actor, first.action, first.patient, first.detail) == (
        "dana", "view", "web-1", "patient page",
    )  # fmt: skip
    assert (newest.actor, newest.patient, newest.detail) == ("jobs", None, "")
    assert before <= first.at <= newest.at <= utc_now()


def test_entries_of_one_patient_and_of_one_action(store: Path) -> None:
    audit.record("dana", "view", "web-1")
    audit.record("dana", "view", "web-2")
    audit.record("dana", "export", "web-1")
    assert [e.action for e in audit.entries(patient="web-1")] == ["export", "view"]
    assert [e.patient for e in audit.entries(action="view")] == ["web-2", "web-1"]
    assert len(audit.entries(limit=1)) == 1
    assert audit.last_done("export") == audit.entries(action="export")[0].at
    assert audit.last_done("delete") is None


def _change() -> None:
    with session() as opened:
        opened.get(AuditEntry, 1).actor = "nobody"


def _remove() -> None:
    with session() as opened:
        opened.delete(opened.get(AuditEntry, 1))


@pytest.mark.parametrize("attempt", [_change, _remove])
def test_no_entry_can_be_changed_or_removed(store: Path, attempt: Callable[[], None]) -> None:
    audit.record("dana", "view", "web-1")
    with pytest.raises(audit.AppendOnlyError):
        attempt()
    assert [e.actor for e in audit.entries()] == ["dana"]


def test_entry_of_a_change_that_failed_is_not_kept(store: Path) -> None:
    def fail() -> None:
        with session() as opened:
            audit.add(opened, "dana", "delete", "web-1")
            opened.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert audit.entries() == []


def test_long_detail_is_cut(store: Path) -> None:
    audit.record("dana", "view", detail="x" * 500)
    assert len(audit.entries()[0].detail) == audit.LONGEST_DETAIL


def test_only_what_is_older_than_the_period_goes(store: Path) -> None:
    audit.record("dana", "view")
    assert audit.forget_before(utc_now() - timedelta(days=1)) == 0
    later = utc_now() + timedelta(seconds=1)
    assert audit.forget_before(later, dry_run=True) == 1
    assert len(audit.entries()) == 1
    assert audit.forget_before(later) == 1
    assert audit.entries() == []
