"""Text messages: numbers, consent, what came in, what goes out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sms_number",
        sa.Column("number_hash", sa.String(64), primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, unique=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("choices", sa.Text),
        sa.Column("asked", sa.String(16)),
        sa.Column("question_id", sa.Integer),
        sa.Column("first_at", MOMENT, nullable=False),
    )
    op.create_table(
        "sms_consent",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number_hash", sa.String(64), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
    )
    op.create_table(
        "sms_inbound",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_sid", sa.String(64), nullable=False, unique=True),
        sa.Column("number_hash", sa.String(64), nullable=False, index=True),
        sa.Column("text", sa.Text),
        sa.Column("media", sa.Integer, nullable=False),
        sa.Column("keyword", sa.String(8)),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(8), nullable=False, index=True),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("lease_until", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
    )
    op.create_table(
        "sms_outbound",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(80), nullable=False, unique=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("number_hash", sa.String(64), nullable=False, index=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("media", sa.String(200)),
        sa.Column("segments", sa.Integer, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(24)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("quiet", sa.String(96)),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("claimed_at", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("message_sid", sa.String(64), unique=True),
        sa.Column("provider_status", sa.String(16)),
        sa.Column("provider_code", sa.Integer),
        sa.Column("reported_at", MOMENT),
    )
    op.create_index("ix_sms_outbound_status_due", "sms_outbound", ["status", "due_at"])


def downgrade() -> None:
    for table in ("sms_outbound", "sms_inbound", "sms_consent", "sms_number"):
        op.drop_table(table)
