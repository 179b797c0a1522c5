"""Small graphs made by hand for the tests of `wenmai diff`: articles of a few claims each, closed like a store."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import DEFAULT_BASE
from wenmai.reason.closure import closure
from wenmai.records import Article, Claim, Entity, Linked, Modality, Resolution, Run, Span, Status, Value
from wenmai.store import MemoryStore
from wenmai.triples import article_quads, export, inferred_iri, merged

RUN = Run("by hand", "1")
Line = tuple[str, str, str | Value, Modality]


def entity(name: str, cls: str = "Company", *, status: Status | None = None, key: str | None = None) -> Entity:
    """Return an entity whose identity follows from `key`, by default its name."""
    prefix = {"Person": "person", "Signing": "event", "Policy": "policy"}.get(cls, "org")
    digest = hashlib.sha256((key or name).encode()).hexdigest()[:12]
    event = status is not None
    made = Entity(f"{prefix}-{digest}", cls, () if event else (name,), label=name if event else None, status=status)
    return made if event else replace(made, spans=(Span(0, 1),))


def article(name: str, day: str | None, entities: Iterable[Entity], *lines: Line, text: str = "") -> Resolution:
    """Return an article whose every clause states one claim, between the entities of these names."""
    known = {(e.names or (e.label,))[0]: e for e in entities}
    body, claims = "", []
    for subject, predicate, target, modality in lines:
        said = f"{subject} {predicate} {target.text if isinstance(target, Value) else target}。"
        end = len(body) + len(said)
        object_ = target if isinstance(target, Value) else known[target].id
        claims.append(Claim(known[subject].id, predicate, object_, Span(len(body), end), modality, confidence=0.9))
        body += said
    body += text or "此外无话。"
    date = dt.date.fromisoformat(day) if day else None
    digest = hashlib.sha256(body.encode()).hexdigest()
    made = Article(name, f"标题 {name}", body, f"{name}.txt", digest, date=date)
    return Resolution(made, RUN, tuple(known.values()), tuple(claims))


def store(*articles: Resolution, base: str = DEFAULT_BASE) -> MemoryStore:
    """Return the store that a build of these articles would leave."""
    quads = [quad for each in articles for quad in article_quads(Linked(each), base)]
    asserted = merged(quads)
    made = MemoryStore(base, [*quads, *asserted])
    follows = closure(asserted)
    for graph in (inferred_iri(base), ox.DefaultGraph()):
        made.load(ox.Quad(t.subject, t.predicate, t.object, graph) for t in follows)
    return made


def written(path: Path, made: MemoryStore, *, facts_only: bool = False) -> Path:
    """Write the store to `path` in the format of its ending and return the path."""
    formats = {".ttl": "turtle", ".trig": "trig", ".nq": "nquads", ".nt": "ntriples", ".rdf": "rdfxml"}
    with path.open("wb") as stream:
        export(made, formats.get(path.suffix, "jsonld"), stream, facts_only=facts_only)
    return path
