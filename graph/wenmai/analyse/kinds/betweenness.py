"""Betweenness: through whom the shortest ways between others lead. Exact where that is quick, sampled elsewhere."""

from __future__ import annotations

from wenmai.analyse.given import SCOPE, Given
from wenmai.analyse.outcome import Analysis, Outcome
from wenmai.analyse.ranking import ranked
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store

_WORK = 2_000_000
"""Things and ties that are looked at in all, when how many to start from is not given: some ten seconds."""
_FEWEST, _SEED = 16, 1


def _run(_: Store, given: Given) -> Outcome:
    import networkx as nx

    network = given.network()
    graph = network.graph
    size = len(graph)
    if not size:
        return ranked(network, [], given.notes)
    wanted = given.number("samples", 0, 1_000_000)
    starts = min(size, wanted or max(_FEWEST, _WORK // (size + graph.number_of_edges())))
    values = nx.betweenness_centrality(graph, k=None if starts == size else starts, seed=_SEED)
    sampled = [f"estimated from {starts:,} of {size:,} things, drawn with seed {_SEED}"] if starts < size else []
    return ranked(network, [values[node] for node in graph], [*given.notes, *sampled])


ANALYSIS = Analysis(
    "谁居于中间",
    "Who stands between others",
    "The share of the shortest ways between two others that lead through a thing (Brandes). In a large network it is "
    "estimated from ways that start at a sample, drawn with a fixed seed; a note says how many.",
    _run,
    (Parameter("samples", "integer", "things to start from, 0: as many as some ten seconds allow", "0"), *SCOPE),
    {"projection": "who-with-whom"},
    writes=True,
)
