"""Migrations on SQLite and PostgreSQL: the schema of the models, there and back, data kept."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from bot.store.database import MIGRATIONS, downgrade, engine, is_current, migrate, session
from bot.store.handoffs import hand_offs, record_hand_off
from bot.store.models import Base
from bot.store.records import all_bookings, request_booking

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


def _tables(url: str) -> set[str]:
    fresh = create_engine(url, future=True)
    try:
        return set(inspect(fresh).get_table_names())
    finally:
        fresh.dispose()


def test_schema_is_that_of_the_models(database: str) -> None:
    found = inspect(engine(database))
    for name, table in Base.metadata.tables.items():
        columns = {c["name"]: c["nullable"] for c in found.get_columns(name)}
        assert columns == {c.name: bool(c.nullable) for c in table.columns}, name
        indexed = {tuple(index["column_names"]) for index in found.get_indexes(name)}
        wanted = {tuple(column.name for column in index.columns) for index in table.indexes}
        assert wanted <= indexed, name


def test_there_and_back_one_step_at_a_time(database: str) -> None:
    engine(database).dispose()
    for revision in [*REVISIONS[1:], "base"]:
        downgrade(revision, database)
        assert not is_current(database)
    assert _tables(database) == {"alembic_version"}
    for revision in REVISIONS[::-1]:
        migrate(database, revision)
    assert is_current(database)
    assert _tables(database) == {*Base.metadata.tables, "alembic_version"}


@pytest.mark.parametrize("revision", REVISIONS[1:-1])
def test_what_is_stored_outlives_the_way_back(database: str, revision: str) -> None:
    request_booking("web-1", "Ana Lopez", "+15125550100", "Monday")
    record_hand_off("web-1", "web", [("patient", "a human")])
    with session() as opened:
        rows = opened.execute(text("SELECT count(*) FROM booking_request")).scalar_one()
    engine(database).dispose()
    downgrade(revision, database)
    migrate(database)
    assert len(all_bookings()) == rows == 1
    assert all_bookings()[0].name == "Ana Lopez"
    (wish,) = hand_offs()
    assert wish.sender_id == "web-1"
