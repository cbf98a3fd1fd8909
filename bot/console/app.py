"""The console as a web application: its addresses, and what every answer carries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console import lists, patients, questions, sign_in
from bot.console.pages import LOOPBACK, Call, RefusedError, View, guarded
from bot.console.sessions import Timing

MAX_BODY_BYTES = 64 * 1024
_STATIC = Path(__file__).parent / "static"
_TABS = (
    ("/", "Today"), ("/patients", "Patients"), ("/hand-offs", "Hand-offs"),
    ("/requests", "Requests"), ("/appointments", "Appointments"), ("/questions", "Questions"),
    ("/opt-outs", "Opt-outs"), ("/audit", "Audit log"),
)  # fmt: skip
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers would then send no origin with forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class _SafeHeaders:
    """Puts the security headers on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, sending)


def _asset(name: str, media_type: str) -> Route:
    async def give(_request: Request) -> Response:
        return FileResponse(_STATIC / name, media_type=media_type)

    return Route(f"/{name}", give, methods=["GET"])


def _page(path: str, view: View, open_to_all: bool = False) -> Route:
    return Route(path, guarded(view, open_to_all), methods=["GET"])


def _form(path: str, view: View, open_to_all: bool = False) -> Route:
    return Route(path, guarded(view, open_to_all), methods=["POST"])


def _nothing_here(call: Call) -> Response:
    raise RefusedError(404, "There is no such page.")


def _routes() -> list[Route]:
    patient = "/patients/{link}"
    return [
        _asset("console.css", "text/css"),
        _asset("icon.svg", "image/svg+xml"),
        _page("/sign-in", sign_in.form, open_to_all=True),
        _form("/sign-in", sign_in.sign_in, open_to_all=True),
        _form("/sign-out", sign_in.sign_out),
        _page("/", lists.today),
        _form("/follow-up", lists.follow_up),
        _page("/hand-offs", lists.hand_offs),
        _form("/hand-offs/{number:int}/take", lists.take),
        _form("/hand-offs/{number:int}/put-back", lists.put_back),
        _page("/requests", lists.requests),
        _page("/requests.csv", lists.requests_csv),
        _form("/requests/{reference}/called-back", lists.called_back),
        _form("/requests/{reference}/open-again", lists.open_again),
        _page("/appointments", lists.appointments),
        _page("/appointments.csv", lists.appointments_csv),
        _page("/opt-outs", lists.opted_out),
        _page("/audit", lists.audit_log),
        _page("/questions", questions.questions),
        _page("/questions/{number:int}", questions.question),
        _form("/questions/{number:int}/accept", questions.accept),
        _form("/questions/{number:int}/dismiss", questions.dismiss),
        _page("/patients", patients.find),
        _form("/patients", patients.find),
        _page(patient, patients.page),
        _page(f"{patient}/chart.png", patients.chart_picture),
        _page(f"{patient}/patient.json", patients.export),
        _page(f"{patient}/delete", patients.ask_deletion),
        _form(f"{patient}/delete", patients.delete),
        _page("/{rest:path}", _nothing_here),
    ]


def create_app(names: Sequence[str] = (), timing: Timing | None = None) -> Starlette:
    """Returns the console.

    Args:
        names: Host names under which staff open it besides this machine's own.
        timing: How long a sign-in holds.
    """
    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(_SafeHeaders),
            # A page of another site can make its own name point here; the name gives it away.
            Middleware(
                TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, *names], www_redirect=False
            ),
        ],
        max_body_size=MAX_BODY_BYTES,
    )
    app.state.timing = timing or Timing()
    app.state.tabs = _TABS
    return app
