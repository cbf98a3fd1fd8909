"""Patient links: one patient on two channels, joined by a one-time code."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "patient_link",
        sa.Column("sender_id", sa.String(128), primary_key=True),
        sa.Column("patient_id", sa.String(128), nullable=False, index=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("shown_at", MOMENT),
    )
    op.create_table(
        "link_code",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("patient_id", sa.String(128), nullable=False, index=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("claimed_by", sa.String(128), index=True),
    )
    op.create_table(
        "link_attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("tried_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("link_attempt")
    op.drop_table("link_code")
    op.drop_table("patient_link")
