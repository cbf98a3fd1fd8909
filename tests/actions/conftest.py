"""Fixtures of the tests of actions."""

from tests.unit.fresh_store import broken_store, migrated_file, store

__all__ = ["broken_store", "migrated_file", "store"]
