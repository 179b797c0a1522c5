"""The closure: what it gives, that owlrl gives the same, and how it is kept in a store."""

from __future__ import annotations

import re

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai import ontology
from wenmai.namespaces import ORG, OWL, RDF, RDFS, SCHEMA, SEM, WENMAI
from wenmai.reason import closure, refresh_inferred
from wenmai.reason.rules import compiled
from wenmai.store import MemoryStore

BASE = "http://localhost:8000/"
DEFAULT = ox.DefaultGraph()
INFERRED = ox.NamedNode(BASE + "graph/inferred")


def name(local: str) -> ox.NamedNode:
    if ":" in local:
        prefix, _, rest = local.partition(":")
        return ox.NamedNode({"org": ORG, "schema": SCHEMA, "sem": SEM, "rdf": RDF}[prefix] + rest)
    return ox.NamedNode((WENMAI if local in (*ontology.properties(), *ontology.classes()) else BASE + "id/") + local)


def quads(*lines: str) -> list[ox.Quad]:
    found = []
    for line in lines:
        subject, predicate, value = line.split()
        found.append(ox.Quad(name(subject), name("rdf:type" if predicate == "a" else predicate), name(value), DEFAULT))
    return found


def closed(*lines: str) -> set[ox.Triple]:
    return closure(quads(*lines))


def triple(line: str) -> ox.Triple:
    return quads(line)[0].triple


@pytest.mark.parametrize(
    ("given_lines", "follows"),
    [
        (["x partnerOf y"], "y partnerOf x"),
        (["x partnerOf y"], "y org:linkedTo x"),
        (["x partnerOf y"], "x a Organization"),
        (["x a Company"], "x a schema:Corporation"),
        (["x a Company"], "x a org:Organization"),
        (["x locatedIn y", "y locatedIn z", "z locatedIn w"], "x locatedIn w"),
        (["p holdsPost q", "q postIn x"], "p affiliatedWith x"),
        (["p holdsPost q", "q postIn x"], "p schema:affiliation x"),
        (["p holdsPost q"], "q org:heldBy p"),
        (["e organizer x"], "e sem:hasActor x"),
        (["x administers y"], "x a GovernmentBody"),
    ],
)
def test_what_follows(given_lines: list[str], follows: str) -> None:
    assert triple(follows) in closed(*given_lines)


def test_what_does_not_follow() -> None:
    found = closed("x operates y", "y locatedIn z", "p holdsPost q", "q postIn z")
    for line in ("y a Place", "y a Organization", "x locatedIn z", "z a Organization"):
        assert triple(line) not in found
    assert closure([]) == set()


def test_what_is_asserted_is_not_inferred() -> None:
    lines = ["x partnerOf y", "y partnerOf x", "x a Organization"]
    assert not closed(*lines) & {triple(line) for line in lines}


def own(axioms: str, facts: str) -> set[str]:
    """Return what follows from `facts` by an ontology of one's own, both in Turtle, as N-Triples without brackets."""
    head = f"@prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix : <http://x/> . "
    schema, asserted = (list(ox.parse(input=head + text, format=ox.RdfFormat.TURTLE)) for text in (axioms, facts))
    found = closure(asserted, compiled(quad.triple for quad in schema))
    return {re.sub(r"<[^>]*[/#]([^>]*)>", r"\1", str(line)) for line in found}


def test_a_chain_may_be_long() -> None:
    axioms = ":p owl:propertyChainAxiom ( :q :r :s ) . :p a owl:ObjectProperty ."
    assert own(axioms, ":a :q :b . :b :r :c . :c :s :d , :e .") == {"a p d", "a p e"}
    assert own(axioms, ":a :q :b . :b :r :c .") == set()


def test_equivalent_classes_and_properties() -> None:
    axioms = ":A owl:equivalentClass :B . :B rdfs:subClassOf :C . :p owl:equivalentProperty :q . :q rdfs:domain :A ."
    assert own(axioms, ":x a :B . :y a :A .") == {"x type A", "x type C", "y type B", "y type C"}
    assert own(axioms, ":x :p :y .") == {"x q y", "x type A", "x type B", "x type C"}


