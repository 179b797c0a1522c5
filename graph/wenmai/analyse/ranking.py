"""What the analyses that give each thing a number share: the table, the order, the words of notes."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from wenmai.analyse.network import Network
from wenmai.analyse.outcome import Cell, Outcome, Score, rounded

COLUMNS = ("rank", "name", "class", "value", "neighbours", "thing")


def ranked(network: Network, values: Sequence[float], notes: Sequence[str] = ()) -> Outcome:
    """Return the things of a network by a number each has, the largest first; the same numbers have the same rank."""
    cells = [rounded(value) for value in values]
    things = network.things
    order = sorted(range(len(things)), key=lambda node: (-cells[node], things[node].zh, things[node].iri))
    rows: list[tuple[Cell, ...]] = []
    rank = 0
    for place, node in enumerate(order, 1):
        if place == 1 or cells[node] != cells[order[place - 2]]:
            rank = place
        thing = things[node]
        number: Cell = int(cells[node]) if cells[node].is_integer() else cells[node]
        rows.append((rank, thing.zh, thing.cls, number, network.degree(node), ox.NamedNode(thing.iri)))
    scores = tuple(Score((things[node].iri,), cells[node]) for node in order)
    return Outcome(COLUMNS, tuple(rows), (*notes, of(network)), scores)


def of(network: Network) -> str:
    """Say how large a network is."""
    return f"{len(network.things):,} things, {network.graph.number_of_edges():,} ties"
