"""Turns sentences into unit-length embeddings with ONNX Runtime."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from bot.encoder.errors import EncoderError
from bot.encoder.manifest import MODEL, TOKENIZER, read_manifest, verify
from bot.encoder.weights import Array
from bot.settings import ENCODER_DIR

DIMENSION = 384
MAX_PIECES = 256
"""Word pieces read of a message, with the two marks at its ends; the rest is cut off."""

_BATCH = 16
_CACHE_SIZE = 4096
_ERRORS_ONLY = 3


class SentenceEncoder:
    """Encodes sentences; safe to call from several threads.

    Args:
        session: An ONNX Runtime session of a graph from ``graph.build``.
        tokenizer: The word-piece tokenizer that belongs to it.
        identity: Changes when the embeddings do; see ``Manifest.identity``.
        cache_size: How many embeddings to keep for texts that come again.
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        identity: str,
        cache_size: int = _CACHE_SIZE,
    ) -> None:
        self.identity = identity
        self._session = session
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._cache: OrderedDict[str, Array] = OrderedDict()
        self._cache_size = cache_size
        self._last: tuple[str, Encoding] | None = None
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls, folder: Path, *, threads: int = 1, cache_size: int = _CACHE_SIZE
    ) -> SentenceEncoder:
        """Loads an encoder folder and checks it against its manifest.

        Args:
            folder: A folder written by ``setup.prepare`` or ``convert.convert``.
            threads: How many threads one call may use.
            cache_size: How many embeddings to keep for texts that come again.

        Raises:
            EncoderError: If the folder is missing, incomplete or damaged.
        """
        manifest = verify(folder)
        try:
            session = open_session(str(folder / MODEL), threads)
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as error:  # both libraries raise bare and private exceptions
            raise EncoderError(
                f"The encoder in {folder} cannot be loaded ({error}): run `make setup`."
            ) from error
        return cls(session, tokenizer, manifest.identity, cache_size)

    def encode(self, texts: Sequence[str]) -> Array:
        """Returns the embeddings of the texts, one row each, of length 1."""
        return self.evidence(texts)[:, :DIMENSION]

    def evidence(self, texts: Sequence[str]) -> Array:
        """Returns all that the encoder knows of the texts, one row each.

        A row is the embedding and, of a fine-tuned encoder, what its learnt queries found, each
        of length 1: for heads that look for a few telling words in a long message.
        """
        known = self._recall(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        pieces = {text: self._tokenized(text).ids for text in new}
        new.sort(key=lambda text: len(pieces[text]))
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            rows = self._run([pieces[text] for text in batch])
            known.update(zip(batch, rows, strict=True))
        self._remember(known)
        if not texts:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def known(self, text: str) -> Array | None:
        """Returns the row of a text that was read before, if it is still kept."""
        return self._recall([text]).get(text)

    def take_over(self, text: str, row: Array) -> None:
        """Keeps the row that the same encoder made of a text in another process."""
        self._remember({text: row})

    def forget(self) -> None:
        """Lets go of all texts that were read."""
        with self._lock:
            self._cache.clear()
            self._last = None

    def known_share(self, text: str) -> float:
        """Returns the share of a text's word pieces that begin a word; 1.0 where all are known."""
        tokens = self._tokenized(text.encode(errors="replace").decode()).tokens[1:-1]
        if not tokens:
            return 0.0
        return sum(not token.startswith("##") for token in tokens) / len(tokens)

    def _tokenized(self, text: str) -> Encoding:
        """Returns the word pieces of a text; the last one's are kept, for it is asked for twice."""
        last = self._last
        if last is None or last[0] != text:
            last = self._last = text, self._tokenizer.encode(text)
        return last[1]

    def _run(self, pieces: list[list[int]]) -> Array:
        ids, mask = pad(pieces)
        outputs = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        row: Array = np.concatenate(outputs, axis=1)
        return row

    def _recall(self, texts: Sequence[str]) -> dict[str, Array]:
        with self._lock:
            found = {text: self._cache[text] for text in texts if text in self._cache}
            for text in found:
                self._cache.move_to_end(text)
        return found

    def _remember(self, rows: dict[str, Array]) -> None:
        with self._lock:
            # A copy of each row: a view would keep its whole batch alive.
            self._cache.update((text, row.copy()) for text, row in rows.items())
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)


def pad(pieces: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Lays token ids side by side, filled up with zeros, and returns them and their mask."""
    ids = np.zeros((len(pieces), max(map(len, pieces))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, sequence in enumerate(pieces):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask


def open_session(model: str | bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """Opens an ONNX Runtime session on the CPU.

    Args:
        model: A path, or a serialised model.
        threads: How many threads one call may use.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # Waiting threads must not spin: the machine serves other requests meanwhile.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=2)
def _load_shared(folder: Path, identity: str) -> SentenceEncoder:
    return SentenceEncoder.load(folder)


def shared_encoder(folder: Path) -> SentenceEncoder:
    """Returns this process's encoder of a folder, loaded once and anew when it changes.

    The intent pipeline and the safety layer share it, so a message is encoded once.

    Raises:
        EncoderError: If the folder is missing, incomplete or damaged.
    """
    return _load_shared(folder.resolve(), read_manifest(folder).identity)


def published_encoder() -> SentenceEncoder | None:
    """Returns this process's published encoder; None where it was not set up."""
    try:
        return shared_encoder(ENCODER_DIR)
    except EncoderError:
        return None
