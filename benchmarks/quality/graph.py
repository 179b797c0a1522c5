"""An exported graph, read through its public vocabulary: entities by name, and what each article is said to claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from quality.gold import plain

WENMAI = "https://w3id.org/wenmai/ns#"
_PREFIXES = f"""PREFIX wenmai: <{WENMAI}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX dcterms: <http://purl.org/dc/terms/>
"""
_CLAIMS = """SELECT DISTINCT ?claim ?article ?subject ?predicate ?object ?modality ?confidence {
  ?claim a wenmai:Claim ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; wenmai:statedIn ?in .
  ?in dcterms:identifier ?article .
  OPTIONAL { ?claim wenmai:modality ?modality } OPTIONAL { ?claim wenmai:confidence ?confidence } }"""


@dataclass(frozen=True)
class Claim:
    """One claim; IRIs as strings, the predicate and the modality by their local names."""

    subject: str
    predicate: str
    object: str
    modality: str
    confidence: float


class Graph:
    """Names and classes of the entities of a graph, its posts, and its claims by article."""

    def __init__(self, path: Path) -> None:
        """Read the N-Quads at `path`."""
        self._store = ox.Store()
        self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        self.names: dict[str, set[str]] = defaultdict(set)
        self.classes: dict[str, set[str]] = defaultdict(set)
        self.posts: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for entity, name in self._rows("SELECT DISTINCT ?e ?n { ?e skos:prefLabel|skos:altLabel ?n }"):
            self.names[entity].add(plain(name))
        for entity, cls in self._rows("SELECT DISTINCT ?e ?c { ?e a ?c FILTER(STRSTARTS(STR(?c), STR(wenmai:))) }"):
            self.classes[entity].add(cls.removeprefix(WENMAI))
        for post, title in self._rows("SELECT DISTINCT ?p ?t { ?p wenmai:postTitle ?t }"):
            self.posts[post][0].add(plain(title))
        for post, body in self._rows("SELECT DISTINCT ?p ?b { ?p wenmai:postIn ?b }"):
            self.posts[post][1].add(body)
        # an event that was denied or cancelled is no event that is told of
        denied = "SELECT DISTINCT ?e ?s { ?e wenmai:eventStatus ?s FILTER(?s IN (wenmai:Denied, wenmai:Cancelled)) }"
        self.denied = {event for event, _ in self._rows(denied)}
        self.claims: dict[str, list[Claim]] = defaultdict(list)
        for _, article, subject, predicate, object_, modality, confidence in self._rows(_CLAIMS):
            if predicate.startswith(WENMAI):
                claim = Claim(subject, predicate.removeprefix(WENMAI), object_, modality.removeprefix(WENMAI),
                              float(confidence or 1))  # fmt: skip
                self.claims[article.partition("#")[0]].append(claim)

    def _rows(self, query: str) -> Iterator[tuple[str, ...]]:
        found = self._store.query(_PREFIXES + query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        names = [v.value for v in found.variables]
        for row in found:
            yield tuple(row[name].value if row[name] is not None else "" for name in names)

    def shown(self, node: str) -> str:
        """Return a name for people to read."""
        return max(self.names.get(node, {node.rpartition("/")[2]}), key=lambda n: (len(n), n))
