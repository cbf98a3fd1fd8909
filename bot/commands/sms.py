"""``bot sms`` and ``bot sms-sandbox``: text messages for the clinic and for developers."""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import timedelta
from typing import Any

import click

_AT = "127.0.0.1"


@click.group()
def sms() -> None:
    """Text messages: whether they arrive."""


@sms.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--days", default=7, show_default=True, help="How far back to look.")
def status(as_json: bool, days: int) -> None:
    """Say whether SMS is set up, and which texts did not arrive and why."""
    from bot.channels.sms.settings import read
    from bot.settings import SettingsError
    from bot.store.database import migrate
    from bot.store.models import utc_now
    from bot.store.sms_outbox import counts, troubles
    from bot.texting.delivery import EXPLAINED

    migrate()
    try:
        setup = "on" if read() else "off: its settings are not in the environment"
    except SettingsError as error:
        setup = str(error)
    rows = [
        {
            "texts": str(trouble.texts),
            "code": str(trouble.code or ""),
            "what": EXPLAINED.get(trouble.code or 0) or _REASONS.get(trouble.reason or "", "?"),
            "newest": f"{trouble.newest:%Y-%m-%d %H:%M} UTC",
        }
        for trouble in troubles(utc_now() - timedelta(days=days))
    ]
    if as_json:
        click.echo(json.dumps({"sms": setup, "texts": counts(), "troubles": rows}))
        return
    _print(setup, counts(), rows)


_REASONS = {
    "opted_out": "The patient opted out.",
    "no_consent": "The patient has not agreed to texts that the bot starts.",
    "late": "Could not be sent in time.",
    "stopped": "The patient stopped the reminders.",
    "newer": "The appointment was changed or cancelled before it went out.",
    "stranger": "The number has another holder now.",
    "provider": "The provider is down or busy; tried again by itself.",
    "unknown": "The provider's answer was lost; it is asked whether it has the text.",
    "undelivered": "The number cannot be reached any more.",
    "again": "Did not arrive; sent again.",
    "refused": "Refused by the provider.",
}


def _print(setup: str, texts: dict[str, int], rows: list[dict[str, str]]) -> None:
    from bot.commands.table import print_table

    click.echo(f"SMS: {setup}")
    click.echo(", ".join(f"{number} {state}" for state, number in texts.items()) or "No texts yet.")
    if rows:
        print_table("What did not arrive, or waits", rows)


@click.command("sms-sandbox")
@click.option("--port", default=5008, show_default=True, help="Port of the phone's page.")
@click.option("--bot-port", default=5005, show_default=True, help="Port of the bot.")
@click.option("--alone", is_flag=True, help="Without the bot: print the variables that it needs.")
def sandbox(port: int, bot_port: int, alone: bool) -> None:
    """Try SMS without a phone or an account: a stand-in for the provider, and the bot.

    It listens on this machine only. Open the page that it names and type.
    """
    from bot.engine.processes import Product, check_port
    from bot.sms_sandbox.app import Sandbox, sandbox_settings, web_server

    check_port(port)
    settings = sandbox_settings(f"http://{_AT}:{bot_port}", f"http://{_AT}:{port}")
    server = web_server(Sandbox(settings), port)
    if alone:
        for name, value in variables(settings).items():
            click.echo(f"export {name}={value}")
        click.echo(f"# Phone: http://localhost:{port}/  (Ctrl-C stops it)", err=True)
        server.run()
        return
    from bot.commands.run import prepare

    check_port(bot_port)
    prepare()
    os.environ.update(variables(settings))
    threading.Thread(target=server.run, daemon=True).start()
    click.echo("[4/4] Starting the bot and its action server (about 20 seconds) ...")

    def ready(seconds: float) -> None:
        click.echo(f"Ready after {seconds:.0f} s. Phone: http://localhost:{port}/  (Ctrl-C stops)")

    sys.exit(Product(_AT, bot_port, click.echo).run(ready))


def variables(settings: Any) -> dict[str, str]:
    """Returns the environment of a bot that talks to the sandbox."""
    from bot.channels.sms.settings import ACCOUNT, API, PUBLIC, SERVICE, TOKEN

    return {
        ACCOUNT: settings.account_sid,
        TOKEN: settings.auth_token,
        SERVICE: settings.messaging_service_sid,
        PUBLIC: settings.public_url,
        API: settings.api_url,
    }
