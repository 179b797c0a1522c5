"""The ontology compiled for the closure: what one triple gives by itself, and which pairs of triples join.

Of OWL 2 RL it takes what the ontology uses: sub-classes, sub-properties, symmetric, transitive and inverse
properties, chains of two, domains and ranges (prp-dom, prp-rng, prp-symp, prp-trp, prp-spo1, prp-spo2, prp-inv1,
prp-inv2, cax-sco of https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import OWL, RDF, RDFS

TYPE = RDF + "type"


@dataclass(frozen=True)
class Rules:
    """Tables by IRI. `gives[p]` are the (property, turned round?) pairs that a triple of p gives, p itself included;
    `types[p]` are the classes of its subject and of its object; `chains` are (first, second, result).
    """

    above: dict[str, tuple[str, ...]]
    gives: dict[str, tuple[tuple[str, bool], ...]]
    types: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    transitive: frozenset[str]
    chains: tuple[tuple[str, str, str], ...]
    disjoint: frozenset[frozenset[str]]


@cache
def rules() -> Rules:
    """Return the rules of the ontology that travels with wenmai."""
    return compiled(ontology.triples())


def compiled(triples: Iterable[ox.Triple]) -> Rules:
    """Compile an ontology. Raises ValueError for a property chain that is not of two properties."""
    schema = _Schema(triples)
    above = {cls: schema.reach(cls, RDFS + "subClassOf") for cls in schema.subjects(RDFS + "subClassOf")}
    properties = schema.properties()
    gives = {prop: _gives(schema, prop) for prop in properties}
    types = {prop: _types(schema, gives[prop], above) for prop in properties}
    return Rules(
        above={cls: found for cls, found in above.items() if found},
        gives={prop: found for prop, found in gives.items() if len(found) > 1},
        types={prop: found for prop, found in types.items() if any(found)},
        transitive=frozenset(schema.instances(OWL + "TransitiveProperty")),
        chains=tuple(_chains(schema)),
        disjoint=frozenset(_disjoint(schema)),
    )


class _Schema:
    """The ontology's triples by subject and predicate; blank nodes stand for the lists they begin."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._objects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: defaultdict[str, list[str]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.object, ox.Literal):
                continue
            subject, value = _name(triple.subject), _name(triple.object)
            self._objects[subject, triple.predicate.value].append(value)
            self._subjects[triple.predicate.value].append(subject)

    def objects(self, subject: str, predicate: str) -> list[str]:
        return self._objects.get((subject, predicate), [])

    def subjects(self, predicate: str) -> list[str]:
        return list(dict.fromkeys(self._subjects[predicate]))

    def instances(self, cls: str) -> list[str]:
        return [subject for subject in self.subjects(TYPE) if cls in self.objects(subject, TYPE)]

    def properties(self) -> list[str]:
        kinds = ("ObjectProperty", "DatatypeProperty", "SymmetricProperty", "TransitiveProperty")
        return list(dict.fromkeys(prop for kind in kinds for prop in self.instances(OWL + kind)))

    def reach(self, start: str, predicate: str) -> tuple[str, ...]:
        found = self.objects(start, predicate).copy()
        for item in found:
            found += [name for name in self.objects(item, predicate) if name not in found]
        return tuple(name for name in dict.fromkeys(found) if not name.startswith("_:"))

    def items(self, head: str) -> Iterator[str]:
        while head != RDF + "nil":
            yield self.objects(head, RDF + "first")[0]
            head = self.objects(head, RDF + "rest")[0]


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _gives(schema: _Schema, prop: str) -> tuple[tuple[str, bool], ...]:
    found = [(prop, False)]
    symmetric = set(schema.instances(OWL + "SymmetricProperty"))
    inverses: defaultdict[str, set[str]] = defaultdict(set)
    for left in schema.subjects(OWL + "inverseOf"):
        for right in schema.objects(left, OWL + "inverseOf"):
            inverses[left].add(right)
            inverses[right].add(left)
    for name, turned in found:
        more = [(parent, turned) for parent in schema.objects(name, RDFS + "subPropertyOf")]
        more += [(other, not turned) for other in sorted(inverses[name])]
        more += [(name, not turned)] if name in symmetric else []
        found += [item for item in more if item not in found]
    return tuple(found)


def _types(
    schema: _Schema, gives: tuple[tuple[str, bool], ...], above: dict[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ends: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for name, turned in gives:
        for predicate, end in ((RDFS + "domain", turned), (RDFS + "range", not turned)):
            for cls in schema.objects(name, predicate):
                if not cls.startswith("_:"):
                    ends[end].update(dict.fromkeys((cls, *above.get(cls, ()))))
    return tuple(ends[0]), tuple(ends[1])


def _chains(schema: _Schema) -> Iterator[tuple[str, str, str]]:
    for prop in schema.subjects(OWL + "propertyChainAxiom"):
        for head in schema.objects(prop, OWL + "propertyChainAxiom"):
            links = list(schema.items(head))
            if len(links) != 2:
                raise ValueError(f"the closure knows chains of two properties only, not that of {prop}")
            yield links[0], links[1], prop


def _disjoint(schema: _Schema) -> Iterator[frozenset[str]]:
    for left in schema.subjects(OWL + "disjointWith"):
        for right in schema.objects(left, OWL + "disjointWith"):
            yield frozenset((left, right))
    for group in schema.instances(OWL + "AllDisjointClasses"):
        for head in schema.objects(group, OWL + "members"):
            yield from map(frozenset, combinations(schema.items(head), 2))
