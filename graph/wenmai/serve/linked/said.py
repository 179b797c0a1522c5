"""What articles say of a node: its claims, which of them are evidence of a fact, and their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import PREFIXES, WENMAI
from wenmai.serve.linked.names import Names, Source
from wenmai.store.protocol import Store
from wenmai.triples import iris, terms
from wenmai.triples.merge import Fact, holds

EVIDENCE, CONFIDENCE, APPROXIMATE = (terms.term(name) for name in ("evidence", "confidence", "approximate"))
_CLAIMS = (
    "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("rdf", "wenmai", "prov"))
    + """
SELECT ?graph ?claim ?subject ?predicate ?object ?modality ?date ?rejected WHERE {{
  GRAPH ?graph {{
    ?claim {lines} ; wenmai:modality ?modality .
    OPTIONAL {{ ?claim wenmai:statedIn ?article . ?article wenmai:publishedOn ?date }}
    OPTIONAL {{ ?claim prov:wasInvalidatedBy ?rejected }}
  }}
}}"""
)
_ABOUT = (
    "rdf:subject {node} ; rdf:predicate ?predicate ; rdf:object ?object",
    "rdf:object {node} ; rdf:predicate ?predicate ; rdf:subject ?subject",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One claim: what it says, in which article's graph, how it says it; `rejected` is the decision that rejects it."""

    claim: ox.NamedNode
    graph: ox.NamedNode
    fact: Fact
    modality: str
    date: str
    rejected: ox.NamedNode | None

    @property
    def article(self) -> ox.NamedNode:
        """The article that says it."""
        return ox.NamedNode(self.graph.value.replace("/graph/", "/id/"))


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article: where they open, whose they are, and how the claim that stands on them says it."""

    text: str
    href: str
    source: Source
    claim: str
    modality: str
    approximate: bool
    confidence: str


class Claims:
    """The claims in which a node is subject or object, by what they say."""

    def __init__(self, names: Names, node: ox.NamedNode) -> None:
        self.names, self.store = names, names.store
        self.evidence: dict[Fact, list[Said]] = defaultdict(list)
        self.apart: list[Said] = []
        self.denied: dict[Fact, list[Said]] = defaultdict(list)
        for said in claims_about(self.store, node):
            if self._is_evidence(said):
                self.evidence[said.fact].append(said)
                continue
            self.apart.append(said)
            if said.modality == "Denied" and said.rejected is None:
                self.denied[said.fact].append(said)
        for found in (self.apart, *self.evidence.values()):
            found.sort(key=in_time)

    def _is_evidence(self, said: Said) -> bool:
        """Tell whether a claim makes a fact of what it says."""
        if said.rejected is not None:
            return False
        if said.modality != "Planned":
            return said.modality == "Asserted"
        status = next((q.object for q in self.store.match(said.fact[0], terms.EVENT_STATUS, None, said.graph)), None)
        return holds(said.fact[1], terms.term("Planned"), status)

    def quotes(self, found: Iterable[Said]) -> tuple[Quote, ...]:
        """Return the words on which claims stand, each with its article."""
        return tuple(quote for said in found for quote in quotes_of(self.names, said))


def claims_about(store: Store, node: ox.NamedNode) -> list[Said]:
    """Return the claims of all articles in which a node stands at either end."""
    found = {said.claim: said for lines in _ABOUT for said in _asked(store, lines.format(node=node), node)}
    return list(found.values())


def claims_of(store: Store, fact: Fact) -> list[Said]:
    """Return the claims of all articles that speak of one fact, of whatever modality, in the order of their dates."""
    subject, predicate, value = fact
    lines = f"rdf:subject {subject} ; rdf:object {value} ; rdf:predicate {predicate}"
    return sorted(_asked(store, lines, *fact), key=in_time)


def in_time(said: Said) -> tuple[str, str, str]:
    """Return the key that puts claims in the order of their articles' dates."""
    return said.date or "9999", said.graph.value, said.claim.value


def _asked(store: Store, lines: str, *known: object) -> Iterator[Said]:
    """Yield the claims that have some lines; `known` is the fact, or the node that the rows leave out."""
    answer = store.query(_CLAIMS.format(lines=lines))
    for graph, claim, *said, modality, date, rejected in cast("ox.QuerySolutions", answer):
        if iris.is_article_graph(graph):
            whole = known if len(known) == len(said) else [each if each is not None else known[0] for each in said]
            how = cast("ox.NamedNode", modality).value.removeprefix(WENMAI)
            day = date.value if isinstance(date, ox.Literal) else ""
            yield Said(
                cast("ox.NamedNode", claim),
                cast("ox.NamedNode", graph),
                cast("Fact", tuple(whole)),
                how,
                day,
                rejected if isinstance(rejected, ox.NamedNode) else None,
            )


def quotes_of(names: Names, said: Said) -> list[Quote]:
    """Return the words on which one claim stands, in the order of the text."""
    store, graph = names.store, said.graph
    lines = {quad.predicate: quad.object for quad in store.match(said.claim, None, None, graph)}
    spans = [quad.object for quad in store.match(said.claim, EVIDENCE, None, graph)]
    found = []
    source = names.source(said.article)
    modality = "" if said.modality == "Asserted" else modality_label(said.modality, names)
    confidence = lines.get(CONFIDENCE)
    for span in spans:
        if isinstance(span, ox.NamedNode):
            of = {quad.predicate: quad.object for quad in store.match(span, None, None, graph)}
            begin, text = of.get(terms.BEGIN), of.get(terms.ANCHOR)
            if isinstance(begin, ox.Literal) and isinstance(text, ox.Literal):
                quote = Quote(
                    text.value,
                    names.links.of(span.value),
                    source,
                    names.links.of(said.claim.value),
                    modality,
                    APPROXIMATE in lines,
                    confidence.value if isinstance(confidence, ox.Literal) else "",
                )
                found.append((int(begin.value), quote))
    return [quote for _, quote in sorted(found, key=lambda pair: pair[0])]


def modality_label(modality: str, names: Names) -> str:
    """Return what a modality is called."""
    return ontology.label(modality, names.lang) if modality in ontology.individuals("Modality") else modality
