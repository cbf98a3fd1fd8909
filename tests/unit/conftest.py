"""Fixtures of the unit tests."""

from hypothesis import settings

from tests.unit.fresh_store import broken_store, migrated_file, store

__all__ = ["broken_store", "migrated_file", "store"]

# The same examples at every run: a red test stays red until it is mended.
settings.register_profile("steady", database=None, derandomize=True, deadline=None, max_examples=60)
settings.load_profile("steady")
