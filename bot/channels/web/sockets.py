"""The socket of the chat widget: who is there, what comes in, what goes out.

A visitor is the room of all pages that show the same token. Everything a page sends is checked
before it reaches anything else; what is wrong is answered with an error and disturbs nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import socketio
from sanic import Sanic
from sanic.request import Request

from bot.channels import tokens
from bot.channels.gateway import Gateway
from bot.channels.web.conversations import CHANNEL, BusyError, Conversations, as_event
from bot.channels.web.events import is_too_long, read_hello, read_say
from bot.channels.web.export import FILE_NAME, as_text
from bot.channels.web.limits import RateLimit, client_address
from bot.channels.web.memory import UnavailableError
from bot.channels.web.origins import may_ask
from bot.clinic import clinic
from bot.replies import plain_response
from bot.settings import web_limits

logger = logging.getLogger("backcoach.web")

PATH = "chat/socket.io"
MAX_FRAME_BYTES = 64 * 1024
FLOOD_EVENTS = 100
"""Events of one page within ten seconds, beyond which its connection is closed."""
REMIND_SECONDS = 15.0
IDLE_SECONDS = 60.0
"""A reminder does not burst into a conversation that is going on."""
FORGET_WORDS = "Delete my data"

Ack = dict[str, Any]
Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Page:
    """An open page: the visitor who has it open, and the address that it comes from."""

    visitor: str
    address: str


class Limits:
    """The rate limits of the website's chat; one set for the socket and for plain HTTP."""

    def __init__(self) -> None:
        most = web_limits()
        self.visitor = RateLimit(most.visitor_messages, 10.0)
        self.address = RateLimit(most.address_messages, 10.0)
        self.sessions = RateLimit(most.address_sessions, 60.0)
        self.connections = RateLimit(most.address_sessions * 8, 60.0)
        self.questions = RateLimit(most.address_messages, 10.0)
        self.trusted = most.trusted_proxies

    def address_of(self, request: Request) -> str:
        """Returns the address that a request comes from."""
        forwarded = request.headers.get("x-forwarded-for", "")
        return client_address(request.ip or "", forwarded, self.trusted)

    def session_wait(self, address: str, new: bool) -> float:
        """Takes one opening of a chat, a new one or a known one, or returns the seconds to wait."""
        wait = self.connections.wait(address)
        return wait or (self.sessions.wait(address) if new else 0.0)

    def message_wait(self, visitor: str, address: str) -> float:
        """Takes one message, or returns the seconds to wait."""
        return self.visitor.wait(visitor) or self.address.wait(address)


class _Events(socketio.AsyncNamespace):
    """Passes on what happens, whatever an event calls itself: also ``*`` and ``connect``."""

    def __init__(self, connect: Handler, disconnect: Handler, event: Handler) -> None:
        super().__init__("/")
        self._handlers = {"connect": connect, "disconnect": disconnect}
        self._event = event

    async def trigger_event(self, event: Any, *args: Any) -> Any:
        """Calls the handler; a page's own data stands after the page's id, never in its place."""
        handler = self._handlers.get(event) if isinstance(event, str) else None
        return await (handler(*args) if handler else self._event(event, *args))


