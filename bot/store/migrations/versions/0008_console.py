"""The clinic console: accounts, sessions, sign-in attempts, follow-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "console_user",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT),
    )
    op.create_table(
        "console_session",
        sa.Column("token_digest", sa.String(64), primary_key=True),
        sa.Column(
            "user_id", sa.Integer, sa.ForeignKey("console_user.id", ondelete="CASCADE"),
            nullable=False, index=True,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
    )
    op.create_index("ix_sign_in_attempt_account", "sign_in_attempt", ["account", "tried_at"])
    op.create_index("ix_sign_in_attempt_address", "sign_in_attempt", ["address", "tried_at"])
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(128), nullable=False, index=True),
        sa.Column("up_to", MOMENT, nullable=False),
        sa.Column("by_name", sa.String(64), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    for table in ("follow_up", "sign_in_attempt", "console_session", "console_user"):
        op.drop_table(table)
