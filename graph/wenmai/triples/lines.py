"""Quads as lines of N-Quads, the form in which a million of them are flattened, grouped and ordered fast.

A token is a term as N-Triples writes it (`<iri>`, `"text"@zh`); the engine writes the lines, so escapes are canonical
and a line never contains a raw line break.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pyoxigraph as ox

from wenmai.namespaces import WENMAI

Token: TypeAlias = str
Line: TypeAlias = tuple[Token, Token, Token, Token]
"""Subject, predicate, object and graph; the graph of a triple of the default graph is empty."""

_NAME_AS_PRINTED = f"<{WENMAI}nameAsPrinted>"
_OURS = ("article-", "claim-", "run-")


def nquads(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the quads as lines of canonical N-Quads, each once, without line ends."""
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    found = set(data.decode().split("\n"))
    found.discard("")
    return found


def split(lines: Iterable[str]) -> Iterator[Line]:
    """Yield the four tokens of each line."""
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if rest[0] == '"':
            # The last quote closes the literal: neither a language, a datatype nor a graph contains one.
            close = rest.rindex('"') + 1
            tail = rest[close:].split(" ")
            value = rest[:close] + tail[0]
        else:
            tail = rest.split(" ")
            value = tail[0]
        yield subject, predicate, value, tail[1] if len(tail) == 3 else ""


def flat(lines: Iterable[Line]) -> set[Line]:
    """Return a dataset as one graph, each triple once: facts, claims, evidence.

    Of the articles' graphs, what they show of an entity is left out: the default graph says it for all of them.
    """
    found = set()
    for subject, predicate, value, graph in lines:
        if "/graph/article-" in graph and (predicate == _NAME_AS_PRINTED or _is_entity(subject)):
            continue
        found.add((subject, predicate, value, ""))
    return found


def _is_entity(token: Token) -> bool:
    _, found, local = token.rpartition("/id/")
    return bool(found) and not local.startswith(_OURS)
