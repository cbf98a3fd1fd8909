"""The sentence encoder: fetched once, converted to int8 ONNX, run by ONNX Runtime.

``setup`` fetches and converts (``python -m bot.encoder.setup``), ``model`` encodes.
Nothing here imports the dialogue engine.
"""

from bot.encoder.errors import EncoderError
from bot.encoder.model import SentenceEncoder, shared_encoder

__all__ = ["EncoderError", "SentenceEncoder", "shared_encoder"]
