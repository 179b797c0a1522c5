"""From the trained network to the weights that ship: heads of one scheme joined, rows of embeddings as bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from wenmai.extract.tagger.encoder import Direction
from wenmai.extract.tagger.weights import Head, Weights
from wenmai.learn.network import Network


@torch.no_grad()
def weights_of(net: Network, joined: Mapping[str, Sequence[str]], tags: Mapping[str, Sequence[str]],
               card: Mapping[str, Any]) -> Weights:  # fmt: skip
    """Return the weights of `net`; `joined` names each shipped head and the trained heads whose mean it is."""
    tables = {"char": net.char.weight, "pair": net.pair.weight, "triple": net.triple.weight}
    return Weights(
        net.alphabet,
        {name: table.numpy().copy() for name, table in tables.items()},
        _direction(net.forward_lstm),
        _direction(net.backward_lstm),
        {name: _head(net, members, tags[members[0]]) for name, members in joined.items()},
        card,
    )


def _direction(lstm: torch.nn.LSTM) -> Direction:
    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
    return Direction(lstm.weight_ih_l0.T.numpy().copy(), lstm.weight_hh_l0.T.numpy().copy(), bias.numpy())


def _head(net: Network, members: Sequence[str], tags: Sequence[str]) -> Head:
    """Scores are linear in the weights: the mean of the members' weights gives the mean of their scores."""
    heads = [net.heads[m] for m in members]
    steps = [head.steps() for head in heads]
    return Head(
        tuple(tags),
        torch.stack([h.scores.weight.T for h in heads]).mean(0).numpy(),
        torch.stack([h.scores.bias for h in heads]).mean(0).numpy(),
        *(torch.stack([s[k] for s in steps]).mean(0).clamp_min(-1e4).numpy() for k in range(3)),
    )


def write_onnx(weights: Weights, path: Path) -> None:
    """Write the encoder of `weights` as ONNX: one bidirectional LSTM, features in, states out."""
    from onnx import TensorProto, checker, helper, numpy_helper, save

    units = weights.ahead.state.shape[0]
    directions = (weights.ahead, weights.back)

    def gates(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """ONNX wants input, output, forget, cell; torch keeps input, forget, cell, output."""
        i, f, c, o = (matrix[..., k * units : (k + 1) * units] for k in range(4))
        return np.concatenate([i, o, f, c], axis=-1)

    given = np.stack([gates(d.given).T for d in directions])
    state = np.stack([gates(d.state).T for d in directions])
    bias = np.stack([np.concatenate([gates(d.bias), np.zeros_like(d.bias)]) for d in directions])
    constants = [
        numpy_helper.from_array(np.ascontiguousarray(value), name)
        for name, value in (("W", given), ("R", state), ("B", bias), ("shape", np.array([0, 0, 2 * units])))
    ]
    nodes = [
        helper.make_node(
            "LSTM", ["inputs", "W", "R", "B", "lengths"], ["both"], hidden_size=units, direction="bidirectional"
        ),
        helper.make_node("Transpose", ["both"], ["sides"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["sides", "shape"], ["states"]),
    ]
    width = weights.ahead.given.shape[0]
    graph = helper.make_graph(
        nodes,
        "encoder",
        [
            helper.make_tensor_value_info("inputs", TensorProto.FLOAT, ["columns", "rows", width]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["rows"]),
        ],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["columns", "rows", 2 * units])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    save(model, str(path))
