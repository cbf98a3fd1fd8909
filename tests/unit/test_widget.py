"""The chat widget: the kept file is what the sources build, and its own tests and types hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

WIDGET = ROOT / "widget"
BUILT = ROOT / "bot" / "channels" / "static" / "widget.js"
MAX_LINES = 400


def _run(*command: str) -> str:
    """Runs one of the widget's tools, or skips where they are not there."""
    if not shutil.which("node") or not (WIDGET / "node_modules").is_dir():
        why = "the widget's tools are missing: install Node 20 and run `make widget`"
        if os.environ.get("BACKCOACH_REQUIRE_SERVICES") == "1":
            pytest.fail(why)
        pytest.skip(why)
    done = subprocess.run(
        command, cwd=WIDGET, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_kept_file_is_what_the_sources_build() -> None:
    told = _run("node", "build.mjs", "--check")
    packed = re.search(r"([\d.]+) KiB gzip", told)
    assert packed
    assert float(packed[1]) <= 60


def test_types_are_right() -> None:
    _run("node", "node_modules/typescript/bin/tsc", "--noEmit")


def test_clock_queue_order_and_markdown() -> None:
    assert re.search(r"^# fail 0$", _run("node", "test.mjs"), re.MULTILINE)


def test_kept_file_runs_no_text_as_a_program() -> None:
    built = BUILT.read_text(encoding="utf-8")
    assert not re.search(r"\beval\s*\(", built)
    assert "document.write" not in built
    assert 'createPolicy("lit-html"' not in built, "a page should have to allow one policy only"


def _sources() -> list[Path]:
    found = [*(WIDGET / "src").rglob("*.ts"), *(WIDGET / "tests").rglob("*.ts")]
    assert found
    return found


def test_no_source_is_long_and_none_writes_html_itself() -> None:
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= MAX_LINES, path
        if path.parent.name != "tests":
            assert "innerHTML" not in text, path
            assert "unsafeHTML" not in text, path
            assert "localStorage" not in text or path.name == "session.ts", path


def test_lock_names_no_registry() -> None:
    assert "resolved" not in (WIDGET / "package-lock.json").read_text(encoding="utf-8")
