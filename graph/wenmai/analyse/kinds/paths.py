"""Shortest paths between two things, with the words of each step."""

from __future__ import annotations

from itertools import islice, pairwise

import pyoxigraph as ox

from wenmai import ontology
from wenmai.analyse.given import SINCE, UNTIL, Given
from wenmai.analyse.material import Material, Thing, things
from wenmai.analyse.network import plain
from wenmai.analyse.outcome import Analysis, Cell, Outcome
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store
from wenmai.view import facts
from wenmai.view.links import Link

_LONGEST, _MOST = 8, 20
_COLUMNS = ("path", "step", "source_name", "relation", "target_name", "date", "article", "quote", "source", "target")


def _run(store: Store, given: Given) -> Outcome:
    import networkx as nx

    first, last = given.thing("from"), given.thing("to")
    most, longest = given.number("most", 1, _MOST), given.number("longest", 1, _LONGEST)
    material = given.material()
    links = [link for link in material.links if link.kind == "asserted"]
    known = {**things(store, (first, last)), **material.things}
    network = plain(known, ((link.source, link.target, 1.0) for link in links))
    numbers = {thing.iri: number for number, thing in enumerate(network.things)}
    found: list[list[int]] = []
    if first in numbers and last in numbers:
        try:
            ways = nx.all_shortest_paths(network.graph, numbers[first], numbers[last])
            found = list(islice(ways, most + 1))
        except nx.NetworkXNoPath:
            pass
    notes = list(given.notes)
    if not found or len(found[0]) - 1 > longest:
        notes.append(f"no chain of {longest} facts or fewer leads from {known[first].zh} to {known[last].zh}")
        return Outcome(_COLUMNS, (), tuple(notes))
    if len(found) > most:
        notes.append(f"there are more shortest paths than the {most} shown")
    paths = sorted([[network.things[node].iri for node in way] for way in found[:most]])
    return Outcome(_COLUMNS, tuple(_told(store, material, links, known, paths)), tuple(notes))


def _told(
    store: Store, material: Material, links: list[Link], known: dict[str, Thing], paths: list[list[str]]
) -> list[tuple[Cell, ...]]:
    """Return a row for each line of each step, with the first of its quotes."""
    between: dict[frozenset[str], list[Link]] = {}
    steps = {frozenset(pair) for path in paths for pair in pairwise(path)}
    for link in links:
        if (tied := frozenset((link.source, link.target))) in steps:
            between.setdefault(tied, []).append(link)
    said = [each for found in between.values() for link in found for each in link.statements]
    quotes = facts.evidence(store, said, dict(material.articles))
    rows: list[tuple[Cell, ...]] = []
    for number, path in enumerate(paths, 1):
        for step, pair in enumerate(pairwise(path), 1):
            for link in between[frozenset(pair)]:
                first = min((quote for each in link.statements for quote in quotes.get(each.claim, ())), default=None)
                label = "、".join(link.titles) or ontology.label(link.prop, "zh")
                names = known[link.source].zh, known[link.target].zh
                told = (first.date, first.title or first.article, first.quote) if first else (None, None, None)
                nodes = ox.NamedNode(link.source), ox.NamedNode(link.target)
                rows.append((number, step, names[0], label, names[1], *told, *nodes))
    return rows


ANALYSIS = Analysis(
    "两者之间的证据链",
    "The chain of evidence between two things",
    "The shortest chains of facts from one thing to another, with the words on which each step stands. The whole graph "
    f"is searched; {_MOST} paths of {_LONGEST} steps are the most.",
    _run,
    (
        Parameter("from", "entity", "where the path begins"),
        Parameter("to", "entity", "where it ends"),
        Parameter("most", "integer", "paths, all equally short", "3"),
        Parameter("longest", "integer", "facts of a path at most", "6"),
        SINCE,
        UNTIL,
    ),
    {"from": "马化腾", "to": "申能"},
)
