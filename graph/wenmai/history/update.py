"""A difference as a SPARQL 1.1 Update that leads from A to B: DELETE DATA, then INSERT DATA.

https://www.w3.org/TR/sparql11-update/#deleteData and #insertData: data without variables and blank nodes, each quad
in a GRAPH block of its graph or in none for the default graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox

from wenmai.history.difference import Difference, reproducible

MAX_QUADS = 20_000
"""Quads of one request."""
MAX_CHARACTERS = 4 << 20
"""Characters of one request, unless one quad alone is longer: servers limit the body (Virtuoso: 10 MB)."""


def requests(difference: Difference, *, quads: int = MAX_QUADS, characters: int = MAX_CHARACTERS) -> Iterator[str]:
    """Yield requests of at most `quads` quads and about `characters` characters; run in order, they lead from A to B.

    Deletions come first. Nothing is yielded if there is no difference. The same difference gives the same text.
    Joined, they are one update. Raises UsageError if one side has graphs and the other is one graph.
    """
    for verb, found in zip(("DELETE DATA", "INSERT DATA"), reproducible(difference).quads, strict=True):
        for piece in _pieces(found, quads, characters):
            yield f"{verb} {{\n{''.join(_blocks(piece))}}} ;\n"


def _pieces(found: Iterable[ox.Quad], quads: int, characters: int) -> Iterator[list[tuple[str, str]]]:
    """Yield (graph, triple) pairs, in order of the graph, up to the limits."""
    piece: list[tuple[str, str]] = []
    size = 0
    for graph, triple in sorted((_graph(quad), _triple(quad)) for quad in found):
        if piece and (len(piece) >= quads or size + len(triple) > characters):
            yield piece
            piece, size = [], 0
        piece.append((graph, triple))
        size += len(triple)
    if piece:
        yield piece


def _blocks(piece: list[tuple[str, str]]) -> Iterator[str]:
    for graph, pairs in groupby(piece, key=lambda pair: pair[0]):
        if graph:
            yield f"GRAPH {graph} {{\n"
        for _, triple in pairs:
            yield triple
        if graph:
            yield "}\n"


def _graph(quad: ox.Quad) -> str:
    return "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)


def _triple(quad: ox.Quad) -> str:
    return f"{quad.subject} {quad.predicate} {_term(quad.object)} .\n"


def _term(term: object) -> str:
    """Write a term; a triple term as SPARQL 1.2 has it."""
    if isinstance(term, ox.Triple):
        return f"<<( {term.subject} {term.predicate} {_term(term.object)} )>>"
    return str(term)
