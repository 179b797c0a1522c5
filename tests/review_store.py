"""Small stores on disk for the tests of review and report: articles told as claims, by names of our own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE, OWL, PROV, WENMAI
from wenmai.reason import refresh_inferred
from wenmai.records import Article, Claim, Entity, Linked, Modality, Resolution, Run, Span, Status, Value
from wenmai.resolve.mint import family
from wenmai.store import MemoryStore, Store, open_store
from wenmai.triples import article_quads, entity_iri, graph_iri, merged

RUN = Run("by hand", "1")
DATED = {"onDate", "startDate", "endDate", "adoptedOn", "effectiveFrom", "effectiveUntil"}
_KINDS = {4: "gYear", 7: "gYearMonth", 10: "date"}
_PREFIX = {"Organization": "org", "Place": "place", "Person": "person", "Policy": "policy", "Agreement": "agreement"}


@dataclass(frozen=True)
class Said:
    """One claim: the keys of its ends (or a value), and how it is said."""

    subject: str
    predicate: str
    object: str
    modality: Modality = "Asserted"
    confidence: float = 0.95


@dataclass(frozen=True)
class News:
    """One article: its id, its day, what it says, the title."""

    id: str
    day: str
    said: tuple[Said, ...]
    title: str = "标题"


def thing(key: str, cls: str, *names: str, status: Status | None = None) -> Entity:
    """Return an entity whose id follows from `key`; a post or event is labelled by its first name."""
    digits = hashlib.sha256(key.encode()).hexdigest()[:12]
    kind = family(cls)
    prefix = _PREFIX.get(kind, kind.lower())
    if kind in ("Post", "Event"):
        return Entity(f"{prefix}-{digits}", cls, label=names[0], status=status)
    return Entity(f"{prefix}-{digits}", cls, names, spans=(Span(0, 1),))


def resolution(news: News, things: Mapping[str, Entity]) -> Resolution:
    """Return an article each clause of which states one claim."""
    text, claims = "", []
    used: dict[str, Entity] = {}
    for said in news.said:
        ends = [
            things[end].names[0] if end in things and things[end].names else end for end in (said.subject, said.object)
        ]
        clause = f"{ends[0][0]}，{said.predicate}，{ends[1][0]}。"
        span = Span(len(text), len(text) + len(clause))
        text += clause
        used |= {end: things[end] for end in (said.subject, said.object) if end in things}
        kind = _KINDS[len(said.object)] if said.predicate in DATED else "string"
        target = things[said.object].id if said.object in things else Value(said.object, kind)  # type: ignore[arg-type]
        claims.append(
            Claim(things[said.subject].id, said.predicate, target, span, said.modality, confidence=said.confidence)
        )
    date = dt.date.fromisoformat(news.day) if news.day else None
    article = Article(news.id, news.title, text or "无。", f"{news.id}.txt", "0" * 64, date=date)
    return Resolution(article, RUN, tuple(used.values()), tuple(claims))


def quads(things: Mapping[str, Entity], news: Iterable[News]) -> list[ox.Quad]:
    """Return the dataset of some articles without what is inferred."""
    found = [quad for each in news for quad in article_quads(Linked(resolution(each, things)), DEFAULT_BASE)]
    return [*found, *merged(found)]


def memory(things: Mapping[str, Entity], news: Iterable[News]) -> MemoryStore:
    """Return the articles as a store in memory, closed under the ontology."""
    store = MemoryStore(DEFAULT_BASE, quads(things, news))
    refresh_inferred(store)
    return store


def on_disk(path: Path, things: Mapping[str, Entity], news: Iterable[News]) -> Path:
    """Write the articles into a new store folder, publish it, and return it."""
    with closing(open_store(path, write=True, create=True)) as store:
        store.load(quads(things, news))
        refresh_inferred(store)
        store.publish()
    return path


def claims(store: Store, predicate: str) -> list[ox.NamedNode]:
    """Return the claims of one predicate, in order of their IRIs."""
    prop, term = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"), ox.NamedNode(WENMAI + predicate)
    found = [q.subject for q in store.match(None, prop, term, None)]
    return sorted((node for node in found if isinstance(node, ox.NamedNode)), key=str)


def mark(store: Store, node: ox.NamedNode, decision: str) -> None:
    """Mark a claim or an entity as `wenmai curate` does: `confirmed` or `rejected`."""
    predicate = WENMAI + "confirmedBy" if decision == "confirmed" else PROV + "wasInvalidatedBy"
    graph = next(iter(store.match(node, None, None, None))).graph_name
    value = ox.NamedNode(f"{DEFAULT_BASE}id/decision-1")
    assert isinstance(graph, (ox.NamedNode, ox.DefaultGraph))
    store.commit([ox.Quad(node, ox.NamedNode(predicate), value, graph)])


def different(store: Store, one: Entity, other: Entity) -> None:
    """Say that two entities are two."""
    ends = [entity_iri(DEFAULT_BASE, entity.id) for entity in (one, other)]
    graph = graph_iri(DEFAULT_BASE, "a1")
    store.commit([ox.Quad(ends[0], ox.NamedNode(OWL + "differentFrom"), ends[1], graph)])
