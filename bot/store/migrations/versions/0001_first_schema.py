"""First schema: conversations, transcript, urgency, bookings, sessions, hand-offs, unanswered."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("sender_id", sa.String(128), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("last_event_at", sa.Float, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_table(
        "utterance",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "sender_id",
            sa.String(128),
            sa.ForeignKey("conversation.sender_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("speaker", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("ix_utterance_sender_said", "utterance", ["sender_id", "said_at"])
    op.create_table(
        "urgency_record",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("pathology", sa.String(32)),
    )
    op.create_table(
        "booking_request",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String(12), nullable=False, unique=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("preferred", sa.Text, nullable=False),
        sa.Column("preferred_start", MOMENT),
    )
    op.create_table(
        "exercise_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("exercise", sa.String(32), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("pain_before", sa.Integer),
        sa.Column("pain_after", sa.Integer),
    )
    op.create_table(
        "hand_off",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
    )
    op.create_table(
        "unanswered",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("nearest", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "unanswered",
        "hand_off",
        "exercise_session",
        "booking_request",
        "urgency_record",
        "utterance",
        "conversation",
    ):
        op.drop_table(table)
