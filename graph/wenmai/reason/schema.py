"""An ontology's axioms as they are written: what one property or class gives by one axiom, and how to say it.

`rules` closes these steps into tables; `why` walks them one by one, so that a reader sees each axiom by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import OWL, PREFIXES, RDF, RDFS

TYPE = RDF + "type"

_SAID = {
    "subclass": "{0} is a sub-class of {1}",
    "subproperty": "{0} is a sub-property of {1}",
    "equivalent": "{0} is equivalent to {1}",
    "inverse": "{0} is the inverse of {1}",
    "symmetric": "{0} is symmetric",
    "transitive": "{0} is transitive",
    "domain": "the domain of {0} is {1}",
    "range": "the range of {0} is {1}",
}


@dataclass(frozen=True, slots=True, order=True)
class Axiom:
    """One axiom: its kind (a key of `_SAID`, or `chain`: the links, then what they give) and the terms in it, IRIs."""

    kind: str
    terms: tuple[str, ...]

    def told(self) -> str:
        """Return the axiom as a sentence: `partnerOf is symmetric`, `affiliatedWith: holdsPost then postIn`."""
        names = [short(term) for term in self.terms]
        if self.kind == "chain":
            return f"{names[-1]}: {' then '.join(names[:-1])}"
        return _SAID[self.kind].format(*names)


def short(iri: str) -> str:
    """Return a term of our vocabulary by its local name, another one with its prefix."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            local = iri[len(namespace) :]
            return local if prefix == "wenmai" else f"{prefix}:{local}"
    return f"<{iri}>" if "://" in iri else iri


@cache
def schema() -> Schema:
    """Return the axioms of the ontology that travels with wenmai."""
    return Schema(ontology.triples())


class Schema:
    """The ontology's triples by subject and predicate; blank nodes stand for lists and for classes without a name."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._objects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._using: defaultdict[str, list[str]] = defaultdict(list)
        for triple in triples:
            if not isinstance(triple.object, ox.Literal):
                subject, predicate, value = _name(triple.subject), triple.predicate.value, _name(triple.object)
                self._objects[subject, predicate].append(value)
                self._subjects[predicate, value].append(subject)
                self._using[predicate].append(subject)
        self._unions: defaultdict[str, list[str]] = defaultdict(list)
        for cls in self.using(OWL + "unionOf"):
            for member in self._members(cls, OWL + "unionOf"):
                self._unions[member].append(cls)

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Return the objects of a subject's triples of one predicate."""
        return self._objects.get((subject, predicate), [])

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Return the subjects of the triples of one predicate and object."""
        return self._subjects.get((predicate, value), [])

    def using(self, predicate: str) -> list[str]:
        """Return the subjects of a predicate, each once."""
        return list(dict.fromkeys(self._using.get(predicate, ())))

    def instances(self, cls: str) -> list[str]:
        """Return what is said to be of a class, each once."""
        return list(dict.fromkeys(self.subjects(TYPE, cls)))

    def properties(self) -> list[str]:
        """Return the named properties: those declared, and those that an axiom about properties speaks of."""
        kinds = ("ObjectProperty", "DatatypeProperty", "SymmetricProperty", "TransitiveProperty")
        found = [prop for kind in kinds for prop in self.instances(OWL + kind)]
        for predicate in (RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf"):
            for prop in self.using(predicate):
                found += [prop, *self.objects(prop, predicate)]
        found += [prop for predicate in ("domain", "range") for prop in self.using(RDFS + predicate)]
        found += [prop for links, result in self.chains() for prop in (*links, result)]
        return [prop for prop in dict.fromkeys(found) if not is_blank(prop)]

    def classes(self) -> list[str]:
        """Return the classes that an axiom about classes speaks of; those without a name begin with `_:`."""
        found = []
        for predicate in (RDFS + "subClassOf", OWL + "equivalentClass"):
            for cls in self.using(predicate):
                found += [cls, *self.objects(cls, predicate)]
        found += [*self._unions, *self.using(OWL + "intersectionOf")]
        return list(dict.fromkeys(found))

    def property_steps(self, prop: str) -> Iterator[tuple[str, bool, Axiom]]:
        """Yield what one axiom makes of a triple of `prop`: the property, whether the ends change places, the axiom."""
        for parent in self.objects(prop, RDFS + "subPropertyOf"):
            yield parent, False, Axiom("subproperty", (prop, parent))
        for other in self._both(prop, OWL + "equivalentProperty"):
            yield other, False, Axiom("equivalent", (prop, other))
        for other in self._both(prop, OWL + "inverseOf"):
            yield other, True, Axiom("inverse", (prop, other))
        if OWL + "SymmetricProperty" in self.objects(prop, TYPE):
            yield prop, True, Axiom("symmetric", (prop,))

    def class_steps(self, cls: str) -> Iterator[tuple[str, Axiom]]:
        """Yield the classes that one axiom puts every member of `cls` into."""
        for parent in (*self.objects(cls, RDFS + "subClassOf"), *self._unions.get(cls, ())):
            yield parent, Axiom("subclass", (cls, parent))
        for parent in self._members(cls, OWL + "intersectionOf"):
            yield parent, Axiom("subclass", (cls, parent))
        for other in self._both(cls, OWL + "equivalentClass"):
            yield other, Axiom("equivalent", (cls, other))

    def ends(self, prop: str) -> Iterator[tuple[bool, str, Axiom]]:
        """Yield the classes of the ends of `prop`: whether it is the object's end, the class, the axiom."""
        for cls in self.objects(prop, RDFS + "domain"):
            yield False, cls, Axiom("domain", (prop, cls))
        for cls in self.objects(prop, RDFS + "range"):
            yield True, cls, Axiom("range", (prop, cls))

    def transitive(self) -> list[str]:
        """Return the transitive properties."""
        return [prop for prop in self.instances(OWL + "TransitiveProperty") if not is_blank(prop)]

    def chains(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield the property chains: their links and the property they give."""
        for prop in self.using(OWL + "propertyChainAxiom"):
            for head in self.objects(prop, OWL + "propertyChainAxiom"):
                links = tuple(self._items(head))
                if not any(map(is_blank, (*links, prop))):
                    yield links, prop

    def disjoint(self) -> Iterator[frozenset[str]]:
        """Yield the pairs of classes that exclude each other."""
        for left in self.using(OWL + "disjointWith"):
            for right in self.objects(left, OWL + "disjointWith"):
                yield frozenset((left, right))
        for group in self.instances(OWL + "AllDisjointClasses"):
            for head in self.objects(group, OWL + "members"):
                yield from map(frozenset, combinations(self._items(head), 2))

    def one_of(self, cls: str) -> tuple[str, ...]:
        """Return the classes of one of which a member of the union `cls` is; empty if it is no union."""
        return tuple(self._members(cls, OWL + "unionOf"))

    def _both(self, term: str, predicate: str) -> list[str]:
        found = [*self.objects(term, predicate), *self.subjects(predicate, term)]
        return [other for other in dict.fromkeys(found) if predicate == OWL + "inverseOf" or other != term]

    def _members(self, cls: str, predicate: str) -> Iterator[str]:
        for head in self.objects(cls, predicate):
            yield from self._items(head)

    def _items(self, head: str) -> Iterator[str]:
        while head != RDF + "nil":
            yield self.objects(head, RDF + "first")[0]
            head = self.objects(head, RDF + "rest")[0]


def is_blank(name: str) -> bool:
    """Tell whether a name in a schema is that of a blank node."""
    return name.startswith("_:")


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)
