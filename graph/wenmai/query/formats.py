"""Write an answer: a table for people, SPARQL's CSV, TSV, JSON and XML, Turtle for triples."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence
from typing import TextIO

import pyoxigraph as ox

from wenmai.errors import UsageError
from wenmai.namespaces import PREFIXES
from wenmai.query.result import Result, Term

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle")

_SOLUTIONS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {"turtle": ox.RdfFormat.TURTLE, "json": ox.RdfFormat.JSON_LD, "xml": ox.RdfFormat.RDF_XML}
# What XML 1.0 cannot hold, written or escaped; and what moves a terminal's cursor or turns its writing direction.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def write(result: Result, format: str, stream: TextIO) -> None:
    """Write `result` to `stream` as one of `FORMATS`; the text is UTF-8.

    A table is drawn by rich on a terminal and aligned with spaces elsewhere. Triples are written as Turtle, JSON-LD,
    RDF/XML, or rows of subject, predicate, object; as a table, Turtle too. Raises UsageError if the format does not
    fit the kind of the answer.
    """
    if format not in FORMATS:
        raise UsageError(f"there is no format {format!r}; there are {', '.join(FORMATS)}")
    if result.kind == "graph":
        _write_graph(result, format, stream)
    elif format == "turtle":
        raise UsageError("--format turtle is for CONSTRUCT and DESCRIBE; take table, csv, tsv, json or xml")
    elif result.kind == "ask":
        _write_boolean(result, format, stream)
    elif format == "table":
        rows = [[shown(term, result.base) for term in row] for row in result.rows]
        _table(list(result.variables), rows, stream)
    else:
        content = result.solutions().serialize(format=_SOLUTIONS[format]) or b""
        _put(content if format != "xml" else _fit_for_xml(content), stream)
        if format in {"json", "xml"}:
            stream.write("\n")


def shown(term: Term | None, base: str) -> str:
    """Return a term as a person reads it: text without its datatype, known IRIs short, nothing that moves a cursor."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return _UNSHOWN.sub(_visible, _short(term.value, base))
    text = term.value if isinstance(term, (ox.Literal, ox.BlankNode)) else str(term)
    return _UNSHOWN.sub(_visible, text)


def width(text: str) -> int:
    """Return the columns `text` takes on a terminal: two for a wide character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text
    )


def _write_graph(result: Result, format: str, stream: TextIO) -> None:
    if format in {"csv", "tsv"}:
        rows = [(triple.subject, triple.predicate, triple.object) for triple in result.triples]
        store = ox.Store()
        store.extend(ox.Quad(s, p, o) for s, p, o in rows)
        query = "SELECT ?subject ?predicate ?object WHERE { ?subject ?predicate ?object } ORDER BY ?subject ?predicate"
        answer = store.query(query)
        assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - a SELECT gives solutions
        _put(answer.serialize(format=_SOLUTIONS[format]) or b"", stream)
        return
    chosen = _GRAPHS["turtle" if format == "table" else format]
    content = ox.serialize(result.triples, format=chosen, prefixes=PREFIXES | {"id": result.base + "id/"}) or b""
    _put(content if format != "xml" else _fit_for_xml(content), stream)
    if not content.endswith(b"\n"):
        stream.write("\n")


def _write_boolean(result: Result, format: str, stream: TextIO) -> None:
    word = "true" if result.boolean else "false"
    if format in {"json", "xml"}:
        answer = ox.parse_query_results(result.payload, ox.QueryResultsFormat.JSON)
        _put(answer.serialize(format=_SOLUTIONS[format]) or b"", stream)
        stream.write("\n")
    else:
        # SPARQL defines no CSV for ASK; the bare word is what servers send.
        stream.write(word + "\n")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    if stream.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(show_edge=False, header_style="bold", pad_edge=False)
        for name in head:
            table.add_column(Text(name), overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console(file=stream, width=max(60, shutil.get_terminal_size().columns)).print(table)
        return
    widths = [max(width(row[n]) for row in [head, *rows]) for n in range(len(head))]
    for row in [head, ["-" * w for w in widths], *rows]:
        cells = [cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)]
        stream.write("  ".join(cells).rstrip() + "\n")


def _short(iri: str, base: str) -> str:
    for name, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{name}:{iri.removeprefix(namespace)}"
    for start in (base + "id/", base):
        if base and iri.startswith(start) and len(iri) > len(start):
            return iri.removeprefix(start)
    return iri


def _visible(match: re.Match[str]) -> str:
    return {"\n": "⏎", "\t": " "}.get(match.group(), f"\\u{ord(match.group()):04x}")


def _fit_for_xml(content: bytes) -> bytes:
    return _NOT_XML.sub("\ufffd", content.decode("utf-8")).encode("utf-8")


def _put(content: bytes, stream: TextIO) -> None:
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(content.decode("utf-8"))
        return
    stream.flush()
    buffer.write(content)
    buffer.flush()
