"""Weighs rules and second opinion against each other: ``python -m training.calibrate [--write]``.

Uses the labelled messages that the fine-tuning held back (see ``training.data``) and the spent
held-out ones: two small
logistic regressions over ``bot.safety.judgement.evidence``, and the thresholds that catch most
within the given false-alarm rates, chosen on cross-validated probabilities. Run it in the
product's environment; it needs no PyTorch.
"""

from __future__ import annotations

import argparse
import itertools
import json
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bot.safety import Screening, Urgency
from bot.safety.detector import screen_by_rules
from bot.safety.evaluate import Report, Row, evaluate
from bot.safety.judgement import JUDGEMENT, Estimate, Judgement, evidence, merge
from bot.safety.second_opinion import MODEL, open_second_opinion
from training.data import ROOT, load

GRID = {
    "alarm": (0.55, 0.6, 0.65, 0.7),
    "ask": (0.2, 0.25, 0.3, 0.35),
    "certain": (0.6, 0.7, 0.8),
    "ask_emergency": (0.05, 0.1),
}
FOLDS = 10
Known = dict[str, tuple[Screening, Estimate]]


def held_back_rows() -> list[Row]:
    """Returns the labelled messages that the fine-tuning held back, and the spent held-out ones."""
    folder = ROOT / "data" / "safety"
    kept = {e.text for e in load() if e.level and e.held_back}
    rows: list[Row] = []
    for path in sorted(folder.glob("s*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        rows += [row for row in map(json.loads, lines) if row["text"] in kept]
    return rows + [json.loads(line) for line in (folder / "dev.jsonl").open(encoding="utf-8")]


def _fit(names: list[str], features: npt.NDArray[Any], truth: npt.NDArray[Any]) -> dict[str, float]:
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features, truth)
    weights = dict(zip(names, (round(float(w), 4) for w in model.coef_[0]), strict=True))
    return {"bias": round(float(model.intercept_[0]), 4), **weights}


def folds(rows: list[Row], known: Known) -> list[tuple[list[Row], Judgement]]:
    """Returns each fold's rows with the weights that the other folds give."""
    names, features, sign, emergency = matrix(rows, known)
    groups = [row.get("pair", row["text"]) for row in rows]
    result = []
    for train, test in GroupKFold(FOLDS).split(features, sign, groups):
        weights = [_fit(names, features[train], truth[train]) for truth in (sign, emergency)]
        result.append(([rows[i] for i in test], Judgement(*weights, 1, 1, 1, 1)))
    return result


def matrix(
    rows: list[Row], known: Known
) -> tuple[list[str], npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Returns the evidence's names and values, and which rows are signs and emergencies."""
    found = [evidence(*known[row["text"]]) for row in rows]
    features = np.array([list(each.values()) for each in found])
    sign = np.array([row["level"] != "none" for row in rows])
    emergency = np.array([Urgency.of(row["min_level"]).is_emergency for row in rows])
    return list(found[0]), features, sign, emergency


def cross_validated(
    parts: list[tuple[list[Row], Judgement]], known: Known, chosen: dict[str, float]
) -> Report:
    """Measures thresholds with weights that have not seen the message."""
    merged: dict[str, Screening] = {}
    for rows, weights in parts:
        judgement = Judgement(weights.sign, weights.emergency, **chosen)
        merged |= {row["text"]: merge(*known[row["text"]], judgement) for row in rows}
    return evaluate([row for rows, _ in parts for row in rows], merged.__getitem__)


def main() -> None:
    """Runs the search and prints the best thresholds."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate")
    parser.add_argument("--alarms", type=float, default=0.06)
    parser.add_argument("--emergencies", type=float, default=0.025)
    parser.add_argument("--asks", type=float, default=0.11)
    parser.add_argument("--write", action="store_true", help=f"write {JUDGEMENT}")
    options = parser.parse_args()
    opinion = open_second_opinion()
    rows = held_back_rows()
    known = {
        row["text"]: (screen_by_rules(row["text"]), opinion.estimate(row["text"])) for row in rows
    }
    parts = folds(rows, known)
    best: tuple[float, dict[str, float], Report] | None = None
    for values in itertools.product(*GRID.values()):
        chosen = dict(zip(GRID, values, strict=True))
        report = cross_validated(parts, known, chosen)
        fits = (
            report.near_miss_alarms.value <= options.alarms
            and report.near_miss_emergencies.value <= options.emergencies
            and report.needless_asks.value <= options.asks
        )
        caught = report.emergencies_caught.value + report.signs_caught.value
        if fits and (best is None or caught > best[0]):
            best = caught, chosen, report
    if best is None:
        raise SystemExit("No thresholds stay within these rates: raise them.")
    print(f"{len(rows)} messages; {best[1]}")
    print("\n".join(best[2].lines()))
    if options.write:
        names, features, sign, emergency = matrix(rows, known)
        weights = [_fit(names, features, truth) for truth in (sign, emergency)]
        judgement = asdict(Judgement(*weights, **best[1]))
        (MODEL / JUDGEMENT).write_text(json.dumps(judgement, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
