"""Which websites may use the chat."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import urlsplit


def same_site(origin: str, host: str | None) -> bool:
    """Tells whether a page of this very server asks."""
    try:
        return bool(host) and urlsplit(origin).netloc == host
    except ValueError:
        return False


def may_ask(origin: str | None, host: str | None, allowed: Container[str]) -> bool:
    """Tells whether a request may be answered.

    Args:
        origin: The header Origin; a client that is no browser sends none.
        host: The header Host.
        allowed: The origins of clinic.yml.
    """
    return not origin or same_site(origin, host) or origin in allowed
