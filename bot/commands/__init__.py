"""The commands of ``bot``, a module each."""
