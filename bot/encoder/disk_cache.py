"""Embeddings kept on disk between trainings, keyed by text and encoder."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot.encoder.model import DIMENSION, SentenceEncoder
from bot.encoder.weights import Array

logger = logging.getLogger(__name__)

_KEY_BYTES = 16
_PART = 256
"""Texts that one core encodes at a time."""
# A file that is no archive at all comes back as an array, which is no context manager.
_DAMAGED = (OSError, ValueError, KeyError, EOFError, AttributeError, TypeError, zipfile.BadZipFile)


def encode_cached(encoder: SentenceEncoder, texts: Sequence[str], folder: Path) -> Array:
    """Encodes texts, taking from the folder what an earlier call has left there.

    Whenever something new was encoded, embeddings that were not asked for are dropped. A
    cache that is damaged or cannot be written costs time only.

    Args:
        encoder: The encoder; each has a file of its own in the folder.
        texts: The texts.
        folder: Where the cache is.

    Returns:
        The embeddings, one row for each text.
    """
    path = folder / f"{encoder.identity[:_KEY_BYTES]}.npz"
    known = _read(path)
    keys = [hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest() for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        known.update(zip(new, _encode(encoder, list(new.values())), strict=True))
        _write(path, {key: known[key] for key in keys})
    if not keys:
        return np.zeros((0, DIMENSION), dtype=np.float32)
    return np.stack([known[key] for key in keys])


def _encode(encoder: SentenceEncoder, texts: list[str]) -> Array:
    """Encodes texts on all cores: one call of the encoder uses one."""
    parts = [texts[start : start + _PART] for start in range(0, len(texts), _PART)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(encoder.encode, parts)))


def _read(path: Path) -> dict[bytes, Array]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            keys, vectors = content["keys"], content["vectors"]
        if keys.shape != (len(vectors), _KEY_BYTES) or vectors.shape[1:] != (DIMENSION,):
            raise ValueError("the shapes do not fit")
    except FileNotFoundError:
        return {}
    except _DAMAGED as error:
        logger.debug("The embedding cache %s is left aside: %s", path, error)
        return {}
    return dict(zip((key.tobytes() for key in keys), vectors, strict=True))


def _write(path: Path, known: dict[bytes, Array]) -> None:
    keys = np.array([list(key) for key in known], dtype=np.uint8)
    vectors = np.stack(list(known.values())).astype(np.float32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, keys=keys, vectors=vectors)
        Path(part).replace(path)
    except OSError as error:
        logger.debug("The embedding cache %s is not written: %s", path, error)
