"""The levels of urgency, in order."""

from __future__ import annotations

from enum import IntEnum


class Urgency(IntEnum):
    """How soon care is needed; a higher number is more urgent.

    The order is the project's own judgement on the frameworks named in ``signs.yml``;
    a licensed clinician of the clinic approves it before patients use the product.
    """

    NONE = 0
    SELF_CARE = 1
    PT_EVALUATION = 2
    PHYSICIAN_SOON = 3
    SAME_DAY = 4
    ER_NOW = 5
    CALL_911 = 6
    CRISIS = 7

    @property
    def label(self) -> str:
        """Returns the level's name as data files, slots and output write it."""
        return self.name.lower()

    @classmethod
    def of(cls, label: str | None) -> Urgency:
        """Returns the level that a label names; None and "" are ``NONE``.

        Raises:
            KeyError: The label is no level.
        """
        return cls[label.upper()] if label else cls.NONE

    @property
    def is_emergency(self) -> bool:
        """Tells whether the emergency instruction stands alone, before any booking."""
        return self >= Urgency.ER_NOW

    @property
    def stops_exercise(self) -> bool:
        """Tells whether no exercise may be given while this level stands."""
        return self >= Urgency.SAME_DAY
