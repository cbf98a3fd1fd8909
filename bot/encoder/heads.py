"""Linear heads over sentence embeddings, kept beside a fine-tuned encoder."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.encoder.errors import EncoderError
from bot.encoder.weights import Array

HEADS = "safety_heads.npz"

_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Head:
    """One classification: a row of weights and a bias for each class.

    Attributes:
        classes: The classes' names.
        weight: Of shape (classes, dimension), for embeddings of length 1.
        bias: Of shape (classes,).
    """

    classes: tuple[str, ...]
    weight: Array
    bias: Array

    def probabilities(self, embeddings: Array) -> Array:
        """Returns one row of probabilities for each embedding, in the order of ``classes``."""
        logits = embeddings @ self.weight.T + self.bias
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Array = grown / grown.sum(axis=1, keepdims=True)
        return shares


def write_heads(path: Path, heads: dict[str, Head], encoder: str) -> None:
    """Writes heads to a file.

    Args:
        path: The file.
        heads: The heads by name, for example ``level`` and ``category``.
        encoder: The identity of the encoder that they belong to.
    """
    classes = {name: list(head.classes) for name, head in heads.items()}
    arrays: dict[str, Array] = {}
    for name, head in heads.items():
        arrays |= {f"{name}.weight": head.weight, f"{name}.bias": head.bias}
    about = np.array(json.dumps({"encoder": encoder, "classes": classes}))
    with path.open("wb") as file:
        np.savez(file, about=about, **arrays)


def read_heads(path: Path, encoder: str) -> dict[str, Head]:
    """Reads heads and checks that they belong to an encoder.

    Args:
        path: The file.
        encoder: The identity of the encoder whose embeddings they will see.

    Raises:
        EncoderError: If the file is missing, damaged or belongs to another encoder.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            about = json.loads(str(content["about"]))
            heads = {
                name: _head(classes, content[f"{name}.weight"], content[f"{name}.bias"])
                for name, classes in about["classes"].items()
            }
            owner = about["encoder"]
    except _DAMAGED as error:
        raise EncoderError(
            f"The safety heads {path} are missing or damaged: take the file from the repository "
            "again, or retrain (training/README.md)."
        ) from error
    if owner != encoder:
        raise EncoderError(
            f"The safety heads {path} belong to another encoder: retrain (training/README.md)."
        )
    return heads


def _head(classes: Sequence[str], weight: Array, bias: Array) -> Head:
    if weight.shape[0] != len(classes) or bias.shape != (len(classes),):
        raise ValueError("the shapes do not fit")
    return Head(tuple(classes), weight, bias)
