"""Runs migrations on the address that bot.store.database gives."""

from alembic import context
from sqlalchemy import text

from bot.store import console_models  # noqa: F401  its tables belong to the metadata
from bot.store.database import engine
from bot.store.models import Base

with engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    if connection.dialect.name == "postgresql":
        # A change of a large table may take longer than a patient's turn.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
