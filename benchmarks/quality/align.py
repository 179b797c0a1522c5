"""Which entities of a graph are those that the careful reader means: those with a name in common and of one sort."""

from __future__ import annotations

from collections import defaultdict

from quality.gold import Article, Entity
from quality.graph import Graph

_SORTS = {
    "Organization": ("Organization", "GovernmentBody", "PartyBody", "Company", "CommunityBody", "EducationalBody",
                     "MediaBody", "HealthBody", "CulturalBody", "OrganizationKind"),
    "Place": ("Place", "AdministrativeArea", "Road", "Building", "Site", "NaturalFeature"),
    "Event": ("Event", "Signing", "Adoption", "Opening", "Establishment", "Meeting", "Construction", "Appointment",
              "Release", "Acquisition", "Activity"),
    "Person": ("Person",),
    "Policy": ("Policy", "Agreement"),
}  # fmt: skip
SORT = {cls: sort for sort, classes in _SORTS.items() for cls in classes}


class Alignment:
    """The nodes of each entity, and the entities of each node; `locatedIn` of the gold facts leads up from a place."""

    def __init__(self, graph: Graph, article: Article) -> None:
        by_name: dict[str, set[str]] = defaultdict(set)
        for node, names in graph.names.items():
            for name in names:
                by_name[name].add(node)
        fits = {e.id: _fitting(graph, by_name, e) for e in article.entities}
        shared = {(e.id, n): len(e.keys & graph.names[n]) for e in article.entities for n in fits[e.id]}
        # a node that shares names with two (a short form of both) is the one with which it shares most
        most: dict[str, int] = defaultdict(int)
        for (_, node), count in shared.items():
            most[node] = max(most[node], count)
        self.nodes = {entity: {n for n in nodes if shared[entity, n] == most[n]} for entity, nodes in fits.items()}
        self.entities: dict[str, set[str]] = defaultdict(set)
        for entity, nodes in self.nodes.items():
            for node in nodes:
                self.entities[node].add(entity)


def _fitting(graph: Graph, by_name: dict[str, set[str]], entity: Entity) -> set[str]:
    named = set().union(*(by_name.get(key, set()) for key in entity.keys))
    sort = SORT[entity.cls]
    alike = {n for n in named if sort in _sorts(graph, n)}
    if alike or sort not in ("Organization", "Place"):
        return alike
    # a hospital's campus, a museum: whether the class is right is counted for itself
    return {n for n in named if _sorts(graph, n) & {"Organization", "Place"}}


def _sorts(graph: Graph, node: str) -> set[str]:
    return {SORT[cls] for cls in graph.classes.get(node, ()) if cls in SORT}
