"""SHACL over the graph in small pieces: each article's graph, each entity's description.

Most conform, which `conform` tells in a millisecond or two an article; what it is not sure of is put before pyshacl,
which takes as long as extraction. Several go into one call, because a call of it costs more than a triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai.namespaces import SH
from wenmai.reason.conform import surely_conforms
from wenmai.reason.finding import Finding
from wenmai.resources import folder
from wenmai.triples import terms
from wenmai.triples.merge import Fact

if TYPE_CHECKING:
    import rdflib

_BATCH = 4000
"""Triples that go into one call."""


@cache
def _shapes() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph().parse(str(folder("ontology") / "shapes.ttl"))


def check_shapes(pieces: Iterable[tuple[str, list[Fact]]]) -> Iterator[Finding]:
    """Yield what breaks `ontology/shapes.ttl` in `pieces`: (where, triples) pairs, each valid or not by itself.

    No subject may stand in two pieces with different triples.
    """
    batch: list[Fact] = []
    places: dict[str, str] = {}
    for where, lines in pieces:
        batch += lines
        for subject, _, _ in lines:
            places.setdefault(subject.value, where)
        if len(batch) > _BATCH:
            yield from _validated(batch, places)
            batch, places = [], {}
    if batch:
        yield from _validated(batch, places)


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """A node that breaks a shape: its IRI, the shape's message, and the value that breaks it, if it is one."""

    focus: str
    message: str
    value: str = ""


def breaches(lines: Iterable[Fact]) -> list[Breach]:
    """Return what breaks `ontology/shapes.ttl` in one graph of triples, in order."""
    lines = tuple(lines)
    return [] if surely_conforms(lines) else _told(lines)


def _told(lines: Iterable[Fact]) -> list[Breach]:
    import pyshacl
    import rdflib

    graph = rdflib.Graph()
    for subject, predicate, value in lines:
        graph.add((rdflib.URIRef(subject.value), rdflib.URIRef(predicate.value), _term(value)))
    conforms, report, text = pyshacl.validate(graph, shacl_graph=_shapes(), inference="none")
    if conforms:
        return []
    if not isinstance(report, rdflib.Graph):
        raise RuntimeError(f"the shapes could not be applied: {text}")
    sh = rdflib.Namespace(SH)
    found = set()
    for result in report.subjects(sh.resultSeverity):
        wrong = report.value(result, sh.value)
        shown = wrong.n3()[:80] if isinstance(wrong, rdflib.term.Identifier) else ""
        focus = str(report.value(result, sh.focusNode))
        found.add(Breach(focus, str(report.value(result, sh.resultMessage)), shown))
    return sorted(found)


def _validated(lines: list[Fact], places: dict[str, str]) -> list[Finding]:
    labels = {node.value: value.value for node, predicate, value in lines if predicate == terms.PREF_LABEL}
    found = set()
    for breach in breaches(lines):
        who = f"{labels.get(breach.focus, '')} {breach.focus}".strip()
        shown = f"; it has {breach.value}" if breach.value else ""
        found.add(Finding("error", "shape", places.get(breach.focus, breach.focus), f"{who}: {breach.message}{shown}"))
    return sorted(found)


def _term(value: ox.NamedNode | ox.Literal) -> rdflib.term.Node:
    import rdflib

    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if value.language:
        return rdflib.Literal(value.value, lang=value.language)
    return rdflib.Literal(value.value, datatype=rdflib.URIRef(value.datatype.value))
