"""Proofs: every one is right, the first is the shortest, and all of them are found."""

from __future__ import annotations

from itertools import combinations

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologies import HERE, axioms, facts, iri, ontology, quad
from test_triples import BASE
from wenmai.namespaces import OWL, RDF, RDFS
from wenmai.reason import closure, with_inferred
from wenmai.reason.proofs import Proof, minimal, proofs
from wenmai.reason.rules import Rules, compiled
from wenmai.reason.schema import Schema
from wenmai.reason.view import Line, line_of
from wenmai.store import MemoryStore

Fact = tuple[str, str, str]


def lines(quads: set[ox.Quad]) -> set[Line]:
    return {line for each in quads if (line := line_of(each)) is not None}


def found(drawn: list[tuple[str, ...]], asserted: set[ox.Quad], line: Line) -> list[Proof]:
    schema = ontology(drawn)
    store = MemoryStore(BASE)
    store.commit(*with_inferred(store, BASE, asserted, [], compiled(schema)))
    return minimal(list(proofs(store, line, compiled(schema), Schema(schema), steps=3000)))


def gives(some: tuple[ox.Quad, ...], line: Line, rules: Rules) -> bool:
    follows = {ox.Quad(t.subject, t.predicate, t.object) for t in closure(some, rules)}
    return line in lines(follows | set(some))


@settings(max_examples=120, deadline=None)
@given(axioms, st.sets(facts, min_size=1, max_size=6), st.data())
def test_the_proofs_of_a_fact_are_all_its_smallest_reasons(
    drawn: list[tuple[str, ...]], stated: set[Fact], data: st.DataObject
) -> None:
    asserted = {quad(fact) for fact in stated}
    rules = compiled(ontology(drawn))
    follows = {ox.Quad(t.subject, t.predicate, t.object) for t in closure(asserted, rules)}
    line = data.draw(st.sampled_from(sorted(lines(asserted | follows), key=str)))
    reasons: list[frozenset[Line]] = []
    for size in range(1, len(asserted) + 1):
        for some in combinations(sorted(asserted, key=str), size):
            if gives(some, line, rules) and not any(earlier <= lines(set(some)) for earlier in reasons):
                reasons.append(frozenset(lines(set(some))))
    proven = found(drawn, asserted, line)
    assert {frozenset(proof.leaves()) for proof in proven} == set(reasons)
    assert len(proven) == len(reasons)
    assert all(proof.fact == line for proof in proven)
    assert len(proven[0].leaves()) == min(map(len, reasons))


def test_each_step_names_its_axioms() -> None:
    drawn: list[tuple[str, ...]] = [
        (RDFS + "subPropertyOf", "p0", "p1"),
        (OWL + "inverseOf", "p1", "p2"),
        (RDFS + "domain", "p2", "C0"),
        (RDFS + "subClassOf", "C0", "C1"),
    ]
    (proof,) = found(drawn, {quad(("n0", "p0", "n1"))}, (HERE + "n1", RDF + "type", HERE + "C1"))
    assert [axiom.told().replace(HERE, "") for axiom in proof.axioms] == [
        "<p0> is a sub-property of <p1>",
        "<p1> is the inverse of <p2>",
        "the domain of <p2> is <C0>",
        "<C0> is a sub-class of <C1>",
    ]
    assert proof.premises == (Proof((HERE + "n0", HERE + "p0", HERE + "n1")),)


def test_a_path_through_a_transitive_property_is_one_step() -> None:
    edges = {quad((f"n{number}", "p0", f"n{number + 1}")) for number in range(4)}
    (proof,) = found([("TransitiveProperty", "p0")], edges, (HERE + "n0", HERE + "p0", HERE + "n4"))
    assert [axiom.kind for axiom in proof.axioms] == ["transitive"]
    assert [premise.fact[0] for premise in proof.premises] == [HERE + f"n{number}" for number in range(4)]


def test_what_does_not_hold_has_no_proof() -> None:
    assert (
        found([("SymmetricProperty", "p0")], {quad(("n0", "p0", "n1"))}, (HERE + "n1", HERE + "p0", HERE + "n1")) == []
    )


def test_the_shortest_proof_of_a_hub_reads_little_of_it() -> None:
    schema = ontology([(RDFS + "domain", "p0", "C0"), (RDFS + "subClassOf", "C1", "C0")])
    store = MemoryStore(BASE)
    hub = [ox.Quad(iri("n0"), iri("p0"), iri(f"m{number}")) for number in range(5000)]
    store.commit(*with_inferred(store, BASE, [*hub, quad(("n0", "a", "C1"))], [], compiled(schema)))
    read = 0

    class Counting:
        base = BASE

        def match(self, *pattern: object) -> object:
            nonlocal read
            for each in store.match(*pattern):  # type: ignore[arg-type]
                read += 1
                yield each

    line = HERE + "n0", RDF + "type", HERE + "C0"
    first = next(proofs(Counting(), line, compiled(schema), Schema(schema)))  # type: ignore[arg-type]
    assert [axiom.kind for axiom in first.axioms] == ["subclass"]
    assert read < 20
