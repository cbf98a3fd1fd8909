"""The schema of the clinic console: accounts, sign-ins, and what staff have followed up."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String

from bot.store.base import Base, UtcDateTime, utc_now


class ConsoleUser(Base):
    """An account of one member of staff; ``password_hash`` is argon2id with its parameters."""

    __tablename__ = "console_user"

    id = Column(Integer, primary_key=True)
    name = Column(String(64), nullable=False, unique=True)
    password_hash = Column(String(200), nullable=False)
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    disabled_at = Column(UtcDateTime)


class ConsoleSession(Base):
    """A sign-in that holds; the cookie's token is kept as a digest only."""

    __tablename__ = "console_session"

    token_digest = Column(String(64), primary_key=True)
    user_id = Column(
        Integer, ForeignKey("console_user.id", ondelete="CASCADE"), nullable=False, index=True
    )
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    seen_at = Column(UtcDateTime, nullable=False, default=utc_now)


class SignInAttempt(Base):
    """A sign-in that was begun and has not succeeded.

    ``account`` is a digest of what was typed: people type passwords into the wrong field.
    """

    __tablename__ = "sign_in_attempt"

    id = Column(Integer, primary_key=True)
    account = Column(String(64), nullable=False)
    address = Column(String(64), nullable=False)
    tried_at = Column(UtcDateTime, nullable=False, default=utc_now)

    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "tried_at"),
        Index("ix_sign_in_attempt_address", "address", "tried_at"),
    )


class FollowUp(Base):
    """Staff have dealt with all warning signs of a patient up to a moment.

    It names a moment and no rows: their numbers may be used again after a deletion, and a new
    alarm must never count as dealt with.
    """

    __tablename__ = "follow_up"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(128), nullable=False, index=True)
    up_to = Column(UtcDateTime, nullable=False)
    by_name = Column(String(64), nullable=False)
    done_at = Column(UtcDateTime, nullable=False, default=utc_now)
