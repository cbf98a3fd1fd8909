"""Converts safetensors weights into an encoder folder: int8 graph, tokenizer, manifest.

``python -m bot.encoder.convert SOURCE FOLDER`` converts a folder that holds
``model.safetensors`` and ``tokenizer.json``, for example a fine-tuned encoder.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import yaml
from tokenizers import Tokenizer

from bot.encoder import graph
from bot.encoder.errors import EncoderError
from bot.encoder.manifest import MODEL, TOKENIZER, Manifest, sha256, write_manifest
from bot.encoder.model import SentenceEncoder, open_session
from bot.encoder.weights import Array, read_safetensors

WEIGHTS = "model.safetensors"
REFERENCE = Path(__file__).with_name("reference.yml")
MIN_COSINE = 0.97
"""How near each int8 embedding must be to the exact one."""
MIN_EXACT_COSINE = 0.9999
"""How near each float embedding must be to the reference, which is rounded to 4 decimals."""


def read_reference() -> tuple[list[str], Array]:
    """Returns the reference sentences and their embeddings by the published weights.

    The values come from a forward pass in plain NumPy (tests/unit/nlu_encoder/numpy_bert.py),
    which shares no code with the graph.
    """
    rows = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    vectors = [np.array(row["vector"].split(), dtype=np.float32) for row in rows]
    return [row["text"] for row in rows], np.stack(vectors)


def convert(source: Path, folder: Path, *, label: str, published: bool = False) -> Manifest:
    """Converts weights and checks the result before anything is left in its place.

    Args:
        source: A folder with ``model.safetensors`` and ``tokenizer.json``.
        folder: Where the encoder goes; replaced as a whole.
        label: Where the weights come from, for the manifest.
        published: Whether these are the published weights, which must give the reference
            vectors; other weights are compared with their own exact values only.

    Returns:
        The manifest of the new folder.

    Raises:
        EncoderError: If the weights are damaged or the result is not near enough.
    """
    weights = read_safetensors(source / WEIGHTS)
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        shutil.copyfile(source / TOKENIZER, part / TOKENIZER)
        model = _build(weights, int8=True)
        (part / MODEL).write_bytes(model)
        sentences, reference = read_reference()
        exact = _encode(_build(weights, int8=False), part / TOKENIZER, sentences)
        if published:
            _compare(exact, reference, MIN_EXACT_COSINE, "The converted encoder")
        _compare(_encode(model, part / TOKENIZER, sentences), exact, MIN_COSINE, "The int8 encoder")
        manifest = write_manifest(part, label, sha256(source / WEIGHTS), [MODEL, TOKENIZER])
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def _build(weights: Mapping[str, Array], *, int8: bool) -> bytes:
    try:
        model: bytes = graph.build(weights, int8=int8).SerializeToString()
    except (KeyError, ValueError) as error:
        raise EncoderError(
            f"The weights are not those of a BERT sentence encoder ({error}): fetch them again."
        ) from error
    return model


def _encode(model: bytes, tokenizer: Path, sentences: Sequence[str]) -> Array:
    encoder = SentenceEncoder(open_session(model), Tokenizer.from_file(str(tokenizer)), "")
    return encoder.encode(sentences)


def _compare(vectors: Array, wanted: Array, least: float, what: str) -> None:
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(wanted, axis=1)
    worst = float(((vectors * wanted).sum(axis=1) / lengths).min())
    if not worst >= least:  # also catches NaN
        raise EncoderError(
            f"{what} differs from the reference (cosine {worst:.4f}, wanted {least}): "
            "delete the downloaded weights and run `make setup` again."
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the converter from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    try:
        manifest = convert(options.source, options.folder, label=options.source.name)
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.folder} {manifest.identity}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
