"""The sentence encoder: fetched once, converted to int8 ONNX, run by ONNX Runtime.

``setup`` fetches and converts (``python -m bot.encoder.setup``), ``model`` encodes.
Nothing here imports the dialogue engine.
"""
