"""Bridges and cut points: ties and things without which the network falls apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from wenmai.analyse.given import SCOPE, Given
from wenmai.analyse.outcome import Analysis, Cell, Outcome, Score
from wenmai.analyse.ranking import of
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store

if TYPE_CHECKING:
    from wenmai.analyse.network import Plain


def _run(_: Store, given: Given) -> Outcome:
    least = given.number("least", 1, 1_000_000)
    network = given.network()
    things = network.things
    found = [(lost, ends) for lost, ends in partings(network.graph) if lost >= least]
    found.sort(key=lambda each: (-each[0], len(each[1]), [things[node].zh for node in each[1]], each[1]))
    rows: list[tuple[Cell, ...]] = []
    for lost, (first, *second) in found:
        names = [things[node].zh for node in (first, *second)]
        kind = "bridge" if second else "cut point"
        other = ox.NamedNode(things[second[0]].iri) if second else None
        rows.append((kind, names[0], names[1] if second else None, lost, ox.NamedNode(things[first].iri), other))
    scores = tuple(Score(tuple(things[node].iri for node in ends), lost) for lost, ends in found)
    columns = ("kind", "name", "other_name", "cut_off", "thing", "other")
    return Outcome(columns, tuple(rows), (*given.notes, of(network)), scores)


def partings(graph: Plain) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield cut points (a node) and bridges (two), each with how many nodes are cut off from the largest piece left.

    The blocks of a graph (its largest parts without a cut point) and its cut points make a tree; below each branch of
    it nodes are counted once. Time grows with nodes and lines.
    """
    import networkx as nx

    found: Any = nx.biconnected_components(graph)  # typed as lists of sets; it yields sets
    blocks: list[tuple[int, ...]] = sorted(tuple(sorted(block)) for block in found)
    cuts: list[int] = sorted(nx.articulation_points(graph))
    tree: nx.Graph[tuple[str, int]] = nx.Graph()
    tree.add_nodes_from(("block", number) for number in range(len(blocks)))
    single = set(cuts)
    own: dict[tuple[str, int], int] = {("cut", node): 1 for node in cuts}
    for number, block in enumerate(blocks):
        own["block", number] = sum(node not in single for node in block)
        tree.add_edges_from((("block", number), ("cut", node)) for node in block if node in single)
    for part in nx.connected_components(tree):
        root = min(part)
        below = dict.fromkeys(part, 0)
        parent: dict[tuple[str, int], tuple[str, int]] = {}
        order = [root]
        for above, node in nx.dfs_edges(tree, root):
            parent[node] = above
            order.append(node)
        for node in reversed(order):
            below[node] += own[node]
            if node in parent:
                below[parent[node]] += below[node]
        total = below[root]
        for node in sorted(part):
            pieces = [below[next_] for next_ in tree[node] if parent.get(next_) == node]
            if node[0] == "cut":
                rest = total - 1
                yield rest - max([*pieces, rest - sum(pieces)]), (node[1],)
            elif len(blocks[node[1]]) == 2:
                yield _side(blocks[node[1]], single, pieces, total), blocks[node[1]]


def _side(ends: tuple[int, ...], single: set[int], pieces: list[int], total: int) -> int:
    """Return how many nodes are on the smaller side of a bridge; `pieces` are those below the tree's branches there."""
    alone = any(node not in single for node in ends)
    one_side = 1 if alone else pieces[0]
    return min(one_side, total - one_side)


ANALYSIS = Analysis(
    "断开之处",
    "Bridges and cut points",
    "Ties and things that alone hold parts of the network together, with how many things would be cut off from the "
    "largest piece without them. Every thing is looked at.",
    _run,
    (Parameter("least", "integer", "things that are cut off at least", "2"), *SCOPE),
    {"projection": "who-with-whom"},
    writes=True,
)
