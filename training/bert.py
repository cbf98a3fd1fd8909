"""MiniLM in PyTorch, with the published tensor names, and the heads that are trained with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  as everyone calls it

HEADS = 12
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
        self.dropout = dropout

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Returns one embedding for each row of token ids."""
        parts = self.embeddings
        places = parts["position_embeddings"].weight[: ids.shape[1]]
        state = parts["word_embeddings"](ids) + places + parts["token_type_embeddings"].weight[0]
        state = F.dropout(parts["LayerNorm"](state), self.dropout, self.training)
        attended = mask[:, None, None, :].bool()
        for layer in self.encoder["layer"]:
            state = layer(state, attended)
        total = (state.float() * mask[:, :, None]).sum(dim=1)
        return F.normalize(total, dim=1)


class Heads(nn.Module):
    """Linear heads over the embedding, which are thrown away or kept for the safety layer."""

    def __init__(self, sizes: dict[str, int], dimension: int = 384) -> None:
        super().__init__()
        self.linear = nn.ModuleDict({name: nn.Linear(dimension, n) for name, n in sizes.items()})
        for head in self.linear.values():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, embedding: Tensor) -> dict[str, Tensor]:
        """Returns the logits of each head."""
        scaled = SCALE * F.dropout(embedding, 0.1, self.training)
        return {name: head(scaled) for name, head in self.linear.items()}


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
