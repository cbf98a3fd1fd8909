"""Keys: what is bound to its column, what an old key still reads, and changing the key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.cli import main
from bot.settings import ROOT, WRONG_SETTINGS
from bot.store import audit
from bot.store.crypto import (
    KEY_VARIABLE,
    OLD_KEY_PREFIX,
    DecryptionError,
    current_key_id,
    decrypt,
    encrypt,
    key_id_of,
)
from bot.store.database import session
from bot.store.models import Base, Conversation, Utterance, utc_now
from bot.store.records import all_bookings, export_patient, record_unanswered, request_booking
from bot.store.rotation import encrypted_tables, rotate, values_by_key

FIRST, SECOND, THIRD = (f"the {name} key of these tests, long" for name in "abc")
Use = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Puts keys into the environment: the one that writes, then the old ones."""

    def put(current: str, *old: str) -> None:
        monkeypatch.setenv(KEY_VARIABLE, current)
        for name in [name for name in os.environ if name.startswith(OLD_KEY_PREFIX)]:
            monkeypatch.delenv(name)
        for number, key in enumerate(old):
            monkeypatch.setenv(OLD_KEY_PREFIX + (f"_{number}" if number else ""), key)

    return put


def _silent(_table: str, _done: int, _total: int) -> None:
    pass


def _fill(rows: int = 5) -> None:
    with session() as opened:
        opened.add(Conversation(sender_id="web-1", state="[]"))
        opened.flush()
        opened.add_all(
            Utterance(sender_id="web-1", speaker="patient", text=f"words {n}") for n in range(rows)
        )
    request_booking("web-1", "Ana Lopez", "+15125550100", "Monday")
    record_unanswered("web-1", "blorp", "greet")


def _written() -> int:
    return sum(values_by_key().values())


# --- places and keys ---------------------------------------------------------------------------


