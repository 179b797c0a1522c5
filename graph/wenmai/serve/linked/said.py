"""What articles say of a node: its claims, which of them are evidence of a fact, and their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.serve.linked.names import Names, Source
from wenmai.serve.linked.place import rows
from wenmai.store.protocol import ANY, Store
from wenmai.triples import iris, terms
from wenmai.triples.merge import Fact, holds

EVIDENCE, CONFIDENCE, APPROXIMATE = (terms.term(name) for name in ("evidence", "confidence", "approximate"))
_PUBLISHED_ON = terms.term("publishedOn")
_ASSERTED = terms.term("Asserted")
_FEW = 500
"""Claims of the other end of a fact that are read before it is told by those of the near end."""

_NOT_ASSERTED = "SELECT ?claim ?graph { GRAPH ?graph { ?claim %s %s ; %s ?modality FILTER(?modality != %s) } }"

Stated = tuple[ox.NamedNode, ox.NamedNode]
"""A claim and the graph it stands in."""


@dataclass(frozen=True, slots=True)
class Said:
    """One claim: what it says, in which article's graph, how it says it; `rejected` is the decision that rejects it.

    `spans` are the words it stands on, `date` is that of the article.
    """

    claim: ox.NamedNode
    graph: ox.NamedNode
    fact: Fact
    modality: str
    date: str
    rejected: ox.NamedNode | None
    spans: tuple[ox.NamedNode, ...] = ()
    approximate: bool = False
    confidence: str = ""


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
    """The claims in which a node is subject or object: those that make no fact, and, asked for one, those of a fact.

    Of an entity of thousands of facts few claims are read: whether a line is there is told many times faster.
    """

    def __init__(self, names: Names, node: ox.NamedNode) -> None:
        self.names, self.store, self.node = names, names.store, node
        self.apart: list[Said] = []
        for claim, graph in self._doubtful():
            said = read(self.store, claim, graph)
            if said is not None and not _makes_fact(self.store, said):
                self.apart.append(said)
        self.apart.sort(key=in_time)
        self._apart = {said.claim for said in self.apart}
        self.denied: dict[Fact, list[Said]] = defaultdict(list)
        for said in self.apart:
            if said.modality == "Denied" and said.rejected is None:
                self.denied[said.fact].append(said)

    def of(self, fact: Fact) -> list[Said]:
        """Return the claims that make a fact of what they say, in the order of their articles' dates."""
        near, far, other = terms.SUBJECT, terms.OBJECT, cast("Any", fact[2])
        if fact[0] != self.node:
            near, far, other = far, near, fact[0]
        found: list[tuple[Any, Any]] = [
            (quad.subject, quad.graph_name) for quad in islice(self.store.match(None, far, other, ANY), _FEW + 1)
        ]
        if len(found) > _FEW:
            mine = self.store.match(None, near, self.node, ANY)
            found = [(quad.subject, quad.graph_name) for quad in mine]
            near, other_end = far, other
        else:
            other_end = self.node
        found = [
            each for each in found if iris.is_article_graph(each[1]) and self._has(each[0], near, other_end, each[1])
        ]
        kept = [each for each in found if each[0] not in self._apart]
        kept = [each for each in kept if self._has(each[0], terms.PREDICATE, fact[1], each[1])]
        return sorted((said for each in kept if (said := read(self.store, *each))), key=in_time)

    def quotes(self, found: Iterable[Said]) -> tuple[Quote, ...]:
        """Return the words on which claims stand, each with its article."""
        return tuple(quote for said in found for quote in quotes_of(self.names, said))

    def _doubtful(self) -> dict[Stated, None]:
        """Return the claims about the node that are not plain assertions, or that people rejected."""
        found: dict[Stated, None] = {}
        for end in (terms.SUBJECT, terms.OBJECT):
            for claim, graph in rows(self.store, _NOT_ASSERTED, end, self.node, terms.MODALITY, _ASSERTED):
                if iris.is_article_graph(graph):
                    found[claim, graph] = None
        for quad in self.store.match(None, terms.REJECTED_BY, None, ANY):
            claim, graph = cast("Stated", (quad.subject, quad.graph_name))
            if any(self._has(claim, end, self.node, graph) for end in (terms.SUBJECT, terms.OBJECT)):
                found[claim, graph] = None
        return found

    def _has(self, claim: ox.NamedNode, predicate: ox.NamedNode, value: Any, graph: ox.NamedNode) -> bool:
        return next(self.store.match(claim, predicate, value, graph), None) is not None


def _makes_fact(store: Store, said: Said) -> bool:
    if said.rejected is not None:
        return False
    if said.modality != "Planned":
        return said.modality == "Asserted"
    status = next((q.object for q in store.match(said.fact[0], terms.EVENT_STATUS, None, said.graph)), None)
    return holds(said.fact[1], terms.term("Planned"), status)


def read(store: Store, claim: ox.NamedNode, graph: ox.NamedNode) -> Said | None:
    """Return a claim as its article's graph has it; None for what is no whole claim."""
    lines: dict[ox.NamedNode, list[Any]] = defaultdict(list)
    for quad in store.match(claim, None, None, graph):
        lines[quad.predicate].append(quad.object)
    parts = [lines[part][0] for part in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT) if lines[part]]
    if len(parts) < 3 or not lines[terms.MODALITY]:
        return None
    confidence = lines[CONFIDENCE]
    article = article_of(graph)
    days = [
        q.object.value for q in store.match(article, _PUBLISHED_ON, None, graph) if isinstance(q.object, ox.Literal)
    ]
    return Said(
        claim,
        graph,
        cast("Fact", tuple(parts)),
        lines[terms.MODALITY][0].value.removeprefix(WENMAI),
        "".join(days[:1]),
        next(iter(lines[terms.REJECTED_BY]), None),
        tuple(each for each in lines[EVIDENCE] if isinstance(each, ox.NamedNode)),
        APPROXIMATE in lines,
        confidence[0].value if confidence else "",
    )


def article_of(graph: ox.NamedNode) -> ox.NamedNode:
    """Return the article whose graph this is."""
    return ox.NamedNode(graph.value.replace("/graph/", "/id/"))


def claims_of(names: Names, fact: Fact) -> list[Said]:
    """Return the claims of all articles that speak of one fact, of whatever modality, in the order of their dates."""
    claims = Claims(names, fact[0])
    return sorted([*claims.of(fact), *(said for said in claims.apart if said.fact == fact)], key=in_time)


def in_time(said: Said) -> tuple[str, str, str]:
    """Return the key that puts claims in the order of their articles' dates."""
    return said.date or "9999", said.graph.value, said.claim.value


def quotes_of(names: Names, said: Said) -> list[Quote]:
    """Return the words on which one claim stands, in the order of the text."""
    found = []
    source = names.source(article_of(said.graph))
    modality = "" if said.modality == "Asserted" else modality_label(said.modality, names)
    for span in said.spans:
        of = {quad.predicate: quad.object for quad in names.store.match(span, None, None, said.graph)}
        begin, text = of.get(terms.BEGIN), of.get(terms.ANCHOR)
        if isinstance(begin, ox.Literal) and isinstance(text, ox.Literal):
            href = names.links.of(span.value)
            claim = names.links.of(said.claim.value)
            quote = Quote(text.value, href, source, claim, modality, said.approximate, said.confidence)
            found.append((int(begin.value), quote))
    return [quote for _, quote in sorted(found, key=lambda pair: pair[0])]


def modality_label(modality: str, names: Names) -> str:
    """Return what a modality is called."""
    return ontology.label(modality, names.lang) if modality in ontology.individuals("Modality") else modality
