"""Which words of which articles say a fact: the claims about it, and what articles show of an entity.

Found by pattern from the rarer end of the fact, so that what is said of a hub costs no more than it must.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from wenmai.namespaces import WENMAI
from wenmai.triples import iris, terms
from wenmai.triples.merge import DEFAULT, Dataset, Fact, facts
from wenmai.triples.summary import SUMMARY

_SHOWN = (terms.TYPE, terms.NAME_AS_PRINTED, terms.LABEL, terms.NOTATION, terms.EVENT_STATUS)
_EVIDENCE, _CONFIDENCE = terms.term("evidence"), terms.term("confidence")


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """Words of an article and where they stand in its text, in code points."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one article says of a fact.

    `modality` is that of a claim; None where the article shows it of an entity or of itself without a claim. `holds`
    tells whether the fact holds by this article. `claim` is the IRI of the claim.
    """

    article: str
    title: str
    date: str | None
    modality: str | None
    holds: bool
    confidence: float | None = None
    rules: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    claim: str | None = None


class Witnesses:
    """What the articles of a store say of facts; each article's graph is read once."""

    def __init__(self, store: Dataset) -> None:
        self.store = store
        self._facts = lru_cache(maxsize=64)(self._facts_of)

    def of(self, fact: Fact) -> Iterator[Evidence]:
        """Yield what articles say of a fact, in the order of their graphs: claims of every modality, descriptions."""
        for graph, claim in self.claims(fact):
            yield self._claimed(fact, graph, claim)
        subject, predicate, _ = fact
        for quad in self.store.match(*fact, None):
            if isinstance(quad.graph_name, ox.NamedNode) and iris.is_article_graph(quad.graph_name):
                yield self._shown(fact, quad.graph_name)
        if predicate in SUMMARY and predicate != terms.TYPE and iris.is_entity(subject):
            yield from self._summed_up(fact)

    def claims(self, fact: Fact) -> list[tuple[ox.NamedNode, ox.NamedNode]]:
        """Return the claims about a fact, each with its article's graph; read from the end with fewer claims."""
        subject, predicate, value = fact
        ends = [
            (self.store.match(None, terms.SUBJECT, subject, None), terms.OBJECT, value),
            (self.store.match(None, terms.OBJECT, value, None), terms.SUBJECT, subject),
        ]
        read: list[list[ox.Quad]] = [[], []]
        found: list[tuple[ox.NamedNode, ox.NamedNode]] = []
        while True:
            for (quads, other, term), seen in zip(ends, read, strict=True):
                quad = next(quads, None)
                if quad is not None:
                    seen.append(quad)
                    continue
                for line in seen:
                    graph, claim = line.graph_name, line.subject
                    if not isinstance(graph, ox.NamedNode) or not isinstance(claim, ox.NamedNode):
                        continue
                    if self._has(claim, other, term, graph) and self._has(claim, terms.PREDICATE, predicate, graph):
                        found.append((graph, claim))
                return sorted(found, key=str)

    def _has(self, *pattern: ox.NamedNode | ox.Literal) -> bool:
        return next(self.store.match(*pattern), None) is not None  # type: ignore[arg-type]  # three nodes and a graph

    def _claimed(self, fact: Fact, graph: ox.NamedNode, claim: ox.NamedNode) -> Evidence:
        modality = self._one(claim, terms.MODALITY, graph)
        confidence = self._one(claim, _CONFIDENCE, graph)
        rules = sorted(quad.object.value for quad in self.store.match(claim, terms.term("rule"), None, graph))  # type: ignore[union-attr]
        quotes = []
        for quad in self.store.match(claim, _EVIDENCE, None, graph):
            span = quad.object
            if isinstance(span, ox.NamedNode):
                begin, end, words = (self._one(span, p, graph) for p in (terms.BEGIN, terms.END, terms.ANCHOR))
                if begin and end and words is not None:
                    quotes.append(Quote(int(begin), int(end), words))
        return Evidence(
            *self._article(graph),
            modality=modality.removeprefix(WENMAI) if modality else None,
            holds=fact in self._facts(graph),
            confidence=float(confidence) if confidence else None,
            rules=tuple(rules),
            quotes=tuple(sorted(quotes)),
            claim=claim.value,
        )

    def _shown(self, fact: Fact, graph: ox.NamedNode) -> Evidence:
        """Return what an article shows of an entity, by the first place where it names it, or of itself."""
        subject = fact[0]
        names = [quad.object for quad in self.store.match(subject, terms.NAME_AS_PRINTED, None, graph)]
        words = [name.value for name in names if isinstance(name, ox.Literal)]
        is_entity = iris.is_entity(subject)
        return Evidence(
            *self._article(graph),
            modality=None,
            holds=is_entity or fact in self._facts(graph),
            quotes=self._first(words, graph) if is_entity else (),
        )

    def _summed_up(self, fact: Fact) -> Iterator[Evidence]:
        """Yield the articles that show an entity with the text of a label or code, or with its status."""
        subject, _, value = fact
        text = value.value if isinstance(value, ox.Literal) else None
        for predicate in _SHOWN[1:]:
            for quad in self.store.match(subject, predicate, None, None):
                graph, shown = quad.graph_name, quad.object
                if not isinstance(graph, ox.NamedNode) or not iris.is_article_graph(graph):
                    continue
                if isinstance(shown, ox.Literal) and shown.value == text:
                    yield Evidence(*self._article(graph), None, True, quotes=self._first([shown.value], graph))

    def _first(self, names: list[str], graph: ox.NamedNode) -> tuple[Quote, ...]:
        """Return the first place in an article's text where one of the names stands."""
        text = next((quad.object.value for quad in self.store.match(None, terms.IS_STRING, None, graph)), "")  # type: ignore[union-attr]
        places = [(text.find(name), -len(name), name) for name in names if name and name in text]
        return tuple(Quote(begin, begin + len(name), name) for begin, _, name in sorted(places)[:1])

    def _article(self, graph: ox.NamedNode) -> tuple[str, str, str | None]:
        """Return an article's identifier, title and date."""
        found = [
            self._any(predicate, graph) for predicate in (terms.IDENTIFIER, terms.TITLE, terms.term("publishedOn"))
        ]
        return found[0] or graph.value, found[1] or "", found[2]

    def _any(self, predicate: ox.NamedNode, graph: ox.NamedNode) -> str | None:
        return next((quad.object.value for quad in self.store.match(None, predicate, None, graph)), None)  # type: ignore[union-attr]

    def _one(self, node: ox.NamedNode, predicate: ox.NamedNode, graph: ox.NamedNode) -> str | None:
        return next((quad.object.value for quad in self.store.match(node, predicate, None, graph)), None)  # type: ignore[union-attr]

    def _facts_of(self, graph: ox.NamedNode) -> set[Fact]:
        return facts(self.store.match(None, None, None, graph))


def name_of(store: Dataset, node: ox.NamedNode) -> str:
    """Return what a person calls a node: its preferred label, its title, else the end of its IRI."""
    for predicate in (terms.PREF_LABEL, terms.TITLE):
        labels = [quad.object for quad in store.match(node, predicate, None, DEFAULT)]
        found = sorted((o.language != "zh", o.value) for o in labels if isinstance(o, ox.Literal))
        if found:
            return found[0][1]
    return node.value.rpartition("/id/")[2] if "/id/" in node.value else node.value
