"""Chooses the thresholds of the screening: ``python -m training.calibrate [--write]``.

Uses the labelled messages that were never trained on: those that the fine-tuning held back (see
``training.data``), the ones written for this (``c*.jsonl``) and the spent held-out ones, and takes
the thresholds that catch most within the given false-alarm rates. These messages are harder than
patients', so the rates are wider than what is wanted of the product. Run it in the product's
environment; it needs no PyTorch.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from bot.safety import Screening, Urgency
from bot.safety.detector import screen_by_rules
from bot.safety.evaluate import Report, Row, evaluate
from bot.safety.judgement import JUDGEMENT, Estimate, Judgement, merge
from bot.safety.second_opinion import MODEL, open_second_opinion
from training.data import ROOT, load

GRID = {
    "alarm": (0.8, 0.85, 0.9),
    "confirm": (0.7, 0.75, 0.8),
    "ask": (0.44, 0.47, 0.5),
    "ask_brief": (0.7,),
    "doubt": (0.2, 0.25),
    "certain": (0.9, 0.94, 0.96),
    "ask_emergency": (0.1,),
}
FIRM = 0.9
# In the middle of an exercise nothing else is meant.
# Words of the heart and the lungs, and of legs that no longer carry, are never silenced.
ALWAYS_FIRM = frozenset({"breathless", "calf_clot", "cannot_walk", "chest_pain"})
SURE = ("bladder_in_exercise", "bowel_in_exercise")
LEAST = 15
Known = dict[str, tuple[Screening, Estimate]]


def kept_rows() -> list[Row]:
    """Returns the labelled messages that no training has seen."""
    folder = ROOT / "data" / "safety"
    kept = {e.text for e in load() if e.level and e.held_back}
    rows: list[Row] = []
    for path in sorted(folder.glob("s*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        rows += [row for row in map(json.loads, lines) if row["text"] in kept]
    for path in (*sorted(folder.glob("c*.jsonl")), folder / "dev.jsonl"):
        rows += map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return rows


def firm_signs() -> tuple[str, ...]:
    """Returns the signs whose words, where the rules heard them, were nearly always right."""
    right: Counter[str] = Counter()
    heard: Counter[str] = Counter()
    for path in sorted((ROOT / "data" / "safety").glob("s*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            findings = screen_by_rules(row["text"]).findings
            for name in {f.sign for f in findings if f.level >= Urgency.PHYSICIAN_SOON}:
                heard[name] += 1
                right[name] += row["level"] != "none"
    return tuple(
        sorted(
            ALWAYS_FIRM
            | {n for n, all_ in heard.items() if all_ >= LEAST and right[n] / all_ >= FIRM}
        )
    )


def candidates(firm: tuple[str, ...]) -> Iterator[Judgement]:
    """Yields the judgements to choose from."""
    for values in itertools.product(*GRID.values()):
        judgement = Judgement(**dict(zip(GRID, values, strict=True)), firm=firm, sure=SURE)
        if judgement.confirm <= judgement.alarm:
            yield judgement


def measured(rows: list[Row], known: Known, judgement: Judgement) -> Report:
    """Measures a judgement."""
    merged = {row["text"]: merge(*known[row["text"]], judgement) for row in rows}
    return evaluate(rows, merged.__getitem__)


def hidden(rows: list[Row], known: Known, judgement: Judgement) -> tuple[int, int]:
    """Returns how many true signs the rules found and the second opinion silences, of all."""
    found = [
        merge(*known[row["text"]], judgement)
        for row in rows
        if row["level"] != "none" and known[row["text"]][0].level >= Urgency.PHYSICIAN_SOON
    ]
    return sum(one.level is Urgency.NONE and one.ask is None for one in found), len(found)


def main() -> None:
    """Runs the search and prints the best thresholds."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate")
    parser.add_argument("--alarms", type=float, default=0.1)
    parser.add_argument("--emergencies", type=float, default=0.03)
    parser.add_argument("--asks", type=float, default=0.16)
    parser.add_argument("--write", action="store_true", help=f"write {JUDGEMENT}")
    options = parser.parse_args()
    opinion = open_second_opinion()
    rows = kept_rows()
    known = {
        row["text"]: (screen_by_rules(row["text"]), opinion.estimate(row["text"])) for row in rows
    }
    best: tuple[float, Judgement, Report] | None = None
    for judgement in candidates(firm_signs()):
        report = measured(rows, known, judgement)
        fits = (
            report.near_miss_alarms.value <= options.alarms
            and report.near_miss_emergencies.value <= options.emergencies
            and report.needless_asks.value <= options.asks
        )
        caught = report.emergencies_caught.value + report.signs_caught.value
        if fits and (best is None or caught > best[0]):
            best = caught, judgement, report
    if best is None:
        raise SystemExit("No thresholds stay within these rates: raise them.")
    print(f"{len(rows)} messages; {best[1]}")
    print("\n".join(best[2].lines()))
    lost, found = hidden(rows, known, best[1])
    print(f"signs of the rules taken for none: {lost} of {found}")
    if options.write:
        text = json.dumps(asdict(best[1]), indent=1) + "\n"
        (MODEL / JUDGEMENT).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
