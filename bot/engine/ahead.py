"""Encodes a message on another core while it is screened: two encoders read it, and neither waits.

What is read ahead lies in the encoder's cache when the pipeline asks for it.
"""

from __future__ import annotations

import logging

from bot.encoder.errors import EncoderError
from bot.encoder.model import shared_encoder
from bot.encoder.setup import FOLDER

logger = logging.getLogger("backcoach.engine")

LONGEST = 1_000
"""Characters of a message that is read ahead; a flood of long ones would cost a core."""


def read_ahead(text: str) -> None:
    """Encodes a message with the published encoder; where there is none, nothing happens."""
    if not text or len(text) > LONGEST:
        return
    try:
        shared_encoder(FOLDER).encode([text])
    except EncoderError:
        return  # said by the pipeline, once
    except Exception as error:
        logger.warning("A message could not be read ahead: %s", type(error).__name__)
