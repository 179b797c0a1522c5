"""Everything `wenmai check` looks at, over a store of any kind.

The articles' graphs against their texts and the shapes; the default graph against what follows from the articles; the
inferred graph against the closure; IRIs that lead nowhere; dates; classes that exclude each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.reason.closure import closure
from wenmai.reason.consistency import check_ontology, check_types
from wenmai.reason.evidence import check_article
from wenmai.reason.finding import Finding
from wenmai.reason.shapes import check_shapes
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import curation_iri, inferred_iri, iris, merged, terms
from wenmai.triples.merge import Fact, plain
from wenmai.triples.summary import days

_TELLS = (terms.TYPE, terms.REPLACED_BY)
"""What tells of an IRI of ours: what it is, or what replaces it."""
_HTTPS_SCHEMA = "https://schema.org/"


def check(store: Store) -> list[Finding]:
    """Return all that is wrong with a store, errors first; an empty list if it is sound. Raises StoreError."""
    graphs = _articles(store)
    default = list(store.match(None, None, None, DEFAULT))
    inferred = {quad.triple for quad in store.match(None, None, None, inferred_iri(store.base))}
    asserted = [quad for quad in default if quad.triple not in inferred]
    found = list(check_ontology())
    for article, lines in graphs.values():
        found += check_article(article, lines)
        found += _no_article(article, lines)
    found += check_shapes(_pieces(graphs.values(), asserted))
    found += _unfounded(store, graphs, asserted)
    follows = closure(asserted)
    found += _stale(follows, inferred)
    labels = {s.value: o.value for s, p, o in plain(asserted) if p == terms.PREF_LABEL}
    found += check_types([*(quad.triple for quad in asserted), *follows], labels)
    found += _dangling(store, graphs.values(), asserted)
    found += _policies(asserted, labels)
    return sorted(set(found))


def _articles(store: Store) -> dict[ox.NamedNode, tuple[str, list[Fact]]]:
    """Return the articles' graphs by name, each with the article's id."""
    names = {
        quad.graph_name
        for quad in store.match(None, terms.TYPE, None, None)
        if isinstance(quad.graph_name, ox.NamedNode) and iris.is_article_graph(quad.graph_name)
    }
    found = {}
    for name in sorted(names, key=str):
        lines = list(plain(store.match(None, None, None, name)))
        ids = [value.value for _, predicate, value in lines if predicate == terms.IDENTIFIER]
        found[name] = (ids[0] if ids else name.value, lines)
    return found


def _no_article(article: str, lines: list[Fact]) -> Iterator[Finding]:
    if not any(p == terms.TYPE and o == terms.term("Article") for _, p, o in lines):
        yield Finding("error", "graph", article, "this graph holds no article; remove it and build its article again")


def _pieces(graphs: Iterable[tuple[str, list[Fact]]], asserted: list[ox.Quad]) -> Iterator[tuple[str, list[Fact]]]:
    """Yield what is validated piece by piece: articles without what they show of entities, entities as a whole."""
    for article, lines in graphs:
        yield article, [line for line in lines if not iris.is_entity(line[0])]
    by_entity: defaultdict[ox.NamedNode, list[Fact]] = defaultdict(list)
    for subject, predicate, value in plain(asserted):
        if iris.is_entity(subject):
            by_entity[subject].append((subject, predicate, value))
            if predicate == terms.term("holdsPost") and isinstance(value, ox.NamedNode):
                by_entity[value].append((subject, predicate, value))
    for node, lines in sorted(by_entity.items(), key=lambda item: item[0].value):
        yield node.value, lines


def _unfounded(
    store: Store, graphs: dict[ox.NamedNode, tuple[str, list[Fact]]], asserted: list[ox.Quad]
) -> Iterator[Finding]:
    """Yield the triples of the default graph that no article gives, and those that are missing from it."""
    quads = [ox.Quad(*line, name) for name, (_, lines) in graphs.items() for line in lines]
    decided = store.match(None, None, None, curation_iri(store.base))
    expected, present = merged([*quads, *decided]), set(asserted)
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


def _dangling(store: Store, graphs: Iterable[tuple[str, list[Fact]]], asserted: list[ox.Quad]) -> Iterator[Finding]:
    """Yield the IRIs that lead nowhere: of ours without a description, of our vocabulary without a definition."""
    described = {subject.value for subject, predicate, _ in plain(asserted) if predicate in _TELLS}
    decided = store.match(None, terms.TYPE, terms.term("Decision"), curation_iri(store.base))
    described |= {subject.value for subject, _, _ in plain(decided)}
    vocabulary = set(ontology.classes()) | set(ontology.properties())
    vocabulary |= set(ontology.individuals("Modality")) | set(ontology.individuals("EventStatus"))
    everywhere = [*graphs, ("", list(plain(asserted)))]
    for article, lines in everywhere:
        own = described | {subject.value for subject, predicate, _ in lines if predicate in _TELLS}
        for iri in sorted({term.value for line in lines for term in line if isinstance(term, ox.NamedNode)}):
            where = article or iri
            if iri.startswith(store.base) and iri not in own:
                yield Finding("error", "dangling", where, f"{iri} is spoken of but nowhere described; build again")
            elif iri.startswith(WENMAI) and iri[len(WENMAI) :] not in vocabulary:
                yield Finding("error", "dangling", where, f"{iri} is no term of the ontology; see ontology/wenmai.ttl")
            elif iri.startswith(_HTTPS_SCHEMA):
                yield Finding("error", "schema", where, f"{iri}: the vocabulary's IRIs begin with http://schema.org/")


def _policies(asserted: list[ox.Quad], labels: dict[str, str]) -> Iterator[Finding]:
    dates: defaultdict[str, defaultdict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in plain(asserted):
        name = predicate.value.removeprefix(WENMAI)
        if name in ("adoptedOn", "effectiveFrom") and (span := days(value.value)):
            dates[subject.value][name].append(span)
    for policy, found in sorted(dates.items()):
        adopted, effective = found["adoptedOn"], found["effectiveFrom"]
        if adopted and effective and max(last for _, last in effective) < min(first for first, _ in adopted):
            who = f"{labels.get(policy, '')} {policy}".strip()
            yield Finding("warning", "date", policy, f"{who} takes effect before it is adopted; see its claims")


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _told(line: ox.Quad | ox.Triple) -> str:
    value = str(line.object)
    shown = value if len(value) <= 80 else value[:79] + "…"
    return f"{line.subject} {line.predicate} {shown}"
