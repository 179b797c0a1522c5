"""A difference of quads as people see it: articles, entities, facts and claims that came, went or changed.

Entities are the same whose IRIs are; of those that only one side has, two of one class and one name are taken for the
same (`matching`), so that two builds that minted other IRIs compare by names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from wenmai import ontology
from wenmai.history.difference import Difference
from wenmai.history.lookup import Lookup, Source, Stated, Statement, Term, is_thing
from wenmai.history.matching import Matching
from wenmai.history.sides import Side
from wenmai.namespaces import WENMAI
from wenmai.store.protocol import DEFAULT
from wenmai.triples import terms
from wenmai.triples.summary import SUMMARY

_HOLDING = ("Asserted", "Planned")
"""Modalities of claims that may carry a fact: of planned ones the slots of events and the dates of policies."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article that came (`added`), went (`removed`), has another text or headline (`replaced`), or of which the
    same text says something else (`reread`)."""

    kind: str
    date: str
    identifier: str
    title: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that came or went, or a claim that is none: `modality` is empty for a fact. `sources` carry it."""

    predicate: str
    object: str
    iri: str
    sources: tuple[Source, ...]
    modality: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was one thing and is another: a date, a status, how a claim is said (`object` tells the claim)."""

    predicate: str
    before: str
    after: str
    object: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(slots=True)
class Entity:
    """What changed of one entity; `kind` is `new`, `gone` or `changed`. `was` is its IRI in A where that is another."""

    iri: str
    cls: str
    name: str
    kind: str
    was: str = ""
    renamed: Turn | None = None
    retyped: Turn | None = None
    names_added: list[str] = field(default_factory=list)
    names_withdrawn: list[str] = field(default_factory=list)
    changed: list[Turn] = field(default_factory=list)
    modality: list[Turn] = field(default_factory=list)
    added: list[Fact] = field(default_factory=list)
    withdrawn: list[Fact] = field(default_factory=list)

    @property
    def tells(self) -> bool:
        """Whether there is anything to tell but another IRI."""
        found = (self.renamed, self.retyped, self.names_added, self.names_withdrawn, self.changed, self.modality)
        return self.kind != "changed" or any(found) or bool(self.added or self.withdrawn)


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed, in order of class and name; `followed` counts triples of the default graph that only follow
    from others (came, went), `quads` those of the dataset (came, went), `renumbered` entities with another IRI."""

    articles: tuple[Article, ...]
    entities: tuple[Entity, ...]
    followed: tuple[int, int]
    quads: tuple[int, int]
    renumbered: int


def changes(a: Side, b: Side, difference: Difference) -> Changes:
    """Say in terms of articles, entities, facts and claims what `difference`, from `a` to `b`, comes to."""
    return _Teller(Lookup(a.store), Lookup(b.store), difference).changes()


