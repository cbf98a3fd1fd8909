"""The SMS channel over real HTTP: its server, the sandbox, the provider's own library.

Only the dialogue behind it is scripted, so that a test needs no engine.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
from sanic import Sanic
from sanic.touchup.service import TouchUp

from bot.channels.incoming import clean
from bot.channels.sms import outbox as outbox_module
from bot.channels.sms.channel import add_sms
from bot.channels.sms.settings import ACCOUNT, API, PUBLIC, SERVICE, TOKEN
from bot.engine.processes import free_port
from bot.safety import Urgency, screen
from bot.sms_sandbox.app import Sandbox, sandbox_settings, web_server
from bot.sms_sandbox.exchange import SandboxText

PHONE = "+15125550101"
SECONDS = 20.0
_NAMES = itertools.count()
_REWRITTEN: list[bool] = []
"""Not empty after the first start: the web framework rewrites its own code then, once a process."""
Reply = dict[str, Any]


def say(text: str, *titles: str, **custom: Any) -> Reply:
    """Returns a reply of the dialogue."""
    buttons = [{"title": title, "payload": "/affirm"} for title in titles]
    return {"text": text, "buttons": buttons, "custom": custom or None}


class ScriptedDialogue:
    """Stands for gateway and engine: answers by a function, and keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.answer: Callable[[str], list[Reply]] = lambda text: [say(f"You said: {text}")]
        self.turns: dict[str, tuple[str, list[Reply]]] = {}
        self.most_at_once = 0
        self.hold: asyncio.Event | None = None
        self.loading: asyncio.Event | None = None
        self.ready = True
        self.idle = math.inf
        self.at_once = 0

    def idle_seconds(self, apart_from: str) -> float:
        return self.idle

    async def reply(self, sender_id: str, text: str, channel: str) -> list[Reply]:
        assert channel == "sms"
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.hold:
                await self.hold.wait()
            self.heard.append((sender_id, text))
            self.turns[sender_id] = (clean(text), self.answer(text))
            return self.turns[sender_id][1]
        finally:
            self.at_once -= 1

    def instruction(self, text: str, channel: str) -> list[Reply]:
        if screen(text).level < Urgency.PHYSICIAN_SOON:
            return []
        return [say("Call 911 & go to the ER <now>.", "Book", type="alert")]

    async def last_turn(self, sender_id: str) -> tuple[str, list[Reply]]:
        return self.turns.get(sender_id, ("", []))

    async def loaded(self) -> bool:
        if self.loading:
            await self.loading.wait()
        return True


class Running:
    """The channel's server and the sandbox."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.dialogue = ScriptedDialogue()
        self.bot_port, self.sandbox_port = free_port(), free_port()
        self.settings = sandbox_settings(self.url, f"http://127.0.0.1:{self.sandbox_port}")
        self.sandbox = Sandbox(self.settings)
        self._server: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.bot_port}"

    @property
    def faults(self) -> Any:
        return self.sandbox.exchange.faults

    async def start(self) -> None:
        for name, value in {
            ACCOUNT: self.settings.account_sid, TOKEN: self.settings.auth_token,
            SERVICE: self.settings.messaging_service_sid, PUBLIC: self.settings.public_url,
            API: self.settings.api_url or "",
        }.items():  # fmt: skip
            self._patch.setenv(name, value)
        if _REWRITTEN:
            self._patch.setattr(TouchUp, "run", lambda _app: None)
        self._patch.setattr(outbox_module, "POLL_SECONDS", 0.05)
        self._uvicorn = web_server(self.sandbox, self.sandbox_port)
        self._serving = asyncio.create_task(self._uvicorn.serve())
        while not self._uvicorn.started and not self._serving.done():
            await asyncio.sleep(0.01)
        await self.start_bot()

    async def start_bot(self) -> None:
        app = Sanic(f"sms-test-{next(_NAMES)}", configure_logging=False)
        app.ctx.gateway = app.ctx.engine = self.dialogue
        add_sms(app)
        self._server = await app.create_server(
            host="127.0.0.1", port=self.bot_port, return_asyncio_server=True, access_log=False
        )
        await self._server.startup()
        _REWRITTEN.append(True)
        self._patch.setattr(TouchUp, "run", lambda _app: None)
        await self._server.before_start()
        await self._server.after_start()

    async def stop_bot(self) -> None:
        if self._server is None:
            return
        await self._server.before_stop()
        for connection in list(self._server.connections):
            connection.abort()
        self._server.close()
        await self._server.wait_closed()
        await self._server.after_stop()
        self._server = None

    async def stop(self) -> None:
        await self.sandbox.reported()
        await self.stop_bot()
        self._uvicorn.should_exit = True
        await self._serving
        for _ in range(5):
            await asyncio.sleep(0)  # closed connections leave the loop

    # --- a patient's phone ------------------------------------------------------------------------

    async def text(self, body: str, phone: str = PHONE, **more: Any) -> None:
        """Sends a text without waiting for an answer."""
        assert await self.sandbox.receive(phone, body, **more) == 200

    def got(self, phone: str = PHONE) -> list[str]:
        """Returns what the phone got, the oldest first."""
        return [text.body for text in self.sent(phone)]

    def sent(self, phone: str = PHONE) -> list[SandboxText]:
        return [text for text in self.sandbox.exchange.of(phone) if text.outbound]

    async def ask(self, body: str, phone: str = PHONE, **more: Any) -> str:
        """Sends a text and returns the next one that comes back."""
        before = len(self.got(phone))
        await self.text(body, phone, **more)
        await self.until(lambda: len(self.got(phone)) > before)
        await self.settled()
        return "\n".join(self.got(phone)[before:])

    async def until(self, happened: Callable[[], bool]) -> None:
        """Waits until something has happened."""
        waiting = asyncio.get_running_loop().time() + SECONDS
        while not happened():
            assert asyncio.get_running_loop().time() < waiting, "it did not happen"
            await asyncio.sleep(0.01)

    async def settled(self) -> None:
        """Waits until nothing waits any more, neither in nor out."""
        await self.until(lambda: open_rows() == 0)


def open_rows() -> int:
    """Returns how many texts are not dealt with."""
    from sqlalchemy import func, select

    from bot.store.database import session
    from bot.store.sms_models import SmsInbound, SmsOutbound

    with session() as opened:
        inbound = opened.execute(
            select(func.count(SmsInbound.id)).where(SmsInbound.status != "done")
        ).scalar_one()
        outbound = opened.execute(
            select(func.count(SmsOutbound.id)).where(SmsOutbound.status.in_(("pending", "claimed")))
        ).scalar_one()
        return int(inbound) + int(outbound)
