"""The default graph as a function of the articles' graphs and of decisions; `change` tells what one of them changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeAlias

import pyoxigraph as ox

from wenmai.triples import iris, terms
from wenmai.triples.summary import DATES, State, summarize

Fact: TypeAlias = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]

DEFAULT = ox.DefaultGraph()
CHOSEN = (terms.CHOSEN_NAME, terms.CHOSEN_CLASS, terms.EXACT_MATCH)
_PRINTED = (terms.TYPE, terms.NAME_AS_PRINTED, terms.LABEL, terms.NOTATION, terms.EVENT_STATUS)
DESCRIPTION = (*_PRINTED, *CHOSEN)
_DESCRIPTION = frozenset(DESCRIPTION)
DATE_TERMS = {terms.term(name): name for name in DATES}
_ARTICLE_ONLY = {terms.IS_STRING, terms.term("sha256")}
NO_FACT = frozenset(
    {*_ARTICLE_ONLY, terms.BEGIN, terms.END, terms.ANCHOR, terms.CONTEXT, terms.GENERATED_BY}
    | {terms.term(name) for name in ("evidence", "statedIn", "confidence", "rule")}
)
"""Predicates that `merged` does not look at, and the greater part of an article's graph: it need not be given them."""
_POLICY_DATES = {terms.term(name) for name in ("adoptedOn", "effectiveFrom", "effectiveUntil")}
_TAKES_PLACE = {terms.term("Happened"), terms.term("Scheduled")}
_ASSERTED, _PLANNED = terms.term("Asserted"), terms.term("Planned")


class Matcher(Protocol):
    """Whatever finds quads by a pattern: a store of ours."""

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.Literal | None = None,
        graph: ox.NamedNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; None matches every term and every graph."""
        ...


class Dataset(Matcher, Protocol):
    """A store of ours that knows the IRI its own IRIs begin with."""

    @property
    def base(self) -> str:
        """The base IRI, with a slash at its end."""
        ...


def plain(quads: Iterable[ox.Quad]) -> Iterator[Fact]:
    """Yield subject, predicate and object of the quads; those with a blank node or a triple term are not ours."""
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, (ox.NamedNode, ox.Literal)):
            yield subject, quad.predicate, value


class _Node:
    """The triples of one subject of an article's graph, by predicate."""

    def __init__(self) -> None:
        self.values: dict[ox.NamedNode, list[ox.NamedNode | ox.Literal]] = defaultdict(list)

    def one(self, predicate: ox.NamedNode) -> ox.NamedNode | ox.Literal | None:
        found = self.values.get(predicate)
        return found[0] if found else None


def facts(quads: Iterable[ox.Quad]) -> set[Fact]:
    """Return what the default graph takes over from one source graph: see `facts_of`."""
    return facts_of(plain(quads))


def facts_of(lines: Iterable[Fact]) -> set[Fact]:
    """Return what the default graph takes over from one source graph, but for the description of entities.

    That is: the article's own triples without its text, and its claims that are facts: those asserted, and of those
    planned the slots of an event that happened or is scheduled and a policy's dates. What is denied or hearsay
    (reported) never is one, nor what is hearsay of an event, nor what a person rejected, nor what a thing would be to
    itself. Ids that others replace are told where nothing bears them any more.
    """
    nodes: dict[ox.NamedNode, _Node] = defaultdict(_Node)
    for subject, predicate, value in lines:
        nodes[subject].values[predicate].append(value)
    found: set[Fact] = set()
    for node, told in nodes.items():
        kind = told.one(terms.TYPE)
        if kind == terms.term("Article"):
            for predicate, values in told.values.items():
                if predicate not in _ARTICLE_ONLY:
                    found.update((node, predicate, value) for value in values)
        elif kind == terms.term("Claim"):
            if terms.REJECTED_BY in told.values:
                continue
            about, relation, target = (told.one(part) for part in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
            if isinstance(about, ox.NamedNode) and isinstance(relation, ox.NamedNode) and target is not None:
                status = nodes[about].one(terms.EVENT_STATUS) if about in nodes else None
                if about != target and holds(relation, told.one(terms.MODALITY), status):
                    found.add((about, relation, target))
        found.update((node, terms.REPLACED_BY, value) for value in told.values.get(terms.REPLACED_BY, ()))
    return found


def holds(predicate: ox.NamedNode, modality: object, status: object) -> bool:
    """Tell whether a claim of this modality, about something of this event status, is a fact."""
    if modality == _ASSERTED:
        return True
    return modality == _PLANNED and (status in _TAKES_PLACE or predicate in _POLICY_DATES)


def merged(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return the asserted default graph of a dataset whose articles' graphs, and that of decisions, are `quads`."""
    by_graph: dict[object, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(quad)
    found: set[Fact] = set()
    shown: list[Fact] = []
    for graph in by_graph.values():
        lines = list(plain(graph))
        found |= facts_of(lines)
        shown += described(lines)
    return {ox.Quad(*fact, DEFAULT) for fact in completed(found, shown)}


def described(lines: Iterable[Fact]) -> list[Fact]:
    """Return those of the lines of one source graph that describe entities."""
    return [line for line in lines if line[1] in _DESCRIPTION and iris.is_entity(line[0])]


def completed(found: Iterable[Fact], shown: Iterable[Fact]) -> set[Fact]:
    """Return the default graph of facts (see `facts`) and of the lines that describe entities, each as often as shown.

    What is asked of a subject follows from its own lines alone, so that they may be given in parts.
    """
    found = set(found)
    states: dict[ox.NamedNode, State] = defaultdict(State)
    for node, predicate, value in shown:
        states[node].take(predicate, value)
    for subject, predicate, value in found:
        if predicate in DATE_TERMS and subject in states:
            states[subject].dates.add((DATE_TERMS[predicate], value.value))
    lines = {node: summarize(state) for node, state in states.items()}
    found = {fact for fact in found if not (fact[1] == terms.REPLACED_BY and lines.get(fact[0]))}
    found.update((node, *line) for node, told in lines.items() for line in told)
    return found
