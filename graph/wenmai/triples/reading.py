"""How the graph keeps what an article alone shows: one literal in the store's own graph `<base>graph/reading`.

The article's graph has the ids of the archive, which change when others are read or people decide; from its reading it
is written anew, without extracting again. Readings are the store's working record: no export has them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from wenmai.records import Article, Claim, Entity, Resolution, Run, Span, Value
from wenmai.triples import iris, terms
from wenmai.triples.merge import Matcher

_READING, _DIGEST = terms.term("reading"), terms.term("readingDigest")


def reading_quads(resolution: Resolution, base: str) -> tuple[list[ox.Quad], str]:
    """Return the quads that keep the reading of an article, and its digest: a SHA-256 in hexadecimal."""
    node, graph = iris.article_iri(base, resolution.article.id), iris.reading_iri(base)
    text = terms.string(written(resolution))
    digest = hashlib.sha256(text.value.encode()).hexdigest()
    return [ox.Quad(node, _READING, text, graph), ox.Quad(node, _DIGEST, terms.string(digest), graph)], digest


def stored_reading(store: Matcher, base: str, article: str) -> list[ox.Quad]:
    """Return the quads that keep the reading of the article of this id; none if there is none."""
    return list(store.match(iris.article_iri(base, article), None, None, iris.reading_iri(base)))


def digests(store: Matcher, base: str) -> dict[str, str]:
    """Return the digests of all readings by the IRI of their article."""
    found = store.match(None, _DIGEST, None, iris.reading_iri(base))
    return {
        quad.subject.value: quad.object.value
        for quad in found
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    }


def read_back(store: Matcher, base: str, node: ox.NamedNode) -> Resolution | None:
    """Return what the article of this IRI alone shows, text and all; None if the store does not have it."""
    for quad in store.match(node, _READING, None, iris.reading_iri(base)):
        if isinstance(quad.object, ox.Literal):
            return _parsed(quad.object.value, lambda name: _text(store, node, iris.graph_iri(base, name)))
    return None


def _text(store: Matcher, node: ox.NamedNode, graph: ox.NamedNode) -> str:
    found = (quad.object for quad in store.match(node, terms.IS_STRING, None, graph))
    return next((text.value for text in found if isinstance(text, ox.Literal)), "")


def written(resolution: Resolution) -> str:
    """Return a resolution as JSON on one line, without the article's text."""
    article = resolution.article
    content = {
        "article": [article.id, article.title, article.source, article.sha256, _day(article.date), article.lang],
        "run": [resolution.run.extractor, resolution.run.version, resolution.run.settings],
        "publisher": resolution.publisher,
        "authors": resolution.authors,
        "entities": list(map(_entity, resolution.entities)),
        "claims": list(map(_claim, resolution.claims)),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _day(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _entity(entity: Entity) -> list[Any]:
    spans = [number for span in entity.spans for number in (span.begin, span.end)]
    told = [entity.label, entity.label_en, entity.status]
    return [entity.id, entity.cls, entity.names, entity.code, told, spans, entity.origins]


def _claim(claim: Claim) -> list[Any]:
    end = [claim.object.text, claim.object.datatype] if isinstance(claim.object, Value) else claim.object
    how = [claim.modality, claim.approximate, claim.confidence, claim.rule]
    return [claim.subject, claim.predicate, end, claim.span.begin, claim.span.end, *how]


def from_written(reading: str, text: str) -> Resolution:
    """Return the resolution of an article with this text that `written` made `reading` of."""
    return _parsed(reading, lambda name: text)


def _parsed(text: str, text_of: Any) -> Resolution:
    content = json.loads(text)
    name, title, source, sha256, date, lang = content["article"]
    day = dt.date.fromisoformat(date) if date else None
    return Resolution(
        article=Article(name, title, text_of(name), source, sha256, date=day, lang=lang),
        run=Run(*content["run"]),
        entities=tuple(_entities(content["entities"])),
        claims=tuple(_claims(content["claims"])),
        publisher=content["publisher"],
        authors=tuple(content["authors"]),
    )


def _entities(items: list[list[Any]]) -> Iterator[Entity]:
    for entity_id, cls, names, code, (label, label_en, status), spans, origins in items:
        pairs = zip(spans[::2], spans[1::2], strict=True)
        where = tuple(Span(begin, end) for begin, end in pairs)
        yield Entity(entity_id, cls, tuple(names), code, label, label_en, status, where, tuple(map(tuple, origins)))


def _claims(items: list[list[Any]]) -> Iterator[Claim]:
    for subject, predicate, end, begin, stop, modality, approximate, confidence, rule in items:
        target = Value(*end) if isinstance(end, list) else end
        yield Claim(subject, predicate, target, Span(begin, stop), modality, approximate, confidence, rule)
