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
from bot.safety import Screening, Urgency, screen
from bot.safety.detector import screen_by_rules
from bot.safety.evaluate import Rate, evaluate
from bot.settings import ROOT
from training.data import MAY_HOLD_SIGNS, plain_examples

DATA = ROOT / "data" / "safety"
HELD_OUT = DATA / "heldout.jsonl"
INTENTS = ROOT / "tests" / "nlu" / "heldout.yml"
PUBLISHED = ROOT / "models" / "encoder"
CURVE = ROOT / "training" / "curve.json"
SHARES = (0.25, 0.5, 1.0)
FALSE_ALARM_RATE = 0.2

Rows = list[dict[str, Any]]


def read(path: Path) -> Rows:
    """Returns the labelled messages of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def print_report(title: str, rows: Rows, measured: Callable[[str], Screening]) -> None:
    """Prints the measures of one screening function."""
    print(f"\n{title} ({len(rows)} messages)")
    for line in evaluate(rows, measured).lines():
        print(f"  {line}")


def print_ordinary() -> None:
    """Prints how many ordinary messages, the intents' held-out ones, are alarmed or questioned."""
    found = [
        screen(text) for text, intent in plain_examples(INTENTS) if intent not in MAY_HOLD_SIGNS
    ]
    emergencies = sum(one.level.is_emergency for one in found)
    alarms = sum(one.level >= Urgency.PHYSICIAN_SOON for one in found)
    asks = sum(one.ask is not None and one.level is Urgency.NONE for one in found)
    print(f"\nOrdinary messages of the intents' held-out file ({len(found)})")
    for name, count in (("emergency", emergencies), ("any level", alarms), ("question", asks)):
        print(f"  {name:<40} {Rate(count, len(found))}")


def print_learning_curve(held_out: Rows) -> None:
    """Prints what a quarter, half and all of the labelled messages teach.

    With the published encoder, which has seen none of them: its figures are low, but their growth
    tells whether more messages pay. What fine-tuning made of them is in ``training/curve.json``.
    """
    encoder = shared_encoder(PUBLISHED)
    rows = [row for path in sorted(DATA.glob("s*.jsonl")) for row in read(path)]
    order = np.random.default_rng(7).permutation(len(rows))
    vectors = 10 * encoder.encode([row["text"] for row in rows])
    tested = 10 * encoder.encode([row["text"] for row in held_out])
    sign = np.array([row["level"] != "none" for row in rows])
    truth = np.array([row["level"] != "none" for row in held_out])
    print(f"\nLearning curve: signs found at {FALSE_ALARM_RATE:.0%} false alarms")
    for share in SHARES:
        part = order[: int(share * len(rows))]
        model = LogisticRegression(max_iter=500).fit(vectors[part], sign[part])
        scores = model.predict_proba(tested)[:, 1]
        threshold = np.quantile(scores[~truth], 1 - FALSE_ALARM_RATE)
        found = float((scores[truth] > threshold).mean())
        print(f"  {len(part):>6} messages, published encoder   {100 * found:5.1f} %")
    for row in json.loads(CURVE.read_text()) if CURVE.exists() else ():
        found = f"{100 * row['found']:5.1f} % (dev.jsonl)"
        print(f"  {row['messages']:>6} messages, fine-tuned encoder  {found}")


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
    print_ordinary()
    print_learning_curve(rows)
    print_speed(rows)


if __name__ == "__main__":
    main()
