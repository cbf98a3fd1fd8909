"""The audit log; what a wish for a person needs so that somebody can take it up."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False, index=True),
        sa.Column("patient", sa.String(128), index=True),
        sa.Column("detail", sa.String(200), nullable=False),
    )
    with op.batch_alter_table("hand_off") as batch:
        batch.add_column(sa.Column("channel", sa.String(16)))
        batch.add_column(sa.Column("last_messages", sa.Text))
        batch.add_column(sa.Column("closed_at", MOMENT))
    with op.batch_alter_table("outbox_message") as batch:
        batch.add_column(sa.Column("hand_off_id", sa.Integer))
        batch.create_foreign_key(
            "fk_outbox_hand_off", "hand_off", ["hand_off_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_unique_constraint("uq_outbox_hand_off", ["hand_off_id", "kind"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE hand_off_id IS NOT NULL")
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint("uq_outbox_hand_off", type_="unique")
        batch.drop_constraint("fk_outbox_hand_off", type_="foreignkey")
        batch.drop_column("hand_off_id")
    with op.batch_alter_table("hand_off") as batch:
        batch.drop_column("closed_at")
        batch.drop_column("last_messages")
        batch.drop_column("channel")
    op.drop_table("audit")
