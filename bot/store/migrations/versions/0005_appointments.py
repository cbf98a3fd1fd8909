"""Appointments: one time, one patient; and their messages in the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String(12), nullable=False, unique=True),
        sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("therapist", sa.String(80), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False, index=True),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("slot_key", sa.String(120), unique=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("held_until", MOMENT),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("booked_at", MOMENT),
    )
    with op.batch_alter_table("outbox_message") as batch:
        batch.add_column(
            sa.Column("kind", sa.String(24), nullable=False, server_default="reminder")
        )
        batch.add_column(sa.Column("appointment_id", sa.Integer))
        batch.add_column(sa.Column("sequence", sa.Integer))
        batch.alter_column("reminder_id", existing_type=sa.Integer, nullable=True)
        batch.create_foreign_key(
            "fk_outbox_appointment", "appointment", ["appointment_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_unique_constraint(
            "uq_outbox_appointment_event", ["appointment_id", "kind", "sequence"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE reminder_id IS NULL")
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint("uq_outbox_appointment_event", type_="unique")
        batch.drop_constraint("fk_outbox_appointment", type_="foreignkey")
        batch.drop_column("sequence")
        batch.drop_column("appointment_id")
        batch.drop_column("kind")
        batch.alter_column("reminder_id", existing_type=sa.Integer, nullable=False)
    op.drop_table("appointment")
