"""The schema of text messages: who writes, what they agreed to, what came in, what goes out.

Numbers and texts are encrypted; a number is found by its keyed hash, which tells nothing of it.
Texts are emptied once they are dealt with: the transcript is kept with the conversation.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String

from bot.store.base import Base, UtcDateTime, utc_now
from bot.store.crypto import Encrypted


class SmsNumber(Base):
    """A phone number that wrote to the clinic, and the conversation that it reaches now.

    ``generation`` counts the people who had the number: each has a ``sender_id`` of their own.
    ``choices`` are the numbered choices of the last question, ``asked`` is what the channel itself
    asked (``reminders``, ``identity``) or offered (``fresh``), and ``question_id`` is the text that
    asked.
    """

    __tablename__ = "sms_number"

    number_hash = Column(String(64), primary_key=True)
    sender_id = Column(String(128), nullable=False, unique=True)
    generation = Column(Integer, nullable=False, default=0)
    number = Column(Encrypted)
    choices = Column(Encrypted)
    asked = Column(String(16))
    question_id = Column(Integer)
    first_at = Column(UtcDateTime, nullable=False, default=utc_now)

    __table_args__ = ({"info": {"kept": "whether it opted out outlasts a deletion"}},)


class SmsConsent(Base):
    """One thing that the holder of a number agreed to or took back; never changed, only added to.

    ``event`` is ``replies``, ``reminders``, ``no_reminders``, ``opt_out`` or ``opt_in``; ``how``
    tells by what: ``message``, ``answer``, ``keyword``, ``words``, ``provider``, ``stranger``,
    ``stopped`` (the reminders).
    """

    __tablename__ = "sms_consent"

    id = Column(Integer, primary_key=True)
    number_hash = Column(String(64), nullable=False, index=True)
    at = Column(UtcDateTime, nullable=False, default=utc_now)
    event = Column(String(16), nullable=False)
    how = Column(String(16), nullable=False)


class SmsInbound(Base):
    """A text message that came in; its provider's id is unique, so that none is taken twice.

    ``level`` is the detector's level of urgency as a number: dangers are answered first.
    """

    __tablename__ = "sms_inbound"

    id = Column(Integer, primary_key=True)
    message_sid = Column(String(64), nullable=False, unique=True)
    number_hash = Column(String(64), nullable=False, index=True)
    text = Column(Encrypted)
    media = Column(Integer, nullable=False, default=0)
    keyword = Column(String(8))
    level = Column(Integer, nullable=False, default=0)
    received_at = Column(UtcDateTime, nullable=False, default=utc_now)
    status = Column(String(8), nullable=False, default="new", index=True)
    claimed_by = Column(String(64))
    lease_until = Column(UtcDateTime)
    attempts = Column(Integer, nullable=False, default=0)


class SmsOutbound(Base):
    """A text message on its way out: ``pending``, ``claimed``, ``sent``, ``failed``, ``dropped``.

    ``key`` names what it says, so that the same thing is never queued twice. ``kind`` is ``reply``,
    ``emergency``, ``opt_out`` (its one confirmation), ``help``, ``limit`` (no more answers for a
    while), ``machine`` (none to an automatic reply) or ``started`` (by the bot).
    ``provider_status`` and ``provider_code`` are what the provider reported since.
    """

    __tablename__ = "sms_outbound"

    id = Column(Integer, primary_key=True)
    key = Column(String(80), nullable=False, unique=True)
    sender_id = Column(String(128), nullable=False, index=True)
    number_hash = Column(String(64), nullable=False, index=True)
    number = Column(Encrypted, nullable=False)
    kind = Column(String(12), nullable=False)
    text = Column(Encrypted)
    media = Column(String(200))
    segments = Column(Integer, nullable=False)
    status = Column(String(8), nullable=False, default="pending")
    reason = Column(String(24))
    attempts = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False, default=utc_now)
    due_at = Column(UtcDateTime, nullable=False, default=utc_now)
    expires_at = Column(UtcDateTime, nullable=False)
    quiet = Column(String(96))
    claimed_by = Column(String(64))
    claimed_at = Column(UtcDateTime)
    lease_until = Column(UtcDateTime)
    sent_at = Column(UtcDateTime)
    message_sid = Column(String(64), unique=True)
    provider_status = Column(String(16))
    provider_code = Column(Integer)
    reported_at = Column(UtcDateTime)

    __table_args__ = (Index("ix_sms_outbound_status_due", "status", "due_at"),)
