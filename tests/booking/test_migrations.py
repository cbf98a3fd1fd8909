"""The whole chain of migrations, up and down, with rows in it, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.store import appointments, proofs
from bot.store.database import MIGRATIONS, downgrade, engine, is_current, migrate, session
from bot.store.models import Base
from bot.store.records import cancel_bookings, request_booking
from tests.booking.databases import REQUIRED, do_without
from tests.booking.times import slot

ANA = ("Ana Lopez", "+15125550100")


def _chain() -> list[str]:
    """The revisions, the oldest first."""
    script = ScriptDirectory(str(MIGRATIONS))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _use() -> None:
    key = appointments.hold("p1", slot(0))
    booked = appointments.book("p1", key, *ANA, False, "web", email="ana@example.com")
    appointments.move(booked.reference, "p1", appointments.hold("p1", slot(1)), "web")
    request_booking("p1", *ANA, "mornings", reason="stiff", key="k1")
    cancel_bookings("p1")
    assert proofs.proven("p2", booked.reference, "+15125550199") is None


def _tables(address: str) -> set[str]:
    return set(inspect(engine(address)).get_table_names()) - {"alembic_version"}


def test_chain_has_one_end() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_schema_is_that_of_the_models(database: str) -> None:
    assert is_current(database)
    with engine(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_each_step_down_and_up_again_with_rows_in_the_tables(database: str) -> None:
    """What a step takes away is lost, and nothing else: names and messages stay readable."""
    for back in range(1, len(_chain())):
        _use()
        downgrade(f"-{back}", database)
        assert not is_current(database)
        migrate(database)
        assert is_current(database)
        with session() as opened:
            for table in reversed(Base.metadata.sorted_tables):
                opened.execute(table.delete())


def test_down_to_nothing_and_up_again(database: str) -> None:
    _use()
    downgrade("base", database)
    assert _tables(database) == set()
    for revision in _chain():
        migrate(database, revision)
    assert is_current(database)
    assert _tables(database) == set(Base.metadata.tables)
    _use()


def test_requests_outlive_the_step_that_took_their_notices(database: str) -> None:
    request_booking("p1", *ANA, "mornings")
    script = ScriptDirectory(str(MIGRATIONS))
    (step,) = [one for one in script.walk_revisions() if "contact_and_proof" in one.path]
    downgrade(str(step.down_revision), database)
    with engine(database).connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM booking_request")).scalar() == 1
        assert connection.execute(text("SELECT COUNT(*) FROM outbox_message")).scalar() == 0
    migrate(database)


def test_missing_server_is_skipped_here_and_a_failure_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="install postgresql"):
        do_without("no PostgreSQL server binaries here")
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="install postgresql"):
        do_without("no PostgreSQL server binaries here")