def test_unions_below_and_intersections_above_a_class() -> None:
    axioms = (
        ":U owl:unionOf ( :A :B ) . :A rdfs:subClassOf [ owl:intersectionOf ( :C :D ) ] . "
        ":E owl:equivalentClass [ owl:unionOf ( :F ) ] . :p rdfs:range [ owl:unionOf ( :A :B ) ] ."
    )
    assert own(axioms, ":x a :A . :y a :B . :z a :F .") == {
        "x type U",
        "x type C",
        "x type D",
        "y type U",
        "z type E",
    }
    assert own(axioms, ":x :p :y .") == set()


# ---- the oracle ----

OBJECTS = [p for p in ontology.properties() if not set(ontology.range_(p)) & {"string", "date", "boolean", "decimal"}]
PEOPLE = [f"n{number}" for number in range(6)]
ENTITY = [c for c in ontology.classes() if c not in ("Modality", "EventStatus")]


def by_owlrl(asserted: list[ox.Quad]) -> set[tuple[str, str, str]]:
    """Return what owlrl adds about the individuals, without what holds of everything."""
    graph = rdflib.Graph().parse(str(ontology.source()))
    before = {(str(q.subject.value), q.predicate.value, q.object.value) for q in asserted}  # type: ignore[union-attr]
    for line in before:
        one, two, three = map(rdflib.URIRef, line)
        graph.add((one, two, three))
    owlrl.DeductiveClosure(owlrl.OWLRL.OWLRL_Semantics).expand(graph)  # type: ignore[no-untyped-call]
    everything = {OWL + "Thing", RDFS + "Resource"}
    found = set()
    for subject, predicate, value in graph.triples((None, None, None)):
        ours = str(subject).startswith(BASE) and isinstance(value, rdflib.URIRef) and str(value) not in everything
        if ours and str(predicate) not in (OWL + "sameAs", OWL + "differentFrom"):
            found.add((str(subject), str(predicate), str(value)))
    return found - before


@st.composite
def graphs(draw: st.DrawFn) -> list[str]:
    lines = [f"{one} a {draw(st.sampled_from(ENTITY))}" for one in draw(st.sets(st.sampled_from(PEOPLE)))]
    count = draw(st.integers(1, 14))
    for _ in range(count):
        prop = draw(st.sampled_from(["locatedIn", "holdsPost", "postIn", "partnerOf", *OBJECTS]))
        lines.append(f"{draw(st.sampled_from(PEOPLE))} {prop} {draw(st.sampled_from(PEOPLE))}")
    return lines


def same_as_owlrl(lines: list[str]) -> None:
    asserted = quads(*lines)
    ours = {(t.subject.value, t.predicate.value, t.object.value) for t in closure(asserted)}  # type: ignore[union-attr]
    assert ours == by_owlrl(asserted)


def test_every_property_closes_as_with_owlrl() -> None:
    lines = [f"n{number % 7} {prop} n{(number * 3 + 1) % 7}" for number, prop in enumerate(OBJECTS)]
    same_as_owlrl([*lines, *(f"m{number} a {cls}" for number, cls in enumerate(ontology.classes()))])


@settings(max_examples=4, deadline=None)
@given(graphs())
def test_any_graph_closes_as_with_owlrl(lines: list[str]) -> None:
    same_as_owlrl(lines)


# ---- in a store ----


def test_the_store_follows_its_facts() -> None:
    store = MemoryStore(BASE)
    facts = quads("a locatedIn b", "b locatedIn c", "x partnerOf y")
    store.commit(facts)
    came, went = refresh_inferred(store)
    assert came > 0 and went == 0
    for graph in (INFERRED, DEFAULT):
        assert list(store.match(name("a"), name("locatedIn"), name("c"), graph))
    assert refresh_inferred(store) == (0, 0)
    store.commit([], facts[1:])
    assert refresh_inferred(store)[1] > 0
    assert not list(store.match(name("a"), name("locatedIn"), name("c")))
    assert not list(store.match(name("y"), None, None)) and list(store.match(name("b"), name("rdf:type")))
    assert not list(store.match(name("a"), name("locatedIn"), name("b"), INFERRED))
