"""How an exercise felt."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exercise_session", sa.Column("felt", sa.String(8)))


def downgrade() -> None:
    with op.batch_alter_table("exercise_session") as table:
        table.drop_column("felt")
