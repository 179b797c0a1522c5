"""Why a fact holds: proofs from asserted facts by the ontology's axioms, found backward in the store.

A best-first search over partial proofs (the goals that are open, and what was decided so far), so that the proof from
the fewest facts comes first and nothing is read that no shorter proof needed. A rule table closes many axioms into one
step; a step here lists the axioms of the shortest way through the ontology.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from wenmai.reason.paths import class_path, end_path, property_path
from wenmai.reason.rules import TYPE, Rules, rules
from wenmai.reason.schema import Axiom, Schema, schema
from wenmai.reason.view import Line, View
from wenmai.triples.iris import inferred_iri
from wenmai.triples.merge import Dataset

MOST_STEPS = 20_000
"""Partial proofs looked at before a search ends: about a second."""

_NOT_ALONE, _NOT_TRANSITIVE, _ASSERTED = 1, 2, 4
"""How a goal may not be proven: by one triple alone; by a transitive property; by anything but an assertion.

A table is closed, so that no two of its steps need follow each other, and a path through a transitive property is
taken edge by edge: this leaves one order in which to write down each proof.
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """A fact with the axioms and the proofs of the facts from which it follows; an asserted fact has neither."""

    fact: Line
    axioms: tuple[Axiom, ...] = ()
    premises: tuple[Proof, ...] = ()

    def leaves(self) -> list[Line]:
        """Return the asserted facts it stands on, each once, in order."""
        if not self.premises:
            return [self.fact]
        return list(dict.fromkeys(leaf for premise in self.premises for leaf in premise.leaves()))


@dataclass(frozen=True, slots=True)
class _Goal:
    """A fact to be proven, how it may not be, and the facts it is to help to prove."""

    fact: Line
    barred: int = 0
    above: frozenset[Line] = frozenset()


