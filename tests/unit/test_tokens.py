"""Session tokens: only the server's own, unchanged and not too old, name a visitor."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest
import time_machine
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from bot.channels import tokens
from bot.channels.tokens import KEY_VARIABLE, MAX_AGE_SECONDS, mint, visitor

KEY = "the server's key, long enough"
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


def test_own_token_names_one_visitor() -> None:
    token = mint()
    sender = visitor(token)
    assert sender
    assert sender.startswith("web-")
    assert len(sender) >= 36, "128 random bits"
    assert visitor(token) == sender


def test_no_two_visitors_are_the_same() -> None:
    assert len({visitor(mint()) for _ in range(200)}) == 200


@pytest.mark.parametrize("change", range(3))
def test_changed_token_is_refused(change: int) -> None:
    parts = mint().split(".")
    parts[change] = parts[change][:-2] + ("AA" if parts[change][-2:] != "AA" else "BB")
    assert visitor(".".join(parts)) is None


@pytest.mark.parametrize("token", ["", ".", "x", "a.b.c", "null", "web-1", "\x00", "é" * 5000])
def test_nonsense_is_refused(token: str) -> None:
    assert visitor(token) is None


def test_token_of_another_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    token = mint()
    monkeypatch.setenv(KEY_VARIABLE, "another key, long enough as well")
    assert visitor(token) is None


def test_token_for_another_purpose_or_person_is_refused() -> None:
    own = URLSafeTimedSerializer(KEY, salt="web session")
    assert visitor(own.dumps("web-chosen")) == "web-chosen", "the signature is what is checked"
    assert visitor(URLSafeTimedSerializer(KEY, salt="other").dumps("web-1")) is None
    assert visitor(URLSafeSerializer(KEY, salt="web session").dumps("web-1")) is None
    for inside in ("sms-+15125550100", "", 7, None, {"web-": 1}, ["web-1"]):
        assert visitor(own.dumps(inside)) is None


def test_old_token_is_refused() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        token = mint()
        clock.move_to(NOON + timedelta(seconds=MAX_AGE_SECONDS))
        assert visitor(token)
        clock.move_to(NOON + timedelta(seconds=MAX_AGE_SECONDS + 1))
        assert visitor(token) is None


def test_token_tells_nothing_of_the_key() -> None:
    token = mint()
    for part in token.split("."):
        padded = part + "=" * (-len(part) % 4)
        assert KEY.encode() not in base64.urlsafe_b64decode(padded)
    assert tokens.KEY_VARIABLE == "BACKCOACH_SESSION_KEY"
