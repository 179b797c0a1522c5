"""What the writer does: an update, or a graph of the Graph Store Protocol put, added to or taken out.

A write changes the quads it names and nothing else: no closure, no linking. `wenmai build` writes an article's graph
and what follows from it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from wenmai.errors import QuerySyntaxError, StoreError, UsageError
from wenmai.query import media
from wenmai.query.guard import Token, check_update
from wenmai.serve.answer import Answer
from wenmai.serve.problem import Problem
from wenmai.store.native import is_damage
from wenmai.store.protocol import DEFAULT, GraphName, Store, update_text
from wenmai.triples.iris import is_private

_ENTITY = re.compile(r"<!ENTITY[^>]*>?")
_LONGEST_ENTITY = 1000


def update(store: Store, call: Mapping[str, Any]) -> Answer:
    """Run `update` with the dataset `default`, `named` for its WHERE. Raises Problem 400, UsageError."""
    text = call["update"]
    found = check_update(text)
    if call["default"] or call["named"]:
        text = _using(text, found, call["default"], call["named"])
    try:
        store.update(text, call["base"])
    except SyntaxError as error:
        raise QuerySyntaxError(f"not a SPARQL update: {' '.join(str(error).split())[:200]}", *_at(error)) from None
    except StoreError as error:
        if isinstance(error.__cause__, RuntimeError) and not is_damage(error.__cause__):
            raise UsageError(f"this cannot be done: {error.__cause__}") from error  # a graph is there, or is not
        raise
    return Answer(b"", "", 204)


def put(store: Store, call: Mapping[str, Any]) -> Answer:
    """Make `graph` be what `parts` say, each a text and its media type; with `add`, let it be there beside.

    201 if the graph was not there. Raises Problem 415, 400.
    """
    name = graph_name(call["graph"])
    triples = {triple for text, kind in call["parts"] for triple in _parsed(text, kind, call["base"])}
    quads = {ox.Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples}
    there = next(iter(store.match(graph=name)), None) is not None
    gone = [] if call["add"] else [quad for quad in store.match(graph=name) if quad not in quads]
    _replace(store, name, quads, gone)
    if there:
        return Answer(b"", "", 204)
    return Answer(b"", "", 201, {"Location": call["location"]} if call["location"] else {})


def delete(store: Store, call: Mapping[str, Any]) -> Answer:
    """Take out `graph`. Raises Problem 404."""
    gone = list(store.match(graph=graph_name(call["graph"])))
    if not gone:
        raise Problem(404, "there is no such graph")
    _replace(store, gone[0].graph_name, set(), gone)
    return Answer(b"", "", 204)


def _replace(store: Store, name: object, quads: set[ox.Quad], gone: list[ox.Quad]) -> None:
    """Put `quads` into a graph and take out `gone`, in one transaction."""
    if not any(isinstance(term, ox.BlankNode) for quad in gone for term in (quad.subject, quad.object)):
        store.commit(quads, gone)
        return
    # No text names a blank node that is to go: the graph is cleared, which makes the index compare all it holds.
    graph = "DEFAULT" if name == DEFAULT else f"GRAPH {name}"
    store.update(f"CLEAR SILENT {graph} ;\n{update_text(quads, ())}", store.base)


def graph_name(iri: str) -> GraphName:
    """Return the graph of an IRI, the default one for an empty text. Raises UsageError, Problem 404."""
    if not iri:
        return DEFAULT
    try:
        name = ox.NamedNode(iri)
    except ValueError:
        raise UsageError("this is not the IRI of a graph") from None
    if is_private(name):
        raise Problem(404, "there is no such graph")
    return name


def _parsed(text: str, kind: str, base: str) -> Iterator[ox.Triple]:
    if kind not in media.TRIPLES:
        raise Problem(415, f"a graph comes as {', '.join(media.TRIPLES)}")
    if "<!ENTITY" in text and not all(_is_plain(match[0]) for match in _ENTITY.finditer(text)):
        raise Problem(400, "an entity of XML here is an abbreviation for a short text, and holds no other")
    try:
        for quad in ox.parse(text, media.TRIPLES[kind], base_iri=base, rename_blank_nodes=True):
            if isinstance(quad, ox.Quad) and quad.graph_name != DEFAULT:
                raise UsageError("this holds more than one graph")
            yield quad.triple
    except SyntaxError as error:
        raise QuerySyntaxError(f"not {kind}: {' '.join(str(error).split())[:200]}", *_at(error)) from None


def _is_plain(declaration: str) -> bool:
    """Tell whether an entity cannot grow: it is short, names no other, and is not outside."""
    return len(declaration) <= _LONGEST_ENTITY and not any(
        mark in declaration for mark in ("&", "%", "SYSTEM", "PUBLIC")
    )


def _at(error: SyntaxError) -> tuple[int, int]:
    return error.lineno or 1, error.offset or 1


def _using(text: str, found: Sequence[Token], default: Sequence[str], named: Sequence[str]) -> str:
    """Return an update whose every WHERE is asked of this dataset (SPARQL 1.1 Protocol, 2.2.3)."""
    if any(token.is_word("USING") or token.is_word("WITH") for token in found):
        raise Problem(400, "USING and WITH in an update leave no place for using-graph-uri")
    clause = "".join(f"USING {graph_name(iri)} " for iri in default)
    clause += "".join(f"USING NAMED {graph_name(iri)} " for iri in named)
    pieces: list[tuple[int, str]] = []
    depth = 0
    for at, token in enumerate(found):
        if token.kind == "mark":
            depth += (token.text in "({[") - (token.text in ")}]")
        elif depth == 0 and token.is_word("WHERE"):
            if found[at - 1].is_word("DELETE"):  # short for DELETE {…} WHERE {…} with the same pattern
                pieces.append((token.begin, _block(text, found, at + 1) + " "))
            pieces.append((token.begin, clause))
    for begin, piece in reversed(pieces):
        text = text[:begin] + piece + text[begin:]
    return text


def _block(text: str, found: Sequence[Token], at: int) -> str:
    """Return the text in braces that begins at a token."""
    depth = 0
    for token in found[at:]:
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                return text[found[at].begin : token.end]
    raise UsageError("a bracket of the update is not closed")
