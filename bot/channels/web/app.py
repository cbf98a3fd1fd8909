"""The website's channel: a page, sessions, and messages over HTTP.

The sender's id comes from the signed token alone, so that no visitor can read or write another's
conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic import response as answers
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import tokens
from bot.channels.gateway import Gateway
from bot.channels.web.origins import may_ask
from bot.channels.web.sockets import MAX_FRAME_BYTES, ChatSockets, Limits
from bot.clinic import clinic
from bot.coaching.chart import png
from bot.coaching.pictures import media_type, picture
from bot.patient import record_of
from bot.replies import fill

NAME = "web"
MAX_BODY_BYTES = 64 * 1024
SHUTDOWN_SECONDS = 3.0
_NOT_VALID = "This session is not valid any more: start a new one."
_ASSETS = {
    "chat.js": "text/javascript",
    "progress.js": "text/javascript",
    "chat.css": "text/css",
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# The drawings hold a style of their own, for light and dark, and nothing that runs.
_PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "public, max-age=86400",
}


def _asset(name: str) -> str:
    return (
        resources.files("bot.channels")
        .joinpath("static")
        .joinpath(name)
        .read_text(encoding="utf-8")
    )


class WebChannel(InputChannel):
    """A Rasa input channel for the clinic's website."""

    @classmethod
    def name(cls) -> str:
        """Returns the channel's name."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Creates the channel; it needs no credentials."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns the channel's routes. The server puts the gateway on ``app.ctx.gateway``."""
        routes = Blueprint("web_channel")

        @routes.middleware("request")
        async def check_origin(request: Request) -> HTTPResponse | None:
            if _origin_allowed(request):
                return None
            return _error(403, "This website may not use the chat: add it to allowed_origins.")

        @routes.middleware("response")
        async def harden(_request: Request, response: HTTPResponse) -> None:
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)

        routes.add_route(_page, "/", methods=["GET"])
        routes.add_route(_static, "/static/<name>", methods=["GET"])
        routes.add_route(_picture, "/pictures/<name>", methods=["GET"])
        routes.add_route(_health, "/health", methods=["GET"])
        routes.add_route(_new_session, "/chat/session", methods=["POST"])
        routes.add_route(_message, "/chat/message", methods=["POST"])
        routes.add_route(_progress_chart, "/chat/progress.png", methods=["GET"])
        return routes


def _origin_allowed(request: Request) -> bool:
    headers = request.headers
    return may_ask(headers.get("origin"), headers.get("host"), clinic().allowed_origins)


def _error(status: int, sentence: str) -> HTTPResponse:
    return answers.json({"error": sentence}, status=status)


async def _page(_request: Request) -> HTTPResponse:
    page = (
        _asset("chat.html")
        .replace("%CLINIC%", "{clinic_name}")
        .replace("%PHONE%", "{clinic_phone}")
    )
    return answers.html(fill(page, clinic().facts()))


async def _static(_request: Request, name: str) -> HTTPResponse:
    if name not in _ASSETS:
        return _error(404, "There is no such file.")
    return answers.text(_asset(name), content_type=f"{_ASSETS[name]}; charset=utf-8")


async def _picture(_request: Request, name: str) -> HTTPResponse:
    content = picture(name)
    if content is None:
        return _error(404, "There is no such picture.")
    return answers.raw(content, content_type=media_type(name), headers=_PICTURE_HEADERS)


async def _health(request: Request) -> HTTPResponse:
    ready = bool(request.app.ctx.engine.ready)
    return answers.json({"ready": ready}, status=200 if ready else 503)


def _visitor(request: Request) -> str | None:
    """Returns who asks, from the token alone."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return tokens.visitor(token) if scheme.lower() == "bearer" else None


async def _new_session(request: Request) -> HTTPResponse:
    """Greets a visitor: the one whose token is sent, or a new one."""
    sender = _visitor(request) or tokens.new_visitor()
    gateway: Gateway = request.app.ctx.gateway
    replies = await gateway.welcome(sender, NAME)
    shown = [public(reply) for reply in replies]
    return answers.json({"token": tokens.mint(sender), "replies": shown})


async def _progress_chart(request: Request) -> HTTPResponse:
    """Draws the visitor's own chart."""
    sender = _visitor(request)
    if sender is None:
        return _error(401, _NOT_VALID)
    record = await asyncio.to_thread(record_of, sender)
    if not record:
        return _error(404, "There are no exercises to draw yet.")
    picture = await asyncio.to_thread(png, record)
    return answers.raw(picture, content_type="image/png")


async def _message(request: Request) -> HTTPResponse:
    sender = _visitor(request)
    if sender is None:
        return _error(401, _NOT_VALID)
    body = _json(request)
    if not isinstance(body, dict) or not isinstance(body.get("text"), str):
        return _error(400, 'Send {"text": "..."}.')
    gateway: Gateway = request.app.ctx.gateway
    replies = await gateway.reply(sender, body["text"], NAME)
    return answers.json({"replies": [public(reply) for reply in replies]})


def _json(request: Request) -> Any:
    try:
        return request.json
    except Exception:
        return None


def public(reply: dict[str, Any]) -> dict[str, Any]:
    """Returns a reply as clients see it: buttons by title only, never their payload."""
    return {**reply, "buttons": [button["title"] for button in reply["buttons"]]}


def create_app(gateway: Gateway, engine: Any) -> Sanic:
    """Returns the web application with the channel's routes.

    Args:
        gateway: The way to the dialogue engine.
        engine: Tells by ``ready`` whether it can answer.
    """
    app = Sanic("backcoach", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SHUTDOWN_SECONDS
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.gateway = gateway
    app.ctx.engine = engine
    app.config.WEBSOCKET_MAX_SIZE = MAX_FRAME_BYTES
    app.ctx.limits = Limits()
    app.ctx.sockets = ChatSockets(app, gateway, app.ctx.limits)
    app.blueprint(WebChannel().blueprint(engine.process))
    return app