@dataclass(frozen=True, slots=True)
class _Step:
    """One way to prove a goal: the axioms, and the facts it needs with how they may not be proven. None: asserted."""

    axioms: tuple[Axiom, ...] = ()
    needs: tuple[tuple[Line, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Partial:
    """A proof under way: what is decided, goal by goal from left to right, and the goals that are open."""

    decided: tuple[tuple[Line, _Step], ...]
    goals: tuple[_Goal, ...]
    leaves: int = 0

    def rank(self) -> tuple[int, int]:
        """Return the least number of asserted facts it will stand on, and its steps so far, without those facts."""
        return self.leaves + len(self.goals), len(self.decided) - self.leaves


def minimal(found: list[Proof]) -> list[Proof]:
    """Return the proofs that stand on no more facts than another of them does."""
    leaves = [frozenset(proof.leaves()) for proof in found]
    return [proof for proof, own in zip(found, leaves, strict=True) if not any(other < own for other in leaves)]


def proofs(
    store: Dataset, fact: Line, given: Rules | None = None, axioms: Schema | None = None, steps: int = MOST_STEPS
) -> Iterator[Proof]:
    """Yield the proofs of `fact` in a store that is closed, those from the fewest asserted facts first.

    No two stand on the same facts, none on more than an earlier one does. Nothing is yielded for what does not hold.
    The search ends after `steps` partial proofs. `given` and `axioms` are another ontology than ours, compiled and as
    written. Raises StoreError.
    """
    search = _Search(View(store, inferred_iri(store.base)), given or rules(), axioms or schema())
    found: list[frozenset[Line]] = []
    for proof in search.proofs(fact, steps):
        leaves = frozenset(proof.leaves())
        if not any(leaves >= earlier for earlier in found):
            found.append(leaves)
            yield proof


class _Search:
    """Backward steps from facts in a view of a store."""

    def __init__(self, view: View, table: Rules, axioms: Schema) -> None:
        self.view, self.rules, self.schema = view, table, axioms

    def proofs(self, fact: Line, steps: int) -> Iterator[Proof]:
        if fact not in self.view:
            return
        order = count()
        start = _Partial((), (_Goal(fact),))
        # Entries: rank; 0 for a partial proof, 1 for the further ways to go on from one, which are read when needed.
        heap: list[tuple[tuple[int, int], int, int, _Partial, Iterator[_Step] | None]]
        heap = [(start.rank(), 0, next(order), start, None)]
        for _ in range(steps):
            if not heap:
                return
            rank, _, _, partial, ways = heapq.heappop(heap)
            if not partial.goals:
                yield _built(iter(partial.decided))
                continue
            ways = ways or self.ways(partial.goals[0])
            step = next(ways, None)
            if step is not None:
                new = _taken(partial, step)
                heapq.heappush(heap, (new.rank(), 0, next(order), new, None))
                heapq.heappush(heap, (max(rank, new.rank()), 1, next(order), partial, ways))

    def ways(self, goal: _Goal) -> Iterator[_Step]:
        """Yield the ways to prove a goal, those that need fewer facts first."""
        subject, predicate, value = goal.fact
        if self.view.stored(goal.fact) and not self.view.is_inferred(goal.fact):
            yield _Step()
        if goal.barred & _ASSERTED:
            return
        if predicate == TYPE:
            found = self.by_class(subject, value) if isinstance(value, str) else iter(())
        else:
            found = self.by_property(goal)
        for step in found:
            if not any(fact == goal.fact or fact in goal.above for fact, _ in step.needs):
                yield step

    def by_class(self, node: str, cls: str) -> Iterator[_Step]:
        """Yield why a node is in a class: an asserted class below it, or a property that says so of its ends."""
        for below, above in self.rules.above.items():
            if cls in above and (node, TYPE, below) in self.view:
                yield _Step(class_path(self.schema, below, cls), (((node, TYPE, below), _ASSERTED),))
        as_subject, as_object = self.rules.typed_by.get(cls, ((), ()))
        for prop in as_subject:
            for value in self.view.objects(node, prop):
                yield _Step(end_path(self.schema, prop, False, cls), (((node, prop, value), _NOT_ALONE),))
        for prop in as_object:
            for start in self.view.subjects(prop, node):
                yield _Step(end_path(self.schema, prop, True, cls), (((start, prop, node), _NOT_ALONE),))

    def by_property(self, goal: _Goal) -> Iterator[_Step]:
        """Yield why one node has a property's triple with another: by one triple, or by a chain of them."""
        subject, predicate, value = goal.fact
        for source, turned in () if goal.barred & _NOT_ALONE else self.rules.given_by.get(predicate, ()):
            if turned and not isinstance(value, str):
                continue
            fact: Line = (value, source, subject) if turned and isinstance(value, str) else (subject, source, value)
            if fact in self.view:
                yield _Step(property_path(self.schema, source, predicate, turned), ((fact, _NOT_ALONE),))
        for links in sorted(self.rules.chained.get(predicate, ()), key=len):
            transitive = links == (predicate, predicate)
            if transitive and goal.barred & _NOT_TRANSITIVE:
                continue
            axiom = Axiom("transitive", (predicate,)) if transitive else Axiom("chain", (*links, predicate))
            for path in self.view.paths(subject, links, value):
                barred = (_NOT_TRANSITIVE, *(0 for _ in path[1:])) if transitive else (0 for _ in path)
                yield _Step((axiom,), tuple(zip(path, barred, strict=True)))


def _taken(partial: _Partial, step: _Step) -> _Partial:
    goal, *rest = partial.goals
    above = goal.above | {goal.fact}
    goals = [_Goal(fact, barred, above) for fact, barred in step.needs]
    return _Partial(
        (*partial.decided, (goal.fact, step)), (*goals, *rest), partial.leaves + (1 if not step.needs else 0)
    )


def _built(decided: Iterator[tuple[Line, _Step]]) -> Proof:
    """Return the proof of the next decision and all below it; a path through a transitive property is one step."""
    fact, step = next(decided)
    premises = [_built(decided) for _ in step.needs]
    if step.axioms and step.axioms[0].kind == "transitive" and premises[-1].axioms == step.axioms:
        premises[-1:] = premises[-1].premises
    return Proof(fact, step.axioms, tuple(premises))
