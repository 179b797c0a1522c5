"""A dataset as bytes in six formats; the same dataset gives the same bytes, whatever the engine or order.

Turtle, N-Triples, JSON-LD and RDF/XML hold one graph: the dataset flattened (facts, claims, evidence, each triple
once). TriG and N-Quads hold the dataset as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import BinaryIO, cast

import pyoxigraph as ox

from wenmai.collector import paused
from wenmai.errors import UsageError
from wenmai.triples import iris
from wenmai.triples.columns import Engine, of_dataset, of_engine, published
from wenmai.triples.jsonld import jsonld
from wenmai.triples.lines import Column, nquads, split
from wenmai.triples.merge import DEFAULT, Dataset, Matcher, facts
from wenmai.triples.order import subjects
from wenmai.triples.summary import SUMMARY
from wenmai.triples.turtle import NO_MORE, prefixes, trig, turtle

FORMATS: dict[str, str] = {
    "turtle": "text/turtle",
    "trig": "application/trig",
    "nquads": "application/n-quads",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
"""The formats `serialize` writes, with their media types."""

_PIECE = 1 << 20


def serialize(
    quads: Iterable[ox.Quad],
    format: str,
    output: BinaryIO,
    base: str | None = None,
    more: Mapping[str, str] = NO_MORE,
) -> None:
    """Write `quads` to `output` in one of `FORMATS`, UTF-8, deterministically.

    `base` is the store's base IRI: with it, the store's own IRIs are written with the prefixes `id` and `graph`; `more`
    are prefixes beside those of every export, for one graph. Raises UsageError for another format.
    """
    if format not in FORMATS:
        raise UsageError(f"no format {format!r}; choose one of {', '.join(FORMATS)}")
    with paused():
        _write_quads(nquads(quads), format, output, base, more)


def _write_quads(
    found: set[str], format: str, output: BinaryIO, base: str | None, more: Mapping[str, str] = NO_MORE
) -> None:
    if format == "nquads":
        _write((line + "\n" for line in sorted(found)), output)
    elif format == "trig":
        _write(trig(split(found), base), output)
    else:
        _write_graph(of_dataset(split(found)), format, output, base, more)


def _write_graph(
    columns: Iterable[Column], format: str, output: BinaryIO, base: str | None, more: Mapping[str, str] = NO_MORE
) -> None:
    if format == "ntriples":
        _write((f"{s} {p} {o} .\n" for s, p, o in sorted((s, p, o) for p, rows in columns for s, o in rows)), output)
    elif format == "turtle":
        _write(turtle(columns, base, more), output)
    elif format == "jsonld":
        _write(jsonld(columns, base, more), output)
    else:
        _write_rdf_xml(columns, output, base, more)


def export(
    store: Dataset, format: str, output: BinaryIO, *, facts_only: bool = False, article: str | None = None
) -> None:
    """Write a store to `output`: all of it, the default graph alone (`facts_only`), or what one article says.

    `article` is the article's input id. Raises UsageError for an unknown format or article, StoreError.
    """
    if format not in FORMATS or facts_only or article is not None or not isinstance(store, Engine):
        serialize(_chosen(store, facts_only, article), format, output, store.base)
        return
    with paused():
        if format in ("nquads", "trig"):
            _write_quads(set(published(store.dump())), format, output, store.base)
        else:
            _write_graph(of_engine(store), format, output, store.base)


def _chosen(store: Dataset, facts_only: bool, article: str | None) -> Iterator[ox.Quad]:
    if article is None:
        found = store.match(None, None, None, DEFAULT if facts_only else None)
        return (quad for quad in found if not iris.is_private(quad.graph_name))
    said = list(store.match(None, None, None, iris.graph_iri(store.base, article)))
    if not said:
        raise UsageError(f"the store has no article {article!r}; `wenmai query articles` lists those it has")
    plain = _in_default(store, said)
    return plain if facts_only else chain(said, plain)


def _in_default(store: Matcher, said: list[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield what the default graph says of an article's entities, and the facts the article states."""
    for entity in sorted({q.subject for q in said if iris.is_entity(q.subject)}, key=str):
        if isinstance(entity, ox.NamedNode):
            for predicate in SUMMARY:
                yield from store.match(entity, predicate, None, DEFAULT)
    for fact in facts(said):
        yield ox.Quad(*fact, DEFAULT)


def _write(pieces: Iterable[str], output: BinaryIO) -> None:
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _PIECE:
            output.write("".join(held).encode())
            held, size = [], 0
    output.write("".join(held).encode())


class _CarriageReturns:
    """Passes bytes of XML on with raw carriage returns written as references: XML readers drop raw ones."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output

    def write(self, data: bytes) -> int:
        self._output.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self._output.flush()


def _write_rdf_xml(columns: Iterable[Column], output: BinaryIO, base: str | None, more: Mapping[str, str]) -> None:
    lines = (f"{s} {p} {o} .\n" for _, s, pairs in subjects(columns) for p, o in pairs)
    quads = ox.parse(input="".join(lines), format=ox.RdfFormat.N_TRIPLES)
    sink = cast("BinaryIO", _CarriageReturns(output))  # the engine calls write and flush only
    ox.serialize((quad.triple for quad in quads), sink, ox.RdfFormat.RDF_XML, prefixes=prefixes(base, more))
