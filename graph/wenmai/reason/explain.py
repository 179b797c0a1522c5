"""A fact explained: its proofs with names in place of IRIs, and under every asserted fact the words that say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from wenmai.reason.claims import Evidence, Witnesses, name_of
from wenmai.reason.proofs import Proof, minimal, proofs
from wenmai.reason.rules import TYPE, rules
from wenmai.reason.schema import short
from wenmai.reason.view import Line
from wenmai.triples.merge import Dataset, Fact


@dataclass(frozen=True, slots=True)
class Told:
    """A proof for people: the fact in words and as terms (N-Triples), the axioms, the premises; or the evidence.

    `more` counts the claims that say the fact too and are left out.
    """

    fact: str
    terms: tuple[str, ...]
    axioms: tuple[str, ...] = ()
    premises: tuple[Told, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """A fact, its proofs (none: it does not hold), and the claims that say it in another way: planned, denied…"""

    fact: str
    terms: tuple[str, ...]
    proofs: tuple[Told, ...]
    others: tuple[Evidence, ...]


def explain(store: Dataset, fact: Fact, most: int = 1, claims: int | None = None) -> Explanation:
    """Return why `fact` holds in a store that is closed, by at most `most` proofs with `claims` claims a leaf.

    `claims` None shows every claim. Raises StoreError.
    """
    return _Teller(store, claims).explain(fact, most)


def told(store: Dataset, facts: Iterable[Line], claims: int | None = None) -> list[Told]:
    """Return asserted facts in words, each with at most `claims` of the claims that say it."""
    teller = _Teller(store, claims)
    return [teller.tell(Proof(fact)) for fact in facts]


class _Teller:
    def __init__(self, store: Dataset, claims: int | None) -> None:
        self.store, self.claims = store, claims
        self.witnesses = Witnesses(store)
        self.names: dict[str, str] = {}

    def explain(self, fact: Fact, most: int) -> Explanation:
        subject, predicate, value = fact
        line: Line = subject.value, predicate.value, value.value if isinstance(value, ox.NamedNode) else value
        found = minimal(list(islice(proofs(self.store, line), most)))
        asked = [line] if found else [line, *_equal(line)]
        others = [each for one in asked for each in self.witnesses.of(_terms(one)) if not each.holds]
        return Explanation(self.say(line), _written(line), tuple(self.tell(proof) for proof in found), tuple(others))

    def tell(self, proof: Proof) -> Told:
        shown = self.say(proof.fact), _written(proof.fact)
        if proof.premises:
            axioms = tuple(axiom.told() for axiom in proof.axioms)
            return Told(*shown, axioms, tuple(self.tell(premise) for premise in proof.premises))
        found = (each for each in self.witnesses.of(_terms(proof.fact)) if each.holds)
        evidence = sorted(found, key=lambda each: (each.date or "", each.article, each.claim or ""))
        kept = evidence[: self.claims]
        return Told(*shown, evidence=tuple(kept), more=len(evidence) - len(kept))

    def say(self, line: Line) -> str:
        subject, predicate, value = line
        end = self.name(value) if isinstance(value, str) else value.value
        verb = short(predicate)
        if predicate == TYPE:
            verb = "is an" if end.startswith(tuple("AEIO")) else "is a"
        return f"{self.name(subject)} {verb} {end}"

    def name(self, iri: str) -> str:
        if iri not in self.names:
            own = iri.startswith(self.store.base)
            self.names[iri] = name_of(self.store, ox.NamedNode(iri)) if own else short(iri)
        return self.names[iri]


def _equal(line: Line) -> list[Line]:
    """Return the facts any of which would give `line` by itself: a claim against one of them is one against it."""
    subject, predicate, value = line
    found: list[Line] = []
    for source, turned in rules().given_by.get(predicate, ()):
        if not turned:
            found.append((subject, source, value))
        elif isinstance(value, str):
            found.append((value, source, subject))
    return found


def _terms(line: Line) -> Fact:
    subject, predicate, value = line
    return ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value) if isinstance(value, str) else value


def _written(line: Line) -> tuple[str, ...]:
    return tuple(str(term) for term in _terms(line))
