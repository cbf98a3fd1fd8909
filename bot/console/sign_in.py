"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.responses import Response

from bot.console import keys, sessions
from bot.console.pages import Call, cookie_name, go, render, set_token
from bot.console.passwords import fits, tidy_name
from bot.store import audit
from bot.store import console_users as store
from bot.store.models import utc_now

WINDOW = timedelta(minutes=15)
ON_ACCOUNT, FROM_ADDRESS = 10, 30
"""Failed tries within the window after which an account, or an address, has to wait."""
_WRONG = "The name or the password is not right."
_WAIT = "Too many tries. Please wait 15 minutes and try it again."


def form(call: Call) -> Response:
    """Shows the form; who is signed in goes on to the first page."""
    if call.staff:
        return go("/")
    lost = "You were signed out meanwhile. What you sent was not saved: please do it once more."
    return _form(call, lost if call.query("lost") else "")


def _form(call: Call, note: str = "", error: str = "", status: int = 200) -> Response:
    # The form's token needs a cookie before anybody is signed in. It opens nothing: a session gets
    # another token, so a cookie that somebody planted is worth nothing either.
    fresh = Call(call.request, call.token or keys.new_token(), None, call.timing)
    minutes = int(call.timing.idle.total_seconds() // 60)
    page = render(
        fresh, "sign_in.html", status, note=note, error=error, minutes=minutes,
        hours=int(call.timing.lasts.total_seconds() // 3600),
    )  # fmt: skip
    if fresh.token != call.token:
        set_token(call.request, page, fresh.token)
    return page


def address_of(host: str) -> str:
    """Returns what is counted as one address: of IPv6 the network that one line is given."""
    try:
        read = ip_address(host)
    except ValueError:
        return host[:64]
    return str(ip_network((read, 64), strict=False)) if isinstance(read, IPv6Address) else str(read)


def sign_in(call: Call) -> Response:
    """Signs in, or says that something is not right: never which of the two it was."""
    name = tidy_name(call.form.get("name", ""))[:64]
    account = keys.account_digest(name)
    client = call.request.client
    address = address_of(client.host if client else "")
    attempt = store.begin_attempt(account, address, utc_now(), WINDOW)
    if attempt.on_account > ON_ACCOUNT or attempt.from_address > FROM_ADDRESS:
        store.drop_attempt(attempt.id)
        return _form(call, error=_WAIT, status=429)
    known = store.credentials(name)
    if not fits(call.form.get("password", ""), known[1] if known else None) or known is None:
        if known:
            audit.record(name, "sign-in failed")
        return _form(call, error=_WRONG, status=401)
    store.forget_attempts(account)
    sessions.end(call.token)
    token = sessions.open_for(known[0], call.timing)
    audit.record(name, "sign in")
    answer = go("/")
    set_token(call.request, answer, token)
    return answer


def sign_out(call: Call) -> Response:
    """Ends the session, here and on the server."""
    sessions.end(call.token)
    audit.record(call.actor, "sign out")
    answer = go("/sign-in")
    answer.delete_cookie(
        cookie_name(call.request), path="/", httponly=True, samesite="strict",
        secure=cookie_name(call.request).startswith("__Host"),
    )  # fmt: skip
    return answer
