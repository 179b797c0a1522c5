"""What a store knows, in the form the kinds of doubt look at: entities, claims, articles, read once and by predicate.

Rejected claims (`prov:wasInvalidatedBy`) and replaced entities (`dcterms:isReplacedBy`) are left out here already. Ids
are local parts of IRIs. Memory follows the number of claims and entities; texts and quotes stay in the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.review.doubt import Named, Words
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import entity_iri, iris, terms
from wenmai.triples.merge import plain

_PUBLISHED_IN = terms.term("publishedIn")
_STATED_IN, _EVIDENCE = terms.term("statedIn"), terms.term("evidence")


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity: local id, most specific class, preferred name in zh, all its names (that one first)."""

    id: str
    cls: str
    name: str
    names: tuple[str, ...]

    @property
    def named(self) -> Named:
        """Return what a doubt says of it."""
        return Named(self.id, self.name, self.cls)


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A claim that nobody rejected: `object` is the local id of an entity, or a literal's text (`literal`).

    `day` is the day its article was published, empty if unknown.
    """

    id: str
    subject: str
    predicate: str
    object: str
    literal: bool
    modality: str
    confidence: float
    article: str
    day: str

    @property
    def asserted(self) -> bool:
        """Tell whether the article states it as so."""
        return self.modality == "Asserted"


class Known:
    """A store as the kinds of doubt see it; each part is read when it is first asked for. May raise StoreError."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.base = store.base

    def node(self, local: str) -> ox.NamedNode:
        """Return the IRI of a local id."""
        return entity_iri(self.base, local)

    def _column(self, predicate: ox.NamedNode, graph: ox.DefaultGraph | None) -> Iterator[tuple[str, str]]:
        for subject, _, value in plain(self.store.match(None, predicate, None, graph)):
            yield iris.local_id(subject), value.value

    @cached_property
    def confirmed(self) -> frozenset[str]:
        """The claims and entities that a person has confirmed."""
        return frozenset(node for node, _ in self._column(terms.CONFIRMED_BY, None))

    @cached_property
    def rejected(self) -> frozenset[str]:
        """The claims that a person has rejected."""
        return frozenset(node for node, _ in self._column(terms.REJECTED_BY, None))

    @cached_property
    def told_apart(self) -> frozenset[frozenset[str]]:
        """The pairs of entities that are known to be different (`owl:differentFrom`)."""
        return frozenset(
            frozenset((one, other.rpartition("/id/")[2])) for one, other in self._column(terms.DIFFERENT_FROM, None)
        )

    @cached_property
    def articles(self) -> dict[str, str]:
        """The identifiers of the articles, by local id."""
        return dict(sorted(self._column(terms.IDENTIFIER, DEFAULT)))

    @cached_property
    def days(self) -> dict[str, str]:
        """The days on which articles were published, by local id, where known."""
        return dict(sorted(self._column(terms.term("publishedOn"), DEFAULT)))

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """The entities of the default graph by local id, in order of their ids."""
        replaced = {node for node, _ in self._column(terms.REPLACED_BY, DEFAULT)}
        classes: defaultdict[str, set[str]] = defaultdict(set)
        for subject, _, kind in plain(self.store.match(None, terms.TYPE, None, DEFAULT)):
            if kind.value.startswith(WENMAI) and iris.is_entity(subject):
                classes[iris.local_id(subject)].add(kind.value[len(WENMAI) :])
        first: dict[str, str] = {}
        rest: defaultdict[str, set[str]] = defaultdict(set)
        for predicate in (terms.PREF_LABEL, terms.ALT_LABEL):
            for subject, _, value in plain(self.store.match(None, predicate, None, DEFAULT)):
                if isinstance(value, ox.Literal) and iris.is_entity(subject):
                    rest[iris.local_id(subject)].add(value.value)
                    if predicate == terms.PREF_LABEL and value.language == "zh":
                        first[iris.local_id(subject)] = value.value
        found = {}
        for local in sorted(classes.keys() - replaced):
            kinds = ontology.most_specific(frozenset(classes[local]) & frozenset(ontology.classes()))
            if kinds:
                name = first.get(local) or min(rest[local], default=local)
                names = (name, *sorted(rest[local] - {name}, key=lambda each: (-len(each), each)))
                found[local] = Entity(local, kinds[0], name, names)
        return found

    def named(self, local: str) -> Named:
        """Return what a doubt says of an entity; of one that is not described, its id."""
        entity = self.entities.get(local)
        return entity.named if entity else Named(local, local, "")

    def name(self, local: str) -> str:
        """Return the name of an entity, or its id."""
        return self.named(local).name

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """All claims that are not rejected, by local id, in order of their ids."""
        parts: dict[str, list[str]] = {}
        literal = set()
        columns = (terms.SUBJECT, terms.PREDICATE, terms.OBJECT, terms.MODALITY, terms.term("confidence"), _STATED_IN)
        shared: dict[str, str] = {}
        for number, predicate in enumerate(columns):
            for subject, _, value in plain(self.store.match(None, predicate, None, None)):
                local = iris.local_id(subject)
                if isinstance(value, ox.Literal):
                    text = value.value
                    if predicate == terms.OBJECT:
                        literal.add(local)
                else:
                    text = value.value.rpartition("/id/")[2] or value.value
                    text = text.removeprefix(WENMAI)
                parts.setdefault(local, [""] * len(columns))[number] = shared.setdefault(text, text)
        made = {}
        for local in sorted(parts):
            subject_id, prop, target, modality, confidence, article = parts[local]
            if local in self.rejected or not (subject_id and prop and target):
                continue
            made[local] = Claim(
                local,
                subject_id,
                prop,
                target,
                local in literal,
                modality,
                float(confidence or 1),
                article,
                self.days.get(article, ""),
            )
        return made

    @cached_property
    def by_fact(self) -> dict[tuple[str, str, str], list[Claim]]:
        """The asserted claims by what they state: subject, predicate, object."""
        found: defaultdict[tuple[str, str, str], list[Claim]] = defaultdict(list)
        for claim in self.claims.values():
            if claim.asserted:
                found[claim.subject, claim.predicate, claim.object].append(claim)
        return dict(found)

    @cached_property
    def about(self) -> dict[str, list[Claim]]:
        """The claims by the entities at their ends."""
        found: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims.values():
            found[claim.subject].append(claim)
            if not claim.literal and claim.object != claim.subject:
                found[claim.object].append(claim)
        return dict(found)

    @cached_property
    def mentioned(self) -> dict[str, frozenset[str]]:
        """The articles (local ids) that mention each entity."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for article, entity in self._column(terms.term("mentions"), DEFAULT):
            found[entity.rpartition("/id/")[2]].add(article)
        return {entity: frozenset(articles) for entity, articles in found.items()}

    @cached_property
    def neighbours(self) -> dict[str, frozenset[str]]:
        """The entities that asserted claims tie to each.

        A post is passed through, to its body and its holder, and an article from its author to its medium.
        """
        media = {article: paper.rpartition("/id/")[2] for article, paper in self._column(_PUBLISHED_IN, DEFAULT)}
        ties: defaultdict[str, set[str]] = defaultdict(set)
        for fact in (fact for fact, claims in self.by_fact.items() if not claims[0].literal):
            subject, target = (media.get(end, "") if end in self.articles else end for end in (fact[0], fact[2]))
            if not subject or not target:
                continue
            ties[subject].add(target)
            ties[target].add(subject)
        posts = {local for local in ties if local.startswith("post-")}
        for post in sorted(posts):
            for one in ties[post]:
                ties[one] |= ties[post] - {one}
        return {local: frozenset(found - posts) for local, found in ties.items() if local not in posts}

    def holds(self, claim: Claim) -> bool:
        """Tell whether what a claim says is a fact of the default graph that this claim may stand for."""
        if claim.modality not in ("Asserted", "Planned"):
            return False
        predicate = terms.term(claim.predicate)
        found = self.store.match(self.node(claim.subject), predicate, None, DEFAULT)
        return any(value.value.rpartition("/id/")[2] == claim.object for _, _, value in plain(found))

    def words(self, claims: Iterable[str]) -> list[Words]:
        """Return the words that claims stand on, read from the store, by article and place."""
        found = set()
        for local in claims:
            claim = self.claims.get(local)
            if claim is None:
                continue
            for _, _, span in plain(self.store.match(self.node(local), _EVIDENCE, None, None)):
                if isinstance(span, ox.NamedNode):
                    found.add(self._span(span, claim))
        return sorted(found)

    def _span(self, span: ox.NamedNode, claim: Claim) -> Words:
        read = {
            predicate: value.value
            for predicate in (terms.BEGIN, terms.END, terms.ANCHOR)
            for _, _, value in plain(self.store.match(span, predicate, None, None))
        }
        begin, end = int(read.get(terms.BEGIN, "0")), int(read.get(terms.END, "0"))
        article = self.articles.get(claim.article, claim.article)
        return Words(article, claim.day, begin, end, read.get(terms.ANCHOR, ""), claim.id)
