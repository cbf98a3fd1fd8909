"""``bot chat``: a conversation with the whole product in a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from bot.engine.training import check_model
from bot.settings import ROOT, SettingsError

STARTUP_SECONDS = 60


@contextmanager
def _action_server() -> Iterator[str]:
    """Runs a real action server for as long as the conversation lasts; yields its address."""
    from bot.engine.processes import free_port

    port = free_port()
    process = subprocess.Popen(  # noqa: S603  our own module with our own port
        [sys.executable, "-W", "ignore", "-m", "bot.engine.action_server", str(port)], cwd=ROOT
    )
    try:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not _answers(f"http://127.0.0.1:{port}/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SettingsError("The action server did not start: run `bot doctor`.")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        process.terminate()
        process.wait(10)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310  a loopback address
            return True
    except (urllib.error.URLError, OSError):
        return False


def _shown(reply: dict[str, Any]) -> dict[str, Any]:
    titles = [button["title"] for button in reply["buttons"]]
    return {"text": reply["text"], "buttons": titles, "custom": reply["custom"]}


def _line(raw: str) -> tuple[str, str] | None:
    """Reads one input line of ``--jsonl``; None when it is not of the right form."""
    try:
        data = json.loads(raw)
        sender, text = data["sender"], data["text"]
    except (ValueError, KeyError, TypeError):
        return None
    return (str(sender), text) if isinstance(text, str) else None


class _Phone:
    """Lets a number choose in the SMS wording, as it does in a text message."""

    def __init__(self, gateway: Any, channel: str) -> None:
        self._gateway, self._channel = gateway, channel
        self._choices: dict[str, list[str]] = {}

    async def reply(self, sender: str, text: str) -> list[dict[str, Any]]:
        from bot.texting.choices import chosen

        titles = self._choices.pop(sender, [])
        meant = chosen(text, titles) or text
        replies: list[dict[str, Any]] = await self._gateway.reply(sender, meant, self._channel)
        if replies and self._channel == "sms":
            self._choices[sender] = [button["title"] for button in replies[-1]["buttons"]]
        return replies


async def _scripted(phone: _Phone) -> None:
    for number, raw in enumerate(sys.stdin, start=1):
        if not raw.strip():
            continue
        read = _line(raw)
        if read is None:
            click.echo(
                f'Line {number} is not of the form {{"sender": "...", "text": "..."}}.', err=True
            )
            sys.exit(2)
        sender, text = read
        replies = await phone.reply(f"terminal-{sender}", text)
        answer = {"sender": sender, "replies": [_shown(reply) for reply in replies]}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()


async def _by_hand(phone: _Phone) -> None:
    sender = f"terminal-{os.getpid()}-{int(time.time())}"
    replies = await phone.reply(sender, "hello")
    while True:
        for reply in replies:
            click.secho(reply["text"], fg="cyan")
            if reply["buttons"]:
                click.secho("  " + "  ".join(f"[{b['title']}]" for b in reply["buttons"]), dim=True)
        try:
            text = await asyncio.to_thread(input, "> ")
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        replies = await phone.reply(sender, text)


@click.command()
@click.option("--jsonl", is_flag=True, help='Read {"sender","text"} lines, print a line each.')
@click.option(
    "--channel",
    type=click.Choice(["web", "sms"]),
    default="web",
    show_default=True,
    help="Whose wording to use.",
)
def chat(jsonl: bool, channel: str) -> None:
    """Talk to the whole product in this terminal, actions and database included.

    Conversations are stored like any other: the same sender goes on where it was.
    """
    from bot.keys import check_keys
    from bot.store.database import migrate

    check_keys()
    check_model()
    migrate()
    if not jsonl:
        click.echo("Starting (about 20 seconds; Ctrl-D ends the conversation) ...", err=True)
    with _action_server() as address:
        os.environ["BACKCOACH_ACTIONS_URL"] = address
        from bot.engine.logs import set_up_logging

        set_up_logging(level=30)
        asyncio.run(_talk(_scripted if jsonl else _by_hand, channel))


async def _talk(converse: Callable[[_Phone], Awaitable[None]], channel: str) -> None:
    from bot.channels.gateway import Gateway
    from bot.channels.linking import PhoneLinks
    from bot.channels.waiting import waiting_replies
    from bot.engine.client import EngineProcess

    engine = EngineProcess()
    await engine.start()
    try:
        if not await engine.loaded():
            raise SettingsError("The model could not be loaded: run `bot train --force`.")
        links = PhoneLinks(asked_sign=engine.asked_sign)
        gateway = Gateway(engine.process, engine.recall, waiting_replies, links=links)
        await converse(_Phone(gateway, channel))
    finally:
        await engine.stop()
