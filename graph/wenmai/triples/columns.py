"""One graph by predicate: the form in which the engine reads a store fastest, and a graph is put in order fastest.

A query with its predicate given looks up two terms a triple where a dump looks up four, and look-ups are what a dump
spends its time with; the engine lets others work meanwhile. A million quads: 4 s of one core instead of 9.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, runtime_checkable

import pyoxigraph as ox

from wenmai.namespaces import WENMAI, WORKING
from wenmai.triples.iris import NODES
from wenmai.triples.lines import Column, Line, Token, cut, split
from wenmai.triples.order import rank

_NAME_AS_PRINTED = f"<{WENMAI}nameAsPrinted>"
_ARTICLE = "/graph/article-"
_PRIVATE = f"{WORKING}>"
_WORKING = {f"<{WENMAI}reading>", f"<{WENMAI}readingDigest>"}
"""The predicates of the store's own working record."""
_READERS = 2
"""Threads that ask the engine: one is busy with the next predicate while another one's lines are split."""


@runtime_checkable
class Engine(Protocol):
    """A store in this process, whose engine writes lines itself."""

    def dump(self) -> bytes:
        """Return the dataset as N-Quads."""
        ...

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Answer a trusted query."""
        ...

    def construct(self, text: str) -> bytes:
        """Return the graph that a CONSTRUCT query makes as N-Triples."""
        ...


def of_graph(lines: Iterable[Line]) -> list[Column]:
    """Return one graph by predicate; the fourth token of each line is not looked at."""
    found: defaultdict[Token, set[tuple[Token, Token]]] = defaultdict(set)
    for subject, predicate, value, _ in lines:
        found[predicate].add((subject, value))
    return sorted(found.items(), key=lambda column: rank(column[0]))


def of_dataset(lines: Iterable[Line]) -> list[Column]:
    """Return a dataset as one graph, each triple once: facts, claims, evidence.

    Of the articles' graphs, what they show of an entity is left out: the default graph says it for all of them.
    """
    return of_graph(
        line for line in lines if not (_ARTICLE in line[3] and (line[1] == _NAME_AS_PRINTED or _is_entity(line[0])))
    )


def of_engine(engine: Engine) -> Iterable[Column]:
    """Return what `of_dataset` gives of all that the engine holds, read predicate by predicate."""
    graphs = _column(engine, "SELECT DISTINCT ?x WHERE { GRAPH ?x { } }")
    if any(not graph.startswith("<") for graph in graphs):
        return of_dataset(split(published(engine.dump())))  # a query cannot name a blank node
    return _read(engine, [graph for graph in graphs if _ARTICLE not in graph and not graph.endswith(_PRIVATE)])


def published(dump: bytes) -> list[str]:
    """Return the lines of a dataset in N-Quads but those of the store's own working record."""
    return [line for line in cut(dump) if not line.endswith(f"{_PRIVATE} .")]


def _read(engine: Engine, others: list[Token]) -> Iterator[Column]:
    """Yield the columns of the default graph, the articles' graphs and `others`, the other named graphs."""
    found = _column(engine, "SELECT DISTINCT ?x WHERE { { ?s ?x ?o } UNION { GRAPH ?g { ?s ?x ?o } } }")
    predicates = [predicate for predicate in found if predicate not in _WORKING]

    def ask(predicate: Token) -> tuple[Token, bytes, bytes]:
        triple = f"{{ ?s {predicate} ?o }}"
        plain = " UNION ".join([triple, *(f"{{ GRAPH {graph} {triple} }}" for graph in others)])
        found = engine.construct(f"CONSTRUCT {triple} WHERE {{ {plain} }}")
        if predicate == _NAME_AS_PRINTED:
            return predicate, found, b""
        return predicate, found, engine.construct(f"CONSTRUCT {triple} WHERE {{ GRAPH ?g {triple} }}")

    with ThreadPoolExecutor(_READERS) as pool:
        for predicate, plain, told in pool.map(ask, sorted(predicates, key=rank)):
            rows = _rows(cut(plain), predicate)
            shown = [row for row in _rows(cut(told), predicate) if not _is_entity(row[0])]
            yield predicate, {*rows, *shown} if rows and shown else rows or shown


def _rows(lines: list[str], predicate: Token) -> list[tuple[Token, Token]]:
    """Return subject and object of lines of N-Triples that have this predicate."""
    first = len(predicate) + 1
    return [(subject, rest[first:-2]) for subject, _, rest in (line.partition(" ") for line in lines)]


def _column(engine: Engine, query: str) -> list[Token]:
    answer = engine.query(query)
    return [str(row["x"]) for row in answer] if isinstance(answer, ox.QuerySolutions) else []


def _is_entity(token: Token) -> bool:
    _, found, local = token.rpartition("/id/")
    return bool(found) and not local.startswith(NODES)
