"""Imports the dialogue engine once, where a test asks for it: its libraries warn at import."""

import warnings

import pytest


@pytest.fixture(scope="session")
def engine_imported() -> None:
    """The modules that import the dialogue engine; 15 seconds, so never for unit tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bot.engine.dialogue
        import bot.engine.nlg
        import bot.engine.tracker_store
        import bot.policies.safety_policy
        import bot.policies.turn_end_policy  # noqa: F401  for what it loads
