"""Two days compared: what the articles after the one and up to the other say that none had said before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI, XSD
from wenmai.serve.linked.names import Names, Source, Thing
from wenmai.serve.linked.place import rows
from wenmai.serve.views.frame import Frame
from wenmai.triples import terms

ARTICLES, FACTS = 100, 300
"""The newest articles of the time between that are read, and facts that are listed."""
_BATCH = 100
_PUBLISHED_ON, _STATED_IN, _ASSERTED = (terms.term(name) for name in ("publishedOn", "statedIn", "Asserted"))
_BETWEEN = f"SELECT ?a {{ ?a {_PUBLISHED_ON} ?day FILTER(?day > %s && ?day <= %s) }} ORDER BY DESC(?day) ?a LIMIT %s"
_SAID = f"""SELECT ?a ?s ?p ?o {{ VALUES ?a {{ %s }} GRAPH ?g {{ ?c {_STATED_IN} ?a ; {terms.MODALITY} {_ASSERTED} ;
  {terms.SUBJECT} ?s ; {terms.PREDICATE} ?p ; {terms.OBJECT} ?o }} }}"""
_BEFORE = f"""SELECT DISTINCT ?s ?p ?o {{ VALUES (?s ?p ?o) {{ %s }} GRAPH ?g {{
  ?c {terms.SUBJECT} ?s ; {terms.PREDICATE} ?p ; {terms.OBJECT} ?o ; {terms.MODALITY} {_ASSERTED} ; {_STATED_IN} ?a }}
  ?a {_PUBLISHED_ON} ?day FILTER(?day <= %s) }}"""
_Fact = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class News:
    """A fact that is new between two days, and the article that tells it first."""

    subject: Thing
    label: str
    object: Thing
    source: Source


def days(frame: Frame, since: str, until: str) -> dict[str, Any]:
    """Return what the page shows of two days, each as 2017-04-21; the later one counts in."""
    store, names = frame.store, Names(frame.store, frame.links, frame.lang)
    first, last = (ox.Literal(day, datatype=ox.NamedNode(XSD + "date")) for day in sorted((since, until)))
    found = [article for (article,) in rows(store, _BETWEEN, first, last, ARTICLES + 1)]
    said: dict[_Fact, ox.NamedNode] = {}
    for article, *fact in rows(store, _SAID, " ".join(map(str, found[:ARTICLES]))) if found else ():
        if _shown(fact[1]):
            known = said.setdefault((fact[0], fact[1], fact[2]), article)
            if names.source(article).date < names.source(known).date:
                said[fact[0], fact[1], fact[2]] = article
    fresh = [fact for batch in _batches(list(said)) for fact in _unsaid(frame, batch, first)]
    fresh.sort(key=lambda fact: (names.source(said[fact]).date, said[fact].value, *map(str, fact)))
    listed = []
    for fact in fresh[:FACTS]:
        subject, predicate, value = fact
        label = ontology.label(predicate.value[len(WENMAI) :], frame.lang)
        listed.append(News(names.thing(subject, chip=True), label, _end(names, value), names.source(said[fact])))
    return {
        "since": first.value,
        "until": last.value,
        "articles": min(len(found), ARTICLES),
        "partly": len(found) > ARTICLES,
        "news": listed,
        "total": len(fresh),
    }


def _shown(predicate: ox.NamedNode) -> bool:
    return predicate.value.startswith(WENMAI) and predicate.value[len(WENMAI) :] in ontology.properties()


def _end(names: Names, term: Any) -> Thing:
    return names.thing(term, chip=isinstance(term, ox.NamedNode))


def _unsaid(frame: Frame, batch: Sequence[_Fact], day: ox.Literal) -> Iterator[_Fact]:
    """Yield those facts of a batch that no article up to a day states."""
    some = " ".join(f"({s} {p} {o})" for s, p, o in batch)
    before = {(s, p, o) for s, p, o in rows(frame.store, _BEFORE, some, day)}
    yield from (fact for fact in batch if fact not in before)


def _batches(facts: list[_Fact]) -> Iterator[list[_Fact]]:
    return (facts[at : at + _BATCH] for at in range(0, len(facts), _BATCH))
