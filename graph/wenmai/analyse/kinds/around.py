"""What is around a thing: by steps and classes, how many there are and which of them have the most ties."""

from __future__ import annotations

from collections import defaultdict

from wenmai import ontology
from wenmai.analyse.given import SCOPE, Given
from wenmai.analyse.outcome import Analysis, Cell, Outcome
from wenmai.analyse.ranking import of
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store

_FURTHEST, _SHOWN = 6, 8


def _run(_: Store, given: Given) -> Outcome:
    import networkx as nx

    start, hops = given.thing("of"), given.number("hops", 1, _FURTHEST)
    network = given.network()
    numbers = {thing.iri: number for number, thing in enumerate(network.things)}
    found: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    if start in numbers:
        for node, hop in nx.single_source_shortest_path_length(network.graph, numbers[start], cutoff=hops).items():
            if hop:
                found[hop, network.things[node].cls].append(node)
    rows: list[tuple[Cell, ...]] = []
    for (hop, cls), nodes in sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1])):
        names = "、".join(network.things[node].zh for node in network.known(nodes)[:_SHOWN])
        label = ontology.label(cls, "zh") if cls else ""
        rows.append((hop, cls, label, len(nodes), names))
    reached = sum(len(nodes) for nodes in found.values())
    notes = [*given.notes, f"{reached:,} things within {hops} steps", of(network)]
    return Outcome(("step", "class", "label", "things", "names"), tuple(rows), tuple(notes))


ANALYSIS = Analysis(
    "周边概览",
    "What is around a thing",
    "How many things of which class are one, two, or more ties away, and which of them have the most ties. "
    f"{_FURTHEST} steps at most.",
    _run,
    (
        Parameter("of", "entity", "where to start"),
        Parameter("hops", "integer", "steps from there", "2"),
        *SCOPE,
    ),
    {"of": "申能"},
)
