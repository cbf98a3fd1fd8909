"""What an encoder is worth: intents, danger signs, and whether it still knows other things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression

from training.bert import DIMENSION, SCALE
from training.data import EMERGENCIES, LEVELS, Example

Array = npt.NDArray[np.float32]
FALSE_ALARM_RATES = (0.03, 0.08, 0.12, 0.2)
_FEW = 5


@dataclass
class Split:
    """Examples with their embeddings, on both sides of the fixed split."""

    train: list[Example]
    test: list[Example]
    train_vectors: Array
    test_vectors: Array


def fit(vectors: Array, labels: Sequence[str], strength: float = 1.0) -> LogisticRegression:
    """Fits the classifier of the intent pipeline, without n-grams."""
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=300)
    return model.fit(SCALE * vectors, labels)


def intent_accuracy(split: Split, unseen: set[str]) -> dict[str, float]:
    """Returns the accuracy over all intents, and over those that fine-tuning never saw.

    "unseen, 5 each" trains on five examples of each unseen intent only.
    """
    train, train_y = _pick(split.train, split.train_vectors)
    test, test_y = _pick(split.test, split.test_vectors)
    right = fit(train, train_y).predict(SCALE * test) == test_y
    is_new = np.isin(test_y, sorted(unseen))
    result = {"all": right.mean(), "seen": right[~is_new].mean()}
    if unseen:
        result |= {"unseen": right[is_new].mean()}
        few = np.concatenate([np.flatnonzero(train_y == name)[:_FEW] for name in sorted(unseen)])
        guess = fit(train[few], train_y[few]).predict(SCALE * test[is_new])
        result["unseen, 5 each"] = (guess == test_y[is_new]).mean()
    return {name: float(value) for name, value in result.items()}


def _pick(examples: list[Example], vectors: Array) -> tuple[Array, npt.NDArray[np.str_]]:
    rows = [row for row, example in enumerate(examples) if example.intent]
    return vectors[rows, :DIMENSION], np.array([examples[row].intent for row in rows])


def level_scores(probabilities: Array) -> tuple[Array, Array]:
    """Returns how probable an emergency is, and how probable any sign."""
    emergency = [level in EMERGENCIES for level in LEVELS]
    return probabilities[:, emergency].sum(axis=1), 1 - probabilities[:, 0]


def safety_table(examples: list[Example], probabilities: Array) -> list[dict[str, float]]:
    """Returns what is caught at each rate of false alarms on near-misses.

    Each row: the near-misses alarmed (``rate``); ``emergencies`` scored above the threshold
    as an emergency; ``signs`` scored above it as any sign; and which share of ordinary
    messages is alarmed at those thresholds (``ordinary as emergency``, ``ordinary at all``).
    """
    emergency, sign = level_scores(probabilities)
    level = np.array([example.level or "" for example in examples])
    ordinary = np.array([example.ordinary and not example.level for example in examples])
    near, urgent = level == "none", np.isin(level, sorted(EMERGENCIES))
    signs = (level != "none") & (level != "")
    table = []
    for rate in FALSE_ALARM_RATES:
        first, second = (np.quantile(score[near], 1 - rate) for score in (emergency, sign))
        table.append(
            {
                "rate": rate,
                "emergencies": (emergency[urgent] > first).mean(),
                "signs": (sign[signs] > second).mean(),
                "ordinary as emergency": (emergency[ordinary] > first).mean(),
                "ordinary at all": (sign[ordinary] > second).mean(),
            }
        )
    return table


def likeness(before: Array, after: Array) -> dict[str, float]:
    """Compares two sets of embeddings of the same texts, to see a collapse.

    Returns:
        ``cosine``: each text's own embedding before and after; ``order``: the rank
        correlation of all pairwise similarities; ``spread``: the mean similarity of two
        different texts (a collapse drives it to 1).
    """
    upper = np.triu_indices(len(before), 1)
    pairs_before, pairs_after = ((rows @ rows.T)[upper] for rows in (before, after))
    return {
        "cosine": float((before * after).sum(axis=1).mean()),
        "order": float(spearmanr(pairs_before, pairs_after).statistic),
        "spread": float(pairs_after.mean()),
    }


def report(name: str, split: Split, unseen: set[str], levels: Array | None = None) -> None:
    """Prints an encoder's figures; ``levels`` are the trained heads' own probabilities."""
    accuracy = intent_accuracy(split, unseen)
    print(f"{name}: intents " + ", ".join(f"{k} {v:.1%}" for k, v in accuracy.items()))
    if levels is not None:
        print_safety(name, split.test, levels)


def print_safety(name: str, examples: list[Example], probabilities: Array) -> None:
    """Prints the safety table of one set of messages."""
    for row in safety_table(examples, probabilities):
        print(f"  {name}: " + ", ".join(f"{k} {v:.1%}" for k, v in row.items()), flush=True)
