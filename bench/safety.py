"""Measures danger-sign screening: ``python -m bench.safety [FILE ...]``.

Prints sensitivity by pathology and level, false alarms and needless questions with Wilson
intervals on the held-out messages, the rules alone beside the rules with the second opinion, the
learning curve of the second opinion's heads, and the speed of ``bot screen``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.encoder.model import shared_encoder
from bot.safety import Screening, screen
from bot.safety.detector import screen_by_rules
from bot.safety.evaluate import evaluate
from bot.safety.second_opinion import MODEL

DATA = Path(__file__).resolve().parent.parent / "data" / "safety"
HELD_OUT = DATA / "heldout.jsonl"
SHARES = (0.25, 0.5, 1.0)
FALSE_ALARM_RATE = 0.12

Rows = list[dict[str, Any]]


def read(path: Path) -> Rows:
    """Returns the labelled messages of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def print_report(title: str, rows: Rows, measured: Callable[[str], Screening]) -> None:
    """Prints the measures of one screening function."""
    print(f"\n{title} ({len(rows)} messages)")
    for line in evaluate(rows, measured).lines():
        print(f"  {line}")


def print_learning_curve(held_out: Rows) -> None:
    """Prints what a quarter, half and all of the labelled messages teach a new head."""
    encoder = shared_encoder(MODEL)
    rows = [row for path in sorted(DATA.glob("s*.jsonl")) for row in read(path)]
    order = np.random.default_rng(7).permutation(len(rows))
    vectors = encoder.encode([row["text"] for row in rows])
    tested = encoder.encode([row["text"] for row in held_out])
    sign = np.array([row["level"] != "none" for row in rows])
    truth = np.array([row["level"] != "none" for row in held_out])
    print(f"\nLearning curve: signs found at {FALSE_ALARM_RATE:.0%} false alarms, head alone")
    for share in SHARES:
        part = order[: int(share * len(rows))]
        model = LogisticRegression(C=30, max_iter=500).fit(vectors[part], sign[part])
        scores = model.predict_proba(tested)[:, 1]
        threshold = np.quantile(scores[~truth], 1 - FALSE_ALARM_RATE)
        found = float((scores[truth] > threshold).mean())
        print(f"  {len(part):>6} messages  {100 * found:5.1f} %")


def print_speed(rows: Rows) -> None:
    """Prints messages a second of the whole screening, on one thread."""
    screen("warm up")
    started = time.perf_counter()
    for row in rows:
        screen(row["text"])
    print(f"\nSpeed: {len(rows) / (time.perf_counter() - started):.0f} messages a second, one core")


def main() -> None:
    """Prints all tables."""
    paths = [Path(name) for name in sys.argv[1:]] or [HELD_OUT]
    for path in paths:
        rows = read(path)
        print_report(f"{path.name}: rules with second opinion", rows, screen)
        print_report(f"{path.name}: rules alone", rows, screen_by_rules)
    rows = read(paths[0])
    print_learning_curve(rows)
    print_speed(rows)


if __name__ == "__main__":
    main()