@given(words=st.text(), place=st.text(), other=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_value_opens_in_its_own_place_only(use: Use, words: str, place: str, other: str) -> None:
    use(FIRST)
    sealed = encrypt(words, place)
    assert decrypt(sealed, place) == words
    if other != place:
        with pytest.raises(DecryptionError):
            decrypt(sealed, other)


def test_value_that_was_moved_to_another_column_is_refused(store: Path, use: Use) -> None:
    use(FIRST)
    request_booking("web-1", "Ana Lopez", "+15125550100", "Monday")
    with session() as opened:
        opened.execute(text("UPDATE booking_request SET name = phone"))
    with pytest.raises(DecryptionError, match=r"booking_request\.name was changed"):
        all_bookings()


def test_every_encrypted_column_has_a_place_of_its_own() -> None:
    places = [column.type.place for columns in encrypted_tables().values() for column in columns]
    assert len(places) == len(set(places)) >= 10
    assert all(place.count(".") == 1 for place in places)


def test_value_of_the_version_before_is_still_read_and_rotated(store: Path, use: Use) -> None:
    """It has its key's id in front, and is bound to no column."""
    use(FIRST)
    _fill(0)
    import base64

    from bot.store.crypto import _cipher

    key_id, cipher = _cipher(FIRST)
    nonce = bytes(12)
    sealed = base64.b64encode(nonce + cipher.encrypt(nonce, b"Old Name", key_id.encode()))
    with session() as opened:
        opened.execute(
            text("UPDATE booking_request SET name = :name"), {"name": f"{key_id}:{sealed.decode()}"}
        )
    assert all_bookings()[0].name == "Old Name"
    assert rotate(_silent).rewritten == {"booking_request": 1}
    with session() as opened:
        stored = opened.execute(text("SELECT name FROM booking_request")).scalar_one()
    assert stored.startswith(f"2.{key_id}:")
    assert all_bookings()[0].name == "Old Name"


def test_old_key_reads_and_the_new_one_writes(use: Use) -> None:
    use(FIRST)
    first = encrypt("a", "t.c")
    use(SECOND, FIRST)
    second = encrypt("b", "t.c")
    use(THIRD, FIRST, SECOND)
    assert (decrypt(first, "t.c"), decrypt(second, "t.c")) == ("a", "b")
    assert key_id_of(encrypt("c")) == current_key_id()
    use(THIRD, SECOND)
    with pytest.raises(DecryptionError, match=KEY_VARIABLE) as raised:
        decrypt(first, "t.c")
    assert FIRST not in str(raised.value)


# --- rotation ----------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 3, 200])
def test_rotation_rewrites_everything_and_the_old_key_can_go(
    database: str, use: Use, batch: int
) -> None:
    use(FIRST)
    _fill()
    before, written = export_patient("web-1"), _written()
    use(SECOND, FIRST)
    told: list[tuple[str, int, int]] = []
    done = rotate(lambda *step: told.append(step), batch)
    assert done.is_complete
    assert done.rewritten == {
        "conversation": 1, "utterance": 5, "booking_request": 1, "unanswered": 1,
    }  # fmt: skip
    assert [step for step in told if step[0] == "utterance"][-1] == ("utterance", 5, 5)
    assert len(told) >= 8 / batch
    use(SECOND)
    assert values_by_key() == {current_key_id(): written}
    assert export_patient("web-1") == before
    assert rotate(_silent).rewritten == {}, "a second run finds nothing to do"


def test_rotation_goes_on_where_it_was_stopped(database: str, use: Use) -> None:
    use(FIRST)
    _fill()
    before = export_patient("web-1")
    use(SECOND, FIRST)

    class StoppedError(Exception):
        pass

    def stop(table: str, done: int, _total: int) -> None:
        if (table, done) == ("utterance", 2):
            raise StoppedError

    with pytest.raises(StoppedError):
        rotate(stop, batch=1)
    assert len(values_by_key()) == 2
    assert export_patient("web-1") == before, "half way through everything is readable"
    done = rotate(_silent, batch=1)
    assert done.rewritten["utterance"] == 3
    assert done.is_complete
    use(SECOND)
    assert export_patient("web-1") == before


def test_rotation_that_was_killed_goes_on(store: Path, use: Use) -> None:
    use(FIRST)
    _fill(40)
    before = export_patient("web-1")
    use(SECOND, FIRST)
    command = [sys.executable, "-W", "ignore", "-m", "bot", "keys", "rotate", "--batch", "1"]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as running:
        assert running.stderr
        while not running.stderr.readline().startswith("utterance: 5 of"):
            assert running.poll() is None
        running.kill()
    assert export_patient("web-1") == before
    assert len(values_by_key()) == 2, "it was killed before it was done"
    done = subprocess.run(
        [*command, "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    assert said["complete"]
    assert 0 < said["rewritten"]["utterance"] < 40
    use(SECOND)
    assert export_patient("web-1") == before


def test_rotation_makes_nothing_younger(database: str, use: Use) -> None:
    """The period of retention goes by a conversation's last change."""
    use(FIRST)
    _fill(0)
    long_ago = utc_now() - timedelta(days=300)
    with session() as opened:
        opened.get(Conversation, "web-1").updated_at = long_ago
    use(SECOND, FIRST)
    assert rotate(_silent).rewritten["conversation"] == 1
    with session() as opened:
        assert opened.get(Conversation, "web-1").updated_at == long_ago


def test_value_that_changes_meanwhile_is_not_overwritten(
    store: Path, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(FIRST)
    _fill(1)
    use(SECOND, FIRST)
    from bot.store import rotation

    read = rotation._read

    def change_after_reading(*values: object) -> list[object]:
        rows = read(*values)
        if values[0] is Utterance.__table__ and rows:
            with session() as opened:
                opened.get(Utterance, 1).text = "newer words"
        return list(rows)

    monkeypatch.setattr(rotation, "_read", change_after_reading)
    assert rotate(_silent).is_complete
    assert [m["text"] for m in export_patient("web-1")["messages"]] == ["newer words"]


def test_lost_key_is_named_and_nothing_of_it_is_touched(store: Path, use: Use) -> None:
    use(FIRST)
    _fill(2)
    use(SECOND)
    request_booking("web-2", "Bob Ray", "+15125550199", "Monday")
    done = CliRunner().invoke(main, ["keys", "rotate"])
    assert done.exit_code == 1
    use(FIRST)
    lost = current_key_id()
    use(SECOND)
    assert lost in done.stdout
    assert "5 rows do not open" in done.stdout
    assert OLD_KEY_PREFIX in done.stdout
    use(SECOND, FIRST)
    assert len(export_patient("web-1")["messages"]) == 2


def test_status_tells_which_key_is_needed(store: Path, use: Use) -> None:
    use(FIRST)
    _fill(0)
    use(SECOND, FIRST)
    request_booking("web-2", "Bob Ray", "+15125550199", "Monday")
    shown = CliRunner().invoke(main, ["keys", "status", "--json"])
    assert shown.exit_code == 0
    rows = {row["use"]: row["values"] for row in json.loads(shown.stdout)}
    assert rows == {"writes": 3, "reads": 5}
    use(SECOND)
    shown = CliRunner().invoke(main, ["keys", "status", "--json"])
    assert shown.exit_code == 1
    assert Counter(row["use"] for row in json.loads(shown.stdout)) == {"writes": 1, "MISSING": 1}


def test_rotation_is_in_the_audit_log_without_a_key(store: Path, use: Use) -> None:
    use(FIRST)
    _fill(1)
    use(SECOND, FIRST)
    assert CliRunner().invoke(main, ["keys", "rotate"]).exit_code == 0
    (entry,) = audit.entries(action="keys_rotate")
    assert (entry.actor, entry.patient) == ("terminal", None)
    assert "4 rows, 0 left" in entry.detail
    assert SECOND not in entry.detail


def test_new_keys_are_random_and_long() -> None:
    made = {CliRunner().invoke(main, ["keys", "new"]).stdout.strip() for _ in range(5)}
    assert len(made) == 5
    assert all(len(key) >= 32 for key in made)


# --- production --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["bot", "run", "--port", "0"],
        ["bot", "chat"],
        ["bot", "jobs", "run-once"],
        ["bot.engine.server", "127.0.0.1", "0"],
        ["bot.engine.action_server", "0"],
        ["bot.jobs.loop"],
        ["bot.engine.keep", "bot.jobs.loop"],
    ],
)
def test_no_process_starts_with_development_keys_in_production(
    tmp_path: Path, arguments: list[str]
) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BACKCOACH_")}
    environment |= {"BACKCOACH_ENV": "production", "BACKCOACH_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == (1 if arguments[0] == "bot" else WRONG_SETTINGS)
    said = done.stderr.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"{KEY_VARIABLE} is not set: put a secret")
    assert "Traceback" not in done.stdout


def test_every_table_is_rotated_by_its_single_key() -> None:
    assert all(len(table.primary_key.columns) == 1 for table in Base.metadata.sorted_tables)
