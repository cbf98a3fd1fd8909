"""The website's web application: its routes, and what every answer of it carries."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.gateway import Gateway
from bot.channels.web import http, pages
from bot.channels.web.origins import may_ask, same_site
from bot.channels.web.questions import QuestionDesk
from bot.channels.web.sockets import MAX_FRAME_BYTES, ChatSockets, Limits
from bot.clinic import clinic

MAX_BODY_BYTES = 64 * 1024
SHUTDOWN_SECONDS = 3.0
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types backcoach"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_ROUTES = (
    (pages.home, "/", "GET"),
    (pages.faq_list, "/faq", "GET"),
    (pages.faq_answer, "/faq/<topic>", "GET"),
    (pages.static, "/static/<name>", "GET"),
    (pages.widget, "/widget.js", "GET"),
    (pages.drawing, "/pictures/<name>", "GET"),
    (http.health, "/health", "GET"),
    (http.new_session, "/chat/session", "POST"),
    (http.message, "/chat/message", "POST"),
    (http.progress_chart, "/chat/progress.png", "GET"),
    (http.allow, "/chat/progress.png", "OPTIONS"),
    (http.faq_api, "/api/faq", "GET"),
)


def _routes() -> Blueprint:
    """Returns the website's routes; they find the gateway at ``app.ctx.gateway``."""
    routes = Blueprint("web_channel")
    routes.middleware("request")(_check_origin)
    routes.middleware("response")(_harden)
    for handler, path, method in _ROUTES:
        routes.add_route(handler, path, methods=[method])
    return routes


async def _check_origin(request: Request) -> HTTPResponse | None:
    headers = request.headers
    if may_ask(headers.get("origin"), headers.get("host"), clinic().allowed_origins):
        return None
    return pages.error(403, "This website may not use the chat: add it to allowed_origins.")


async def _harden(request: Request, response: HTTPResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    origin = request.headers.get("origin")
    if origin and not same_site(origin, request.headers.get("host")):
        response.headers["Vary"] = "Origin"
        if origin in clinic().allowed_origins:
            response.headers["Access-Control-Allow-Origin"] = origin


def create_app(gateway: Gateway, engine: Any) -> Sanic:
    """Returns the web application with the channel's routes.

    Args:
        gateway: The way to the dialogue engine.
        engine: Tells by ``ready`` whether it can answer, and reads texts by ``parse``.
    """
    app = Sanic("backcoach", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.WEBSOCKET_MAX_SIZE = MAX_FRAME_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SHUTDOWN_SECONDS
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.gateway = gateway
    app.ctx.engine = engine
    app.ctx.limits = Limits()
    app.ctx.questions = QuestionDesk(engine.parse)
    app.ctx.sockets = ChatSockets(app, gateway, app.ctx.limits)
    app.blueprint(_routes())
    return app
