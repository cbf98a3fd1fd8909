"""``bot console`` and its accounts, as who runs the bot uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.console.passwords import fits
from bot.settings import SettingsError
from bot.store import audit
from bot.store.console_users import all_users, credentials
from bot.store.crypto import KEY_VARIABLE as DATA_KEY

WORDS = "green lamp under the stairs"


def _bot(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["console", *arguments], input=stdin, prog_name="bot")


def _stored(name: str) -> str:
    known = credentials(name)
    assert known
    return known[1]


@pytest.mark.usefixtures("store")
def test_account_is_made_with_the_password_asked_for_twice() -> None:
    made = _bot("user", "add", "Rosa", stdin=f"{WORDS}\n{WORDS}\n")
    assert made.exit_code == 0
    assert "rosa can sign in now." in made.output
    assert WORDS not in made.output
    assert fits(WORDS, _stored("rosa"))
    entry = audit.entries()[0]
    assert (entry.actor, entry.action, entry.detail) == ("terminal", "add account", "rosa")


@pytest.mark.usefixtures("store")
def test_passwords_that_differ_make_no_account() -> None:
    made = _bot("user", "add", "rosa", stdin=f"{WORDS}\nsomething else than that\n")
    assert made.exit_code != 0
    assert all_users() == []


@pytest.mark.usefixtures("store")
def test_account_from_a_script_takes_one_line() -> None:
    assert _bot("user", "add", "rosa", "--password-stdin", stdin=f"{WORDS}\r\n").exit_code == 0
    assert fits(WORDS, _stored("rosa"))


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("rosa", "short", "12 to 200 characters"),
        ("rosa", "", "12 to 200 characters"),
        ("ro sa", WORDS, "A name has 2 to 64 letters"),
    ],
)
def test_account_that_is_not_accepted_says_why(name: str, password: str, said: str) -> None:
    refused = _bot("user", "add", name, "--password-stdin", stdin=f"{password}\n")
    assert refused.exit_code == 1
    assert said in refused.output
    assert all_users() == []


@pytest.mark.usefixtures("store")
def test_name_is_given_once_and_the_command_for_a_new_password_named() -> None:
    _bot("user", "add", "rosa", "--password-stdin", stdin=WORDS)
    again = _bot("user", "add", "ROSA", "--password-stdin", stdin="another lamp, another stair")
    assert again.exit_code == 1
    assert "bot console user password rosa" in again.output
    assert fits(WORDS, _stored("rosa"))


@pytest.mark.usefixtures("store")
def test_accounts_are_listed_disabled_enabled_and_given_passwords() -> None:
    assert "No accounts yet" in _bot("user", "list").output
    _bot("user", "add", "rosa", "--password-stdin", stdin=WORDS)
    assert "rosa" in _bot("user", "list").output
    assert "cannot sign in" in _bot("user", "disable", "Rosa").output
    assert credentials("rosa") is None
    assert _bot("user", "enable", "rosa").exit_code == 0
    changed = _bot("user", "password", "rosa", "--password-stdin", stdin="another lamp, no stairs")
    assert changed.exit_code == 0
    assert fits("another lamp, no stairs", _stored("rosa"))
    for command in ("disable", "enable"):
        unknown = _bot("user", command, "nobody")
        assert unknown.exit_code == 1
        assert "There is no account nobody" in unknown.output
    done = [entry.action for entry in audit.entries()]
    assert done == ["change password", "enable account", "disable account", "add account"]


@pytest.mark.usefixtures("store")
def test_console_that_others_can_reach_needs_a_name() -> None:
    refused = _bot("--host", "0.0.0.0")
    assert refused.exit_code == 1
    assert isinstance(refused.exception, (SettingsError, SystemExit))


@pytest.mark.parametrize("lacking", [DATA_KEY, "BACKCOACH_SESSION_KEY"])
def test_production_refuses_development_keys(
    store: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    for name in (DATA_KEY, "BACKCOACH_SESSION_KEY"):
        monkeypatch.setenv(name, "a key of the tests, long enough for it")
    monkeypatch.delenv(lacking)
    refused = CliRunner().invoke(main, ["console", "--port", "1"], prog_name="bot")
    assert refused.exit_code == 1
    assert f"{lacking} is not set" in refused.output