class _Teller:
    """One difference, sorted by what it is about."""

    def __init__(self, a: Lookup, b: Lookup, difference: Difference) -> None:
        self.a, self.b = a, b
        self.difference = difference
        self.removed, self.added = difference.quads
        self.matching = Matching(a, b, self.removed, self.added)
        self.entities: dict[ox.NamedNode, Entity] = {}
        self.followed = [0, 0]

    def changes(self) -> Changes:
        gone = {self.matching.statement(line): line for line in _plain(self.removed)}
        come = {line: line for line in _plain(self.added)}
        for both in gone.keys() & come.keys():
            del gone[both], come[both]
        turned = self._modalities()
        self._descriptions(gone, come)
        self._facts(gone, come, turned)
        entities = [entity for entity in self.entities.values() if entity.tells]
        entities.sort(key=lambda entity: (_rank(entity.cls), entity.name, entity.iri))
        return Changes(
            articles=tuple(self._articles()),
            entities=tuple(entities),
            followed=(self.followed[1], self.followed[0]),
            quads=(len(self.difference.added), len(self.difference.removed)),
            renumbered=len(self.matching.pairs),
        )

    def _entity(self, node: ox.NamedNode) -> Entity:
        found = self.entities.get(node)
        if found is None:
            here, was = self.b.knows(node), self.matching.back.get(node, node)
            kind = "changed" if here and self.a.knows(was) else "new" if here else "gone"
            side = self.b if here else self.a
            found = Entity(node.value, side.cls(node), side.name(node), kind, "" if was == node else was.value)
            self.entities[node] = found
        return found

    def _descriptions(self, gone: dict[Statement, Statement], come: dict[Statement, Statement]) -> None:
        """Tell new and gone entities, other names and classes; take their lines out of what are facts."""
        nodes = {line[0] for line in (*gone, *come) if line[1] in SUMMARY and is_thing(line[0])}
        for node in nodes:
            entity = self._entity(node)
            if entity.kind != "changed":
                continue
            was = self.matching.back.get(node, node)
            names = (self.a.name(was), self.b.name(node))
            classes = (self.a.cls(was), self.b.cls(node))
            entity.renamed = Turn("prefLabel", *names) if names[0] != names[1] else None
            entity.retyped = Turn("type", *classes) if classes[0] != classes[1] else None
            old, new = (set(_texts(side, n)) for side, n in ((self.a, was), (self.b, node)))
            entity.names_added, entity.names_withdrawn = sorted(new - old - {names[1]}), sorted(old - new - {names[0]})
            status = (_status(self.a, was), _status(self.b, node))
            if status[0] != status[1]:
                entity.changed.append(Turn("eventStatus", *status))

    def _facts(
        self, gone: dict[Statement, Statement], come: dict[Statement, Statement], turned: set[Statement]
    ) -> None:
        facts = [{line: original for line, original in lines.items() if _is_fact(line)} for lines in (gone, come)]
        single: dict[tuple[ox.NamedNode, ox.NamedNode], list[list[Statement]]] = defaultdict(lambda: [[], []])
        for number, lines in enumerate(facts):
            for line in lines:
                if line[1].value.removeprefix(WENMAI) in _single():
                    single[line[0], line[1]][number].append(line)
        for (node, predicate), (old, new) in single.items():
            before = self.a.holds(self.matching.back.get(node, node), predicate)
            if len(old) == len(new) == len(before) == len(self.b.holds(node, predicate)) == 1:
                sources = _sources(self.b, new[0])
                told = (self.a.told(facts[0].pop(old[0])[2]), self.b.told(facts[1].pop(new[0])[2]))
                self._entity(node).changed.append(Turn(_local(predicate), *told, sources=sources))
        for number, (side, lines) in enumerate(zip((self.a, self.b), facts, strict=True)):
            for line, original in sorted(lines.items(), key=lambda item: _key(item[0])):
                sources = _sources(side, original)
                if not sources and (side.has_claims or not _ours(line)):
                    self.followed[number] += 1
                elif line not in turned:
                    self._put(number, line, side, original, sources)

    def _put(
        self,
        number: int,
        line: Statement,
        side: Lookup,
        original: Statement,
        sources: tuple[Source, ...],
        modality: str = "",
    ) -> None:
        target = line[2]
        iri = target.value if isinstance(target, ox.NamedNode) else ""
        fact = Fact(_local(line[1]), side.told(original[2]), iri, sources, modality)
        entity = self._entity(line[0])
        (entity.added if number else entity.withdrawn).append(fact)

    def _modalities(self) -> set[Statement]:
        """Tell claims that are said otherwise now, and those that came or went and are no facts; return the first."""
        turned: set[Statement] = set()
        for line in self._claimed():
            old = self.a.claims(self.matching.statement_back(line))
            new = self.b.claims(line)
            before, after = ({claim.modality for claim in found} for found in (old, new))
            if before and after and before != after:
                turned.add(line)
                fresh = after - before or after
                sources = _told(self.b, [claim for claim in new if claim.modality in fresh])
                turn = Turn(_local(line[1]), _joined(before), _joined(fresh), self.b.told(line[2]), sources)
                self._entity(line[0]).modality.append(turn)
            elif bool(before) != bool(after):
                self._claim_alone(line, bool(after), new or old)
        return turned

    def _claimed(self) -> list[Statement]:
        """Return what the claims say that came or went, in order."""
        found: set[Statement] = set()
        for side, quads in ((self.a, self.removed), (self.b, self.added)):
            for node in {q.subject for q in quads if q.predicate == terms.MODALITY}:
                claim = side.claim(node) if isinstance(node, ox.NamedNode) else None
                if claim is not None and is_thing(claim.statement[0]):
                    found.add(self.matching.statement(claim.statement) if side is self.a else claim.statement)
        return sorted(found, key=_key)

    def _claim_alone(self, line: Statement, came: bool, claims: list[Stated]) -> None:
        side = self.b if came else self.a
        original = claims[0].statement
        if next(side.store.match(*original, DEFAULT), None) is None:
            modality = _joined({claim.modality for claim in claims})
            self._put(int(came), line, side, original, _told(side, claims), modality)

    def _articles(self) -> list[Article]:
        removed, added = self.matching.articles(self.removed, self.a), self.matching.articles(self.added, self.b)
        found = []
        for identifier in removed.keys() | added.keys():
            old = removed.get(identifier) or added[identifier]
            new = added.get(identifier) or removed[identifier]
            before, after = self.a.edition(old), self.b.edition(new)
            if not any(before) or not any(after):
                kind = "added" if any(after) else "removed"
            elif before != after:
                kind = "replaced"
            elif old == new:
                kind = "reread"
            else:
                continue  # the same under another base
            date, _, title = (self.b if any(after) else self.a).headline(new)
            found.append(Article(kind, date, identifier, title))
        return sorted(found, key=lambda article: (article.date, article.identifier))


