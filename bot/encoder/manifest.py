"""The encoder folder's manifest: which files belong to it and what they hash to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.encoder.errors import EncoderError

MANIFEST = "manifest.json"
MODEL = "encoder.onnx"
TOKENIZER = "tokenizer.json"
FORMAT = 2
"""Counts up when the converter's output changes, so that old folders are made anew."""

_MEND = "run `make setup` to make it again"


@dataclass(frozen=True)
class Manifest:
    """What an encoder folder holds.

    Attributes:
        source: Where the weights come from, for people.
        weights: The sha256 of the weights that were converted.
        files: The sha256 of every file, by name.
    """

    source: str
    weights: str
    files: dict[str, str]

    @property
    def identity(self) -> str:
        """One hash for what decides the embeddings: the graph and the tokenizer."""
        parts = f"{FORMAT} {self.files[MODEL]} {self.files[TOKENIZER]}"
        return hashlib.sha256(parts.encode()).hexdigest()


def sha256(path: Path) -> str:
    """Returns a file's sha256 in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def write_manifest(folder: Path, source: str, weights: str, names: Iterable[str]) -> Manifest:
    """Hashes the named files of a folder and writes its manifest."""
    manifest = Manifest(source, weights, {name: sha256(folder / name) for name in sorted(names)})
    text = json.dumps({"format": FORMAT, **manifest.__dict__}, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Reads a folder's manifest without hashing the files.

    Raises:
        EncoderError: If there is none, or it is damaged or of another format.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise EncoderError(f"There is no sentence encoder in {folder}: run `make setup`.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        made_by = content.pop("format")
        manifest = Manifest(**content)
        identity = manifest.identity
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EncoderError(f"The encoder's manifest {path} is damaged: {_MEND}.") from error
    if made_by != FORMAT or not identity:
        raise EncoderError(f"The encoder in {folder} is of an older format: {_MEND}.")
    return manifest


def verify(folder: Path) -> Manifest:
    """Reads a folder's manifest and checks every file against it.

    Raises:
        EncoderError: If a file is missing, cut off or changed.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise EncoderError(f"The encoder's file {path} is missing: {_MEND}.")
        if sha256(path) != expected:
            raise EncoderError(f"The encoder's file {path} is damaged: {_MEND}.")
    return manifest
