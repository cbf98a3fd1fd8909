"""Pages: what a view is given, how it is guarded, and how it answers.

A view is a plain function. Before it runs, the guard has made sure of the session, and for a POST
of the origin and the form's token. What goes wrong in it reaches neither page nor log in words:
an error of the database quotes what was to be stored.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.clinic import clinic
from bot.console import keys, words
from bot.console.sessions import Staff, Timing, staff_of
from bot.store.crypto import DecryptionError

logger = logging.getLogger("backcoach.console")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FOLDER = Path(__file__).parent
_HIGHEST = 2**31 - 1
# What a page says after something was done; the address carries only the key.
NOTICES = {
    "followed-up": "Marked as followed up.",
    "taken": "Marked as taken. Please contact the patient now.",
    "put-back": "The hand-off waits again.",
    "called": "Marked as called back.",
    "opened": "The request is open again.",
    "gone": "Somebody else was quicker, or the patient took it back. This is how it stands now.",
    "learnt": "Added to the training examples. The bot knows it after the next training "
    "(stop it and start it again).",
    "dismissed": "Taken off the list.",
    "deleted": "Everything stored of the patient was deleted.",
}


class RefusedError(Exception):
    """A request is refused; the text tells the visitor why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@dataclass(frozen=True)
class Call:
    """One request as a view sees it.

    Attributes:
        request: The request.
        token: The cookie's token; "" where there is none.
        staff: Who is signed in; None only on pages that are open to all.
        form: The fields of a POST.
        timing: How long a sign-in holds.
    """

    request: Request
    token: str
    staff: Staff | None
    timing: Timing
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """The signed-in account's name, for the audit log."""
        if self.staff is None:
            raise RefusedError(401, "Please sign in.")
        return self.staff.name

    def part(self, name: str) -> str:
        """Returns a part of the address."""
        return str(self.request.path_params[name])

    def number(self) -> int:
        """Returns the number in the address; one that no database holds leads nowhere."""
        number = int(self.request.path_params["number"])
        if number > _HIGHEST:
            raise RefusedError(404, "There is no such page.")
        return number

    def query(self, name: str) -> str:
        """Returns a value behind the question mark, or ""."""
        return self.request.query_params.get(name, "")


View = Callable[[Call], Response]


def is_local(request: Request) -> bool:
    """Tells whether the page is opened on the machine itself, where cookies need no TLS."""
    return (request.url.hostname or "") in LOOPBACK


def cookie_name(request: Request) -> str:
    """Returns the cookie's name; over TLS one that no neighbouring site can set."""
    return "backcoach-console" if is_local(request) else "__Host-backcoach-console"


def set_token(request: Request, answer: Response, token: str) -> None:
    """Gives the browser a token; the cookie ends with the browser, the session before that."""
    answer.set_cookie(
        cookie_name(request), token, path="/", httponly=True, samesite="strict",
        secure=not is_local(request),
    )  # fmt: skip


def guarded(view: View, open_to_all: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """Returns an endpoint that runs a view for who may see it."""

    async def endpoint(request: Request) -> Response:
        form: dict[str, str] = {}
        if request.method == "POST":
            async with request.form(max_files=0, max_fields=20) as fields:
                form = {name: value for name, value in fields.items() if isinstance(value, str)}
        return await run_in_threadpool(_answer, view, request, form, open_to_all)

    return endpoint


def _answer(view: View, request: Request, form: dict[str, str], open_to_all: bool) -> Response:
    call = Call(request, "", None, request.app.state.timing, form)
    try:
        token = _token(request)
        staff = staff_of(token, call.timing) if token else None
        call = Call(request, token, staff, call.timing, form)
        if staff is None and not open_to_all:
            lost = request.method == "POST"
            return RedirectResponse("/sign-in?lost=1" if lost else "/sign-in", 303)
        if request.method == "POST":
            _check_form(request, token, form)
        return view(call)
    except RefusedError as refused:
        return error_page(call, refused.status, refused.why)
    except DecryptionError:
        logger.error("A stored value does not open with this key")
        why = "Stored data does not open with the key of this console. Set BACKCOACH_DATA_KEY to "
        return error_page(call, 500, why + "the key that the bot uses, and start it again.")
    except Exception as error:
        logger.error("%s %s", view.__name__, type(error).__name__)
        why = "Something went wrong here. Nothing was changed. Please try it again; if it stays so,"
        return error_page(call, 500, f"{why} run `bot doctor` on the machine of the bot.")


def _token(request: Request) -> str:
    """Returns the cookie's token; of two cookies of one name neither is believed."""
    name = cookie_name(request)
    given = [
        part.strip() for part in request.headers.get("cookie", "").split(";")
        if part.strip().startswith(f"{name}=")
    ]  # fmt: skip
    if len(given) != 1:
        return ""
    read: SimpleCookie = SimpleCookie(given[0])
    return read[name].value if name in read else ""


def _check_form(request: Request, token: str, form: Mapping[str, str]) -> None:
    """Makes sure that a form was sent from a page of this console, for this very session.

    Raises:
        RefusedError: It was not.
    """
    origin = request.headers.get("origin") or request.headers.get("referer")
    # A server with TLS stands before every other name, whether it says so or not.
    scheme = request.url.scheme if is_local(request) else "https"
    if origin and urlsplit(origin)[:2] != (scheme, request.url.netloc):
        raise RefusedError(403, "This form was sent from another page. Nothing was changed.")
    if not token or not keys.is_form_token(form.get("form_token", ""), token):
        raise RefusedError(
            403, "This form is too old or was not sent from this page. Nothing was changed. "
            "Open the page again and send it once more.",
        )  # fmt: skip


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(
        moment=words.moment, phone=words.phone, level=words.level, sign=words.sign,
        lines=words.lines, status=words.status, message_kind=words.message_kind,
        link=keys.patient_link,
    )  # fmt: skip
    made.globals.update(count=words.count, events=words.EVENTS)
    return made


def render(call: Call, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Returns a page."""
    page = _templates().get_template(template)
    return HTMLResponse(
        page.render(
            clinic=clinic(), staff=call.staff, path=call.request.url.path,
            form_token=keys.form_token(call.token) if call.token else "",
            notice=NOTICES.get(call.query("done"), ""), tabs=call.request.app.state.tabs, **values,
        ),
        status,
    )  # fmt: skip


def error_page(call: Call, status: int, why: str) -> HTMLResponse:
    """Returns a page that tells what went wrong."""
    return render(call, "error.html", status, why=why)


def go(page: str, done: str = "") -> RedirectResponse:
    """Sends the browser to a page after something was done, so that a reload repeats nothing."""
    return RedirectResponse(f"{page}?done={done}" if done else page, 303)
