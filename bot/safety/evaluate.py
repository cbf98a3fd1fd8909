"""Measures a screening function on labelled messages: pure functions, no files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from bot.safety.findings import Screening
from bot.safety.urgency import Urgency

Row = Mapping[str, Any]
Screen = Callable[[str], Screening]


@dataclass(frozen=True)
class Rate:
    """A proportion with its Wilson score interval.

    Attributes:
        hits: How many counted.
        total: Out of how many.
    """

    hits: int
    total: int

    @property
    def value(self) -> float:
        """Returns the proportion; 0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Returns the Wilson interval; ``z`` is 1.96 for 95 %."""
        if not self.total:
            return 0.0, 1.0
        n, p = self.total, self.value
        centre = p + z * z / (2 * n)
        spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)

    def __str__(self) -> str:
        low, high = self.interval()
        shown = f"{100 * self.value:5.1f} % ({100 * low:.1f}-{100 * high:.1f})"
        return f"{shown} {self.hits}/{self.total}"


@dataclass(frozen=True)
class Outcome:
    """One labelled message with what the screening made of it."""

    row: Row
    screening: Screening

    @property
    def is_sign(self) -> bool:
        """Tells whether the message holds a danger sign; a near-miss has the level none."""
        return bool(self.row["level"] != "none")

    @property
    def is_emergency(self) -> bool:
        """Tells whether the least acceptable level is an emergency."""
        return self.least.is_emergency

    @property
    def least(self) -> Urgency:
        """Returns the least level that is acceptable for the message."""
        return Urgency.of(self.row.get("min_level") or self.row["level"])

    @property
    def caught(self) -> bool:
        """Tells whether the level is high enough or the direct question is asked."""
        return self.screening.level >= self.least or self.screening.ask is not None

    @property
    def alarm(self) -> bool:
        """Tells whether any medical level was given."""
        return self.screening.level >= Urgency.PHYSICIAN_SOON


@dataclass(frozen=True)
class Report:
    """The measures that the product is judged by."""

    emergencies_caught: Rate
    signs_caught: Rate
    near_miss_emergencies: Rate
    near_miss_alarms: Rate
    needless_asks: Rate
    by_pathology: Mapping[str, Rate]
    by_level: Mapping[str, Rate]

    def lines(self) -> list[str]:
        """Returns the report as lines of text."""
        measures = {
            "emergencies caught": self.emergencies_caught,
            "all signs caught": self.signs_caught,
            "near-misses alarmed as an emergency": self.near_miss_emergencies,
            "near-misses alarmed at any level": self.near_miss_alarms,
            "needless direct questions": self.needless_asks,
        }
        for prefix, rates in (("caught: ", self.by_pathology), ("level ", self.by_level)):
            measures |= {prefix + name: rate for name, rate in rates.items()}
        return [f"{name:<40} {rate}" for name, rate in measures.items()]


def outcomes(rows: Iterable[Row], screen: Screen) -> list[Outcome]:
    """Screens labelled rows: mappings with ``text``, ``level`` and ``min_level``."""
    return [Outcome(row, screen(row["text"])) for row in rows]


def _rate(results: Iterable[bool]) -> Rate:
    found = list(results)
    return Rate(sum(found), len(found))


def _grouped(results: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, Rate]:
    groups: dict[str, list[bool]] = {}
    for outcome in results:
        groups.setdefault(key(outcome), []).append(outcome.caught)
    return {name: _rate(groups[name]) for name in sorted(groups)}


def evaluate(rows: Iterable[Row], screen: Screen) -> Report:
    """Measures a screening function.

    Args:
        rows: Labelled messages: ``text``, ``level``, ``min_level``, ``category``.
        screen: The function to measure.

    Returns:
        The measures; a near-miss is a row of the level none.
    """
    results = outcomes(rows, screen)
    signs = [o for o in results if o.is_sign]
    near = [o for o in results if not o.is_sign]
    return Report(
        emergencies_caught=_rate(o.caught for o in signs if o.is_emergency),
        signs_caught=_rate(o.caught for o in signs),
        near_miss_emergencies=_rate(o.screening.level.is_emergency for o in near),
        near_miss_alarms=_rate(o.alarm for o in near),
        needless_asks=_rate(o.screening.ask is not None and not o.alarm for o in near),
        by_pathology=_grouped(signs, lambda o: str(o.row["category"])),
        by_level=_grouped(signs, lambda o: str(o.row["level"])),
    )