def _sources(side: Lookup, line: Statement) -> tuple[Source, ...]:
    return _told(side, [claim for claim in side.claims(line) if claim.modality in _HOLDING])


def _told(side: Lookup, claims: Iterable[Stated]) -> tuple[Source, ...]:
    return tuple(sorted({source for claim in claims for source in side.sources(claim)}))


def _joined(names: Iterable[str]) -> str:
    return "、".join(sorted(names))


def _key(line: Statement) -> tuple[str, ...]:
    return tuple(map(str, line))


def _plain(quads: Iterable[ox.Quad]) -> list[Statement]:
    """Return the triples of the default graph."""
    return [
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if isinstance(quad.graph_name, ox.DefaultGraph)
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, (ox.NamedNode, ox.Literal))
    ]


def _is_fact(line: Statement) -> bool:
    return line[1] not in SUMMARY and is_thing(line[0])


def _ours(line: Statement) -> bool:
    return line[1].value.startswith(WENMAI)


@cache
def _single() -> frozenset[str]:
    """Return the properties that give something one value: those of literals, titles and dates above all."""
    literals = {"date", "gYear", "gYearMonth", "string", "decimal", "boolean", "integer"}
    return frozenset(
        name for name in ontology.properties() if ontology.range_(name) and set(ontology.range_(name)) <= literals
    )


def _texts(side: Lookup, node: ox.NamedNode) -> list[str]:
    """Return the names of an entity; those of events and posts are descriptions."""
    if side.cls(node) and ontology.coarse(side.cls(node)) in ("Event", "Post"):
        return []
    labels = (term for p in (terms.PREF_LABEL, terms.ALT_LABEL) for term in side.holds(node, p))
    return [label.value for label in labels if isinstance(label, ox.Literal) and label.language == "zh"]


def _status(side: Lookup, node: ox.NamedNode) -> str:
    return "、".join(_local(o) for o in side.holds(node, terms.EVENT_STATUS) if isinstance(o, ox.NamedNode))


def _local(term: Term) -> str:
    return term.value.removeprefix(WENMAI)


@cache
def _rank(cls: str) -> int:
    classes = ontology.classes()
    if cls not in classes:
        return len(classes)
    return classes.index(cls)
