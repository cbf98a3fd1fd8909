"""Policies of the dialogue engine."""
