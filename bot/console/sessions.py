"""Sign-ins that hold: how long, and whose a cookie's token is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.console.keys import digest, new_token
from bot.store import console_users as store
from bot.store.models import utc_now

Staff = store.User
"""A member of staff who is signed in."""


@dataclass(frozen=True)
class Timing:
    """How long a sign-in holds.

    Attributes:
        idle: Without a page being opened.
        lasts: At most: a working day.
    """

    idle: timedelta = timedelta(minutes=30)
    lasts: timedelta = timedelta(hours=12)


def open_for(user_id: int, timing: Timing) -> str:
    """Opens a session and returns its token: always a new one, whatever the cookie held before."""
    token = new_token()
    store.open_session(digest(token), user_id, utc_now(), timing.lasts)
    return token


def staff_of(token: str, timing: Timing) -> Staff | None:
    """Returns who is signed in with a token, or None."""
    return store.signed_in(digest(token), utc_now(), timing.idle, timing.lasts)


def end(token: str) -> None:
    """Ends the session of a token."""
    store.close_session(digest(token))
