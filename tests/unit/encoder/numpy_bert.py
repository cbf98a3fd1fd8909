"""A BERT forward pass in plain NumPy, float64, one sentence at a time, for reference values.

Shares no code with bot.encoder, not even the tokenizer: word pieces are found by a
greedy longest match over vocab.txt. Run with the unpacked package's model folder to write
the reference file anew: ``python numpy_bert.py MODEL_FOLDER > bot/encoder/reference.yml``.
"""

import json
import math
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np

SENTENCES = [
    "My lower back hurts when I bend over.",
    "does exercise help and what does it cost?",
    "stop",
    "7/10 today, worse than yesterday :(",
    "I can't feel the paper when I wipe since Tuesday, and both legs are numb.",
    "so ass release please",
    "¿Dónde está la clínica? Necesito una cita mañana.",
    "Hello, I am 74 and have had this nagging ache just above my belt since the spring; my "
    "doctor said walking would be fine, but my neighbour swears by her brace. Which is it?",
]

_erf = np.vectorize(math.erf)


def read_weights(path):
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    weights = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            values = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
            weights[name] = values.astype(np.float64)
    return weights


def word_pieces(text, vocabulary):
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if unicodedata.category(c) != "Mn")
    pieces = ["[CLS]"]
    for word in re.findall(r"\w+|[^\w\s]", text):
        start = 0
        while start < len(word):
            end = len(word)
            while ("##" if start else "") + word[start:end] not in vocabulary:
                end -= 1
            pieces.append(("##" if start else "") + word[start:end])
            start = end
    return [vocabulary[piece] for piece in [*pieces, "[SEP]"]]


def embed(ids, weights):
    def dense(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(axis=1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12)
        return centred / deviation * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for number in range(6):
        layer = f"encoder.layer.{number}"
        q, k, v = (dense(x, f"{layer}.attention.self.{p}") for p in ("query", "key", "value"))
        heads = []
        for head in range(12):
            part = slice(32 * head, 32 * head + 32)
            scores = np.exp(q[:, part] @ k[:, part].T / math.sqrt(32))
            heads.append(scores / scores.sum(axis=1, keepdims=True) @ v[:, part])
        attended = dense(np.concatenate(heads, axis=1), f"{layer}.attention.output.dense")
        x = norm(x + attended, f"{layer}.attention.output.LayerNorm")
        inner = dense(x, f"{layer}.intermediate.dense")
        inner = inner * 0.5 * (1 + _erf(inner / math.sqrt(2)))
        x = norm(x + dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)


def main(folder):
    weights = read_weights(folder / "model.safetensors")
    lines = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    vocabulary = {piece: number for number, piece in enumerate(lines)}
    print("# Written by tests/unit/nlu_encoder/numpy_bert.py from the published weights.")
    for sentence in SENTENCES:
        vector = embed(word_pieces(sentence, vocabulary), weights)
        print(f"- text: {json.dumps(sentence, ensure_ascii=False)}")
        print("  vector: >-")
        numbers = [f"{value:.4f}" for value in vector]
        for start in range(0, len(numbers), 12):
            print("    " + " ".join(numbers[start : start + 12]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
