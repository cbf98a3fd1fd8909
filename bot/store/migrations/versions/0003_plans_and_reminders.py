"""Plans that patients agreed to, their reminders, and the outbox of what is to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exercise_plan",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.Column("days", sa.String(7), nullable=False),
        sa.Column("at_time", sa.String(5), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("ended_at", MOMENT),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column(
            "plan_id",
            sa.Integer,
            sa.ForeignKey("exercise_plan.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("quiet_from", sa.String(5), nullable=False),
        sa.Column("quiet_until", sa.String(5), nullable=False),
        sa.Column("next_due_at", MOMENT),
        sa.Column("snoozed_at", MOMENT),
        sa.Column("skip_from", sa.Date),
        sa.Column("skip_until", sa.Date),
        sa.Column("stopped_at", MOMENT),
    )
    op.create_index("ix_reminder_next_due_at", "reminder", ["next_due_at"])
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column(
            "reminder_id",
            sa.Integer,
            sa.ForeignKey("reminder.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("lease_until", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("shown_at", MOMENT),
        sa.UniqueConstraint("reminder_id", "due_at", name="uq_outbox_reminder_due"),
    )
    op.create_index("ix_outbox_message_status", "outbox_message", ["status"])


def downgrade() -> None:
    for table in ("outbox_message", "reminder", "exercise_plan"):
        op.drop_table(table)
