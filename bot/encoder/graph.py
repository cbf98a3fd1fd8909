"""Builds a BERT sentence encoder as an ONNX graph: token ids in, unit-length embeddings out.

Mean pooling and normalisation are inside the graph. With ``int8=True`` the weight matrices
are stored in 8 bits with one scale per output column and the word embeddings with one scale
per word; activations are quantised as they come, with one scale per word piece.

The usual dynamic quantisation has one scale for a whole batch: a message's embedding then
depends on its neighbours and on the padding (cosine down to 0.94 between alone and in a
batch of 16, measured). With a scale per word piece it does not, and is nearer to the exact
values, at the same speed. Both operands are unsigned because products of unsigned and signed
bytes overflow 16 bits on processors without VNNI.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from bot.encoder.weights import Array

OPSET = 17
IR_VERSION = 8
HEADS = 12
MAX_PIECES = 256
QUERIES = "pooling"
"""The name of the learnt queries among the weights, where an encoder has them."""
LAYER_NORM_EPSILON = 1e-12
_TINY = np.float32(1e-12)
_LEVELS = 127
_ZERO = np.uint8(128)


def quantise(weight: Array, axis: int) -> tuple[npt.NDArray[np.uint8], Array]:
    """Rounds a matrix to bytes around 128, with one scale for each slice along ``axis``.

    Args:
        weight: The matrix.
        axis: 0 for a scale per row, 1 for a scale per column.

    Returns:
        The bytes and the scales: ``weight`` is nearly ``(bytes - 128) * scales``.
    """
    top = np.abs(weight).max(axis=1 - axis, keepdims=True)
    scale = (np.maximum(top, _TINY) / _LEVELS).astype(np.float32)
    return (np.rint(weight / scale) + int(_ZERO)).astype(np.uint8), scale


class _Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def const(self, value: npt.ArrayLike, name: str = "") -> str:
        name = name or f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def ints(self, *values: int) -> str:
        return self.const(np.array(values, dtype=np.int64))

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def many(self, kind: str, count: int, *inputs: str, **attributes: Any) -> list[str]:
        names = [f"n{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names


class _Builder:
    def __init__(self, weights: Mapping[str, Array], int8: bool) -> None:
        self.weights = weights
        self.int8 = int8
        self.graph = _Graph()
        self.hidden = weights["embeddings.word_embeddings.weight"].shape[1]

    def build(self) -> onnx.ModelProto:
        graph = self.graph
        state = self._embed()
        bias = self._attention_bias()
        for layer in range(self._layers()):
            state = self._layer(state, bias, f"encoder.layer.{layer}.")
        self._pool(state)
        outputs = {"embedding": self.hidden}
        if QUERIES in self.weights:
            self._search(state)
            outputs["evidence"] = self.hidden * len(self.weights[QUERIES])
        model = helper.make_model(
            helper.make_graph(
                graph.nodes,
                "sentence-encoder",
                [
                    helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "pieces"])
                    for name in ("input_ids", "attention_mask")
                ],
                [
                    helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size])
                    for name, size in outputs.items()
                ],
                graph.constants,
            ),
            opset_imports=[helper.make_opsetid("", OPSET)],
            producer_name="backcoach",
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model

    def _layers(self) -> int:
        names = (name for name in self.weights if name.startswith("encoder.layer."))
        return 1 + max(int(name.split(".")[2]) for name in names)

    def _embed(self) -> str:
        graph, weights = self.graph, self.weights
        table = weights["embeddings.word_embeddings.weight"]
        if self.int8:
            rounded, scale = quantise(table, axis=0)
            pieces = graph.op("Gather", graph.const(rounded, "words"), "input_ids")
            scales = graph.op("Gather", graph.const(scale, "word_scales"), "input_ids")
            words = graph.op("DequantizeLinear", pieces, self._number(1.0), graph.const(_ZERO))
            words = graph.op("Mul", words, scales)
        else:
            words = graph.op("Gather", graph.const(table, "words"), "input_ids")
        places = weights["embeddings.position_embeddings.weight"][:MAX_PIECES]
        # Every message is one segment, so its token type is part of the position.
        places = places + weights["embeddings.token_type_embeddings.weight"][0]
        length = graph.op("Slice", graph.op("Shape", "input_ids"), graph.ints(1), graph.ints(2))
        here = graph.op("Slice", graph.const(places, "places"), graph.ints(0), length)
        return self._norm(graph.op("Add", words, here), "embeddings.LayerNorm")

    def _attention_bias(self) -> str:
        graph = self.graph
        mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        mask = graph.op("Unsqueeze", mask, graph.ints(1, 2))
        hidden = graph.op("Sub", self._number(1.0), mask)
        return graph.op("Mul", hidden, self._number(-1e4))

    def _layer(self, state: str, bias: str, name: str) -> str:
        weights = self.weights
        parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
        joint = self._dense(
            state,
            np.concatenate([weights[f"{part}.weight"] for part in parts]),
            np.concatenate([weights[f"{part}.bias"] for part in parts]),
        )
        context = self._attend(joint, bias)
        state = self._close(context, state, f"{name}attention.output")
        inner = self._dense_named(state, f"{name}intermediate.dense")
        return self._close(self._gelu(inner), state, f"{name}output")

    def _attend(self, joint: str, bias: str) -> str:
        graph, size = self.graph, self.hidden // HEADS
        split = graph.op("Reshape", joint, graph.ints(0, 0, 3, HEADS, size))
        query, key, value = graph.many("Split", 3, split, axis=2)
        query, key, value = (
            graph.op("Squeeze", part, graph.ints(2)) for part in (query, key, value)
        )
        query = graph.op("Transpose", query, perm=[0, 2, 1, 3])
        key = graph.op("Transpose", key, perm=[0, 2, 3, 1])
        value = graph.op("Transpose", value, perm=[0, 2, 1, 3])
        scale = self._number(size**-0.5)
        scores = graph.op("Add", graph.op("Mul", graph.op("MatMul", query, key), scale), bias)
        mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
        mixed = graph.op("Transpose", mixed, perm=[0, 2, 1, 3])
        return graph.op("Reshape", mixed, graph.ints(0, 0, self.hidden))

    def _close(self, inner: str, before: str, name: str) -> str:
        dense = self._dense_named(inner, f"{name}.dense")
        return self._norm(self.graph.op("Add", dense, before), f"{name}.LayerNorm")

    def _norm(self, value: str, name: str) -> str:
        return self.graph.op(
            "LayerNormalization",
            value,
            self.graph.const(self.weights[f"{name}.weight"]),
            self.graph.const(self.weights[f"{name}.bias"]),
            axis=-1,
            epsilon=LAYER_NORM_EPSILON,
        )

    def _gelu(self, value: str) -> str:
        graph = self.graph
        erf = graph.op("Erf", graph.op("Div", value, self._number(2**0.5)))
        grown = graph.op("Mul", value, graph.op("Add", erf, self._number(1.0)))
        return graph.op("Mul", grown, self._number(0.5))

    def _dense_named(self, value: str, name: str) -> str:
        return self._dense(value, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _dense(self, value: str, weight: Array, bias: Array) -> str:
        graph = self.graph
        if self.int8:
            product = self._int8_product(value, weight)
        else:
            product = graph.op("MatMul", value, graph.const(weight.T))
        return graph.op("Add", product, graph.const(bias))

    def _int8_product(self, value: str, weight: Array) -> str:
        graph = self.graph
        rounded, scale = quantise(weight.T, axis=1)
        top = graph.op("ReduceMax", graph.op("Abs", value), axes=[-1], keepdims=1)
        top = graph.op("Max", top, graph.const(_TINY))
        step = graph.op("Mul", top, self._number(1 / _LEVELS))
        coarse = graph.op("Div", value, step)
        coarse = graph.op("QuantizeLinear", coarse, self._number(1.0), graph.const(_ZERO))
        zero = graph.const(_ZERO)
        product = graph.op("MatMulInteger", coarse, graph.const(rounded), zero, zero)
        product = graph.op("Cast", product, to=TensorProto.FLOAT)
        return graph.op("Mul", graph.op("Mul", product, graph.const(scale[0])), step)

    def _number(self, value: float) -> str:
        return self.graph.const(np.array(value, dtype=np.float32))

    def _pool(self, state: str) -> None:
        graph = self.graph
        mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        mask = graph.op("Unsqueeze", mask, graph.ints(2))
        total = graph.op("ReduceSum", graph.op("Mul", state, mask), graph.ints(1), keepdims=0)
        # The mean's divisor falls away: the length is made 1 next.
        length = graph.op("ReduceL2", total, axes=[1], keepdims=1)
        length = graph.op("Max", length, graph.const(_TINY))
        node = helper.make_node("Div", [total, length], ["embedding"])
        graph.nodes.append(node)

    def _search(self, state: str) -> None:
        """Adds what each learnt query finds in the message, of length 1, side by side."""
        graph, queries = self.graph, self.weights[QUERIES]
        mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        hidden = graph.op("Mul", graph.op("Sub", self._number(1.0), mask), self._number(-1e4))
        scores = graph.op("MatMul", state, graph.const(queries.T))
        scores = graph.op("Add", scores, graph.op("Unsqueeze", hidden, graph.ints(2)))
        share = graph.op("Transpose", graph.op("Softmax", scores, axis=1), perm=[0, 2, 1])
        found = graph.op("MatMul", share, state)
        length = graph.op("ReduceL2", found, axes=[2], keepdims=1)
        found = graph.op("Div", found, graph.op("Max", length, graph.const(_TINY)))
        size = graph.ints(0, len(queries) * self.hidden)
        graph.nodes.append(helper.make_node("Reshape", [found, size], ["evidence"]))


def build(weights: Mapping[str, Array], *, int8: bool) -> onnx.ModelProto:
    """Builds the graph from the weights of a BERT with 12 heads and one segment.

    Args:
        weights: Tensors by their Hugging Face names, for example
            ``encoder.layer.0.output.dense.weight``.
        int8: Whether to store the matrices and the word embeddings as int8.

    Returns:
        A checked model with inputs ``input_ids`` and ``attention_mask`` of shape
        (n, pieces) and the output ``embedding`` of shape (n, hidden); where the weights hold
        ``pooling``, learnt queries of shape (k, hidden), also ``evidence`` (n, k * hidden).
    """
    return _Builder(weights, int8).build()
