"""Fixtures of the tests of actions."""

from tests.actions.bookable import bookable
from tests.unit.fresh_store import broken_store, migrated_file, store

__all__ = ["bookable", "broken_store", "migrated_file", "store"]
