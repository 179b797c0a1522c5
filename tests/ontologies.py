"""Small ontologies of every kind of axiom that the closure knows, drawn at random, and what owlrl makes of them."""

from __future__ import annotations

import owlrl
import pyoxigraph as ox
import rdflib
from hypothesis import strategies as st

from wenmai.namespaces import OWL, RDF, RDFS

HERE = "http://example.org/"
CLASSES = [f"C{number}" for number in range(5)]
PROPERTIES = [f"p{number}" for number in range(5)]
THINGS = [f"n{number}" for number in range(5)]
TYPE = ox.NamedNode(RDF + "type")
DEFAULT = ox.DefaultGraph()

_CLASS, _PROPERTY = st.sampled_from(CLASSES), st.sampled_from(PROPERTIES)
_KINDS = st.one_of(
    st.tuples(st.just(RDFS + "subClassOf"), _CLASS, _CLASS),
    st.tuples(st.just(OWL + "equivalentClass"), _CLASS, _CLASS),
    st.tuples(st.just(RDFS + "subPropertyOf"), _PROPERTY, _PROPERTY),
    st.tuples(st.just(OWL + "equivalentProperty"), _PROPERTY, _PROPERTY),
    st.tuples(st.just(OWL + "inverseOf"), _PROPERTY, _PROPERTY),
    st.tuples(st.just(RDFS + "domain"), _PROPERTY, _CLASS),
    st.tuples(st.just(RDFS + "range"), _PROPERTY, _CLASS),
    st.tuples(st.just("SymmetricProperty"), _PROPERTY),
    st.tuples(st.just("TransitiveProperty"), _PROPERTY),
    st.tuples(st.just("chain"), _PROPERTY, _PROPERTY, _PROPERTY),
    st.tuples(st.just("chain"), _PROPERTY, _PROPERTY, _PROPERTY, _PROPERTY),
)
axioms = st.lists(_KINDS, max_size=9)
"""Axioms as tuples: the kind, then its terms; of a chain what it gives, then its links."""

facts = st.one_of(
    st.tuples(st.sampled_from(THINGS), _PROPERTY, st.sampled_from(THINGS)),
    st.tuples(st.sampled_from(THINGS), st.just("a"), _CLASS),
)


def iri(local: str) -> ox.NamedNode:
    return ox.NamedNode(HERE + local)


def ontology(drawn: list[tuple[str, ...]]) -> list[ox.Triple]:
    """Return the triples of an ontology with these axioms."""
    found = [ox.Triple(iri(cls), TYPE, ox.NamedNode(OWL + "Class")) for cls in CLASSES]
    found += [ox.Triple(iri(prop), TYPE, ox.NamedNode(OWL + "ObjectProperty")) for prop in PROPERTIES]
    for number, (kind, first, *others) in enumerate(drawn):
        if kind == "chain":
            nodes = [ox.BlankNode(f"list{number}x{place}") for place in range(len(others))]
            found.append(ox.Triple(iri(first), ox.NamedNode(OWL + "propertyChainAxiom"), nodes[0]))
            rests: list[ox.BlankNode | ox.NamedNode] = [*nodes[1:], ox.NamedNode(RDF + "nil")]
            for node, link, rest in zip(nodes, others, rests, strict=True):
                found.append(ox.Triple(node, ox.NamedNode(RDF + "first"), iri(link)))
                found.append(ox.Triple(node, ox.NamedNode(RDF + "rest"), rest))
        elif others:
            found.append(ox.Triple(iri(first), ox.NamedNode(kind), iri(others[0])))
        else:
            found.append(ox.Triple(iri(first), TYPE, ox.NamedNode(OWL + kind)))
    return found


def quad(fact: tuple[str, str, str]) -> ox.Quad:
    """Return a drawn fact as a quad of the default graph."""
    subject, predicate, value = fact
    return ox.Quad(iri(subject), TYPE if predicate == "a" else iri(predicate), iri(value), DEFAULT)


def owlrl_closure(schema: list[ox.Triple], asserted: list[ox.Quad]) -> set[tuple[str, ...]]:
    """Return what owlrl adds about the things, in the ontology's own terms."""
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(schema, format=ox.RdfFormat.N_TRIPLES), format="nt")
    before = {tuple(term.value for term in (q.subject, q.predicate, q.object)) for q in asserted}  # type: ignore[union-attr]
    for line in before:
        one, two, three = map(rdflib.URIRef, line)
        graph.add((one, two, three))
    owlrl.DeductiveClosure(owlrl.OWLRL.OWLRL_Semantics).expand(graph)  # type: ignore[no-untyped-call]
    things = {HERE + name for name in THINGS}
    terms = {HERE + name for name in (*CLASSES, *PROPERTIES, *THINGS)}
    found = {(str(s), str(p), str(o)) for s, p, o in graph if str(s) in things and str(o) in terms}
    return {line for line in found - before if line[1] == RDF + "type" or line[1] in terms}
