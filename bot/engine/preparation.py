"""What must be there before training: the sentence encoder."""

from __future__ import annotations

from collections.abc import Callable

from bot.encoder.errors import EncoderError
from bot.encoder.manifest import verify
from bot.encoder.setup import prepare
from bot.settings import ENCODER_DIR


def prepare_encoder(say: Callable[[str], None]) -> None:
    """Makes the sentence encoder where it is missing; goes on without it where it cannot be had.

    Args:
        say: Takes what the user should read.
    """
    try:
        verify(ENCODER_DIR)
    except EncoderError:
        say("      Preparing the sentence encoder (once, about a minute) ...")
    else:
        return
    try:
        prepare()
    except EncoderError as error:
        say(f"      {error} Until then the bot understands less.")
