"""Text messages as such: what fits into one, what its words ask for. No channel, no store."""
