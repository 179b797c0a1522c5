"""The entities a store knows already, as records: what the resolve room starts from when articles are added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.records import Entity
from wenmai.triples import iris, terms
from wenmai.triples.merge import DEFAULT, Dataset, Matcher, plain
from wenmai.triples.summary import SUMMARY


def known_entities(store: Dataset) -> Iterator[Entity]:
    """Yield the entities of a store, by IRI, each with all names that articles print, the preferred one first."""
    inferred = {
        (node, kind) for node, _, kind in plain(store.match(None, terms.TYPE, None, iris.inferred_iri(store.base)))
    }
    classes: dict[ox.NamedNode, str] = {}
    for node, _, kind in plain(store.match(None, terms.TYPE, None, DEFAULT)):
        if kind.value.startswith(WENMAI) and iris.is_entity(node) and (node, kind) not in inferred:
            classes[node] = kind.value[len(WENMAI) :]
    for node in sorted(classes, key=str):
        yield _entity(store, node, classes[node])


def _entity(store: Matcher, node: ox.NamedNode, cls: str) -> Entity:
    lines: dict[ox.NamedNode, list[ox.NamedNode | ox.Literal]] = defaultdict(list)
    for _, predicate, value in plain(store.match(node, None, None, DEFAULT)):
        if predicate in SUMMARY:
            lines[predicate].append(value)
    pref = {o.language: o for o in lines[terms.PREF_LABEL] if isinstance(o, ox.Literal)}
    names = {o.value for o in lines[terms.ALT_LABEL] if isinstance(o, ox.Literal) and o.language == "zh"}
    first = [pref["zh"].value] if "zh" in pref else []
    label = label_en = None
    if ontology.coarse(cls) in ("Event", "Post"):
        label, label_en = (_told(store, node, pref.get(language)) for language in ("zh", "en"))
        if label is not None and not _in_articles(store, node, terms.NAME_AS_PRINTED, ox.Literal(label)):
            first = []
    status = next((o.value.rpartition("#")[2] for o in lines[terms.EVENT_STATUS]), None)
    return Entity(
        id=iris.local_id(node),
        cls=cls,
        names=(*first, *sorted(names - set(first), key=lambda name: (-len(name), name))),
        code=min((o.value for o in lines[terms.NOTATION]), default=None),
        label=label,
        label_en=label_en,
        status=status,  # type: ignore[arg-type]  # the default graph holds the four statuses only
    )


def _told(store: Matcher, node: ox.NamedNode, label: ox.Literal | None) -> str | None:
    """Return a preferred label if it is a description that an article gives, None if it is a name."""
    return label.value if label is not None and _in_articles(store, node, terms.LABEL, label) else None


def _in_articles(store: Matcher, node: ox.NamedNode, predicate: ox.NamedNode, value: ox.Literal) -> bool:
    return any(iris.is_article_graph(quad.graph_name) for quad in store.match(node, predicate, value, None))
