"""What changes in the default graph when one article's graph does, or that of decisions.

It reads no more of the store than it must: adding an article reads its entities' lines of the default graph, taking one
out asks whether others say the same, however many articles speak of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.triples import iris, terms
from wenmai.triples.merge import (
    CHOSEN,
    DATE_TERMS,
    DEFAULT,
    DESCRIPTION,
    Fact,
    Matcher,
    facts,
    holds,
    plain,
)
from wenmai.triples.summary import SUMMARY, Description, State, best_class, summarize


def delta(store: Matcher, base: str, article_id: str, new: Iterable[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Return (add, remove): the quads whose commit puts `new` in the place of the article's graph.

    The default graph follows; an empty `new` removes the article. Both lists are empty if nothing changes. Inferred
    triples are not recomputed; one that becomes asserted leaves the inferred graph.
    """
    return delta_of(store, base, iris.graph_iri(base, article_id), new)


def delta_of(
    store: Matcher, base: str, graph: ox.NamedNode, new: Iterable[ox.Quad]
) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Return what `delta` does, for any graph that the default graph follows from: also that of decisions."""
    return _Change(store, base, graph, set(new)).quads()


def _lines(quads: Iterable[ox.Quad]) -> defaultdict[ox.NamedNode, set[Description]]:
    """Return what an article's graph shows of each entity."""
    found: defaultdict[ox.NamedNode, set[Description]] = defaultdict(set)
    for node, predicate, value in plain(quads):
        if predicate in DESCRIPTION and iris.is_entity(node):
            found[node].add((predicate, value))
    return found


def _dates_of(changed: set[Fact]) -> defaultdict[ox.NamedNode, set[Description]]:
    """Return the facts among `changed` that date something, by what they date."""
    found: defaultdict[ox.NamedNode, set[Description]] = defaultdict(set)
    for subject, predicate, value in changed:
        if predicate in DATE_TERMS:
            found[subject].add((predicate, value))
    return found


