"""Turtle and TriG for people: a fixed block of prefixes, subjects by class and name, labels first, one predicate a
line; the same dataset gives the same bytes.

The terms come as N-Triples tokens from `lines`; each is rendered once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from wenmai import ontology
from wenmai.namespaces import PREFIXES, WENMAI, XSD
from wenmai.triples.columns import of_graph
from wenmai.triples.lines import Column, Line, Token
from wenmai.triples.order import TYPE, subjects

_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_BARE = {
    f"^^<{XSD}integer>": re.compile(r"[+-]?\d+\Z"),
    f"^^<{XSD}decimal>": re.compile(r"[+-]?\d*\.\d+\Z"),
    f"^^<{XSD}boolean>": re.compile(r"(true|false)\Z"),
}


NO_MORE: Mapping[str, str] = {}


def prefixes(base: str | None, more: Mapping[str, str] = NO_MORE) -> dict[str, str]:
    """Return the prefixes every export declares, and `more`; `id` and `graph` are the store's own."""
    return {**PREFIXES, **more, **({"id": f"{base}id/", "graph": f"{base}graph/"} if base else {})}


class Renderer:
    """Renders N-Triples tokens as Turtle terms with prefixes."""

    def __init__(self, base: str | None, more: Mapping[str, str] = NO_MORE) -> None:
        self._names = {iri: prefix for prefix, iri in prefixes(base, more).items()}
        self._iris: dict[Token, str] = {TYPE: "rdf:type"}

    def iri(self, token: Token) -> str:
        """Return an IRI as a prefixed name where one of the prefixes fits."""
        known = self._iris.get(token)
        if known is None:
            iri = token[1:-1]
            cut = max(iri.rfind("/"), iri.rfind("#")) + 1
            prefix = self._names.get(iri[:cut])
            known = f"{prefix}:{iri[cut:]}" if prefix is not None and _LOCAL.match(iri, cut) else token
            self._iris[token] = known
        return known

    def term(self, token: Token) -> str:
        """Return any term; numbers and booleans without quotes where that is the same literal."""
        if token[-1] != ">":
            return token
        if token[0] != '"':
            return self._iris.get(token) or self.iri(token)
        text, _, datatype = token.rpartition("^^")
        bare = _BARE.get("^^" + datatype)
        if bare is not None and bare.match(text, 1, len(text) - 1):
            return text[1:-1]
        return f"{text}^^{self.iri(datatype)}"


def turtle(columns: Iterable[Column], base: str | None, more: Mapping[str, str] = NO_MORE) -> Iterator[str]:
    """Yield a graph as Turtle, in pieces; `more` are prefixes beside those of every export."""
    yield from _head(base, more)
    yield from _block(columns, Renderer(base, more), "", headings=not more)


def trig(lines: Iterable[Line], base: str | None) -> Iterator[str]:
    """Yield a dataset as TriG, in pieces: the default graph first, then the named graphs by name."""
    renderer = Renderer(base)
    yield from _head(base)
    for name, graph in groupby(sorted(lines, key=lambda line: line[3]), key=lambda line: line[3]):
        if name:
            yield f"\n{renderer.term(name)} {{\n"
            yield from _block(of_graph(graph), renderer, "    ", headings=False)
            yield "}\n"
        else:
            yield from _block(of_graph(graph), renderer, "", headings=True)


def _head(base: str | None, more: Mapping[str, str] = NO_MORE) -> Iterator[str]:
    for prefix, iri in prefixes(base, more).items():
        yield f"@prefix {prefix}: <{iri}> .\n"


def _block(columns: Iterable[Column], renderer: Renderer, indent: str, *, headings: bool) -> Iterator[str]:
    above: Token | None = None
    separator = f" ;\n{indent}    "
    verbs: dict[Token, str] = {TYPE: "a "}
    term = renderer.term
    for kind, subject, pairs in subjects(columns):
        if headings and kind != above:
            above = kind
            yield f"\n# ---- {_heading(kind)} ----\n"
        parts = [f"\n{indent}{term(subject)} "]
        last = ""
        for predicate, value in pairs:
            if predicate == last:
                parts.append(", ")
            else:
                if last:
                    parts.append(separator)
                parts.append(verbs.get(predicate) or verbs.setdefault(predicate, f"{renderer.iri(predicate)} "))
                last = predicate
            parts.append(term(value))
        parts.append(" .\n")
        yield "".join(parts)


def _heading(kind: Token) -> str:
    name = kind[len(WENMAI) + 1 : -1]
    if name in ontology.classes():
        return f"{ontology.label(name, 'zh')} · {ontology.label(name, 'en')}"
    return "原文片段 · Evidence" if kind else "其他 · Others"
