"""What people decided, in the graph: each decision as provenance (PROV-O), and what it chose for an entity.

The graph `<base>graph/curation` follows from the log alone. A decision is a `prov:Activity` of somebody, with its
reason and time; names, classes and matches that people chose stand beside it, from where the default graph takes them.
What decisions do to an article's graph (ids that others replace, claims that are rejected) stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from wenmai import namespaces as ns
from wenmai.records import Decision
from wenmai.resolve.decisions import Decisions
from wenmai.triples import iris, terms
from wenmai.triples.merge import Matcher

_BY, _ENDED, _USED, _AGENT = (
    ox.NamedNode(ns.PROV + name) for name in ("wasAssociatedWith", "endedAtTime", "used", "Agent")
)
_COMMENT = ox.NamedNode(ns.RDFS + "comment")
_DECIDES, _TARGET, _IN_ARTICLE = terms.term("decides"), terms.term("decidedFor"), terms.term("inArticle")
_ENTITIES = ("merge", "split", "apart")


def curation_quads(decisions: Decisions, base: str) -> list[ox.Quad]:
    """Return the whole graph of decisions. Raises ValueError for a match that is no IRI."""
    graph = iris.curation_iri(base)
    found: dict[ox.Quad, None] = {}
    for decision in decisions.log:
        for subject, predicate, value in _lines(decision, base):
            found[ox.Quad(subject, predicate, value, graph)] = None
    for decision in decisions.holding:
        if decision.do == "apart":
            one, other = (iris.entity_iri(base, decisions.moved(each)) for each in (decision.subject, decision.object))
            found[ox.Quad(one, terms.DIFFERENT_FROM, other, graph)] = None
    for do, predicate in (
        ("rename", terms.CHOSEN_NAME),
        ("retype", terms.CHOSEN_CLASS),
        ("match", terms.EXACT_MATCH),
    ):
        for entity, decision in decisions.chosen(do):
            chosen = _chosen(do, decision.object)
            found[ox.Quad(iris.entity_iri(base, entity), predicate, chosen, graph)] = None
    return list(found)


def _chosen(do: str, text: str) -> ox.NamedNode | ox.Literal:
    if do == "rename":
        return terms.string(text)
    return terms.term(text) if do == "retype" else ox.NamedNode(text)


def _lines(decision: Decision, base: str) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    node, who = iris.decision_iri(base, decision.number), iris.curator_iri(base, decision.who)
    yield node, terms.TYPE, terms.term("Decision")
    yield node, _DECIDES, terms.string(decision.do)
    yield node, _BY, who
    yield who, terms.TYPE, _AGENT
    yield who, terms.LABEL, terms.string(decision.who)
    yield node, _ENDED, ox.Literal(decision.time, datatype=ox.NamedNode(ns.XSD + "dateTime"))
    if decision.why:
        yield node, _COMMENT, terms.string(decision.why)
    if decision.subject:
        yield node, _USED, iris.entity_iri(base, decision.subject)
    if decision.object:
        as_entity = decision.do in _ENTITIES
        yield node, _TARGET, iris.entity_iri(base, decision.object) if as_entity else terms.string(decision.object)
    for article in decision.articles:
        yield node, _IN_ARTICLE, terms.string(article)


def stored_decisions(store: Matcher, base: str) -> list[Decision]:
    """Return the decisions that a store holds, in order."""
    graph = iris.curation_iri(base)
    nodes = [quad.subject for quad in store.match(None, terms.TYPE, terms.term("Decision"), graph)]
    found = [_decision(store, node, graph) for node in nodes if isinstance(node, ox.NamedNode)]
    return sorted(found, key=lambda decision: decision.number)


def _decision(store: Matcher, node: ox.NamedNode, graph: ox.NamedNode) -> Decision:
    lines: dict[ox.NamedNode, list[ox.NamedNode | ox.Literal]] = {}
    for quad in store.match(node, None, None, graph):
        if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            lines.setdefault(quad.predicate, []).append(quad.object)

    def text(predicate: ox.NamedNode) -> str:
        found = lines.get(predicate)
        if not found:
            return ""
        return iris.local_id(found[0]) if isinstance(found[0], ox.NamedNode) else found[0].value

    who = next((line for line in lines.get(_BY, ()) if isinstance(line, ox.NamedNode)), None)
    named = [quad.object for quad in store.match(who, terms.LABEL, None, graph)] if who else []
    return Decision(
        number=int(iris.local_id(node).removeprefix("decision-")),
        time=text(_ENDED),
        who=next((name.value for name in named if isinstance(name, ox.Literal)), ""),
        why=text(_COMMENT),
        do=text(_DECIDES),
        subject=text(_USED),
        object=text(_TARGET),
        articles=tuple(sorted(line.value for line in lines.get(_IN_ARTICLE, ()))),
    )


def touched(store: Matcher, base: str, new: Sequence[Decision], log: Sequence[Decision]) -> set[str]:
    """Return the identifiers of the articles whose graphs the decisions `new`, the last of `log`, may change."""
    nodes: set[str] = set()
    for each in new:
        decision = each
        while decision.do == "undo" and 0 < int(decision.object) < decision.number:
            decision = log[int(decision.object) - 1]
        if decision.do in ("merge", "split", "apart", "reject", "confirm"):
            nodes |= {decision.subject}
            nodes |= {decision.object} if decision.do == "apart" else set()
            nodes |= {decision.object} if decision.do == "split" else set()
    graphs = {
        quad.graph_name
        for node in nodes
        for predicate in (terms.TYPE, terms.REPLACED_BY)
        for quad in store.match(iris.entity_iri(base, node), predicate, None, None)
        if isinstance(quad.graph_name, ox.NamedNode) and iris.is_article_graph(quad.graph_name)
    }
    found = (quad for graph in graphs for quad in store.match(None, terms.IDENTIFIER, None, graph))
    return {quad.object.value for quad in found if isinstance(quad.object, ox.Literal)}
