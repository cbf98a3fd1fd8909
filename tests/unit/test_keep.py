"""The keeper of a process: starts it again when it ends, and ends with it when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from bot.settings import ROOT

COMMAND = [sys.executable, "-m", "bot.engine.keep", "http.server", "0", "--bind", "127.0.0.1"]


@pytest.mark.parametrize("asked_by", [signal.SIGTERM, signal.SIGINT])
def test_keeper_and_its_process_end_when_told_to(asked_by: signal.Signals) -> None:
    with subprocess.Popen(
        COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as keeper:  # fmt: skip
        assert keeper.stdout
        assert keeper.stdout.readline().startswith("Serving HTTP")
        keeper.send_signal(asked_by)
        # The end of its output: the process that it kept has ended too.
        assert keeper.stdout.read() == ""
        assert keeper.wait(30) == 0
