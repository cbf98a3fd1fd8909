"""Where things are and what the environment says; nothing is opened or written at import."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLINIC_FILE = Path(os.environ.get("BACKCOACH_CLINIC_FILE") or ROOT / "clinic.yml")
MODEL_FILE = ROOT / "models" / "backcoach.tar.gz"
NLU_DATA = ROOT / "data" / "nlu"
RESPONSES_DIR = NLU_DATA / "responses"

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
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def production() -> bool:
    """Tells whether this is a real deployment, where development keys are refused."""
    return os.environ.get("BACKCOACH_ENV", "development") == "production"


def database_url() -> str:
    """Returns the SQLAlchemy URL: BACKCOACH_DATABASE_URL, else SQLite in the var folder."""
    return os.environ.get("BACKCOACH_DATABASE_URL") or f"sqlite:///{var_dir() / 'backcoach.db'}"


def secret(name: str) -> str:
    """Returns a secret from the environment, or in development one made for this machine.

    Args:
        name: The environment variable, for example ``BACKCOACH_SESSION_KEY``.

    Raises:
        SettingsError: In production, when the variable is not set.
    """
    value = os.environ.get(name)
    if value:
        return value
    if production():
        raise SettingsError(f"{name} is not set: put a secret of 32 or more characters into it.")
    path = var_dir() / f"{name.lower()}.dev"
    if not path.exists():
        _make_secret(path)
    return path.read_text().strip()


def _make_secret(path: Path) -> None:
    """Writes a secret that only this user can read; another process that was quicker wins."""
    descriptor, made = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32))
    with contextlib.suppress(FileExistsError):
        os.link(made, path)
    os.unlink(made)
