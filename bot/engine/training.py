"""Training the model when what it is made from has changed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

from bot.replies import read_responses
from bot.settings import MODEL_FILE, RESPONSES_DIR, ROOT, SettingsError, quiet_environment

RECORD = MODEL_FILE.with_suffix("").with_suffix(".json")
ENCODER_MANIFESTS = (
    MODEL_FILE.parent / "encoder" / "manifest.json",
    ROOT / "bot" / "safety" / "model" / "manifest.json",
)
_INPUTS = ("domain.yml", "config.yml", "requirements/runtime.txt")
_INPUT_GLOBS = ("data/nlu/**/*.yml", "data/rules/*.yml", "bot/nlu/**/*.py", "bot/policies/*.py")


class ModelError(SettingsError):
    """The model is missing or damaged; the message is one sentence with the mend."""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def inputs_hash() -> str:
    """Returns a digest of everything that the model is made from."""
    paths = [ROOT / name for name in _INPUTS]
    for pattern in _INPUT_GLOBS:
        paths += ROOT.glob(pattern)
    paths += [manifest for manifest in ENCODER_MANIFESTS if manifest.exists()]
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        if RESPONSES_DIR in path.parents:
            continue
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    # Of the responses the model knows only the names.
    digest.update(" ".join(sorted(read_responses(RESPONSES_DIR))).encode())
    return digest.hexdigest()


def _record() -> dict[str, str]:
    try:
        read = json.loads(RECORD.read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def is_stale() -> bool:
    """Tells whether the model must be trained: none there, or its data has changed."""
    return not MODEL_FILE.exists() or _record().get("inputs") != inputs_hash()


def check_model() -> None:
    """Makes sure that the model file is the one that training wrote.

    Raises:
        ModelError: It is missing or damaged.
    """
    if not MODEL_FILE.exists():
        raise ModelError("There is no trained model: run `bot train`.")
    if _record().get("model") != _sha256(MODEL_FILE):
        raise ModelError(
            f"The model file {MODEL_FILE.name} is damaged: run `bot train --force` to make it anew."
        )


def train_in_own_process() -> None:
    """Trains in a child process, so that its memory is given back before the bot starts.

    Raises:
        ModelError: Training failed; its own words are on the terminal.
    """
    command = [sys.executable, "-W", "ignore", "-m", "bot.engine.training"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603  our own module
        raise ModelError("Training failed: run `bot train` to see why.")


def train(force: bool = False) -> Path:
    """Trains the model and records what it was made from.

    Args:
        force: Train every part anew instead of taking unchanged ones from the cache.

    Raises:
        ModelError: Training ended without a model.
    """
    quiet_environment()
    made_from = inputs_hash()
    from rasa.model_training import train as rasa_train

    from bot.engine.logs import set_up_logging

    set_up_logging()
    # Its messages show absolute paths, its progress bars a line for every rule.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules")],
            output=str(MODEL_FILE.parent),
            fixed_model_name=f".{os.getpid()}-{MODEL_FILE.name}",
            force_training=force,
        )
    if result.model is None:
        raise ModelError("Training ended without a model: run `rasa data validate` to see why.")
    # Two trainings at once, as two starts after a change make them, must not mix their files.
    made = Path(result.model)
    record = {"inputs": made_from, "model": _sha256(made)}
    made.replace(MODEL_FILE)
    RECORD.write_text(json.dumps(record))
    return MODEL_FILE


if __name__ == "__main__":
    train()
