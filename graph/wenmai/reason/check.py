"""Everything `wenmai check` looks at, over a store of any kind.

The articles' graphs against their texts and the shapes; the default graph against what follows from the articles; the
inferred graph against the closure; what leads nowhere or elsewhere; dates; classes that exclude each other. What
articles say against each other is no fault of a store: `wenmai.review` lists it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.reason.closure import closure
from wenmai.reason.consistency import check_ontology, check_types
from wenmai.reason.evidence import check_article
from wenmai.reason.finding import Finding
from wenmai.reason.integrity import check_references, check_replaced
from wenmai.reason.order import disordered
from wenmai.reason.shapes import check_shapes
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import curation_iri, inferred_iri, iris, merged, terms
from wenmai.triples.analysis import analysis_graphs, is_of, state
from wenmai.triples.merge import NO_FACT, Fact, plain

_HTTPS_SCHEMA = "https://schema.org/"
_POLICY_DATES = ("adoptedOn", "effectiveFrom")


def check(store: Store) -> list[Finding]:
    """Return all that is wrong with a store, errors first; an empty list if it is sound. Raises StoreError.

    The articles' graphs are read one by one, twice: a store of a million quads needs some 0.6 GB.
    """
    default = list(store.match(None, None, None, DEFAULT))
    inferred = {quad.triple for quad in store.match(None, None, None, inferred_iri(store.base))}
    asserted = [quad for quad in default if quad.triple not in inferred]
    del default
    found = list(check_ontology())
    found += _unfounded(store, asserted)
    described = _described(store, asserted)
    found += _articles_and_shapes(store, asserted, described)
    follows = closure(asserted)
    found += _stale(follows, inferred)
    labels = {s.value: o.value for s, p, o in plain(asserted) if p == terms.PREF_LABEL}
    found += check_types(chain((quad.triple for quad in asserted), follows), labels)
    found += check_replaced(store, {subject.value for subject, p, _ in plain(asserted) if p == terms.TYPE})
    found += _policies(asserted, labels)
    found += _outdated(store)
    return sorted(set(found))


def _articles_and_shapes(store: Store, asserted: list[ox.Quad], described: set[str]) -> list[Finding]:
    """Return what is wrong in the articles' graphs, each read once, and in the default graph by itself."""
    found: list[Finding] = []

    def pieces() -> Iterator[tuple[str, list[Fact]]]:
        """Yield what is validated piece by piece: articles without what they show of entities, entities as a whole."""
        for name in _graphs(store):
            lines = list(plain(store.match(None, None, None, name)))
            article = next((value.value for _, p, value in lines if p == terms.IDENTIFIER), name.value)
            found.extend(check_article(article, lines))
            found.extend(check_references(article, name, lines))
            found.extend(_dangling(store.base, article, lines, described))
            yield article, [line for line in lines if not iris.is_entity(line[0])]
        for name in analysis_graphs(store, store.base):
            lines = list(plain(store.match(None, None, None, name)))
            found.extend(_dangling(store.base, name.value, lines, described))
            yield name.value, lines
        yield from _entities(asserted)

    shapes = list(check_shapes(pieces()))
    return [*found, *shapes, *_dangling(store.base, "", list(plain(asserted)), described)]


def _graphs(store: Store) -> list[ox.NamedNode]:
    """Return the names of the articles' graphs, in order."""
    names = {quad.graph_name for quad in store.match(None, terms.TYPE, None, None)}
    found = [name for name in names if isinstance(name, ox.NamedNode) and iris.is_article_graph(name)]
    return sorted(found, key=str)


def _described(store: Store, asserted: list[ox.Quad]) -> set[str]:
    """Return the IRIs that are given a class by the facts, or by a graph of another kind (decisions)."""
    derived = inferred_iri(store.base)
    others = [
        quad
        for quad in store.match(None, terms.TYPE, None, None)
        if not isinstance(quad.graph_name, ox.DefaultGraph)
        and quad.graph_name != derived
        and not iris.is_article_graph(quad.graph_name)
    ]
    return {subject.value for subject, predicate, _ in plain(chain(asserted, others)) if predicate == terms.TYPE}


