"""Secrets, folders and the environment."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot import settings
from bot.settings import SettingsError, database_url, production, secret, var_dir

NAME = "BACKCOACH_TEST_KEY"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKCOACH_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("BACKCOACH_ENV", raising=False)
    monkeypatch.delenv("BACKCOACH_DATABASE_URL", raising=False)
    monkeypatch.delenv(NAME, raising=False)
    return tmp_path / "var"


def test_development_secret_is_made_once_and_private(own_folder: Path) -> None:
    made = secret(NAME)
    path = own_folder / f"{NAME.lower()}.dev"
    assert len(made) >= 32
    assert secret(NAME) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_folder.stat().st_mode) == 0o700
    assert os.listdir(own_folder) == [path.name], "nothing else is left behind"


def test_two_processes_that_start_together_agree(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot and the action server both ask at once; the second finds the first's file."""
    first = secret(NAME)
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert secret(NAME) == first
    assert os.listdir(own_folder) == [f"{NAME.lower()}.dev"]


def test_secrets_of_two_names_and_two_machines_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = secret(NAME)
    assert secret("BACKCOACH_OTHER_KEY") != here
    monkeypatch.setenv("BACKCOACH_VAR", str(tmp_path / "other"))
    assert secret(NAME) != here


def test_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    secret(NAME)
    monkeypatch.setenv(NAME, "from the environment")
    assert secret(NAME) == "from the environment"


@pytest.mark.parametrize("value", [None, ""])
def test_production_refuses_a_missing_secret(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    secret(NAME)
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    if value is not None:
        monkeypatch.setenv(NAME, value)
    assert production()
    with pytest.raises(SettingsError, match=rf"^{NAME} is not set: .*\.$"):
        secret(NAME)


def test_production_takes_the_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    monkeypatch.setenv(NAME, "x" * 32)
    assert secret(NAME) == "x" * 32


def test_production_refuses_a_short_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    monkeypatch.setenv(NAME, "x" * 31)
    with pytest.raises(SettingsError, match=rf"^{NAME} is too short .* 32 .*\.$"):
        secret(NAME)


def test_production_refuses_the_development_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copied into the environment it is still one that was made for trying it out."""
    monkeypatch.setenv(NAME, secret(NAME))
    assert secret(NAME)
    monkeypatch.setenv("BACKCOACH_ENV", "production")
    with pytest.raises(SettingsError, match=rf"^{NAME} is the development key .*\.$"):
        secret(NAME)


@pytest.mark.parametrize("value", ["prod", "live", "1", "productoin"])
def test_misspelled_production_is_refused_and_not_taken_for_development(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("BACKCOACH_ENV", value)
    for ask in (production, lambda: secret(NAME)):
        with pytest.raises(SettingsError, match=r"^BACKCOACH_ENV must be .*\.$"):
            ask()


@pytest.mark.parametrize(
    ("value", "meant"),
    [("production", True), (" Production ", True), ("development", False), ("", False)],
)
def test_the_two_modes(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("BACKCOACH_ENV", value)
    assert production() is meant


def test_database_is_sqlite_in_the_private_folder_unless_told(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database_url() == f"sqlite:///{own_folder}/backcoach.db"
    monkeypatch.setenv("BACKCOACH_DATABASE_URL", "postgresql://db/backcoach")
    assert database_url() == "postgresql://db/backcoach"


def test_folder_is_beside_the_code_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKCOACH_VAR")
    monkeypatch.setattr(Path, "mkdir", lambda self, **_: None)
    assert var_dir() == settings.ROOT / "var"


def test_quiet_environment_does_not_overrule_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.QUIET_ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MPLCONFIGDIR", "/mine")
    settings.quiet_environment()
    assert os.environ["MPLCONFIGDIR"] == "/mine"
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
