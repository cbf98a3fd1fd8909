"""What goes wrong with the encoder, in one sentence with the mend."""


class EncoderError(Exception):
    """The encoder cannot be fetched, made or loaded; the message says what to do."""
