"""What a store holds, counted. Takes an open store, gives a `Statistics`."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.store.protocol import Store
from wenmai.triples import inferred_iri

_CLASSES = """SELECT ?key (COUNT(DISTINCT ?s) AS ?n)
WHERE { ?s a ?key FILTER(STRSTARTS(STR(?s), "%sid/")) } GROUP BY ?key"""
_PROPERTIES = "SELECT ?key (COUNT(*) AS ?n) WHERE { ?s ?key ?o } GROUP BY ?key"
_MODALITIES = f"SELECT ?key (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?c <{WENMAI}modality> ?key }} }} GROUP BY ?key"
_DATES = f"SELECT (MIN(?d) AS ?first) (MAX(?d) AS ?last) WHERE {{ ?a <{WENMAI}publishedOn> ?d }}"


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of a store. `classes` and `properties` count what the default graph says, subclasses and inferred too.

    `claims` are by modality; `first` and `last` are the days of the oldest and the newest article, empty if none has
    one; `triples` are those of the default graph, `quads` all.
    """

    articles: int
    first: str
    last: str
    entities: int
    classes: dict[str, int]
    properties: dict[str, int]
    claims: dict[str, int]
    inferred: int
    triples: int
    quads: int


def count(store: Store) -> Statistics:
    """Count what `store` holds. Raises StoreError."""
    classes = _by_term(store, _CLASSES % store.base)
    properties = _by_term(store, _PROPERTIES)
    triples = _number(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    first, last = next(iter(_rows(store, _DATES)), (None, None))
    described = [name for name in classes if name in ontology.classes() and name not in ("Article", "Claim")]
    tops = [name for name in described if not set(ontology.superclasses(name)) & (set(described) - {name})]
    return Statistics(
        articles=classes.get("Article", 0),
        first=_text(first),
        last=_text(last),
        entities=sum(classes[name] for name in tops),
        classes={name: classes[name] for name in described},
        properties={name: number for name, number in properties.items() if name in ontology.properties()},
        claims=_by_term(store, _MODALITIES),
        inferred=sum(1 for _ in store.match(None, None, None, inferred_iri(store.base))),
        triples=triples,
        quads=triples + _number(store, "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"),
    )


def _rows(store: Store, query: str) -> list[tuple[object, ...]]:
    answer = store.query(query)
    return [tuple(row) for row in answer] if isinstance(answer, ox.QuerySolutions) else []


def _by_term(store: Store, query: str) -> dict[str, int]:
    """Return the counts of our own terms by local name, the largest first."""
    found = {
        key.value.removeprefix(WENMAI): int(_text(number))
        for key, number in _rows(store, query)
        if isinstance(key, ox.NamedNode) and key.value.startswith(WENMAI)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _number(store: Store, query: str) -> int:
    return int(_text(_rows(store, query)[0][0]))


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.Literal) else ""