class ChatSockets:
    """The Socket.IO server of the website's chat.

    Args:
        app: The web application that it is attached to.
        gateway: The way to the dialogue engine.
        limits: How often somebody may do something.
    """

    def __init__(self, app: Sanic, gateway: Gateway, limits: Limits) -> None:
        quiet = logging.getLogger("backcoach.socketio")
        quiet.setLevel(logging.CRITICAL + 1)  # its lines quote messages and session ids
        self._server = socketio.AsyncServer(
            async_mode="sanic",
            always_connect=True,
            cors_allowed_origins=_origin_allowed,
            cors_credentials=False,
            max_http_buffer_size=MAX_FRAME_BYTES,
            logger=quiet,
            engineio_logger=quiet,
        )
        self._pages: dict[str, Page] = {}
        self._limits = limits
        self._flood = RateLimit(FLOOD_EVENTS, 10.0)
        self.conversations = Conversations(gateway, self._show)
        self._server.attach(app, PATH)
        self._server.register_namespace(_Events(self._connect, self._disconnect, self._event))
        self._handlers = {
            "say": self._say,
            "seen": self._seen,
            "restart": self._restart,
            "export": self._export,
            "forget": self._forget,
        }
        app.add_task(self._keep_reminding)
        app.register_listener(self._close, "before_server_stop")

    async def _show(self, visitor: str, event: str, data: Any) -> None:
        await self._server.emit(event, data, room=visitor)

    # --- connecting ---

    async def _connect(self, sid: str, environ: Any = None, auth: Any = None, *_more: Any) -> None:
        request = environ.get("sanic.request") if isinstance(environ, dict) else None
        if not isinstance(request, Request):
            return  # a page's own event of this name
        hello = read_hello(auth)
        address = self._limits.address_of(request)
        known = tokens.visitor(hello.token) if hello.token else None
        wait = self._limits.session_wait(address, new=known is None)
        if wait:
            await self._server.emit(
                "refused", _error("rate", "utter_web_too_many_chats", wait), to=sid
            )
            raise socketio.exceptions.ConnectionRefusedError
        visitor = known or tokens.new_visitor()
        self._pages[sid] = Page(visitor, address)

        async def join() -> None:
            await self._server.enter_room(sid, visitor)

        last = hello.last if known else 0
        bubbles, fresh = await self.conversations.attend(visitor, last, join)
        session = {
            "token": tokens.mint(visitor),
            "fresh": fresh,
            "clinic": clinic_card(),
            "disclosure": plain_response("utter_greet", CHANNEL)["text"],
            "messages": [as_event(bubble) for bubble in bubbles],
        }
        await self._server.emit("session", session, to=sid)

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        self._pages.pop(sid, None)

    # --- events of a page ---

    async def _event(self, event: Any, sid: str, *data: Any) -> Ack:
        """Handles every event; unknown ones count as much as others against a flood."""
        page = self._pages.get(sid)
        if page is None:
            return _error("session", "utter_web_session")
        if self._flood.wait(sid):
            await self._cut_off(sid)
            return _error("rate", "utter_web_too_fast", 10.0)
        handle = self._handlers.get(event) if isinstance(event, str) else None
        if handle is None:
            return _error("invalid", "utter_web_invalid")
        try:
            return await handle(page, data[0] if data else None)
        except Exception as error:
            # Never with the error's own text: it may quote the patient.
            logger.error("An event of the chat failed: %s", type(error).__name__)
            return _error("invalid", "utter_web_invalid")

    async def _cut_off(self, sid: str) -> None:
        """Says goodbye to a page and closes its connection, so that no more is read from it."""
        self._pages.pop(sid, None)
        connection = self._server.manager.eio_sid_from_sid(sid, "/")
        await self._server.disconnect(sid)
        if connection is not None:
            self._server.start_background_task(self._server.eio.disconnect, connection)

    async def _say(self, page: Page, data: Any) -> Ack:
        wait = self._limits.message_wait(page.visitor, page.address)
        if wait:
            return _error("rate", "utter_web_too_fast", wait)
        said = read_say(data)
        if said is None:
            too_long = is_too_long(data)
            return _error("invalid", "utter_web_too_long" if too_long else "utter_web_invalid")
        return await self._take(page, said.id, said.text)

    async def _take(self, page: Page, client_id: str, text: str) -> Ack:
        try:
            return {"ok": True, "seq": await self.conversations.say(page.visitor, client_id, text)}
        except BusyError:
            return _error("busy", "utter_web_busy", 2.0)

    async def _seen(self, _page: Page, _data: Any) -> Ack:
        return {"ok": True}

    async def _restart(self, page: Page, _data: Any) -> Ack:
        wait = self._limits.message_wait(page.visitor, page.address)
        if wait:
            return _error("rate", "utter_web_too_fast", wait)
        return {"ok": True, "seq": await self.conversations.start_over(page.visitor)}

    async def _export(self, page: Page, _data: Any) -> Ack:
        wait = self._limits.message_wait(page.visitor, page.address)
        if wait:
            return _error("rate", "utter_web_too_fast", wait)
        try:
            bubbles = await self.conversations.transcript(page.visitor)
        except UnavailableError:
            return _error("busy", "utter_trouble", 10.0)
        return {"ok": True, "filename": FILE_NAME, "content": as_text(bubbles)}

    async def _forget(self, page: Page, _data: Any) -> Ack:
        """Asks the bot to delete everything; it asks back before it does."""
        wait = self._limits.message_wait(page.visitor, page.address)
        if wait:
            return _error("rate", "utter_web_too_fast", wait)
        return await self._take(page, tokens.new_visitor(), FORGET_WORDS)

    # --- beside the events ---

    async def _keep_reminding(self, _app: Sanic) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(REMIND_SECONDS)
                here = {page.visitor for page in self._pages.values()}
                if here:
                    await self.conversations.remind(here, IDLE_SECONDS)

    async def _close(self, *_arguments: Any) -> None:
        await self.conversations.close()
        await self._server.shutdown()


def _origin_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
    return may_ask(origin, environ.get("HTTP_HOST"), clinic().allowed_origins)


def clinic_card() -> dict[str, str]:
    """Returns the clinic as the widget's header shows it."""
    profile = clinic()
    return {"name": profile.name, "phone": profile.phone, "phone_e164": profile.phone_e164}


def _error(code: str, response: str, wait: float = 0.0) -> Ack:
    seconds = math.ceil(wait)
    text = plain_response(response, CHANNEL)["text"]
    error: Ack = {"ok": False, "error": code, "message": text}
    return {**error, "retry_after": seconds} if seconds else error
