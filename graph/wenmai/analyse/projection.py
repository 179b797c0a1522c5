"""Projections: who with whom, which organization in which place, which policy with which organization; with weights.

Two things are tied by a line between them, and by what both belong to: an event, an agreement. The weight of a tie is
the number of articles on which it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

from wenmai.analyse.material import Material, Thing
from wenmai.analyse.network import put_things, told
from wenmai.errors import UsageError
from wenmai.view.facts import Statement
from wenmai.view.links import Link

if TYPE_CHECKING:
    import networkx as nx

    Projection: TypeAlias = nx.Graph[str]

MOST_TOGETHER = 60
"""Things that one event or agreement ties to each other: of more, it says little, and the ties would be thousands."""
_AGENTS = ("Organization", "Person")
_TAKES_PART = ("participant", "organizer", "party", "subject")


@dataclass(slots=True)
class Tie:
    """What ties two things: the properties, or classes of events, by which; the statements on which it stands."""

    via: set[str] = field(default_factory=set)
    statements: dict[Statement, None] = field(default_factory=dict)

    def take(self, via: str, *links: Link) -> None:
        """Add a line, or two lines that meet in something that both things belong to."""
        self.via.add(via)
        for link in links:
            self.statements.update(link.statements)


@dataclass(frozen=True, slots=True)
class _Ground:
    """The lines that count, and what stands at their ends."""

    links: list[Link]
    things: Mapping[str, Thing]

    def family(self, iri: str) -> str:
        return self.things[iri].family

    def hubs(self) -> Iterator[tuple[str, list[Link]]]:
        """Yield events and agreements with the lines that lead from them."""
        found: defaultdict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            if self.family(link.source) in ("Event", "Agreement"):
                found[link.source].append(link)
        yield from sorted(found.items())

    def of(self, links: list[Link], props: Collection[str], families: Collection[str]) -> list[Link]:
        return [link for link in links if link.prop in props and self.family(link.target) in families]


_Pairs = Iterator[tuple[str, str, str, tuple[Link, ...]]]


def _who_with_whom(ground: _Ground) -> _Pairs:
    for link in ground.links:
        if {ground.family(link.source), ground.family(link.target)} <= set(_AGENTS):
            yield link.source, link.target, link.prop, (link,)
    for hub, links in ground.hubs():
        there = ground.of(links, _TAKES_PART, _AGENTS)
        if len({link.target for link in there}) <= MOST_TOGETHER:
            for one, other in combinations(there, 2):
                yield one.target, other.target, ground.things[hub].cls, (one, other)


def _organization_place(ground: _Ground) -> _Pairs:
    yield from _direct(ground, "Organization", "Place")
    for hub, links in ground.hubs():
        orgs = ground.of(links, _TAKES_PART, ("Organization",))
        for one, other in product(orgs[:MOST_TOGETHER], ground.of(links, ("heldAt",), ("Place",))):
            yield one.target, other.target, ground.things[hub].cls, (one, other)


def _policy_organization(ground: _Ground) -> _Pairs:
    yield from _direct(ground, "Policy", "Organization")
    for hub, links in ground.hubs():
        orgs = ground.of(links, _TAKES_PART, ("Organization",))
        for one, other in product(ground.of(links, ("subject",), ("Policy",)), orgs[:MOST_TOGETHER]):
            yield one.target, other.target, ground.things[hub].cls, (one, other)


def _direct(ground: _Ground, first: str, second: str) -> _Pairs:
    for link in ground.links:
        families = ground.family(link.source), ground.family(link.target)
        if families == (first, second):
            yield link.source, link.target, link.prop, (link,)
        elif families == (second, first):
            yield link.target, link.source, link.prop, (link,)


@dataclass(frozen=True, slots=True)
class _Kind:
    pairs: Callable[[_Ground], _Pairs]
    directed: bool


_KINDS = {
    "who-with-whom": _Kind(_who_with_whom, directed=False),
    "organization-place": _Kind(_organization_place, directed=True),
    "policy-organization": _Kind(_policy_organization, directed=True),
}
PROJECTIONS = tuple(_KINDS)
"""The names of the projections. The first is a Graph, the others DiGraphs from what they name first to the second."""


def projected(
    material: Material,
    name: str,
    kinds: Collection[str] = ("asserted",),
    keep: Callable[[Thing], bool] = lambda _: True,
) -> Projection:
    """Return a projection of the lines of these kinds (see `view.style`) between the things that `keep` wants.

    Raises UsageError for a name that is none of `PROJECTIONS`.
    """
    import networkx as nx

    if name not in _KINDS:
        raise UsageError(f"there is no projection {name!r}; there are {', '.join(PROJECTIONS)}")
    kind = _KINDS[name]
    links = [link for link in material.links if link.kind in kinds]
    known = material.things
    ties: defaultdict[tuple[str, str], Tie] = defaultdict(Tie)
    for one, other, via, stand_on in kind.pairs(_Ground(links, known)):
        if one != other and keep(known[one]) and keep(known[other]):
            pair = (one, other) if kind.directed or one < other else (other, one)
            ties[pair].take(via, *stand_on)
    graph: Projection = nx.DiGraph() if kind.directed else nx.Graph()
    put_things(graph, (known[iri] for iri in sorted({end for pair in ties for end in pair})), material)
    for one, other in sorted(ties):
        tie = ties[one, other]
        graph.add_edge(one, other, via=tuple(sorted(tie.via)), **told(material, tie.statements))
    return graph
