"""E-mail and reason of a booking, notices of requests, and failed proofs of identity."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("appointment") as batch:
        batch.add_column(sa.Column("email", sa.Text))
        batch.add_column(sa.Column("reason", sa.Text))
    with op.batch_alter_table("booking_request") as batch:
        batch.add_column(sa.Column("email", sa.Text))
        batch.add_column(sa.Column("reason", sa.Text))
        batch.add_column(sa.Column("idempotency_key", sa.String(64)))
        batch.create_unique_constraint("uq_booking_request_idempotency_key", ["idempotency_key"])
    with op.batch_alter_table("outbox_message") as batch:
        batch.add_column(sa.Column("request_id", sa.Integer))
        batch.create_foreign_key(
            "fk_outbox_request", "booking_request", ["request_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_unique_constraint("uq_outbox_request_event", ["request_id", "kind"])
    op.create_table(
        "proof_attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("reference_digest", sa.String(64), nullable=False, index=True),
        sa.Column("phone_digest", sa.String(64), nullable=False, index=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("proof_attempt")
    op.execute("DELETE FROM outbox_message WHERE request_id IS NOT NULL")
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint("uq_outbox_request_event", type_="unique")
        batch.drop_constraint("fk_outbox_request", type_="foreignkey")
        batch.drop_column("request_id")
    with op.batch_alter_table("booking_request") as batch:
        batch.drop_constraint("uq_booking_request_idempotency_key", type_="unique")
        batch.drop_column("idempotency_key")
        batch.drop_column("reason")
        batch.drop_column("email")
    with op.batch_alter_table("appointment") as batch:
        batch.drop_column("reason")
        batch.drop_column("email")
