"""Sparse features of a text: TF-IDF of its words and of the characters in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

# Name, analyzer, shortest and longest n-gram, least number of examples that must hold it.
_KINDS = (("words", "word", 1, 2, 2), ("characters", "char_wb", 2, 4, 3))
# One-letter words matter here: "k", "y", "n" are answers.
_WORD = r"(?u)\b\w+\b|[^\w\s]"


def _vectorizer(analyzer: str, shortest: int, longest: int, **settings: Any) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=(shortest, longest),
        sublinear_tf=True,
        token_pattern=_WORD if analyzer == "word" else None,
        dtype=np.float32,
        **settings,
    )


class _Kind(NamedTuple):
    """One kind of n-grams: how a text is cut into them, their columns, their weights."""

    analyze: Callable[[str], list[str]]
    columns: dict[str, int]
    idf: npt.NDArray[np.float32]


class Ngrams:
    """Word and character n-grams, stored as plain vocabularies and arrays (no pickle)."""

    def __init__(self) -> None:
        self._vectorizers: dict[str, TfidfVectorizer] = {}
        self._prepared: list[_Kind] = []

    def fit(self, texts: Sequence[str]) -> None:
        """Learns the vocabularies and document frequencies."""
        for name, analyzer, shortest, longest, rarest in _KINDS:
            # In a small set a rare n-gram may be all there is of an intent.
            least = rarest if len(texts) >= 2000 else 1
            vectorizer = _vectorizer(analyzer, shortest, longest, min_df=least)
            self._vectorizers[name] = vectorizer.fit(texts)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Returns the features, shape (texts, n-grams)."""
        return hstack(
            [self._vectorizers[name].transform(texts) for name, *_ in _KINDS], format="csr"
        )

    @property
    def width(self) -> int:
        """How many features a text has."""
        return sum(len(kind.columns) for kind in self._kinds())

    def score(self, text: str, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Returns what ``transform([text]) @ weights`` would, for one text in a tenth of the time.

        Args:
            text: The text.
            weights: One row for each feature, one column for each class.
        """
        total = np.zeros(weights.shape[1], dtype=np.float32)
        first = 0
        for kind in self._kinds():
            counts = Counter(gram for gram in kind.analyze(text) if gram in kind.columns)
            if counts:
                columns = np.fromiter((kind.columns[gram] for gram in counts), dtype=np.intp)
                values = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32))
                values *= kind.idf[columns]
                total += (values / np.linalg.norm(values)) @ weights[first + columns]
            first += len(kind.columns)
        return total

    def _kinds(self) -> list[_Kind]:
        if not self._prepared:
            self._prepared = [
                _Kind(made.build_analyzer(), made.vocabulary_, made.idf_.astype(np.float32))
                for made in (self._vectorizers[name] for name, *_ in _KINDS)
            ]
        return self._prepared

    def vocabularies(self) -> dict[str, list[str]]:
        """Returns the n-grams of each kind in the order of their columns."""
        return {
            name: [str(gram) for gram in vectorizer.get_feature_names_out()]
            for name, vectorizer in self._vectorizers.items()
        }

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Returns the inverse document frequencies by kind."""
        return {f"idf_{name}": v.idf_ for name, v in self._vectorizers.items()}

    @classmethod
    def restore(cls, vocabularies: Mapping[str, list[str]], arrays: Mapping[str, Any]) -> Ngrams:
        """Restores what ``vocabularies`` and ``arrays`` returned."""
        restored = cls()
        for name, analyzer, shortest, longest, _ in _KINDS:
            vocabulary = {gram: column for column, gram in enumerate(vocabularies[name])}
            vectorizer = _vectorizer(analyzer, shortest, longest, vocabulary=vocabulary)
            vectorizer.idf_ = arrays[f"idf_{name}"]
            restored._vectorizers[name] = vectorizer
        return restored
