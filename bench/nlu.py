"""Compares understanding with stock Rasa: ``python -m bench.nlu [--only ours] [--hint3 FOLDER]``.

Trains this project's config, Rasa's default config and Rasa's sparse logistic regression on the
same data, one after the other on this machine, and prints accuracy on the held-out messages,
recall of what is out of scope, cross-validation, latencies over the library and over HTTP, turns a
second, memory, start and training time. The servers are measured in turns, several rounds, for the
same machine is faster in one minute than in the next. Pictures go to bench/results.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

from bench import nlu_plots, nlu_server
from bot.safety.evaluate import Rate
from bot.settings import ROOT
from training.data import plain_examples

HERE = Path(__file__).parent
RESULTS = HERE / "results"
HELD_OUT = ROOT / "tests" / "nlu" / "heldout.yml"
CONFIGS = {
    "ours": ROOT / "config.yml",
    "rasa default": HERE / "configs" / "rasa_default.yml",
    "rasa sparse": HERE / "configs" / "rasa_sparse.yml",
}
OUT = {"out_of_scope", "nlu_fallback"}
FOLDS = 5
ROUNDS = 3
STOCK_EPOCHS = 20
"""Of Rasa's 100, which its networks do not get through within an hour on two cores."""
HINT3 = ("sofmattress", "curekart", "powerplay11")

Labelled = list[tuple[str, str]]


@dataclass
class Measured:
    """The figures of one pipeline."""

    training: float
    readings: list[dict[str, Any]]
    folds: Rate
    model: Path
    served: list[nlu_server.Served]

    def usual(self, figure: Callable[[nlu_server.Served], float]) -> float:
        """Returns the median of a figure over the rounds."""
        return float(np.median([figure(served) for served in self.served]))


def labelled(paths: list[Path]) -> Labelled:
    """Returns texts with their full intents from training files."""
    return [pair for path in paths for pair in plain_examples(path)]


def _worker(*arguments: str, cold: Path, stdin: str = "", one_core: bool = False) -> str:
    environment = {**os.environ, "RASA_CACHE_DIRECTORY": str(cold), "PYTHONHASHSEED": "0"}
    pinned = ["taskset", "-c", "0"] if one_core else []
    done = subprocess.run(
        [*pinned, sys.executable, "-W", "ignore", "-m", "bench.nlu_worker", *arguments],
        cwd=ROOT, env=environment, input=stdin, text=True, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout


def _parse(model: Path, texts: list[str], cold: Path) -> list[dict[str, Any]]:
    stdin = "".join(json.dumps(text) + "\n" for text in texts)
    printed = _worker("parse", str(model), cold=cold, stdin=stdin, one_core=True)
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def write_nlu(rows: Labelled, path: Path) -> None:
    """Writes labelled texts as a training file."""
    grouped: dict[str, list[str]] = {}
    for text, intent in rows:
        grouped.setdefault(intent, []).append(" ".join(text.split()))
    items = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in grouped.items()
    ]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": items}, allow_unicode=True))


def cross_validated(config: Path, rows: Labelled, scratch: Path, folds: int) -> Rate:
    """Returns the accuracy over folds that the model has not seen."""
    order = np.random.default_rng(7).permutation(len(rows))
    right = total = 0
    for fold in range(folds):
        tested = {int(n) for n in order[fold::folds]}
        write_nlu([row for n, row in enumerate(rows) if n not in tested], scratch / "fold.yml")
        model = scratch / f"fold{fold}.tar.gz"
        cold = scratch / f"cold{fold}"
        _worker("train", str(config), str(model), str(scratch / "fold.yml"), cold=cold)
        test = [rows[n] for n in sorted(tested)]
        found = _parse(model, [text for text, _ in test], cold)
        right += sum(f["intent"] == intent for f, (_, intent) in zip(found, test, strict=True))
        total += len(test)
    return Rate(right, total)


