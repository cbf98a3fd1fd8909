"""Fixtures: the console over a fresh database, and somebody who is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from bot.channels.tokens import KEY_VARIABLE
from bot.console.app import create_app
from bot.store.console_users import add_user
from tests.console.running import NAME, PASSWORD
from tests.unit.fresh_store import migrated_file, store

__all__ = ["migrated_file", "store"]
ADDRESS = "http://localhost:5006"


@pytest.fixture(scope="session")
def hashed() -> str:
    """The hash of the password, with parameters that make it quick: a real one is slow."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def account(store: Path, hashed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account in a fresh database."""
    monkeypatch.setenv(KEY_VARIABLE, "the session key of the tests, long enough")
    add_user(NAME, hashed)


class Browser(TestClient):
    """A browser without a screen: it keeps cookies, fills in forms, and follows nothing."""

    def token(self, page: str = "/") -> str:
        """The token of the forms on a page."""
        found = re.search(r'name="form_token" value="(\w+)"', self.get(page).text)
        assert found, "the page has no form"
        return found[1]

    def submit(self, address: str, **fields: str):  # type: ignore[no-untyped-def]
        """Sends a form as the page of the console does."""
        page = "/sign-in" if address == "/sign-in" else "/"
        return self.post(address, data={"form_token": self.token(page), **fields})

    def sign_in(self, name: str = NAME, password: str = PASSWORD):  # type: ignore[no-untyped-def]
        """Signs in by the form."""
        return self.submit("/sign-in", name=name, password=password)


@pytest.fixture
def visit(account: None) -> Callable[..., Browser]:
    """Opens browsers of visitors who are not signed in."""
    app = create_app(["console.example.org"])

    def opened(address: str = ADDRESS, client: str = "203.0.113.7") -> Browser:
        return Browser(app, address, follow_redirects=False, client=(client, 50000))

    return opened


@pytest.fixture
def staff(visit: Callable[..., Browser]) -> Browser:
    """A browser in which somebody has signed in."""
    browser = visit()
    assert browser.sign_in().status_code == 303
    return browser
