"""Reads a safetensors file: a length, a JSON header, then raw little-endian tensors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.encoder.errors import EncoderError

Array = npt.NDArray[np.float32]

_LENGTH_BYTES = 8
_MAX_HEADER_BYTES = 10_000_000


def read_safetensors(path: Path) -> dict[str, Array]:
    """Reads every float32 tensor of a safetensors file; other types are left out.

    Args:
        path: The file.

    Returns:
        The tensors by name.

    Raises:
        EncoderError: If the file is cut off or is no safetensors file.
    """
    try:
        data = path.read_bytes()
        length = int.from_bytes(data[:_LENGTH_BYTES], "little")
        if not 0 < length < _MAX_HEADER_BYTES:
            raise ValueError("the header's length makes no sense")
        start = _LENGTH_BYTES + length
        header = json.loads(data[_LENGTH_BYTES:start])
        header.pop("__metadata__", None)
        return {
            name: _tensor(data[start:], entry["shape"], entry["data_offsets"])
            for name, entry in header.items()
            if entry["dtype"] == "F32"
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"The weights {path} cannot be read ({error}): delete the file and fetch it again."
        ) from error


def _tensor(data: bytes, shape: list[int], offsets: list[int]) -> Array:
    begin, end = offsets
    return np.frombuffer(data[begin:end], dtype="<f4").reshape(shape)
