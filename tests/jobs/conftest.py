"""Fixtures of the tests of jobs."""

from tests.unit.conftest import broken_store, migrated_file, store

__all__ = ["broken_store", "migrated_file", "store"]
