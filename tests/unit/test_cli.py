"""The commands as scripts and the clinic use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.commands import doctor
from bot.settings import ROOT, SettingsError
from bot.store.records import (
    cancel_bookings,
    record_exercise,
    record_unanswered,
    request_booking,
)


def _bot(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, prog_name="bot")


def _lines(*texts: Any) -> str:
    return "".join(json.dumps({"text": text}) + "\n" for text in texts)


# --- bot screen --------------------------------------------------------------------------------


def test_screen_prints_one_line_for_each_message() -> None:
    result = _bot("screen", stdin=_lines("hello", "I peed myself and can't feel when I wipe", ""))
    assert result.exit_code == 0
    calm, danger, empty = map(json.loads, result.stdout.splitlines())
    assert calm == empty == {"level": "none", "ask": None, "signs": []}
    assert danger["level"] == "er_now"
    assert danger["signs"]
    for sign in danger["signs"]:
        assert set(sign) == {"pathology", "sign", "status", "span"}
        assert sign["pathology"] == "cauda_equina"
        first, last = sign["span"]
        assert 0 <= first < last <= 40


def test_screen_keeps_letters_of_every_language_and_skips_empty_lines() -> None:
    result = _bot("screen", stdin="\n" + _lines("ظهري يؤلمني", "😖", "\x00") + "   \n")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 3


@pytest.mark.parametrize(
    "line", ["not json", "{}", '{"text": 1}', '{"text": null}', '["text"]', '"text"', "1", "{"]
)
def test_screen_refuses_a_bad_line_with_one_sentence(line: str) -> None:
    result = _bot("screen", stdin=_lines("hello") + line + "\n" + _lines("after"))
    assert result.exit_code == 2
    assert result.stderr == 'Line 2 is not of the form {"text": "..."}.\n'
    assert len(result.stdout.splitlines()) == 1, "what came before it is answered"


# --- the clinic's side -------------------------------------------------------------------------


def test_bookings_as_json(store: Path) -> None:
    assert json.loads(_bot("bookings", "--json").stdout) == []
    request_booking("web-1", "Ana Lopez", "+15125550100", "Tuesday")
    urgent = request_booking("web-2", "Bob Ray", "+15125550199", "asap", urgent=True)
    result = _bot("bookings", "--json")
    assert result.exit_code == 0
    first, second = json.loads(result.stdout)
    assert first == {
        "reference": urgent.reference, "urgent": "URGENT", "status": "requested",
        "asked": first["asked"], "name": "Bob Ray", "phone": "+15125550199",
        "preferred": "asap", "meant": "", "e-mailed": "not yet", "e-mail": "", "reason": "",
    }  # fmt: skip
    assert second["name"] == "Ana Lopez"
    assert second["urgent"] == ""


def test_bookings_by_status_and_as_a_table(store: Path) -> None:
    assert _bot("bookings").stdout.strip() == "No requests yet."
    request_booking("web-1", "Ana Lopez", "+15125550100", "Tuesday")
    cancel_bookings("web-1")
    request_booking("web-2", "Bob Ray", "+15125550199", "asap")
    rows = json.loads(_bot("bookings", "--status", "cancelled", "--json").stdout)
    assert [row["name"] for row in rows] == ["Ana Lopez"]
    assert "Bob" in _bot("bookings").stdout


def test_unanswered(store: Path) -> None:
    record_unanswered("web-1", "blorp", "greet, faq/hours")
    (row,) = json.loads(_bot("unanswered", "--json").stdout)
    assert (row["text"], row["nearest"]) == ("blorp", "greet, faq/hours")


def test_an_unanswered_message_becomes_an_example_or_leaves_the_list(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = tmp_path / "clinic.yml"
    examples.write_text("nlu:\n- intent: faq/hours\n  examples: |\n    - when are you open\n")
    monkeypatch.setattr("bot.commands.clinic.NLU_DATA", tmp_path)
    record_unanswered("web-1", "Ana here, u there sat?", "faq/hours, greet")
    record_unanswered("web-1", "blorp", "greet, faq/hours")
    blorp, sat = (row["id"] for row in json.loads(_bot("unanswered", "--json").stdout))
    wrong = _bot("unanswered", "accept", sat, "faq/nonsense")
    assert wrong.exit_code == 1
    assert "no intent faq/nonsense" in wrong.stderr
    done = _bot("unanswered", "accept", sat, "faq/hours", "--as", "u there sat?")
    assert "bot train" in done.stdout
    assert examples.read_text().endswith("    - when are you open\n    - u there sat?\n")
    assert _bot("unanswered", "dismiss", blorp).exit_code == 0
    assert json.loads(_bot("unanswered", "--json").stdout) == []
    assert _bot("unanswered", "dismiss", blorp).exit_code == 1


def test_patient_export_and_delete(store: Path) -> None:
    request_booking("web-1", "Ana Lopez", "+15125550100", "Tuesday")
    exported = json.loads(_bot("patient", "export", "web-1").stdout)
    assert exported["bookings"][0]["name"] == "Ana Lopez"
    assert exported["progress"]["chart"] is None, "nothing to draw yet"
    record_exercise("web-2", "long_bridge", "finished", 4, 3)
    drawn = json.loads(_bot("patient", "export", "web-2").stdout)["progress"]["chart"]
    assert b64decode(drawn["base64"]).startswith(b"\x89PNG")
    assert "exercise was 4" in drawn["alt"]
    refused = _bot("patient", "delete", "web-1", stdin="n\n")
    assert refused.exit_code == 1
    assert json.loads(_bot("bookings", "--json").stdout)
    assert _bot("patient", "delete", "web-1", "--yes").stdout == "Deleted: 2 rows.\n"
    assert json.loads(_bot("bookings", "--json").stdout) == []


def test_signs_for_a_clinician_to_review() -> None:
    rows = json.loads(_bot("signs", "--json").stdout)
    assert len(rows) > 20
    for row in rows:
        assert set(row) == {"pathology", "sign", "level", "question", "source"}
        assert all(row.values()), row
    pathologies = {row["pathology"] for row in rows}
    assert pathologies == {
        "cauda_equina", "cord_compression", "cancer", "fracture", "infection", "vascular",
        "cardiac", "neuro_deficit", "inflammatory", "renal_visceral", "pregnancy", "child",
        "post_procedure", "overdose", "crisis",
    }  # fmt: skip


# --- bot doctor --------------------------------------------------------------------------------


def _doctor() -> tuple[int, dict[str, dict[str, Any]]]:
    result = _bot("doctor", "--json")
    return result.exit_code, {check["name"]: check for check in json.loads(result.stdout)}


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the model as trained: that check has its own test."""
    monkeypatch.setitem(doctor._CHECKS, "model", lambda: "up to date")


