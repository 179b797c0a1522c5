"""Quads as lines of N-Quads, the form in which a million of them are flattened, grouped and ordered fast.

A token is a term as N-Triples writes it (`<iri>`, `"text"@zh`); the engine writes the lines, so escapes are canonical
and a line never contains a raw line break.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pyoxigraph as ox

Token: TypeAlias = str
Line: TypeAlias = tuple[Token, Token, Token, Token]
"""Subject, predicate, object and graph; the graph of a triple of the default graph is empty."""

Column: TypeAlias = tuple[Token, Iterable[tuple[Token, Token]]]
"""A predicate and the subjects and objects it has in one graph."""


def nquads(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the quads as lines of canonical N-Quads, each once, without line ends."""
    return set(cut(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""))


def cut(data: bytes) -> list[str]:
    """Return the lines of N-Quads or N-Triples without line ends."""
    found = data.decode().split("\n")
    found.pop()  # what stands after the last line end
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
