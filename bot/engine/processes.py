"""Runs the bot, its action server and its jobs together, under a process manager."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from honcho.manager import Manager

from bot.settings import ROOT, SettingsError, quiet_environment

STARTUP_SECONDS = 180


class PortInUseError(SettingsError):
    """Another program listens where the bot should."""


def check_port(port: int) -> None:
    """Makes sure that a port is free.

    Raises:
        PortInUseError: It is not; the message says what to do.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104  as the server itself will
        except OSError:
            raise PortInUseError(
                f"Port {port} is in use: stop the other program, or `bot run --port {port + 1}`."
            ) from None


def free_port() -> int:
    """Returns a port of the loopback address that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Printer:
    """Passes on what the processes say, line by line."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self.width = 0

    def write(self, message: Any) -> None:
        if message.type != "line":
            return
        line = (
            message.data.decode(errors="replace")
            if isinstance(message.data, bytes)
            else message.data
        )
        if line.strip():
            self._show(f"{message.name:<8}| {line.rstrip()}")


class Product:
    """The bot's server, its action server and the job that sends reminders.

    Args:
        host: The address to listen on.
        port: The port of the website and the chat.
        show: Takes each line that the processes write.
    """

    def __init__(self, host: str, port: int, show: Callable[[str], None]) -> None:
        quiet_environment()
        self.port = port
        self._manager = Manager(_Printer(show))
        actions_port = free_port()
        environment = {
            **os.environ,
            "BACKCOACH_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
            "PYTHONUNBUFFERED": "1",
        }
        python = f'"{sys.executable}" -W ignore'
        self._manager.add_process(
            "actions", f"exec {python} -m bot.engine.keep bot.engine.action_server {actions_port}",
            env=environment, cwd=str(ROOT), quiet=False,
        )  # fmt: skip
        self._manager.add_process(
            "jobs", f"exec {python} -m bot.engine.keep bot.jobs.loop",
            env=environment, cwd=str(ROOT), quiet=False,
        )  # fmt: skip
        self._manager.add_process(
            "bot", f"exec {python} -m bot.engine.server {host} {port}",
            env=environment, cwd=str(ROOT), quiet=False,
        )  # fmt: skip

    def run(self, when_ready: Callable[[float], None]) -> int:
        """Runs until a process ends or the program is interrupted.

        Args:
            when_ready: Called once with the seconds that the start took.

        Returns:
            The exit code: 0 after an interruption, else that of the process that ended first.
        """
        waiting = threading.Thread(target=self._wait, args=(when_ready,), daemon=True)
        waiting.start()
        self._manager.loop()
        code = self._manager.returncode or 0
        return 0 if code in (130, -2) else code

    def _wait(self, when_ready: Callable[[float], None]) -> None:
        started = time.monotonic()
        while time.monotonic() - started < STARTUP_SECONDS:
            if is_ready(self.port):
                when_ready(time.monotonic() - started)
                return
            time.sleep(0.3)


def is_ready(port: int) -> bool:
    """Tells whether the server on a port answers with a loaded model."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(json.load(answer).get("ready"))
    except (urllib.error.URLError, OSError, ValueError):
        return False
