"""Lines as networkx graphs: the typed one, with all that is known of a line, and the plain one that is computed on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from wenmai import ontology
from wenmai.analyse.material import Material
from wenmai.store.protocol import Store
from wenmai.view import facts
from wenmai.view.facts import Statement
from wenmai.view.links import Link

if TYPE_CHECKING:
    import networkx as nx

    Typed: TypeAlias = nx.MultiDiGraph[str]
    Plain: TypeAlias = nx.Graph[int]

_STRENGTH = ("Asserted", "Planned", "Reported", "Denied", facts.INFERRED)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing at the end of a line: its IRI, its names in zh and en (the same where there is one), its class."""

    iri: str
    zh: str
    en: str
    cls: str

    @property
    def family(self) -> str:
        """The topmost class over its own: `Organization`, `Person`…; empty where it has no class of ours."""
        return ontology.coarse(self.cls) if self.cls else ""


def things(store: Store, iris: Iterable[str]) -> dict[str, Thing]:
    """Return what the things with these IRIs are called and what they are, by IRI, in order of the IRIs."""
    wanted = sorted(set(iris))
    kinds, names = facts.classes(store, wanted), facts.labels(store, wanted)
    found = {}
    for iri in wanted:
        of = names.get(iri, {})
        zh = of.get("zh") or of.get("en") or iri.rstrip("/").rpartition("/")[2]
        found[iri] = Thing(iri, zh, of.get("en", zh), kinds.get(iri, ""))
    return found


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


def typed(store: Store, material: Material, keep: Callable[[Thing], bool] = lambda _: True) -> Typed:
    """Return all lines between the things that `keep` wants as a MultiDiGraph; see `wenmai.graph`."""
    import networkx as nx

    known = things(store, ends(material.links))
    wanted = {iri for iri, thing in known.items() if keep(thing)}
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


def plain(known: dict[str, Thing], ties: Iterable[tuple[str, str, float]]) -> Network:
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
