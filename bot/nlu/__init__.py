"""Language understanding: graph components of the dialogue engine."""
