"""Lines as networkx graphs: the typed one, with all that is known of a line, and the plain one that is computed on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from wenmai import ontology
from wenmai.analyse.material import Material, Thing
from wenmai.view import facts
from wenmai.view.facts import Statement
from wenmai.view.links import Link

if TYPE_CHECKING:
    import networkx as nx

    Typed: TypeAlias = nx.MultiDiGraph[str]
    Plain: TypeAlias = nx.Graph[int]

_STRENGTH = ("Asserted", "Planned", "Reported", "Denied", facts.INFERRED)


def ends(links: Iterable[Link]) -> set[str]:
    """Return the IRIs at the ends of lines."""
    return {end for link in links for end in (link.source, link.target)}


def told(material: Material, statements: Iterable[Statement]) -> dict[str, Any]:
    """Return what the claims behind a line come to: `claims`, `dates`, `confidence`, `weight`.

    `weight` is the number of articles that say it, 1 where it is inferred; `dates` are the days of those articles.
    """
    claims = [each for each in statements if each.claim]
    days = {material.day(each) for each in claims} - {""}
    return {
        "claims": tuple(sorted({each.claim for each in claims})),
        "dates": tuple(sorted(days)),
        "confidence": max((each.confidence for each in claims), default=1.0),
        "weight": max(1, len({each.article for each in claims})),
    }


def typed(material: Material, keep: Callable[[Thing], bool] = lambda _: True) -> Typed:
    """Return all lines between the things that `keep` wants as a MultiDiGraph; see `wenmai.graph`."""
    import networkx as nx

    known = material.things
    wanted = {iri for iri in ends(material.links) if keep(known[iri])}
    graph: Typed = nx.MultiDiGraph()
    links = [link for link in material.links if link.source in wanted and link.target in wanted]
    put_things(graph, (known[iri] for iri in sorted(ends(links))), material)
    for link in links:
        graph.add_edge(
            link.source,
            link.target,
            key=f"{link.prop}/{link.kind}",
            predicate=link.prop,
            label=ontology.label(link.prop, "zh"),
            en=ontology.label(link.prop, "en"),
            title="、".join(link.titles),
            kind=link.kind,
            modality=min((each.modality for each in link.statements), key=_STRENGTH.index),
            **told(material, link.statements),
        )
    return graph


def put_things(graph: nx.Graph[Any], those: Iterable[Thing], material: Material) -> None:
    """Add things to a graph as nodes with `label`, `en`, `class`, `family`; of events also `date` and `status`."""
    for thing in those:
        more = {"label": thing.zh, "en": thing.en, "class": thing.cls, "family": thing.family}
        if event := material.events.get(thing.iri):
            more |= {"date": event.earliest, "status": event.status}
        graph.add_node(thing.iri, **more)


@dataclass(frozen=True)
class Network:
    """An undirected graph of things by number, with weights, no loops and no loose nodes; node n is `things[n]`.

    Numbers, since what networkx does with sets of texts would follow the hash seed.
    """

    things: tuple[Thing, ...]
    graph: Plain

    def degree(self, node: int) -> int:
        """Return how many others a thing is tied to."""
        return int(self.graph.degree(node))

    def known(self, nodes: Collection[int]) -> list[int]:
        """Return some of the nodes, the most connected first."""
        return sorted(nodes, key=lambda node: (-self.degree(node), self.things[node].zh, node))


def plain(known: Mapping[str, Thing], ties: Iterable[tuple[str, str, float]]) -> Network:
    """Return the network of `ties` (one end, the other, weight); several ties of two things add up."""
    import networkx as nx

    summed: dict[tuple[str, str], float] = {}
    for one, other, weight in ties:
        if one != other:
            key = (one, other) if one < other else (other, one)
            summed[key] = summed.get(key, 0) + weight
    order = sorted({end for pair in summed for end in pair})
    numbers = {iri: number for number, iri in enumerate(order)}
    graph: Plain = nx.Graph()
    graph.add_nodes_from(range(len(order)))
    for one, other in sorted(summed):
        graph.add_edge(numbers[one], numbers[other], weight=summed[one, other])
    return Network(tuple(known[iri] for iri in order), graph)
