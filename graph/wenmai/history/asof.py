"""A store as the articles published until a day say it.

Of the articles of that time the graphs are taken as they stand: with the identities, and so the IRIs, of today, so that
what is compared across days has the same names. The default graph and what follows from it are made anew from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice

import pyoxigraph as ox

from wenmai.collector import paused
from wenmai.errors import StoreError, UsageError
from wenmai.reason.closure import closure
from wenmai.store.memory import MemoryStore
from wenmai.store.native import NativeStore
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import curation_iri, inferred_iri, iris, merged, terms
from wenmai.triples.merge import NO_FACT

_BATCH = 200
"""Graphs asked for at a time of a server."""


class Past(MemoryStore):
    """The view of one day, in memory. `undated` counts the articles without a date, which are left out of it."""

    def __init__(self, base: str, location: str, day: dt.date, articles: int, undated: int) -> None:
        super().__init__(base)
        self.location = location
        self.day = day
        self.articles = articles
        self.undated = undated

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the view, one line each."""
        if not self.undated:
            return ()
        one = self.undated == 1
        return (f"{self.undated} article{' without a date is' if one else 's without a date are'} left out",)


def day_of(text: str | dt.date) -> dt.date:
    """Return the day that `text` names, as 2017-04-21. Raises UsageError."""
    if isinstance(text, dt.date):
        return text
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise UsageError(f"{text!r} is not a day; give it as 2017-04-21") from None


def as_of(store: Store, day: str | dt.date) -> Past:
    """Return what the articles of `store` published until `day`, that day included, say together.

    The view is made in memory and does not change with the store. Raises UsageError for what is no day, StoreError.
    """
    until = day_of(day)
    names, undated = _selected(store, until.isoformat())
    articles = sum(iris.is_article_graph(name) for name in names)
    past = Past(store.base, f"{store.location} as of {until.isoformat()}", until, articles, undated)
    relevant: list[ox.Quad] = []

    def copied() -> Iterator[ox.Quad]:
        for quad in _read(store, names):
            if quad.predicate not in NO_FACT and iris.is_source(quad.graph_name):
                relevant.append(quad)
            yield quad

    with paused():
        past.load(copied())
        asserted = merged(relevant)
        follows = closure(asserted)
        past.load(asserted)
        past.load(
            ox.Quad(each.subject, each.predicate, each.object, graph)
            for graph in (inferred_iri(store.base), DEFAULT)
            for each in follows
        )
    return past


def seen(store: Store, day: str | dt.date | None) -> tuple[Store, tuple[str, ...]]:
    """Return `store` itself, or with a `day` the view as of it; and what a person should know of that view."""
    if day is None:
        return store, ()
    past = as_of(store, day)
    return past, past.notes


def _selected(store: Store, until: str) -> tuple[list[ox.NamedNode], int]:
    """Return the named graphs that belong to the day `until` (ISO), by name, and how many articles have no date."""
    dates: dict[ox.NamedNode, str] = {}
    for quad in store.match(None, terms.term("publishedOn"), None, None):
        if isinstance(quad.graph_name, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            dates[quad.graph_name] = quad.object.value
    articles = {
        quad.graph_name
        for quad in store.match(None, terms.TYPE, terms.term("Article"), None)
        if isinstance(quad.graph_name, ox.NamedNode) and iris.is_article_graph(quad.graph_name)
    }
    chosen = [name for name in articles if name in dates and dates[name] <= until]
    # Decisions hold for every day: who is who is told with today's identities.
    return sorted([*chosen, curation_iri(store.base)], key=str), len(articles - dates.keys())


def _read(store: Store, names: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
    """Yield the quads of the graphs `names`; of a server many graphs in one request."""
    if isinstance(store, NativeStore):
        for name in names:
            yield from store.match(None, None, None, name)
        return
    rest = iter(names)
    while batch := list(islice(rest, _BATCH)):
        values = " ".join(map(str, batch))
        rows = store.query(f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}")
        if not isinstance(rows, ox.QuerySolutions):
            raise StoreError(f"{store.location}: the store answered a SELECT with something else")
        for s, p, o, g in rows:
            yield ox.Quad(s, p, o, g)
