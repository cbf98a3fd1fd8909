"""Where things are and what the environment says; nothing is opened or written at import."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLINIC_FILE = Path(os.environ.get("BACKCOACH_CLINIC_FILE") or ROOT / "clinic.yml")
MODEL_FILE = ROOT / "models" / "backcoach.tar.gz"
ENCODER_DIR = ROOT / "models" / "encoder"
NLU_DATA = ROOT / "data" / "nlu"
RESPONSES_DIR = NLU_DATA / "responses"

WRONG_SETTINGS = 78
"""The exit code of a process whose settings are wrong (EX_CONFIG of sysexits.h)."""
LEAST_SECRET = 32
"""Characters that a secret must have in production."""

QUIET_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONWARNINGS": "ignore",
    "TQDM_DISABLE": "1",
    "MPLCONFIGDIR": "/tmp/backcoach-mpl",  # noqa: S108  a cache that may be lost
}


class SettingsError(Exception):
    """A setting is wrong; the message is one sentence with the mend."""


@dataclass(frozen=True)
class WebLimits:
    """How much one visitor, or one network address, may do on the website's chat.

    Attributes:
        visitor_messages: Messages of a visitor in ten seconds.
        address_messages: Messages from an address in ten seconds.
        address_sessions: New chats from an address in a minute.
        trusted_proxies: Networks whose header X-Forwarded-For is believed.
    """

    visitor_messages: int = 20
    address_messages: int = 60
    address_sessions: int = 30
    trusted_proxies: tuple[str, ...] = ()


def quiet_environment() -> None:
    """Silences telemetry and the libraries' start-up noise, here and in child processes."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def one_thread_each() -> None:
    """Keeps numerical libraries to one thread; call it before they are imported.

    A message is small work: a second thread would only wait, and take time from other patients.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def var_dir() -> Path:
    """Returns the folder for the database and local secrets, created private to this user."""
    path = Path(os.environ.get("BACKCOACH_VAR", ROOT / "var"))
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def production() -> bool:
    """Tells whether this is a real deployment, where development keys are refused.

    Raises:
        SettingsError: BACKCOACH_ENV says neither: "prod" must not quietly mean development.
    """
    said = os.environ.get("BACKCOACH_ENV", "").strip().lower() or "development"
    if said not in ("development", "production"):
        raise SettingsError("BACKCOACH_ENV must be production or development: mend it.")
    return said == "production"


def database_url() -> str:
    """Returns the SQLAlchemy URL: BACKCOACH_DATABASE_URL, else SQLite in the var folder."""
    return os.environ.get("BACKCOACH_DATABASE_URL") or f"sqlite:///{var_dir() / 'backcoach.db'}"


def web_limits() -> WebLimits:
    """Returns the limits of the website's chat.

    Raises:
        SettingsError: A variable is not a number above 0, or no network.
    """
    usual = WebLimits()
    proxies = os.environ.get("BACKCOACH_TRUSTED_PROXIES", "").replace(",", " ").split()
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            raise SettingsError(
                f"BACKCOACH_TRUSTED_PROXIES: {proxy} is no address or network such as 10.0.0.0/8."
            ) from None
    return WebLimits(
        _number("BACKCOACH_VISITOR_MESSAGES", usual.visitor_messages),
        _number("BACKCOACH_ADDRESS_MESSAGES", usual.address_messages),
        _number("BACKCOACH_ADDRESS_SESSIONS", usual.address_sessions),
        tuple(proxies),
    )


def _number(name: str, usual: int) -> int:
    value = os.environ.get(name) or str(usual)
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise SettingsError(f"{name} must be a whole number above 0.")
    return int(value)


def secret(name: str) -> str:
    """Returns a secret from the environment, or in development one made for this machine.

    Args:
        name: The environment variable, for example ``BACKCOACH_SESSION_KEY``.

    Raises:
        SettingsError: In production, when the variable is not set, is too short, or holds the
            development secret of this machine.
    """
    value = os.environ.get(name)
    if production():
        _refuse_weak(name, value)
    if value:
        return value
    path = _development_file(name)
    if not path.exists():
        _make_secret(path)
    return _read_secret(path)


def _development_file(name: str) -> Path:
    return var_dir() / f"{name.lower()}.dev"


def _refuse_weak(name: str, value: str | None) -> None:
    mend = f"put a secret of {LEAST_SECRET} or more characters into it (`bot keys new` makes one)."
    if not value:
        raise SettingsError(f"{name} is not set: {mend}")
    if len(value) < LEAST_SECRET:
        raise SettingsError(f"{name} is too short for production: {mend}")
    try:
        made_here = _read_secret(_development_file(name))
    except OSError:
        return
    if value == made_here:
        raise SettingsError(f"{name} is the development key of this machine: {mend}")


def _read_secret(path: Path) -> str:
    """Reads a secret's file; again only when it has changed, for every column asks for its key."""
    status = path.stat()
    return _text_of(path, status.st_ino, status.st_mtime_ns)


@lru_cache(maxsize=16)
def _text_of(path: Path, _inode: int, _changed: int) -> str:
    return path.read_text().strip()


def _make_secret(path: Path) -> None:
    """Writes a secret that only this user can read; another process that was quicker wins."""
    descriptor, made = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32))
    with contextlib.suppress(FileExistsError):
        os.link(made, path)
    os.unlink(made)
