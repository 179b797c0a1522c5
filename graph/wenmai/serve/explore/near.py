"""Who is near whom in the default graph, and how connected things are: asked of the engine in batches.

A post is no thing of its own here: whoever holds it is near to where it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import RDF, WENMAI
from wenmai.serve.linked.place import rows
from wenmai.store.protocol import Store

_BATCH = 500
_RANKED = 300
"""Neighbours whose degrees are counted to put them in order, which takes a fifth of the time for each by mentions."""
_SAMPLE = 120
"""Articles whose mentions tell what is much in the news: their IRIs are sums, so that they are a fair sample."""
_TOPS = ("Organization", "Place", "Person", "Post", "Policy", "Agreement", "Event")


def relations() -> tuple[str, ...]:
    """Return the properties that tie two entities, posts included."""
    return tuple(
        name
        for name in ontology.properties()
        if any(end in ontology.classes() and ontology.coarse(end) in _TOPS for end in ontology.range_(name))
        and "Article" not in ontology.domain(name)
        and "Claim" not in ontology.domain(name)
    )


def _list(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)


def _kinds() -> str:
    return ", ".join(str(ox.NamedNode(WENMAI + name)) for name in relations())


def _batches(iris: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(dict.fromkeys(iris))
    while batch := list(islice(rest, _BATCH)):
        yield batch


_OUT = "SELECT ?e ?x { VALUES ?e { %s } ?e ?p ?x FILTER(?p IN (%s) && isIRI(?x)) }"
_IN = "SELECT ?e ?x { VALUES ?e { %s } ?x ?p ?e FILTER(?p IN (%s)) }"
_TOLD = f"""SELECT ?e ?x {{ VALUES ?e {{ %s }} GRAPH ?g {{
  ?c <{RDF}%s> ?e ; <{WENMAI}modality> ?m . FILTER(?m != <{WENMAI}Asserted>)
  ?c <{RDF}predicate> ?p ; <{RDF}%s> ?x }} FILTER(?p IN (%s) && isIRI(?x)) }}"""
_DEGREE = """SELECT ?e (COUNT(*) AS ?n) {
  { VALUES ?e { %s } ?e ?p ?x FILTER(?p IN (%s)) } UNION { VALUES ?e { %s } ?x ?p ?e FILTER(?p IN (%s)) }
} GROUP BY ?e"""
_SOME = f"SELECT ?a {{ ?a a <{WENMAI}Article> }} LIMIT %s"
_MENTIONED = f"SELECT ?e (COUNT(*) AS ?n) {{ VALUES ?a {{ %s }} ?a <{WENMAI}mentions> ?e }} GROUP BY ?e"

_TOLD_OF = f"SELECT ?e (COUNT(?a) AS ?n) {{ VALUES ?e {{ %s }} ?a <{WENMAI}mentions> ?e }} GROUP BY ?e"


def neighbours(store: Store, iris: Collection[str], *, told: bool = True) -> dict[str, set[str]]:
    """Return the things near each of `iris`, by a fact or, with `told`, by what is only planned, denied or hearsay."""
    found = _near(store, iris, told)
    posts = {each for others in found.values() for each in others if is_post(each)}
    beyond = _near(store, posts, told) if posts else {}
    return {iri: _folded(iri, others, beyond) for iri, others in found.items()}


def is_post(iri: str) -> bool:
    """Tell whether an IRI is that of a post."""
    return iri.rpartition("/")[2].startswith("post-")


def _folded(iri: str, others: set[str], beyond: dict[str, set[str]]) -> set[str]:
    folded = {each for each in others if not is_post(each)}
    for post in others - folded:
        folded |= {each for each in beyond.get(post, ()) if not is_post(each)}
    return folded - {iri}


def _near(store: Store, iris: Iterable[str], told: bool) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for batch in _batches(iris):
        some, kinds = _list(batch), _kinds()
        answers: list[Iterator[Any]] = [rows(store, _OUT, some, kinds), rows(store, _IN, some, kinds)]
        if told:
            answers += [
                rows(store, _TOLD, some, *ends, kinds) for ends in (("subject", "object"), ("object", "subject"))
            ]
        for answer in answers:
            for node, other in answer:
                found[node.value].add(other.value)
    return found


def degrees(store: Store, iris: Iterable[str]) -> dict[str, int]:
    """Return in how many facts each of `iris` stands, asserted or inferred, that tie it to another thing."""
    found: dict[str, int] = dict.fromkeys(iris, 0)
    for batch in _batches(found):
        some, kinds = _list(batch), _kinds()
        for node, number in rows(store, _DEGREE, some, kinds, some, kinds):
            found[node.value] = int(number.value)
    return found


def ranked(store: Store, iris: Iterable[str]) -> dict[str, int]:
    """Return `iris` with their degrees, the most connected first.

    Of many only the `_RANKED` most mentioned are put in order so; the others follow, by mentions, with a degree of -1.
    """
    order = sorted(iris)
    if len(order) > _RANKED:
        told: Counter[str] = Counter()
        for batch in _batches(order):
            told.update({node.value: int(n.value) for node, n in rows(store, _TOLD_OF, _list(batch))})
        order.sort(key=lambda iri: -told[iri])
    known = degrees(store, order[:_RANKED])
    first = sorted(known, key=lambda iri: (-known[iri], iri))
    return {iri: known[iri] for iri in first} | dict.fromkeys(order[_RANKED:], -1)


def in_the_news(store: Store, most: int) -> list[str]:
    """Return the things that many articles mention, events and posts aside, the most connected of them first."""
    # In one query the engine would go through the mentions of all articles.
    some = _list(article.value for (article,) in rows(store, _SOME, _SAMPLE))
    found = Counter({node.value: int(number.value) for node, number in rows(store, _MENTIONED, some)})
    order = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    things = [iri for iri, _ in order if not is_post(iri) and not iri.rpartition("/")[2].startswith("event-")]
    return list(ranked(store, things[: 3 * most]))[:most]


def holders(store: Store, iri: str) -> set[str]:
    """Return who holds a post in a thing and where it holds one itself, by facts or by what is only told."""
    posts = {each for each in _near(store, [iri], told=True).get(iri, ()) if is_post(each)}
    return {other for others in _near(store, posts, told=True).values() for other in others if not is_post(other)}
