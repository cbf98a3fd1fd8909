"""Readers of what a message says: yes or no, a score, an exercise, a name, a phone, a time."""
