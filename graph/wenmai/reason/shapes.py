"""SHACL over the graph in small pieces: each article's graph, each entity's description.

pyshacl needs some 10 ms an article; several go into one call, because a call costs more than a triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai.namespaces import SH
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


def _validated(lines: list[Fact], places: dict[str, str]) -> list[Finding]:
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
    labels = {node.value: value.value for node, predicate, value in lines if predicate == terms.PREF_LABEL}
    found = set()
    for result in report.subjects(sh.resultSeverity):
        focus = str(report.value(result, sh.focusNode))
        who = f"{labels.get(focus, '')} {focus}".strip()
        message = str(report.value(result, sh.resultMessage))
        wrong = report.value(result, sh.value)
        shown = f"; it has {wrong.n3()[:80]}" if isinstance(wrong, rdflib.term.Identifier) else ""
        found.add(Finding("error", "shape", places.get(focus, focus), f"{who}: {message}{shown}"))
    return sorted(found)


def _term(value: ox.NamedNode | ox.Literal) -> rdflib.term.Node:
    import rdflib

    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if value.language:
        return rdflib.Literal(value.value, lang=value.language)
    return rdflib.Literal(value.value, datatype=rdflib.URIRef(value.datatype.value))
