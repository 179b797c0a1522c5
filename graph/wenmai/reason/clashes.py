"""Individuals in classes that exclude each other, with a smallest set of the facts that put them there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE
from wenmai.reason.incremental import with_inferred
from wenmai.reason.proofs import proofs
from wenmai.reason.rules import TYPE, rules
from wenmai.reason.schema import schema, short
from wenmai.reason.view import Line
from wenmai.store.memory import MemoryStore
from wenmai.triples.merge import DEFAULT


@dataclass(frozen=True, slots=True)
class Clash:
    """An individual, the classes that exclude each other as a person reads them, and the facts behind each of them."""

    node: str
    classes: tuple[str, ...]
    facts: tuple[Line, ...]


def clashes(facts: Sequence[Line]) -> list[Clash]:
    """Return the clashes in `facts`, asserted ones, by our ontology; of those of one individual with one cause, one.

    Seen are classes that exclude each other, and ends of a property that can be none of the classes which its domain
    or range names.
    """
    store = MemoryStore(DEFAULT_BASE)
    store.commit(*with_inferred(store, DEFAULT_BASE, (_quad(fact) for fact in facts), []))
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for quad in store.match(None, ox.NamedNode(TYPE), None, DEFAULT):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            classes[quad.subject.value].add(quad.object.value)
    found: dict[tuple[Line, ...], Clash] = {}
    for node, known in sorted(classes.items()):
        for left, right in combinations(sorted(known), 2):
            if frozenset((left, right)) in rules().disjoint:
                reasons = tuple(dict.fromkeys((*_why(store, node, left), *_why(store, node, right))))
                found.setdefault(tuple(sorted(reasons, key=str)), Clash(node, (short(left), short(right)), reasons))
    known_clashes = {clash.node for clash in found.values()}
    for fact in facts:
        for node, cls, excluded_by in _none_of(fact, classes):
            if node in known_clashes:
                continue  # in classes that exclude each other, it is excluded from any
            reasons = tuple(dict.fromkeys((fact, *(each for one in excluded_by for each in _why(store, node, one)))))
            told = (*map(short, excluded_by), cls)
            found.setdefault(tuple(sorted(reasons, key=str)), Clash(node, told, reasons))
    return list(found.values())


def _why(store: MemoryStore, node: str, cls: str) -> list[Line]:
    """Return the fewest facts by which a node is in a class."""
    return next((proof.leaves() for proof in proofs(store, (node, TYPE, cls))), [])


def _none_of(fact: Line, classes: dict[str, set[str]]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the ends of a fact that can be none of the classes it may be: the node, those, what excludes them."""
    subject, predicate, value = fact
    for name, turned in rules().gives.get(predicate, ((predicate, False),)):
        for at_object, union, _ in schema().ends(name):
            members = schema().one_of(union)
            node = value if at_object != turned else subject
            if not members or not isinstance(node, str):
                continue
            known = sorted(classes.get(node, ()))
            excluding = [
                next((cls for cls in known if frozenset((cls, member)) in rules().disjoint), None) for member in members
            ]
            by = [cls for cls in excluding if cls is not None]
            if len(by) == len(members):
                yield node, " or ".join(map(short, members)), list(dict.fromkeys(by))


def _quad(line: Line) -> ox.Quad:
    subject, predicate, value = line
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), term, DEFAULT)
