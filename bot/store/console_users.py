"""Accounts of the console, their sessions, and attempts to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.console_models import ConsoleSession, ConsoleUser, SignInAttempt
from bot.store.database import session

SEEN_STEP = timedelta(minutes=1)
"""The last use of a session is written down this often, not at every page."""


class NameTakenError(Exception):
    """There is an account of that name."""


@dataclass(frozen=True)
class User:
    """An account as it is listed."""

    id: int
    name: str
    created_at: datetime
    disabled_at: datetime | None


def add_user(name: str, password_hash: str) -> None:
    """Adds an account.

    Raises:
        NameTakenError: The name is in use.
    """
    try:
        with session() as opened:
            opened.add(ConsoleUser(name=name, password_hash=password_hash))
    except IntegrityError:
        raise NameTakenError from None


def all_users() -> list[User]:
    """Returns all accounts by name."""
    with session() as opened:
        rows = opened.execute(select(ConsoleUser).order_by(ConsoleUser.name)).scalars()
        return [User(row.id, row.name, row.created_at, row.disabled_at) for row in rows]


def credentials(name: str) -> tuple[int, str] | None:
    """Returns number and password hash of an account that may sign in, or None."""
    query = select(ConsoleUser).where(ConsoleUser.name == name, ConsoleUser.disabled_at.is_(None))
    with session() as opened:
        row = opened.execute(query).scalars().first()
        return (row.id, row.password_hash) if row else None


def change_user(name: str, **values: Any) -> bool:
    """Changes columns of an account and ends all its sessions; tells whether there is such one."""
    with session() as opened:
        row = opened.execute(select(ConsoleUser).where(ConsoleUser.name == name)).scalars().first()
        if row is None:
            return False
        for column, value in values.items():
            setattr(row, column, value)
        opened.execute(delete(ConsoleSession).where(ConsoleSession.user_id == row.id))
        return True


def open_session(token_digest: str, user_id: int, now: datetime, lasts: timedelta) -> None:
    """Opens a session, and forgets those that are older than any may be."""
    with session() as opened:
        opened.execute(delete(ConsoleSession).where(ConsoleSession.created_at <= now - lasts))
        opened.add(
            ConsoleSession(token_digest=token_digest, user_id=user_id, created_at=now, seen_at=now)
        )


def close_session(token_digest: str) -> None:
    """Ends a session."""
    with session() as opened:
        opened.execute(delete(ConsoleSession).where(ConsoleSession.token_digest == token_digest))


def signed_in(token_digest: str, now: datetime, idle: timedelta, lasts: timedelta) -> User | None:
    """Returns whose session a token's digest is; a session that is over is removed.

    Args:
        token_digest: The digest of the cookie's token.
        now: The present moment.
        idle: How long a session holds without a page being opened.
        lasts: How long it holds at most.
    """
    query = (
        select(ConsoleSession, ConsoleUser)
        .join(ConsoleUser, ConsoleUser.id == ConsoleSession.user_id)
        .where(ConsoleSession.token_digest == token_digest)
    )
    with session() as opened:
        found = opened.execute(query).first()
        if found is None:
            return None
        held, user = found
        if held.seen_at <= now - idle or held.created_at <= now - lasts or user.disabled_at:
            opened.execute(
                delete(ConsoleSession).where(ConsoleSession.token_digest == token_digest)
            )
            return None
        if held.seen_at <= now - SEEN_STEP:
            # An update and no changed object: another request may have ended the session.
            opened.execute(
                update(ConsoleSession)
                .where(ConsoleSession.token_digest == token_digest)
                .values(seen_at=now)
                .execution_options(synchronize_session=False)
            )
        return User(user.id, user.name, user.created_at, None)


@dataclass(frozen=True)
class Attempt:
    """A sign-in that was begun.

    Attributes:
        id: Its number.
        on_account: How many were begun and did not succeed within the window on this account.
        from_address: How many from this address.
    """

    id: int
    on_account: int
    from_address: int


def begin_attempt(account: str, address: str, now: datetime, window: timedelta) -> Attempt:
    """Writes down that a sign-in was begun, before the password is looked at.

    Written first and counted then, so that a hundred at the same moment are a hundred.
    """
    with session() as opened:
        opened.execute(delete(SignInAttempt).where(SignInAttempt.tried_at <= now - window))
        row = SignInAttempt(account=account, address=address, tried_at=now)
        opened.add(row)
        opened.flush()
        number = row.id
    with session() as opened:

        def count(condition: Any) -> int:
            query = select(func.count(SignInAttempt.id)).where(
                condition, SignInAttempt.tried_at > now - window
            )
            return int(opened.execute(query).scalar_one())

        return Attempt(
            number, count(SignInAttempt.account == account), count(SignInAttempt.address == address)
        )


def drop_attempt(number: int) -> None:
    """Forgets an attempt that was refused unread, so that refusals do not lock for longer."""
    with session() as opened:
        opened.execute(delete(SignInAttempt).where(SignInAttempt.id == number))


def forget_attempts(account: str) -> None:
    """Forgets the attempts on an account: its owner has signed in, or has a new password."""
    with session() as opened:
        opened.execute(delete(SignInAttempt).where(SignInAttempt.account == account))
