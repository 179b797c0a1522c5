"""PageRank: who is tied to those who are tied to many. Lines count both ways, by the number of their articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wenmai.analyse.given import SCOPE, Given
from wenmai.analyse.outcome import Analysis, Outcome
from wenmai.analyse.ranking import ranked
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store

if TYPE_CHECKING:
    from wenmai.analyse.network import Plain

_ROUNDS, _SETTLED = 200, 1e-12


def _run(_: Store, given: Given) -> Outcome:
    network = given.network()
    damping = given.number("damping", 0, 99) / 100
    return ranked(network, pagerank(network.graph, damping), given.notes)


def pagerank(graph: Plain, damping: float) -> list[float]:
    """Return the PageRank of each node of an undirected graph without loose nodes, in order; they add up to 1.

    By power iteration (Page, Brin, Motwani and Winograd 1999) until nothing moves by `_SETTLED`, or `_ROUNDS` times.
    networkx has it too and asks for scipy, ten times the size of all else that is needed here.
    """
    import numpy as np

    size = len(graph)
    if not size:
        return []
    lines: list[tuple[int, int, float]] = list(graph.edges(data="weight"))
    ends = np.array([(one, other) for one, other, _ in lines], dtype=np.int64)
    weights = np.array([weight for *_, weight in lines] * 2, dtype=np.float64)
    tails, heads = np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]])
    shares = weights / np.bincount(tails, weights, size)[tails]
    rank = np.full(size, 1 / size)
    for _ in range(_ROUNDS):
        new = (1 - damping) / size + damping * np.bincount(heads, rank[tails] * shares, size)
        moved = float(np.abs(new - rank).max())
        rank = new
        if moved < _SETTLED:
            break
    return [float(value) for value in rank]


ANALYSIS = Analysis(
    "谁最重要（PageRank）",
    "Who matters most (PageRank)",
    "The share of a reader who goes from thing to thing along their ties, now and then starting anew. Every thing is "
    "looked at.",
    _run,
    (Parameter("damping", "integer", "of 100 steps how many follow a tie", "85"), *SCOPE),
    {"projection": "who-with-whom"},
    writes=True,
)