class _Change:
    """One article's graph replaced by another."""

    def __init__(self, store: Matcher, base: str, graph: ox.NamedNode, new: set[ox.Quad]) -> None:
        self.store = store
        self.graph = graph
        self.inferred = iris.inferred_iri(base)
        self.curation = iris.curation_iri(base)
        self.new = new
        self.old = set(store.match(None, None, None, graph))
        self.old_lines, self.new_lines = _lines(self.old), _lines(self.new)
        self.infers = next(store.match(None, None, None, self.inferred), None) is not None

    def quads(self) -> tuple[list[ox.Quad], list[ox.Quad]]:
        if self.old == self.new:
            return [], []
        before, after = facts(self.old), facts(self.new)
        retired = {fact for fact in before ^ after if fact[1] == terms.REPLACED_BY}
        lost = {fact for fact in before - after - retired if not self._stated_elsewhere(fact)}
        gained = after - before - retired
        add, remove = self.new - self.old, self.old - self.new
        gone, come = _dates_of(lost), _dates_of(gained)
        lives: dict[ox.NamedNode, bool] = {}
        turned: set[ox.NamedNode] = set()
        for node in self._touched(lost | gained):
            was = self._described(node)
            becomes = self._becomes(node, was, gone[node], come[node])
            gained |= {(node, *line) for line in becomes - was}
            lost |= {(node, *line) for line in was - becomes}
            lives[node] = bool(becomes)
            turned |= {node} if bool(was) != bool(becomes) else set()
        self._retire(retired, turned, lives, gained, lost)
        add |= {ox.Quad(*fact, DEFAULT) for fact in gained}
        remove |= {ox.Quad(*fact, DEFAULT) for fact in lost}
        if self.infers:
            remove |= {ox.Quad(*fact, self.inferred) for fact in gained if self._any(*fact, self.inferred)}
        return list(add), list(remove)

    def _any(
        self,
        subject: ox.NamedNode,
        predicate: ox.NamedNode,
        value: ox.NamedNode | ox.Literal | None,
        graph: ox.NamedNode | ox.DefaultGraph,
    ) -> bool:
        return next(self.store.match(subject, predicate, value, graph), None) is not None

    def _touched(self, changed: set[Fact]) -> list[ox.NamedNode]:
        nodes = self.old_lines.keys() | self.new_lines.keys()
        found = {node for node in nodes if self.old_lines[node] != self.new_lines[node]}
        found |= {subject for subject, predicate, _ in changed if predicate in DATE_TERMS}
        return sorted(found, key=str)

    def _retire(
        self,
        changed: set[Fact],
        turned: set[ox.NamedNode],
        lives: dict[ox.NamedNode, bool],
        gained: set[Fact],
        lost: set[Fact],
    ) -> None:
        """Add to `gained` and `lost` what becomes of ids that others replace: told while nothing bears the id itself.

        `changed` are the lines of this graph that come or go, `turned` the nodes that come to life or end.
        """
        for node in {fact[0] for fact in changed} - turned:
            if not lives.get(node, self._any(node, terms.TYPE, None, DEFAULT)):
                for fact in (fact for fact in changed if fact[0] == node):
                    self._retire_one(fact, gained, lost)
        for node in turned:
            told = {(node, p, value) for _, p, value in plain(self.store.match(node, terms.REPLACED_BY, None, DEFAULT))}
            if lives[node]:
                lost |= told
                continue
            lines = [quad for quad in self.store.match(node, terms.REPLACED_BY, None, None) if self._other(quad)]
            lines += [quad for quad in self.new if quad.subject == node and quad.predicate == terms.REPLACED_BY]
            gained |= set(plain(lines)) - told

    def _retire_one(self, fact: Fact, gained: set[Fact], lost: set[Fact]) -> None:
        told = self._any(*fact, DEFAULT)
        if ox.Quad(*fact, self.graph) in self.new:
            gained |= set() if told else {fact}
        elif told and not any(self._other(quad) for quad in self.store.match(*fact, None)):
            lost.add(fact)

    def _other(self, quad: ox.Quad) -> bool:
        """Tell whether a quad is of another source graph than this one."""
        return quad.graph_name != self.graph and iris.is_source(quad.graph_name)

    def _stated_elsewhere(self, fact: Fact) -> bool:
        subject, predicate, value = fact
        for quad in self._claims(subject, value):
            graph = quad.graph_name
            if graph == self.graph or not isinstance(graph, ox.NamedNode) or not iris.is_article_graph(graph):
                continue
            claim = quad.subject
            if not isinstance(claim, ox.NamedNode) or not self._any(claim, terms.PREDICATE, predicate, graph):
                continue
            if not self._any(claim, terms.SUBJECT, subject, graph) or not self._any(claim, terms.OBJECT, value, graph):
                continue
            if subject == value or self._any(claim, terms.REJECTED_BY, None, graph):
                continue
            modality = next((q.object for q in self.store.match(claim, terms.MODALITY, None, graph)), None)
            status = next((q.object for q in self.store.match(subject, terms.EVENT_STATUS, None, graph)), None)
            if holds(predicate, modality, status):
                return True
        return False

    def _claims(self, subject: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> list[ox.Quad]:
        """Return a line of each claim about `subject`, or of each about `value`: those that are fewer.

        Both are read side by side until one comes to its end, since everybody's partner has thousands of claims.
        """
        ways = [self.store.match(None, terms.SUBJECT, subject, None), self.store.match(None, terms.OBJECT, value, None)]
        found: tuple[list[ox.Quad], list[ox.Quad]] = ([], [])
        while True:
            for way, lines in zip(ways, found, strict=True):
                line = next(way, None)
                if line is None:
                    return lines
                lines.append(line)

    def _described(self, node: ox.NamedNode) -> set[Description]:
        """Return what the default graph asserts of an entity now."""
        found: set[Description] = set()
        # One look-up a predicate: an entity of many facts would make each article cost what all of them do.
        lines = (line for p in SUMMARY for line in plain(self.store.match(node, p, None, DEFAULT)))
        for _, predicate, value in lines:
            if predicate == terms.TYPE:
                if not value.value.startswith(WENMAI):
                    continue
                if self.infers and self._any(node, terms.TYPE, value, self.inferred):
                    continue
            found.add((predicate, value))
        return found

    def _becomes(
        self, node: ox.NamedNode, was: set[Description], lost: set[Description], gained: set[Description]
    ) -> set[Description]:
        old, new = self.old_lines[node], self.new_lines[node]
        state = None
        if not self._is_chosen(node, new):
            state = self._so_far(node, was, new) if old <= new else self._left(node, was, new)
        if state is None:
            state = self._elsewhere(node)
        for predicate, value in new:
            state.take(predicate, value)
        dates = {(p, value) for p in DATE_TERMS for _, _, value in plain(self.store.match(node, p, None, DEFAULT))}
        state.dates = {(DATE_TERMS[p], value.value) for p, value in (dates - lost) | gained}
        return summarize(state)

    def _left(self, node: ox.NamedNode, was: set[Description], new: set[Description]) -> State | None:
        """Return the state behind the description `was` without this article, by asking for each line if it stays.

        None if that cannot tell: for what is described by the names of others, and where articles, this one with its
        `new` lines among them, give classes of which none is above the other, because then their number counts.
        """
        described = {value.value.rpartition("#")[2] for predicate, value in was if predicate == terms.TYPE}
        if len(described) != 1:
            return None
        (cls,) = described
        family = ontology.coarse(cls)
        if family in ("Event", "Post"):
            return None
        state = State()
        shown = [name for name in ontology.classes() if family in (name, *ontology.superclasses(name))]
        for name in shown:
            if self._in_others(node, terms.TYPE, terms.term(name)):
                state.types[name] = 1
        given = {value.value.rpartition("#")[2] for predicate, value in new if predicate == terms.TYPE}
        if len(ontology.most_specific(frozenset(state.types) | given)) > 1:
            return None
        for predicate, value in was:
            if not isinstance(value, ox.Literal):
                continue
            if predicate == terms.NOTATION and self._in_others(node, terms.NOTATION, value):
                state.codes.add(value.value)
            elif predicate in (terms.PREF_LABEL, terms.ALT_LABEL) and value.language == "zh":
                printed = terms.string(value.value)
                if self._in_others(node, terms.NAME_AS_PRINTED, printed):
                    state.names.add(value.value)
        return state

    def _in_others(self, node: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> bool:
        return any(self._other(quad) for quad in self.store.match(node, predicate, value, None))

    def _is_chosen(self, node: ox.NamedNode, new: set[Description]) -> bool:
        """Tell whether people chose the name, the class or a match of an entity."""
        if any(predicate in CHOSEN for predicate, _ in new):
            return True
        return any(self._any(node, predicate, None, self.curation) for predicate in CHOSEN)

    def _elsewhere(self, node: ox.NamedNode) -> State:
        """Return what all other sources show of an entity, read from their graphs."""
        state = State()
        for predicate in DESCRIPTION:
            for quad in self.store.match(node, predicate, None, None):
                if self._other(quad):
                    state.take(predicate, quad.object)
        return state

    def _so_far(self, node: ox.NamedNode, was: set[Description], new: set[Description]) -> State | None:
        """Return the state behind the description `was` when this article only adds to it.

        None if the default graph alone cannot tell: an article that gives another class makes the articles' votes
        count.
        """
        state = State()
        for predicate, value in was:
            state.take(predicate, value)
        state.labels, state.labels_en = set(), set()
        cls = best_class(state.types)
        if cls is None:
            return state
        shown = {value.value.rpartition("#")[2] for predicate, value in new if predicate == terms.TYPE}
        if shown - set(ontology.superclasses(cls)):
            return None
        labels = [value for predicate, value in was if predicate in (terms.PREF_LABEL, terms.ALT_LABEL)]
        state.names = {label.value for label in labels if isinstance(label, ox.Literal) and label.language == "zh"}
        if ontology.coarse(cls) in ("Event", "Post"):
            self._set_apart(node, was, state)
        return state

    def _set_apart(self, node: ox.NamedNode, was: set[Description], state: State) -> None:
        """Tell a description ("signing: A, B") that stands as preferred label from the names in `state`."""
        for predicate, value in was:
            if predicate != terms.PREF_LABEL or not isinstance(value, ox.Literal):
                continue
            if self._in_articles(node, terms.LABEL, value):
                (state.labels_en if value.language == "en" else state.labels).add(value.value)
            if value.language == "zh" and not self._in_articles(node, terms.NAME_AS_PRINTED, ox.Literal(value.value)):
                state.names.discard(value.value)

    def _in_articles(self, node: ox.NamedNode, predicate: ox.NamedNode, value: ox.Literal) -> bool:
        found = self.store.match(node, predicate, value, None)
        return any(iris.is_article_graph(quad.graph_name) for quad in found)
