"""What goes wrong in the dialogue engine."""


class EngineError(Exception):
    """The dialogue engine cannot answer: it has no model, is not there, or failed on a message."""
