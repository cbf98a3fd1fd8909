"""MiniLM in PyTorch, with the published tensor names, and the heads that are trained with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  as everyone calls it

HEADS = 12
DIMENSION = 384
POOLS = 4
SCALE = 10.0
"""The length given to embeddings before linear heads, as in the intent pipeline."""


class Layer(nn.Module):
    """One transformer layer; the attribute names give the published tensor names."""

    def __init__(self, size: int, inner: int, dropout: float) -> None:
        super().__init__()
        own = nn.ModuleDict({name: nn.Linear(size, size) for name in ("query", "key", "value")})
        self.attention = nn.ModuleDict({"self": own, "output": _output(size, size)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(size, inner)})
        self.output = _output(inner, size)
        self.dropout = dropout

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """Returns the next state of every word piece."""
        own = self.attention["self"]
        query, key, value = (
            own[name](state).unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        # No dropout here: with it PyTorch leaves its fast path.
        mixed = F.scaled_dot_product_attention(query, key, value, mask)
        state = self._close(self.attention["output"], mixed.transpose(1, 2).flatten(2), state)
        return self._close(self.output, F.gelu(self.intermediate["dense"](state)), state)

    def _close(self, output: nn.ModuleDict, inner: Tensor, before: Tensor) -> Tensor:
        dense = F.dropout(output["dense"](inner), self.dropout, self.training)
        closed: Tensor = output["LayerNorm"](dense + before)
        return closed


def _output(inner: int, size: int) -> nn.ModuleDict:
    return nn.ModuleDict(
        {"dense": nn.Linear(inner, size), "LayerNorm": nn.LayerNorm(size, eps=1e-12)}
    )


class Encoder(nn.Module):
    """Token ids in, unit-length mean-pooled embeddings out."""

    def __init__(self, weights: dict[str, np.ndarray], dropout: float = 0.1) -> None:
        super().__init__()
        vocabulary, size = weights["embeddings.word_embeddings.weight"].shape
        inner = weights["encoder.layer.0.intermediate.dense.weight"].shape[0]
        layers = 1 + max(int(n.split(".")[2]) for n in weights if n.startswith("encoder.layer"))
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(vocabulary, size),
                "position_embeddings": nn.Embedding(512, size),
                "token_type_embeddings": nn.Embedding(2, size),
                "LayerNorm": nn.LayerNorm(size, eps=1e-12),
            }
        )
        self.encoder = nn.ModuleDict(
            {"layer": nn.ModuleList(Layer(size, inner, dropout) for _ in range(layers))}
        )
        known = {name: torch.tensor(value) for name, value in weights.items()}
        self.load_state_dict({name: known[name] for name in self.state_dict()})
        # After the published weights: it is not among them.
        self.pooling = nn.Parameter(0.02 * torch.randn(POOLS, size))
        self.dropout = dropout

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Returns an embedding for each row of token ids, and the same with its evidence.

        The evidence is what ``POOLS`` learnt queries find in the message, each of length 1: in
        a long message a danger sign is a few words, which the mean over all words drowns.
        """
        parts = self.embeddings
        places = parts["position_embeddings"].weight[: ids.shape[1]]
        state = parts["word_embeddings"](ids) + places + parts["token_type_embeddings"].weight[0]
        state = F.dropout(parts["LayerNorm"](state), self.dropout, self.training)
        attended = mask[:, None, None, :].bool()
        for layer in self.encoder["layer"]:
            state = layer(state, attended)
        state = state.float()
        embedding = F.normalize((state * mask[:, :, None]).sum(dim=1), dim=1)
        scores = (state @ self.pooling.T).masked_fill(~mask[:, :, None].bool(), -1e4)
        found = F.normalize(scores.softmax(dim=1).transpose(1, 2) @ state, dim=2)
        return embedding, torch.cat([embedding, found.flatten(1)], dim=1)


class Heads(nn.Module):
    """Linear heads: over the embedding for the intent, over the evidence for the danger signs."""

    def __init__(self, sizes: dict[str, int], dimension: int = DIMENSION) -> None:
        super().__init__()
        wide = (POOLS + 1) * dimension
        self.linear = nn.ModuleDict(
            {n: nn.Linear(dimension if n == "intent" else wide, size) for n, size in sizes.items()}
        )
        for head in self.linear.values():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, evidence: Tensor) -> dict[str, Tensor]:
        """Returns the logits of each head."""
        scaled = SCALE * F.dropout(evidence, 0.1, self.training)
        return {name: head(scaled[:, : head.in_features]) for name, head in self.linear.items()}


def save_safetensors(weights: dict[str, np.ndarray], path: Path) -> None:
    """Writes float32 tensors as a safetensors file."""
    header, offset = {}, 0
    for name, value in weights.items():
        end = offset + 4 * value.size
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, end]}
        offset = end
    encoded = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(encoded).to_bytes(8, "little") + encoded)
        for value in weights.values():
            file.write(np.ascontiguousarray(value, dtype="<f4").tobytes())
