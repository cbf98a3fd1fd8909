"""Encodes a message on another core while it is screened: two encoders read it, and neither waits.

What is read ahead lies in the encoder's cache when the pipeline asks for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from bot.encoder.errors import EncoderError
from bot.encoder.model import shared_encoder
from bot.encoder.setup import FOLDER

logger = logging.getLogger("backcoach.engine")

LONGEST = 1_000
"""Characters of a message that is read ahead; a flood of long ones would cost a core."""


def reader_ahead(folder: Path = FOLDER) -> Callable[[str], None] | None:
    """Returns what encodes a message with the published encoder; None where there is none."""
    try:
        encoder = shared_encoder(folder)
    except EncoderError:
        return None  # said by the pipeline, once

    def read(text: str) -> None:
        if not text or len(text) > LONGEST:
            return
        try:
            encoder.encode([text])
        except Exception as error:
            logger.warning("A message could not be read ahead: %s", type(error).__name__)

    return read
