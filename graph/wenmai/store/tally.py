"""What a store holds, counted: from each commit's quads as they come and go, or by asking for all of it.

Counts are those of whole quads: the default graph has every fact once, so that nothing is counted twice for standing
in several graphs.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import pyoxigraph as ox

from wenmai.namespaces import RDF, WENMAI, WORKING, XSD
from wenmai.store.protocol import Answer

SCHEMA = "CREATE TABLE tally (kind TEXT, key TEXT, n INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;"

_TYPE, _MODALITY, _PUBLISHED = RDF + "type", WENMAI + "modality", WENMAI + "publishedOn"
_DATE = XSD + "date"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_CLASSES = """SELECT ?key (COUNT(DISTINCT ?s) AS ?n)
WHERE { ?s a ?key FILTER(STRSTARTS(STR(?s), "%sid/")) } GROUP BY ?key"""
_PROPERTIES = "SELECT ?key (COUNT(*) AS ?n) WHERE { ?s ?key ?o } GROUP BY ?key"
_MODALITIES = f"SELECT ?key (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?c <{_MODALITY}> ?key }} }} GROUP BY ?key"
_DAYS = f"SELECT ?key (COUNT(*) AS ?n) WHERE {{ ?a <{_PUBLISHED}> ?key }} GROUP BY ?key"
_DEFAULT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_NAMED = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
_INFERRED = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <%sgraph/inferred> { ?s ?p ?o } }"
_WORKING = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <%s{WORKING}> {{ ?s ?p ?o }} }}"

Counts = Counter[tuple[str, str]]
"""By kind and key: `class`, `property` (default graph), `modality` (named graphs), `day`, and `graph`, whose keys are
`default`, `named` and `inferred`."""


class Asked(Protocol):
    """Whatever answers a trusted query: a store of ours."""

    base: str

    def query(self, text: str) -> Answer:
        """Answer a SPARQL query."""
        ...


@dataclass(frozen=True)
class Tally:
    """Counts of a store by kind and key, zeros left out."""

    counts: Counts = field(default_factory=Counter)

    def of(self, kind: str) -> dict[str, int]:
        """Return the counts of a kind by key, the largest first."""
        found = {key: n for (of, key), n in self.counts.items() if of == kind and n}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def quads(self, graph: str) -> int:
        """Return the number of quads in the `default` graph, in the `inferred` one or in all `named` ones."""
        return self.counts["graph", graph]

    def as_json(self) -> str:
        """Return the counts as text."""
        kinds = sorted({kind for kind, _ in self.counts})
        return json.dumps({kind: dict(sorted(self.of(kind).items())) for kind in kinds if self.of(kind)})

    @classmethod
    def from_json(cls, text: str) -> Tally:
        """Return the counts that `as_json` wrote."""
        return cls(Counter({(kind, key): n for kind, found in json.loads(text).items() for key, n in found.items()}))


def effect(quads: Iterable[ox.Quad], base: str) -> Counts:
    """Return what these quads count for in a store with this base, each quad once."""
    counts: Counts = Counter()
    inferred, node = f"{base}graph/inferred", f"{base}id/"
    graphs: Counter[str] = Counter()
    for quad in quads:
        graph, predicate = quad.graph_name, quad.predicate.value
        if not isinstance(graph, ox.DefaultGraph):
            graphs[graph.value] += 1
            if predicate == _MODALITY:
                counts.update(_term("modality", quad.object))
            continue
        graphs[""] += 1
        if predicate == _TYPE:
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(node):
                counts.update(_term("class", quad.object))
        elif predicate.startswith(WENMAI):
            counts["property", predicate[len(WENMAI) :]] += 1
            if predicate == _PUBLISHED:
                counts.update(_day(quad.object))
    counts["graph", "default"] += graphs.pop("", 0)
    graphs.pop(f"{base}{WORKING}", 0)
    counts["graph", "inferred"] += graphs[inferred]
    counts["graph", "named"] += graphs.total()
    return counts


def counted(store: Asked) -> Tally:
    """Count what `store` holds by asking it. Raises StoreError."""
    counts: Counts = Counter()
    for kind, query in (("class", _CLASSES % store.base), ("property", _PROPERTIES), ("modality", _MODALITIES)):
        for key, number in _rows(store, query):
            for found in _term(kind, key):
                counts[found] += number
    for key, number in _rows(store, _DAYS):
        for found in _day(key):
            counts[found] += number
    for name, query in (("default", _DEFAULT), ("named", _NAMED), ("inferred", _INFERRED % store.base)):
        counts["graph", name] = _number(store, query)
    counts["graph", "named"] -= _number(store, _WORKING % store.base)
    return Tally(counts)


def _term(kind: str, key: object) -> Iterable[tuple[str, str]]:
    """Yield what a term of our own is counted by: its local name."""
    if isinstance(key, ox.NamedNode) and key.value.startswith(WENMAI):
        yield kind, key.value[len(WENMAI) :]


def _day(key: object) -> Iterable[tuple[str, str]]:
    """Yield what a day is counted by; a month, a year or what is no date is none."""
    if isinstance(key, ox.Literal) and key.datatype.value == _DATE and _DAY.fullmatch(key.value):
        yield "day", key.value


def _rows(store: Asked, query: str) -> Iterable[tuple[object, int]]:
    answer = store.query(query)
    if isinstance(answer, ox.QuerySolutions):
        for key, number in answer:
            if isinstance(number, ox.Literal):
                yield key, int(number.value)


def _number(store: Asked, query: str) -> int:
    answer = store.query(query)
    row = next(iter(answer)) if isinstance(answer, ox.QuerySolutions) else [None]
    return int(row[0].value) if isinstance(row[0], ox.Literal) else 0
