"""Signed session tokens: the only proof of who a website visitor is."""

from __future__ import annotations

import secrets
from functools import lru_cache

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.settings import secret

KEY_VARIABLE = "BACKCOACH_SESSION_KEY"
MAX_AGE_SECONDS = 90 * 24 * 3600
PREFIX = "web-"


def _serializer() -> URLSafeTimedSerializer:
    return _serializer_with(secret(KEY_VARIABLE))


@lru_cache(maxsize=4)
def _serializer_with(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="web session")


def new_visitor() -> str:
    """Returns the id of a new visitor; it cannot be guessed or chosen."""
    return PREFIX + secrets.token_hex(16)


def mint(sender_id: str | None = None) -> str:
    """Returns a fresh token for a visitor, by default a new one."""
    return _serializer().dumps(sender_id or new_visitor())


def visitor(token: str) -> str | None:
    """Returns the visitor's id of a token, or None when it was forged, changed or is too old."""
    try:
        read = _serializer().loads(token, max_age=MAX_AGE_SECONDS)
    except BadSignature:
        return None
    return read if isinstance(read, str) and read.startswith(PREFIX) else None
