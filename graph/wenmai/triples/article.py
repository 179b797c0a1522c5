"""An article whose mentions have become entities, as the triples of its named graph.

Takes a `Linked`, gives triples or quads: the article, what it shows of each entity (class, names as printed, status),
its claims, the spans they stand on, the run that found them, and which ids others replace. What the default graph says
follows from these graphs and that of decisions alone; see `merge`. A claim's IRI is made of the ids that the article
alone gives, so that it stays when an entity is linked otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyoxigraph as ox

from wenmai import ontology
from wenmai.records import Claim, Decision, Entity, Linked, Run, Span, Value
from wenmai.triples import iris, terms
from wenmai.triples.merge import Fact

_ARTICLE = "article"
"""The subject of a claim that speaks of the article itself (its byline)."""


@dataclass
class _Statement:
    """Claims of one article that say the same: one node in the graph, standing on all their spans."""

    confidence: float = 0.0
    spans: set[Span] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)


class _Writer:
    """Collects the triples of one article's graph, each once."""

    def __init__(self, linked: Linked, base: str, judged: Callable[[str], Decision | None]) -> None:
        self.base = base
        self.ids = linked.ids
        self.judged = judged
        self.resolution = linked.resolution
        self.article = linked.resolution.article
        self.node = iris.article_iri(base, self.article.id)
        self.lines: dict[Fact, None] = {}
        self._nodes = {_ARTICLE: self.node}

    def put(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        self.lines[subject, predicate, value] = None

    def entity(self, entity_id: str) -> ox.NamedNode:
        node = self._nodes.get(entity_id)
        if node is None:
            node = self._nodes[entity_id] = iris.entity_iri(self.base, self.ids.get(entity_id, entity_id))
        return node

    def write_article(self) -> None:
        article = self.article
        self.put(self.node, terms.TYPE, terms.term("Article"))
        self.put(self.node, terms.IDENTIFIER, terms.string(article.id))
        self.put(self.node, terms.TITLE, terms.tagged(article.title, article.lang))
        self.put(self.node, terms.IS_STRING, terms.string(article.text))
        self.put(self.node, terms.SOURCE, terms.string(article.source))
        self.put(self.node, terms.term("sha256"), terms.string(article.sha256))
        if article.date is not None:
            date = terms.value(Value(article.date.isoformat(), "date"))
            self.put(self.node, terms.term("publishedOn"), date)
        if self.resolution.publisher is not None:
            self.put(self.node, terms.term("publishedIn"), self.entity(self.resolution.publisher))
        for author in self.resolution.authors:
            self.put(self.node, terms.term("author"), self.entity(author))
        for entity_id in self.mentioned():
            self.put(self.node, terms.term("mentions"), self.entity(entity_id))

    def mentioned(self) -> list[str]:
        """Return the ids of the entities the text speaks of: not a paper or an author that only the metadata names."""
        claimed = {claim.subject for claim in self.resolution.claims}
        claimed |= {claim.object for claim in self.resolution.claims if isinstance(claim.object, str)}
        metadata = {self.resolution.publisher, *self.resolution.authors}
        return [e.id for e in self.resolution.entities if e.spans or e.id in claimed or e.id not in metadata]

    def write_entity(self, entity: Entity) -> None:
        node = self.entity(entity.id)
        self.put(node, terms.TYPE, terms.term(entity.cls))
        for name in entity.names:
            self.put(node, terms.NAME_AS_PRINTED, terms.string(name))
        if entity.code is not None:
            self.put(node, terms.NOTATION, terms.string(entity.code))
        if ontology.coarse(entity.cls) in ("Event", "Post"):
            for label, language in ((entity.label, "zh"), (entity.label_en, "en")):
                if label:
                    self.put(node, terms.LABEL, terms.tagged(label, language))
        if entity.status is not None and ontology.is_event(entity.cls):
            self.put(node, terms.EVENT_STATUS, terms.term(entity.status))

    def write_run(self, run: Run) -> ox.NamedNode:
        node = iris.run_iri(self.base, run)
        self.put(node, terms.TYPE, terms.term("ExtractionRun"))
        self.put(node, terms.term("extractor"), terms.string(run.extractor))
        self.put(node, terms.term("extractorVersion"), terms.string(run.version))
        if run.settings:
            self.put(node, terms.term("extractorSettings"), terms.string(run.settings))
        return node

    def write_claims(self, run: ox.NamedNode) -> None:
        statements: dict[tuple[str, str, str | Value, str, bool], _Statement] = {}
        for claim in self.resolution.claims:
            statement = statements.setdefault(_identity(claim), _Statement())
            statement.confidence = max(statement.confidence, claim.confidence)
            statement.spans.add(claim.span)
            if claim.rule:
                statement.rules.add(claim.rule)
        for (subject, predicate, obj, modality, approximate), statement in statements.items():
            target = terms.value(obj) if isinstance(obj, Value) else self.entity(obj)
            node = _node(self.base, self.article.id, subject, predicate, obj, modality, approximate)
            self.put(node, terms.TYPE, terms.term("Claim"))
            self.put(node, terms.SUBJECT, self.entity(subject))
            self.put(node, terms.PREDICATE, terms.term(predicate))
            self.put(node, terms.OBJECT, target)
            self.put(node, terms.term("statedIn"), self.node)
            self.put(node, terms.MODALITY, terms.term(modality))
            if approximate:
                self.put(node, terms.term("approximate"), terms.TRUE)
            self.put(node, terms.term("confidence"), terms.decimal(statement.confidence))
            for rule in statement.rules:
                self.put(node, terms.term("rule"), terms.string(rule))
            self.put(node, terms.GENERATED_BY, run)
            for span in statement.spans:
                self.put(node, terms.term("evidence"), self.write_span(span))
            self.write_judgement(node)

    def write_judgement(self, claim: ox.NamedNode) -> None:
        decision = self.judged(iris.local_id(claim))
        if decision is not None:
            by = terms.CONFIRMED_BY if decision.do == "confirm" else terms.REJECTED_BY
            self.put(claim, by, iris.decision_iri(self.base, decision.number))

    def write_span(self, span: Span) -> ox.NamedNode:
        node = iris.span_iri(self.node, span)
        if (node, terms.TYPE, terms.PHRASE) in self.lines:
            return node
        self.put(node, terms.TYPE, terms.PHRASE)
        self.put(node, terms.BEGIN, terms.integer(span.begin))
        self.put(node, terms.END, terms.integer(span.end))
        self.put(node, terms.ANCHOR, terms.string(span.of(self.article.text)))
        self.put(node, terms.CONTEXT, self.node)
        return node


def claim_node(base: str, article: str, claim: Claim) -> ox.NamedNode:
    """Return the IRI of a claim of the article with this id, by the ids that the article alone gives."""
    return _node(base, article, *_identity(claim))


def _node(
    base: str, article: str, subject: str, predicate: str, obj: str | Value, modality: str, approximate: bool
) -> ox.NamedNode:
    said = f"{obj.datatype} {obj.text}" if isinstance(obj, Value) else obj
    return iris.claim_iri(base, article, subject, predicate, said, modality, str(approximate))


def _identity(claim: Claim) -> tuple[str, str, str | Value, str, bool]:
    return claim.subject, claim.predicate, claim.object, claim.modality, claim.approximate


def article_lines(
    linked: Linked, base: str, judged: Callable[[str], Decision | None] = lambda claim: None
) -> list[Fact]:
    """Return everything that goes into the named graph of the article of `linked`, each triple once.

    `base` is the store's base IRI, `judged` gives the decision on a claim by its local id. Claims that say the same
    become one node that stands on all their spans. Raises KeyError for a class that the ontology lacks, ValueError for
    an id that makes no IRI.
    """
    writer = _Writer(linked, base, judged)
    writer.write_article()
    for entity in linked.resolution.entities:
        writer.write_entity(entity)
    for old, new in linked.retired:
        writer.put(iris.entity_iri(base, old), terms.REPLACED_BY, iris.entity_iri(base, new))
    writer.write_claims(writer.write_run(linked.resolution.run))
    return list(writer.lines)


def article_quads(
    linked: Linked, base: str, judged: Callable[[str], Decision | None] = lambda claim: None
) -> list[ox.Quad]:
    """Return what `article_lines` does as the quads of the article's graph, raising the same."""
    graph = iris.graph_iri(base, linked.resolution.article.id)
    return [ox.Quad(*line, graph) for line in article_lines(linked, base, judged)]
