"""Pictures for ``bench.nlu``: which intents are taken for which, and how sure the classifier is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")

from matplotlib import pyplot as plt


def confusion(truth: Sequence[str], read: Sequence[str], path: Path) -> None:
    """Draws how many messages of each intent (rows) were read as which (columns)."""
    names = sorted({*truth, *read})
    place = {name: n for n, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for one, other in zip(truth, read, strict=True):
        counts[place[one], place[other]] += 1
    counts /= np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(15, 14))
    picture = axes.imshow(counts, cmap="magma_r", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("read as")
    axes.set_ylabel("meant")
    axes.set_title("Held-out messages: share of each intent read as which")
    figure.colorbar(picture, shrink=0.6)
    _save(figure, path)


def confidences(right: Sequence[float], wrong: Sequence[float], path: Path) -> None:
    """Draws how often each confidence occurs, for right and wrong readings."""
    figure, axes = plt.subplots(figsize=(8, 4.5))
    bins = np.linspace(0, 1, 21)
    axes.hist([list(right), list(wrong)], bins=bins, stacked=True, label=["right", "wrong"],
              color=["#2a6f97", "#d1495b"])  # fmt: skip
    axes.set_xlabel("confidence")
    axes.set_ylabel("held-out messages")
    axes.set_title("How sure the classifier is")
    axes.legend()
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