def _entities(asserted: list[ox.Quad]) -> Iterator[tuple[str, list[Fact]]]:
    """Yield the description of each entity, a post's with those who hold it."""
    by_entity: defaultdict[ox.NamedNode, list[Fact]] = defaultdict(list)
    for subject, predicate, value in plain(asserted):
        if iris.is_entity(subject) and predicate != terms.REPLACED_BY:
            by_entity[subject].append((subject, predicate, value))
            if predicate == terms.term("holdsPost") and isinstance(value, ox.NamedNode):
                by_entity[value].append((subject, predicate, value))
    for node, lines in sorted(by_entity.items(), key=lambda item: item[0].value):
        yield node.value, lines


def _unfounded(store: Store, asserted: list[ox.Quad]) -> Iterator[Finding]:
    """Yield the triples of the default graph that no article gives, and those that are missing from it."""
    expected = merged(
        quad
        for name in [*_graphs(store), curation_iri(store.base)]
        for quad in store.match(None, None, None, name)
        if quad.predicate not in NO_FACT
    )
    present = set(asserted)
    for quad in present - expected:
        told = _told(quad)
        yield Finding("error", "unfounded", _name(quad.subject), f"no article states {told}; build into a new store")
    for quad in expected - present:
        told = _told(quad)
        yield Finding(
            "error", "missing", _name(quad.subject), f"the default graph lacks {told}; build into a new store"
        )


def _stale(follows: set[ox.Triple], inferred: set[ox.Triple]) -> Iterator[Finding]:
    fix = "; build again, which brings the inferred triples up to date"
    for triple in follows - inferred:
        yield Finding("error", "inferred", _name(triple.subject), f"the inferred graph lacks {_told(triple)}{fix}")
    for triple in inferred - follows:
        yield Finding("error", "inferred", _name(triple.subject), f"nothing gives the inferred {_told(triple)}{fix}")


def _outdated(store: Store) -> Iterator[Finding]:
    """Yield the analyses whose graphs were made of other articles or decisions than there are now."""
    names = analysis_graphs(store, store.base)
    present = state(store, store.base) if names else None
    for name in names:
        if present is not None and not is_of(store, name, present, store.base):
            local = name.value.rpartition("/analysis-")[2]
            fix = f"make it again: `wenmai analyse {local} --write`, or `wenmai analyse {local} --drop`"
            yield Finding("warning", "analysis", name.value, f"the articles have changed since it was made; {fix}")


def _dangling(base: str, article: str, lines: list[Fact], described: set[str]) -> Iterator[Finding]:
    """Yield the IRIs that lead nowhere: of ours without a description, of our vocabulary without a definition."""
    own = {subject.value for subject, predicate, _ in lines if predicate in (terms.TYPE, terms.REPLACED_BY)}
    for iri in sorted({term.value for line in lines for term in line if isinstance(term, ox.NamedNode)}):
        where = article or iri
        if iri.startswith(base) and iri not in described and iri not in own:
            yield Finding("error", "dangling", where, f"{iri} is spoken of but nowhere described; build again")
        elif iri.startswith(WENMAI) and iri[len(WENMAI) :] not in _vocabulary():
            yield Finding("error", "dangling", where, f"{iri} is no term of the ontology; see ontology/wenmai.ttl")
        elif iri.startswith(_HTTPS_SCHEMA):
            yield Finding("error", "schema", where, f"{iri}: the vocabulary's IRIs begin with http://schema.org/")


@cache
def _vocabulary() -> frozenset[str]:
    terms = {*ontology.classes(), *ontology.properties()}
    return frozenset({*terms, *ontology.individuals("Modality"), *ontology.individuals("EventStatus")})


def _policies(asserted: list[ox.Quad], labels: dict[str, str]) -> Iterator[Finding]:
    dates = ((s.value, p.value.removeprefix(WENMAI), o.value) for s, p, o in plain(asserted))
    for policy, first, _ in disordered(line for line in dates if line[1] in _POLICY_DATES):
        if first == "adoptedOn":
            who = f"{labels.get(policy, '')} {policy}".strip()
            yield Finding("warning", "date", policy, f"{who} takes effect before it is adopted; see its claims")


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _told(line: ox.Quad | ox.Triple) -> str:
    value = str(line.object)
    shown = value if len(value) <= 80 else value[:79] + "…"
    return f"{line.subject} {line.predicate} {shown}"