def trained(name: str, models: Path, scratch: Path) -> tuple[Path, float]:
    """Trains one pipeline from cold, or takes the model that an earlier run left for this data.

    Returns:
        The model and the seconds that its training took.
    """
    inputs = [CONFIGS[name], ROOT / "domain.yml", *sorted((ROOT / "data").rglob("*.yml"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()[:12]
    model = models / f"{name.replace(' ', '-')}-{digest}.tar.gz"
    seconds = model.with_suffix(".seconds")
    if not seconds.exists():
        _say(f"{name}: training ...")
        started = time.perf_counter()
        _worker("train", str(CONFIGS[name]), str(model), cold=scratch / "cold")
        seconds.write_text(str(time.perf_counter() - started))
    return model, float(seconds.read_text())


def understood(
    name: str, data: tuple[Labelled, Labelled], folds: int, models: Path, scratch: Path
) -> Measured:
    """Trains one pipeline and lets it read the held-out messages.

    Args:
        name: Which of ``CONFIGS``.
        data: The training examples and the held-out ones.
        folds: Of the cross-validation; 0 for none.
        models: Where trained models are kept.
        scratch: A folder for everything else.
    """
    config, (rows, held_out) = CONFIGS[name], data
    model, training = trained(name, models, scratch)
    _say(f"{name}: trained in {training:.0f} s; reading {len(held_out)} held-out messages ...")
    readings = _parse(model, [text for text, _ in held_out], scratch / "cold")
    result = Rate(0, 0)
    if folds:
        _say(f"{name}: {folds} folds ...")
        result = cross_validated(config, rows, scratch, folds)
    return Measured(training, readings, result, model, [])


def serve_in_turns(columns: dict[str, Measured], held_out: Labelled, rounds: int) -> None:
    """Measures the server of each pipeline in every round."""
    for number in range(1, rounds + 1):
        for name, measured in columns.items():
            _say(f"{name}: serving, round {number} of {rounds} ...")
            said = questions(held_out, [r["intent"] for r in measured.readings])
            with TemporaryDirectory() as scratch:
                server = _server(name, measured.model, Path(scratch))
                measured.served.append(nlu_server.measure(*server, said, Path(scratch)))


def questions(held_out: Labelled, read: list[str]) -> list[str]:
    """Returns the held-out questions in some order, those first that are read as questions.

    The answers to these need no action server.
    """
    pairs = [(text, as_) for (text, intent), as_ in zip(held_out, read, strict=True)
             if intent.startswith("faq/")]  # fmt: skip
    order = np.random.default_rng(7).permutation(len(pairs))
    return [pairs[n][0] for n in sorted(order, key=lambda n: not pairs[n][1].startswith("faq"))]


def _server(
    name: str, model: Path, scratch: Path
) -> tuple[Callable[[int], list[str]], Callable[[str], Callable[[str], bool]]]:
    if name == "ours":
        return lambda port: ["bot.engine.server", "127.0.0.1", str(port)], nlu_server.own_client
    credentials, endpoints = scratch / "credentials.yml", scratch / "endpoints.yml"
    credentials.write_text("rest:\n")
    endpoints.write_text("")
    options = ["--credentials", str(credentials), "--endpoints", str(endpoints)]
    return (
        lambda port: [
            "rasa", "run", "-m", str(model), "-i", "127.0.0.1", "-p", str(port), *options
        ],
        nlu_server.rest_client,
    )  # fmt: skip


def lines(measured: Measured, held_out: Labelled) -> dict[str, str]:
    """Returns the figures of one pipeline by their names."""
    pairs = [(r, intent) for r, (_, intent) in zip(measured.readings, held_out, strict=True)]
    inside = [(r, intent) for r, intent in pairs if intent not in OUT]
    outside = [r for r, intent in pairs if intent in OUT]
    parse = np.array([r["ms"] for r in measured.readings])
    turns = np.concatenate([served.turns for served in measured.served])
    return {
        "in scope": str(Rate(sum(r["intent"] == i for r, i in inside), len(inside))),
        "out-of-scope recall": str(Rate(sum(r["intent"] in OUT for r in outside), len(outside))),
        "cross-validation": str(measured.folds) if measured.folds.total else "not run",
        "parse p50 / p95, one core": f"{np.median(parse):.1f} / {np.quantile(parse, 0.95):.1f} ms",
        "turn p50 / p95 over HTTP": f"{np.median(turns):.1f} / {np.quantile(turns, 0.95):.1f} ms",
        "turns a second, 8 clients": f"{measured.usual(lambda served: served.rate):.0f}",
        "turns without an answer": str(sum(served.unanswered for served in measured.served)),
        "resident memory": f"{measured.usual(lambda served: served.memory):.0f} MB",
        "start": f"{measured.usual(lambda served: served.start):.1f} s",
        "training from cold": f"{measured.training:.0f} s",
    }


def print_hint3(folder: Path, scratch: Path) -> None:
    """Measures this project's pipeline on HINT3 (github.com/hellohaptik/HINT3, ODbL)."""
    nlu_only = yaml.safe_load(CONFIGS["ours"].read_text())
    nlu_only.pop("policies", None)
    config = scratch / "config.yml"
    config.write_text(yaml.safe_dump(nlu_only))
    for name in HINT3:
        train, test = (_csv(folder / f"{name}_{part}.csv") for part in ("train", "test"))
        write_nlu(train, scratch / "hint3.yml")
        model = scratch / f"{name}.tar.gz"
        _worker("train", str(config), str(model), str(scratch / "hint3.yml"), cold=scratch / name)
        known = {intent for _, intent in train}
        inside = [(text, intent) for text, intent in test if intent in known]
        found = _parse(model, [text for text, _ in inside], scratch / name)
        right = sum(f["best"] == intent for f, (_, intent) in zip(found, inside, strict=True))
        print(f"HINT3 {name:<12} in scope {Rate(right, len(inside))}", flush=True)


def fewer_epochs(epochs: int, folder: Path) -> None:
    """Lets stock Rasa's networks train for so many epochs.

    Its speed and memory do not depend on them; its accuracy does.
    """
    for name in ("rasa default", "rasa sparse"):
        text = re.sub(r"epochs: \d+", f"epochs: {epochs}", CONFIGS[name].read_text())
        CONFIGS[name] = folder / CONFIGS[name].name
        CONFIGS[name].write_text(text)


def _csv(path: Path) -> Labelled:
    with path.open(newline="", encoding="utf-8") as file:
        return [(row["sentence"], row["label"]) for row in csv.DictReader(file)]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _draw(measured: Measured, held_out: Labelled) -> None:
    truth = [intent for _, intent in held_out]
    read = [r["intent"] for r in measured.readings]
    nlu_plots.confusion(truth, read, RESULTS / "confusion.png")
    sure: dict[bool, list[float]] = {True: [], False: []}
    for reading, intent in zip(measured.readings, truth, strict=True):
        sure[reading["intent"] == intent].append(reading["confidence"])
    nlu_plots.confidences(sure[True], sure[False], RESULTS / "confidence.png")
    _say(f"Pictures: {RESULTS.relative_to(ROOT)}/confusion.png and confidence.png")


def main() -> None:
    """Runs the comparison from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.nlu")
    parser.add_argument("--only", choices=CONFIGS, help="measure one pipeline")
    parser.add_argument("--folds", type=int, default=FOLDS, help="0: no cross-validation")
    parser.add_argument("--fold-stock", action="store_true", help="cross-validate Rasa's too")
    parser.add_argument("--models", type=Path, help="keep the trained models, and take them again")
    parser.add_argument("--stock-epochs", type=int, default=STOCK_EPOCHS, help="Rasa's own: 100")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of measuring the servers")
    parser.add_argument("--hint3", type=Path, help="a folder with HINT3's six CSV files")
    options = parser.parse_args()
    rows = labelled(sorted((ROOT / "data" / "nlu").glob("*.yml")))
    held_out = labelled([HELD_OUT])
    with TemporaryDirectory() as folder:
        fewer_epochs(options.stock_epochs, Path(folder))
        models = (options.models or Path(folder) / "models").absolute()
        models.mkdir(parents=True, exist_ok=True)
        measured: dict[str, Measured] = {}
        for name in [options.only] if options.only else CONFIGS:
            folds = options.folds if name == "ours" or options.fold_stock else 0
            with TemporaryDirectory() as scratch:
                data = rows, held_out
                measured[name] = understood(name, data, folds, models, Path(scratch))
        serve_in_turns(measured, held_out, options.rounds)
    columns = {name: lines(found, held_out) for name, found in measured.items()}
    if "ours" in measured:
        _draw(measured["ours"], held_out)
    epochs = f"Rasa's networks: {options.stock_epochs} epochs"
    table = Table("measure", *columns, title=f"{len(held_out)} held-out messages; {epochs}")
    for key in next(iter(columns.values())):
        table.add_row(key, *(column[key] for column in columns.values()))
    Console(width=140).print(table)
    if options.hint3:
        with TemporaryDirectory() as scratch:
            print_hint3(options.hint3, Path(scratch))


if __name__ == "__main__":
    main()
