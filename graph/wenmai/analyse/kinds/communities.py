"""Communities by the Louvain method, each named by its members with the most ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai.analyse.given import SCOPE, Given
from wenmai.analyse.outcome import Analysis, Cell, Group, Outcome
from wenmai.analyse.ranking import of
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store

if TYPE_CHECKING:
    from wenmai.analyse.network import Network, Plain

MOST_TIES = 300_000
"""Ties that the method is given; of a larger network the things with the most ties are taken."""
_SEED, _NAMED, _SHOWN = 1, 3, 8


def _run(_: Store, given: Given) -> Outcome:
    import networkx as nx

    least = given.number("least", 1, 1_000_000)
    network = given.network()
    graph, notes = _within(network, given.notes)
    found = nx.community.louvain_communities(graph, seed=_SEED, resolution=given.number("resolution", 1, 1000) / 100)
    kept = [network.known(members) for members in found if len(members) >= least]
    kept.sort(key=lambda members: (-len(members), network.things[members[0]].zh, members[0]))
    rows: list[tuple[Cell, ...]] = []
    groups = []
    for number, members in enumerate(kept, 1):
        names = [network.things[node].zh for node in members]
        inside = graph.subgraph(members).number_of_edges()
        leading = ox.NamedNode(network.things[members[0]].iri)
        name = "、".join(names[:_NAMED])
        rows.append((number, name, len(members), inside, "、".join(names[:_SHOWN]), leading))
        groups.append(Group(name, tuple(sorted(network.things[node].iri for node in members))))
    if len(graph):
        share = nx.community.modularity(graph, found)
        notes.append(f"modularity {share:.3f}; drawn with seed {_SEED}")
    columns = ("community", "name", "things", "ties", "members", "leading")
    return Outcome(columns, tuple(rows), (*notes, of(network)), groups=tuple(groups))


def _within(network: Network, notes: list[str]) -> tuple[Plain, list[str]]:
    """Return the part of a network that is not too large, and what to say of it."""
    graph, told = network.graph, list(notes)
    if graph.number_of_edges() > MOST_TIES:
        order = network.known(range(len(network.things)))
        while graph.number_of_edges() > MOST_TIES:
            order = order[: len(order) * 3 // 4]
            graph = network.graph.subgraph(order).copy()
        told.append(f"the {len(order):,} things with the most ties are looked at, of {len(network.things):,}")
    return graph, told


ANALYSIS = Analysis(
    "谁与谁成群",
    "Which things belong together",
    "Groups of things with more ties among each other than to the rest (Louvain, fixed seed), named by those of their "
    f"members with the most ties. Of networks of more than {MOST_TIES:,} ties the most connected part is looked at.",
    _run,
    (
        Parameter("least", "integer", "things that a group has at least", "3"),
        Parameter("resolution", "integer", "in hundredths: above 100 smaller groups, below larger ones", "100"),
        *SCOPE,
    ),
    {"projection": "who-with-whom"},
    writes=True,
)
