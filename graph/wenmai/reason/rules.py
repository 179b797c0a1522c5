"""The ontology compiled for the closure: what one triple gives by itself, and which triples join.

Of OWL 2 RL it takes sub-classes, equivalent classes, unions below and intersections above a class; sub-properties,
equivalent, symmetric, transitive and inverse properties, chains, domains and ranges (cax-sco, cax-eqc1, cax-eqc2,
scm-uni, scm-int, prp-spo1, prp-spo2, prp-eqp1, prp-eqp2, prp-symp, prp-trp, prp-inv1, prp-inv2, prp-dom, prp-rng of
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules). A class never gives a
property's triple by these, so that classes can be had last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

import pyoxigraph as ox

from wenmai.reason.schema import TYPE, Schema, is_blank, schema

__all__ = ["TYPE", "Join", "Rules", "compiled", "rules"]

Join: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], str]
"""A property's place in a chain: the links before it, the nearest first; the links after it; what the chain gives."""


@dataclass(frozen=True)
class Rules:
    """Tables by IRI. `gives[p]` are the (property, turned round?) pairs that a triple of p gives, p itself included;
    `types[p]` are the classes of its subject and of its object; `above[c]` are the classes over c, without c. `chains`
    are (links, result), those of transitive properties among them.
    """

    above: dict[str, tuple[str, ...]]
    gives: dict[str, tuple[tuple[str, bool], ...]]
    types: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    chains: tuple[tuple[tuple[str, ...], str], ...]
    disjoint: frozenset[frozenset[str]]

    @cached_property
    def joins(self) -> dict[str, tuple[Join, ...]]:
        """For each property in a chain, its places there."""
        found: defaultdict[str, list[Join]] = defaultdict(list)
        for links, result in self.chains:
            for place, link in enumerate(links):
                found[link].append((links[:place][::-1], links[place + 1 :], result))
        return {link: tuple(dict.fromkeys(joins)) for link, joins in found.items()}

    @cached_property
    def given_by(self) -> dict[str, tuple[tuple[str, bool], ...]]:
        """`gives` the other way: from which (property, turned round?) a triple of a property follows by itself."""
        found: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
        for prop, given in self.gives.items():
            for name, turned in given:
                if (name, turned) != (prop, False):
                    found[name].append((prop, turned))
        return {name: tuple(sources) for name, sources in found.items()}

    @cached_property
    def chained(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """The chains that give each property."""
        found: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for links, result in self.chains:
            found[result].append(links)
        return {result: tuple(each) for result, each in found.items()}

    @cached_property
    def typed_by(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The properties whose subjects, and those whose objects, belong to each class."""
        found: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for prop, ends in self.types.items():
            for end in (0, 1):
                for cls in ends[end]:
                    found[cls][end].append(prop)
        return {cls: (tuple(ends[0]), tuple(ends[1])) for cls, ends in found.items()}

    @cached_property
    def concerned(self) -> frozenset[str]:
        """The predicates of which any rule speaks; a triple of another one neither gives nor follows."""
        found = {TYPE, *self.gives, *self.types, *self.joins, *self.chained}
        return frozenset(found | {name for given in self.gives.values() for name, _ in given})


@cache
def rules() -> Rules:
    """Return the rules of the ontology that travels with wenmai."""
    return _compiled(schema())


def compiled(triples: Iterable[ox.Triple]) -> Rules:
    """Compile an ontology. Axioms about properties without a name are left out."""
    return _compiled(Schema(triples))


def _compiled(given: Schema) -> Rules:
    above = {cls: _above(given, cls) for cls in given.classes()}
    gives = {prop: _gives(given, prop) for prop in given.properties()}
    types = {prop: _types(given, found, above) for prop, found in gives.items()}
    chains = [*given.chains(), *(((prop, prop), prop) for prop in given.transitive())]
    return Rules(
        above={cls: found for cls, found in above.items() if found and not is_blank(cls)},
        gives={prop: found for prop, found in gives.items() if len(found) > 1},
        types={prop: found for prop, found in types.items() if any(found)},
        chains=tuple(dict.fromkeys(chains)),
        disjoint=frozenset(given.disjoint()),
    )


def _above(given: Schema, cls: str) -> tuple[str, ...]:
    found = {cls: None}
    waiting = [cls]
    for name in waiting:
        new = [parent for parent, _ in given.class_steps(name) if parent not in found]
        found |= dict.fromkeys(new)
        waiting += dict.fromkeys(new)
    return tuple(name for name in found if name != cls and not is_blank(name))


def _gives(given: Schema, prop: str) -> tuple[tuple[str, bool], ...]:
    found = [(prop, False)]
    for name, turned in found:
        for other, turns, _ in given.property_steps(name):
            item = other, turned != turns
            if item not in found and not is_blank(other):
                found.append(item)
    return tuple(found)


def _types(
    given: Schema, gives: tuple[tuple[str, bool], ...], above: dict[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ends: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for name, turned in gives:
        for at_object, cls, _ in given.ends(name):
            ends[at_object != turned].update(dict.fromkeys((cls, *above.get(cls, ()))))
    subjects, objects = (tuple(cls for cls in end if not is_blank(cls)) for end in ends)
    return subjects, objects
