"""Readings of articles that were built before readings were kept: worked out from what stands in their graphs.

Their ids stay. What an id was minted from is found by trying what it may have been: an origin that gives the id is the
one. Entities for which none does keep their ids as well, and are known by them alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import cast

import pyoxigraph as ox

from wenmai.records import Article, Claim, Datatype, Entity, Modality, Resolution, Run, Span, Status, Value
from wenmai.resolve import keys
from wenmai.resolve.identity import CODED, LOCAL
from wenmai.resolve.mint import family, mint
from wenmai.resolve.profile import form_keys
from wenmai.triples import iris, terms
from wenmai.triples.merge import Matcher, plain

Term = ox.NamedNode | ox.Literal
_Nodes = dict[ox.NamedNode, dict[str, list[Term]]]


def recovered(store: Matcher, graph: ox.NamedNode) -> Resolution | None:
    """Return the reading of the article whose graph this is; None if the graph holds no article."""
    nodes: _Nodes = {}
    for subject, predicate, value in plain(store.match(None, None, None, graph)):
        nodes.setdefault(subject, {}).setdefault(predicate.value.rpartition("#")[2].rpartition("/")[2], []).append(
            value
        )
    by_kind = {kind: _of_type(nodes, kind) for kind in ("Article", "Claim", "ExtractionRun")}
    if not by_kind["Article"] or not by_kind["ExtractionRun"]:
        return None
    (article, *_), (run, *_) = by_kind["Article"], by_kind["ExtractionRun"]
    lines = nodes[article]
    claims = tuple(found for node in by_kind["Claim"] for found in _claims(nodes, node, article))
    title = lines["title"][0]
    day = _text(lines, "publishedOn")
    record = Article(
        id=_text(lines, "identifier"),
        title=title.value,
        text=_text(lines, "isString"),
        source=_text(lines, "source"),
        sha256=_text(lines, "sha256"),
        date=dt.date.fromisoformat(day) if day else None,
        lang=title.language if isinstance(title, ox.Literal) and title.language else "und",
    )
    mentioned = set(lines.get("mentions", ()))
    bare = [_entity(nodes[node], node, node in mentioned) for node in nodes if iris.is_entity(node)]
    publisher = next((_local(value) for value in lines.get("publishedIn", ())), None)
    resolution = Resolution(
        article=record,
        run=Run(*(_text(nodes[run], name) for name in ("extractor", "extractorVersion", "extractorSettings"))),
        entities=tuple(sorted(bare, key=lambda entity: entity.id)),
        claims=tuple(sorted(claims, key=lambda c: (c.span, c.subject, c.predicate, str(c.object), c.modality))),
        publisher=publisher,
        authors=tuple(sorted(_local(value) for value in lines.get("author", ()))),
    )
    origins = _Origins(resolution)
    entities = (replace(entity, origins=origins.of(entity)) for entity in resolution.entities)
    return replace(resolution, entities=tuple(entities))


def _of_type(nodes: _Nodes, kind: str) -> list[ox.NamedNode]:
    return sorted((node for node, lines in nodes.items() if terms.term(kind) in lines.get("type", ())), key=str)


def _text(lines: dict[str, list[Term]], name: str) -> str:
    return next((value.value for value in lines.get(name, ())), "")


def _local(value: Term) -> str:
    return iris.local_id(value) if isinstance(value, ox.NamedNode) else value.value


def _entity(lines: dict[str, list[Term]], node: ox.NamedNode, mentioned: bool) -> Entity:
    names = sorted((value.value for value in lines.get("nameAsPrinted", ())), key=lambda name: (-len(name), name))
    labels = {value.language: value.value for value in lines.get("label", ()) if isinstance(value, ox.Literal)}
    status = _text(lines, "eventStatus").rpartition("#")[2]
    return Entity(
        id=iris.local_id(node),
        cls=_text(lines, "type").rpartition("#")[2],
        names=tuple(names),
        code=_text(lines, "notation") or None,
        label=labels.get("zh"),
        label_en=labels.get("en"),
        status=cast("Status", status) if status else None,
        spans=(Span(0, 1),) if mentioned else (),
    )


def _claims(nodes: _Nodes, node: ox.NamedNode, article: ox.NamedNode) -> Iterator[Claim]:
    lines = nodes[node]
    subject, target = lines["subject"][0], lines["object"][0]
    kind = target.datatype.value.rpartition("#")[2] if isinstance(target, ox.Literal) else ""
    end = Value(target.value, cast("Datatype", kind)) if isinstance(target, ox.Literal) else _local(target)
    rules = [value.value for value in lines.get("rule", ())] or [""]
    spans = [nodes[span] for span in lines.get("evidence", ()) if isinstance(span, ox.NamedNode) and span in nodes]
    for span, rule in product(spans, sorted(rules)):
        yield Claim(
            subject="article" if subject == article else _local(subject),
            predicate=_text(lines, "predicate").rpartition("#")[2],
            object=end,
            span=Span(int(_text(span, "beginIndex")), int(_text(span, "endIndex"))),
            modality=cast("Modality", _text(lines, "modality").rpartition("#")[2]),
            approximate=bool(lines.get("approximate")),
            confidence=float(_text(lines, "confidence") or 0),
            rule=rule,
        )


class _Origins:
    """Finds what the ids of one resolution were minted from, by what its claims tell of posts and places."""

    def __init__(self, resolution: Resolution) -> None:
        self.local = LOCAL + resolution.article.id
        self.publisher = resolution.publisher
        codes = {entity.code for entity in resolution.entities if entity.code}
        self.cities = sorted(codes | {code[:4] + "00" for code in codes} | {code[:2] + "0000" for code in codes})
        self.bodies: defaultdict[str, list[str]] = defaultdict(list)
        self.holders: defaultdict[str, list[str]] = defaultdict(list)
        self.posts: defaultdict[str, list[str]] = defaultdict(list)
        self.titles: defaultdict[str, list[str]] = defaultdict(list)
        for claim in resolution.claims:
            if isinstance(claim.object, Value):
                if claim.predicate == "postTitle":
                    self.titles[claim.subject].append(keys.key(claim.object.text))
            elif claim.predicate in ("postIn", "locatedIn", "administers"):
                self.bodies[claim.subject].append(claim.object)
            elif claim.predicate == "holdsPost":
                self.holders[claim.object].append(claim.subject)
                self.posts[claim.subject].append(claim.object)

    def of(self, entity: Entity) -> tuple[tuple[str, ...], ...]:
        """Return the origin that gives the entity's id, alone; nothing if none of those tried does."""
        kind = family(entity.cls)
        tried = self._of_post(entity.id) if kind == "Post" else self._of_named(kind, entity)
        return tuple(islice((origin for origin in tried if mint(*origin) == entity.id), 1))

    def _of_post(self, post: str) -> Iterator[tuple[str, ...]]:
        bodies = [*self.bodies[post], ""]
        yield from (("Post", *each) for each in product(self.titles[post], self.holders[post], bodies))

    def _of_named(self, kind: str, entity: Entity) -> Iterator[tuple[str, ...]]:
        if entity.code:
            yield (kind, entity.code, CODED)
        contexts = [*self.bodies[entity.id], *(body for post in self.posts[entity.id] for body in self.bodies[post])]
        contexts += [self.publisher or "", self.local, *self.cities]
        for name in entity.names:
            for made in dict.fromkeys([*form_keys(entity.cls, name), keys.key(name), keys.body_key(name)]):
                yield (kind, made)
                yield from ((kind, made, context) for context in contexts if context)
