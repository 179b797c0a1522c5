"""What the graph can say, as Python sees it: classes, properties, their labels, domains and ranges.

Reads `ontology/wenmai.ttl` once a process through pyoxigraph. Classes, properties and individuals go in and out as
local names of the vocabulary (`Company`, `partnerOf`). `python -m wenmai.ontology` writes `wenmai.rdf`, the same
triples as RDF/XML, for OWL tools that do not read Turtle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import OWL, PREFIXES, RDF, RDFS, SCHEMA, WENMAI, XSD
from wenmai.resources import folder

_TYPE = ox.NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_LABEL, _COMMENT = ox.NamedNode(RDFS + "label"), ox.NamedNode(RDFS + "comment")
_SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
_UNION = ox.NamedNode(OWL + "unionOf")


@dataclass(frozen=True)
class _Ontology:
    """The ontology's tables; every dictionary is keyed by local name and ordered as the file is."""

    parents: dict[str, tuple[str, ...]]
    labels: dict[str, dict[str, str]]
    comments: dict[str, dict[str, str]]
    domains: dict[str, tuple[str, ...]]
    ranges: dict[str, tuple[str, ...]]
    properties: tuple[str, ...]
    individuals: dict[str, tuple[str, ...]]


def source() -> Path:
    """Return the path of the ontology's Turtle file."""
    return folder("ontology") / "wenmai.ttl"


@cache
def triples() -> tuple[ox.Triple, ...]:
    """Return the ontology's triples in the order of the file."""
    return tuple(
        ox.Triple(quad.subject, quad.predicate, quad.object) for quad in ox.parse(path=str(source()), base_iri=None)
    )


@cache
def _load() -> _Ontology:
    store: dict[tuple[object, str], list[object]] = {}
    order: dict[str, None] = {}
    for triple in triples():
        store.setdefault((triple.subject, triple.predicate.value), []).append(triple.object)
        if name := _local(triple.subject):
            order.setdefault(name)

    def objects(name: str, predicate: str) -> list[object]:
        return store.get((ox.NamedNode(WENMAI + name), predicate), [])

    def texts(name: str, predicate: ox.NamedNode) -> dict[str, str]:
        found = objects(name, predicate.value)
        return {o.language: o.value for o in found if isinstance(o, ox.Literal) and o.language}

    def members(node: object) -> Iterator[object]:
        if isinstance(node, ox.BlankNode):
            rest = store[node, _UNION.value][0]
            while rest != _NIL:
                yield store[rest, _FIRST.value][0]
                rest = store[rest, _REST.value][0]
        else:
            yield node

    def names(nodes: Iterable[object]) -> tuple[str, ...]:
        return tuple(filter(None, (_local(member) for node in nodes for member in members(node))))

    def kind(name: str) -> set[str]:
        return {o.value for o in objects(name, _TYPE.value) if isinstance(o, ox.NamedNode)}

    classes = [name for name in order if OWL + "Class" in kind(name)]
    properties = [name for name in order if kind(name) & {OWL + "ObjectProperty", OWL + "DatatypeProperty"}]
    individuals = [name for name in order if OWL + "NamedIndividual" in kind(name)]
    return _Ontology(
        parents={name: names(objects(name, _SUBCLASS.value)) for name in classes},
        labels={name: texts(name, _LABEL) for name in order},
        comments={name: texts(name, _COMMENT) for name in order},
        domains={name: names(objects(name, RDFS + "domain")) for name in properties},
        ranges={
            name: names(objects(name, RDFS + "range") + objects(name, SCHEMA + "rangeIncludes")) for name in properties
        },
        properties=tuple(properties),
        individuals={name: names(objects(name, _TYPE.value)) for name in individuals},
    )


def _local(node: object) -> str | None:
    """Return the local name of a term of ours or of an XSD datatype, else None."""
    if isinstance(node, ox.NamedNode):
        for namespace in (WENMAI, XSD):
            if node.value.startswith(namespace):
                return node.value[len(namespace) :]
    return None


def classes() -> tuple[str, ...]:
    """Return the classes of the ontology, in the order of its file."""
    return tuple(_load().parents)


def properties() -> tuple[str, ...]:
    """Return the properties of the ontology, in the order of its file."""
    return _load().properties


def individuals(cls: str) -> tuple[str, ...]:
    """Return the individuals of the ontology whose class is `cls` (`Modality`, `EventStatus`)."""
    return tuple(name for name, kinds in _load().individuals.items() if cls in kinds)


@cache
def superclasses(cls: str) -> tuple[str, ...]:
    """Return `cls` and the classes above it, nearest first. Raises KeyError for an unknown class."""
    found = [cls]
    for name in found:
        found += [parent for parent in _load().parents[name] if parent not in found]
    return tuple(found)


@cache
def subclasses(cls: str) -> tuple[str, ...]:
    """Return `cls` and the classes below it, in the order of the file. Raises KeyError for an unknown class."""
    superclasses(cls)
    return tuple(name for name in classes() if cls in superclasses(name))


def coarse(cls: str) -> str:
    """Return the topmost class over `cls`: `Organization`, `Place`, `Person`, `Event`… Raises KeyError if unknown."""
    return superclasses(cls)[-1]


def is_event(cls: str) -> bool:
    """Tell whether `cls` is `Event` or a subclass of it. Raises KeyError if unknown."""
    return coarse(cls) == "Event"


@cache
def most_specific(found: frozenset[str]) -> tuple[str, ...]:
    """Return those of the classes `found` that have no subclass among them, in the order of the file."""
    above = {name for cls in found for name in superclasses(cls)[1:]}
    return tuple(name for name in classes() if name in found - above)


def label(term: str, lang: str = "zh") -> str:
    """Return the label of a class, property or individual in `zh` or `en`. Raises KeyError if unknown."""
    return _load().labels[term][lang]


def comment(term: str, lang: str = "zh") -> str:
    """Return the comment of a class, property or individual in `zh` or `en`. Raises KeyError if unknown."""
    return _load().comments[term][lang]


def domain(prop: str) -> tuple[str, ...]:
    """Return the classes a subject of `prop` may have; empty if any. Raises KeyError for an unknown property."""
    return _load().domains[prop]


def range_(prop: str) -> tuple[str, ...]:
    """Return the classes, or the XSD datatypes (`date`, `gYearMonth`, `gYear`, `string`…), of an object of `prop`.

    Empty if it may be any entity. Raises KeyError for an unknown property.
    """
    return _load().ranges[prop]


def rdf_xml() -> bytes:
    """Return the ontology as RDF/XML, the same bytes every time (blank nodes are named by RDFC-1.0)."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples())
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted(dataset, key=str)
    prefixes = {**PREFIXES, "vann": "http://purl.org/vocab/vann/"}
    return ox.serialize((quad.triple for quad in ordered), format=ox.RdfFormat.RDF_XML, prefixes=prefixes) or b""


if __name__ == "__main__":
    source().with_suffix(".rdf").write_bytes(rdf_xml())
