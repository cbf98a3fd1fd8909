"""The measures that the product is judged by."""

import pytest

from bot.safety import Screening, Urgency
from bot.safety.evaluate import Rate, evaluate

ANSWERS = {
    "caught": Screening(Urgency.ER_NOW, "p"),
    "asked": Screening(Urgency.NONE, None, "legs"),
    "low": Screening(Urgency.SAME_DAY, "p"),
    "quiet": Screening(),
}


def _row(text: str, level: str, min_level: str | None = None) -> dict[str, str]:
    return {"text": text, "level": level, "min_level": min_level or level, "category": "cat"}


def test_measures() -> None:
    rows = [
        _row("caught", "er_now"),
        _row("asked", "call_911"),
        _row("low", "er_now"),
        _row("low", "er_now", "same_day"),
        _row("caught", "none"),
        _row("low", "none"),
        _row("asked", "none"),
        _row("quiet", "none"),
    ]
    report = evaluate(rows, ANSWERS.__getitem__)
    assert report.emergencies_caught == Rate(2, 3)
    assert report.signs_caught == Rate(3, 4)
    assert report.near_miss_emergencies == Rate(1, 4)
    assert report.near_miss_alarms == Rate(2, 4)
    assert report.needless_asks == Rate(1, 4)
    assert report.by_level["er_now"] == Rate(2, 3)
    assert report.by_pathology == {"cat": Rate(3, 4)}
    assert len(report.lines()) == 8


def test_wilson() -> None:
    assert Rate(0, 0).interval() == (0.0, 1.0)
    low, high = Rate(95, 100).interval()
    assert low == pytest.approx(0.8882, abs=1e-3)
    assert high == pytest.approx(0.9785, abs=1e-3)
