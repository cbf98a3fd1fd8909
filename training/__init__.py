"""Fine-tunes the sentence encoder; runs in an environment of its own (see README.md)."""
