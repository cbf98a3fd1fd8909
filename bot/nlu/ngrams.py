"""Sparse features of a text: TF-IDF of its words and of the characters in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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


class Ngrams:
    """Word and character n-grams, stored as plain vocabularies and arrays (no pickle)."""

    def __init__(self) -> None:
        self._vectorizers: dict[str, TfidfVectorizer] = {}

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
