"""Fixtures of the tests of the store."""

from tests.booking.databases import database, postgres
from tests.unit.conftest import broken_store, migrated_file, store

__all__ = ["broken_store", "database", "migrated_file", "postgres", "store"]
