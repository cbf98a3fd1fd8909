"""How much a number wrote lately, and what it was told about that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from bot.store.sms_models import SmsInbound, SmsOutbound

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Flow:
    """A number's texts up to a moment.

    Attributes:
        at: The moment.
        in_hour: Texts that came in within the hour before it.
        in_day: And within the day before it.
        told: The kinds of texts that it got within that day, each with when it last did.
    """

    at: datetime
    in_hour: int = 0
    in_day: int = 0
    told: Mapping[str, datetime] = field(default_factory=dict)

    def was_told(self, kind: str, within: timedelta) -> bool:
        """Tells whether a kind of text was sent, or waits to be, for no longer than that."""
        last = self.told.get(kind)
        return last is not None and self.at - last < within


def flow_in(opened: Any, number_hash: str, row: int, at: datetime) -> Flow:
    """Returns how much a number wrote up to one of its texts.

    Args:
        opened: The transaction.
        number_hash: The number.
        row: The text's row: later ones do not count, so that a flood's first texts are answered.
        at: When it came in.
    """
    lately = func.sum(case((SmsInbound.received_at > at - HOUR, 1), else_=0))
    written = select(func.count(SmsInbound.id), lately).where(
        SmsInbound.number_hash == number_hash,
        SmsInbound.id <= row,
        SmsInbound.received_at > at - DAY,
    )
    told = (
        select(SmsOutbound.kind, func.max(SmsOutbound.created_at))
        .where(SmsOutbound.number_hash == number_hash, SmsOutbound.created_at > at - DAY)
        .group_by(SmsOutbound.kind)
    )
    in_day, in_hour = opened.execute(written).one()
    kinds = {str(kind): newest for kind, newest in opened.execute(told).all()}
    return Flow(at, int(in_hour or 0), int(in_day), kinds)