@pytest.mark.usefixtures("store", "model")
def test_doctor_finds_a_good_installation_good() -> None:
    code, checks = _doctor()
    assert code == 0
    assert set(checks) == {
        "python", "clinic profile", "danger signs", "exercises", "keys", "database", "model",
    }  # fmt: skip
    assert all(set(check) == {"name", "fine", "detail"} for check in checks.values())
    assert all(check["fine"] and check["detail"] for check in checks.values())
    assert "hours" in checks["clinic profile"]["detail"], "what is not filled in is named"


@pytest.mark.usefixtures("model")
def test_doctor_names_what_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken_store: None
) -> None:
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    monkeypatch.delenv("BACKCOACH_SESSION_KEY", raising=False)
    code, checks = _doctor()
    assert code == 1
    assert checks["python"]["fine"]
    assert not checks["keys"]["fine"]
    assert checks["keys"]["detail"].endswith(".")
    assert not checks["database"]["fine"]
    assert "BACKCOACH_DATABASE_URL" in checks["database"]["detail"]
    assert "MEND  database" in _bot("doctor").stdout


def test_wrong_setting_is_one_sentence_and_exit_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise SettingsError("clinic.yml is missing: put the clinic's profile there.")

    monkeypatch.setattr("bot.store.database.migrate", broken)
    monkeypatch.setattr("bot.commands.clinic.migrate", broken)
    result = _bot("bookings")
    assert result.exit_code == 1
    assert result.stderr == "clinic.yml is missing: put the clinic's profile there.\n"
    assert result.stdout == ""


def test_every_command_has_a_help_text_and_unknown_ones_are_refused() -> None:
    group = main
    assert isinstance(group, click.Group)
    context = click.Context(group)
    commands = group.list_commands(context)
    assert {"run", "train", "chat", "screen", "nlu", "bookings", "unanswered", "patient", "doctor",
            "signs", "pictures", "jobs", "keys", "sms", "sms-sandbox"} <= set(commands)  # fmt: skip
    assert _bot("nonsense").exit_code == 2
    for name in ("screen", "bookings", "unanswered", "patient", "doctor", "signs", "pictures"):
        assert _bot(name, "--help").exit_code == 0


# --- what is loaded ----------------------------------------------------------------------------

_HEAVY = "['rasa', 'tensorflow', 'sklearn', 'sanic', 'spacy']"


def _loaded(code: str, heavy: str = _HEAVY, stdin: str = "") -> list[str]:
    report = f"import sys; sys.stderr.write(repr([m for m in {heavy} if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}\n{report}"],
        cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    return list(json.loads(done.stderr.splitlines()[-1].replace("'", '"')))


def test_bot_screen_loads_no_engine() -> None:
    code = "from bot.cli import main\nmain(['screen'], standalone_mode=False)"
    assert _loaded(code, stdin=_lines("my back hurts")) == []


def test_actions_and_store_load_no_engine() -> None:
    code = (
        "import pkgutil, importlib, actions, bot.store, bot.store.records, bot.store.crypto\n"
        "for m in pkgutil.iter_modules(actions.__path__):"
        " importlib.import_module('actions.' + m.name)"
    )
    assert _loaded(code, "['rasa', 'tensorflow', 'sklearn', 'onnxruntime']") == []
