"""Chooses the second opinion's thresholds: ``python -m training.calibrate [--write]``.

Uses the labelled messages that the fine-tuning held back (see ``training.data``), with what the
rules make of them, and takes the thresholds that catch most within the given false-alarm rates.
Run it in the product's environment; it needs no PyTorch.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict

from bot.encoder.heads import HEADS, read_heads
from bot.encoder.model import shared_encoder
from bot.safety import Screening
from bot.safety.detector import screen_by_rules
from bot.safety.evaluate import Report, Row, evaluate
from bot.safety.second_opinion import (
    MODEL,
    THRESHOLDS,
    Estimate,
    SecondOpinion,
    Thresholds,
    merge,
)
from training.data import ROOT, load

ASK = (0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4)
URGENT = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
CONFIRM = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)


def held_back_rows(prefixes: tuple[str, ...]) -> list[Row]:
    """Returns the held-back labelled messages of the files with these prefixes."""
    held_back = {e.text for e in load() if e.level and e.held_back}
    rows: list[Row] = []
    for path in sorted((ROOT / "data" / "safety").glob("s*.jsonl")):
        if path.name.startswith(prefixes):
            lines = path.read_text(encoding="utf-8").splitlines()
            rows += [row for row in map(json.loads, lines) if row["text"] in held_back]
    return rows


def candidates() -> Iterator[Thresholds]:
    """Yields all combinations that make sense."""
    for ask, urgent, confirm in itertools.product(ASK, URGENT, CONFIRM):
        if confirm <= ask < urgent:
            yield Thresholds(ask, urgent, confirm)


def fits(report: Report, alarms: float, emergencies: float, asks: float) -> bool:
    """Tells whether a report stays within the false-alarm rates."""
    return (
        report.near_miss_alarms.value <= alarms
        and report.near_miss_emergencies.value <= emergencies
        and report.needless_asks.value <= asks
    )


def main() -> None:
    """Runs the search and prints the best thresholds."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate")
    parser.add_argument("--files", default="s8,s9,s10", help="prefixes of the files to use")
    parser.add_argument("--alarms", type=float, default=0.065)
    parser.add_argument("--emergencies", type=float, default=0.03)
    parser.add_argument("--asks", type=float, default=0.11)
    parser.add_argument("--write", action="store_true", help="write thresholds.json")
    options = parser.parse_args()
    encoder = shared_encoder(MODEL)
    heads = read_heads(MODEL / HEADS, encoder.identity)
    opinion = SecondOpinion(encoder, heads["level"], heads["category"])
    rows = held_back_rows(tuple(f"{prefix}_" for prefix in options.files.split(",")))
    known: dict[str, tuple[Screening, Estimate]] = {
        row["text"]: (screen_by_rules(row["text"]), opinion.estimate(row["text"])) for row in rows
    }
    best: tuple[float, Thresholds, Report] | None = None
    for thresholds in candidates():
        report = evaluate(rows, lambda text, t=thresholds: merge(*known[text], t))
        if not fits(report, options.alarms, options.emergencies, options.asks):
            continue
        caught = report.emergencies_caught.value + report.signs_caught.value
        if best is None or caught > best[0]:
            best = caught, thresholds, report
    if best is None:
        raise SystemExit("No thresholds stay within these rates: raise them.")
    print(f"{len(rows)} messages; {best[1]}")
    print("\n".join(best[2].lines()))
    if options.write:
        (MODEL / THRESHOLDS).write_text(json.dumps(asdict(best[1]), indent=1) + "\n")


if __name__ == "__main__":
    main()
