"""Language understanding: the sentence encoder and the graph components around it."""
