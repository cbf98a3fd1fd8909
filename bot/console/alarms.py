"""Which patients' warning signs staff have to look at first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.safety.urgency import Urgency
from bot.store.inbox import Raised

LEAST = Urgency.PHYSICIAN_SOON
"""From this level on a conversation does not end in exercise or an ordinary booking."""
_RELEASES = ("seen", "mistake")


@dataclass(frozen=True)
class Alarm:
    """A patient's warning signs that nobody has followed up.

    Attributes:
        sender_id: The patient.
        at: When the most urgent of them was raised.
        newest: The moment of the newest event: what a follow-up of all of this covers.
        level: The highest level.
        pathology: What its signs belong to, or None.
        asked: Whether it comes from the safety questions and not from a message.
        released: ``seen`` or ``mistake`` where the patient said so afterwards, else None.
    """

    sender_id: str
    at: datetime
    newest: datetime
    level: Urgency
    pathology: str | None
    asked: bool
    released: str | None


def alarms(raised: Iterable[Raised], followed_up: Mapping[str, datetime]) -> list[Alarm]:
    """Returns one alarm for each patient who needs a look, the most urgent first.

    A patient's own "it was a mistake" takes nothing off the list: it is shown, and put below.

    Args:
        raised: What was raised, released and found, the oldest first.
        followed_up: Up to when staff have dealt with each patient's signs.
    """
    open_ones: dict[str, list[Raised]] = {}
    for one in raised:
        until = followed_up.get(one.sender_id)
        if until is None or one.at > until:
            open_ones.setdefault(one.sender_id, []).append(one)
    found = [alarm for events in open_ones.values() if (alarm := _alarm(events))]
    return sorted(found, key=lambda a: (a.released is not None, -a.level, -a.at.timestamp()))


def _alarm(events: list[Raised]) -> Alarm | None:
    signs = [one for one in events if one.event not in _RELEASES and Urgency.of(one.level) >= LEAST]
    if not signs:
        return None
    worst = max(signs, key=lambda one: (Urgency.of(one.level), one.at))
    after = [one.event for one in events if one.event in _RELEASES and one.at >= signs[-1].at]
    return Alarm(
        sender_id=worst.sender_id,
        at=worst.at,
        newest=events[-1].at,
        level=Urgency.of(worst.level),
        pathology=worst.pathology,
        asked=worst.event == "screened",
        released=after[-1] if after else None,
    )
