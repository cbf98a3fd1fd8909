"""The ``bot`` command."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from bot.engine.logs import silence_warnings
from bot.settings import SettingsError, quiet_environment

# Each command lives in a module of its own, loaded only when it is called: `bot screen` must not
# wait for the dialogue engine.
_COMMANDS = {
    "run": ("bot.commands.run", "run"),
    "train": ("bot.commands.train", "train"),
    "chat": ("bot.commands.chat", "chat"),
    "screen": ("bot.commands.understand", "screen"),
    "nlu": ("bot.commands.understand", "nlu"),
    "signs": ("bot.commands.understand", "signs"),
    "bookings": ("bot.commands.clinic", "bookings"),
    "unanswered": ("bot.commands.clinic", "unanswered"),
    "handoffs": ("bot.commands.handoffs", "handoffs"),
    "patient": ("bot.commands.clinic", "patient"),
    "console": ("bot.commands.console", "console"),
    "retention": ("bot.commands.retention", "retention"),
    "audit": ("bot.commands.retention", "audit"),
    "keys": ("bot.commands.keys", "keys"),
    "pictures": ("bot.commands.pictures", "pictures"),
    "jobs": ("bot.commands.jobs", "jobs"),
    "sms": ("bot.commands.sms", "sms"),
    "sms-sandbox": ("bot.commands.sms", "sandbox"),
    "doctor": ("bot.commands.doctor", "doctor"),
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backcoach")
def main() -> None:
    """BackCoach: a back-pain assistant for a physical therapy clinic."""
    quiet_environment()
    silence_warnings()  # nothing in the libraries' is for the user to act on
