"""Made-up articles as resolved records, for benchmarks of the store and the export. Nothing is drawn at random."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from wenmai.collector import paused
from wenmai.namespaces import DEFAULT_BASE
from wenmai.reason import closure
from wenmai.records import Article, Claim, Entity, Resolution, Run, Span, Value
from wenmai.resolve import keys
from wenmai.resolve.decisions import Decisions
from wenmai.resolve.link import link
from wenmai.resolve.mint import mint
from wenmai.resolve.registry import FILE, Registry
from wenmai.store import open_store
from wenmai.triples import article_quads, facts, inferred_iri
from wenmai.triples.iris import is_entity
from wenmai.triples.merge import plain
from wenmai.triples.reading import reading_quads
from wenmai.triples.summary import DATES, State, summarize
from wenmai.triples.terms import term

QUADS_AN_ARTICLE = 335
"""About: what `resolutions` gives for one article, the default graph included."""


def resolutions(count: int, first: int = 0) -> Iterator[Resolution]:
    """Yield articles of 14 sentences, from the number `first` on; some of what they name is met again and again."""
    run = Run("benchmark", "1")
    for number in range(first, first + count):
        text = "".join(f"第{number}篇文章的第{line:02}句话，说的是机构、地点和人。" for line in range(14))
        length = len(text) // 14
        date = dt.date(2015, 1, 1) + dt.timedelta(days=number % 1500)
        orgs = [
            _named("Organization", "Company", key, "有限公司")
            for key in (number % 97, number, number * 7 % 5003, number // 3)
        ]
        places = [_named("Place", "AdministrativeArea", key, "市") for key in (number % 89, number // 2)]
        persons = [_person(key, orgs[3].id) for key in (number, number // 5)]
        event = _minted(("Event", f"签约{number}"), "Signing", label=f"签约 {number}", status="Happened")
        facts: list[tuple[Entity, str, Entity | Value]] = [
            (orgs[0], "partnerOf", orgs[1]),
            (orgs[2], "locatedIn", places[1]),
            (event, "participant", orgs[0]),
            (event, "participant", orgs[1]),
            (event, "heldAt", places[0]),
            (event, "onDate", Value(date.isoformat(), "date")),
        ]
        for person in persons:
            post = _minted(("Post", "董事长", person.id, orgs[3].id), "Post", label=f"董事长 {person.names[0]}")
            facts += [(person, "holdsPost", post), (post, "postTitle", Value("董事长")), (post, "postIn", orgs[3])]
        claims = tuple(
            Claim(s.id, p, o if isinstance(o, Value) else o.id, Span(n * length, (n + 1) * length), confidence=0.9)
            for n, (s, p, o) in enumerate(facts)
        )
        entities = {e.id: e for s, _, o in facts for e in (s, o) if isinstance(e, Entity)}
        article = Article(f"a{number}", f"标题 {number}", text, f"a{number}.txt", "0" * 64, date=date)
        yield Resolution(article, run, tuple(entities.values()), claims)


def make_store(path: Path, articles: int) -> int:
    """Fill a new store at `path` with that many articles and publish it; return the number of quads.

    It holds what `wenmai build` would have put there, registry, readings and closure; in bulk, and each article's
    quads in memory only once.
    """
    store = open_store(path, write=True, create=True)
    registry = Registry(path / FILE)
    states: defaultdict[ox.NamedNode, State] = defaultdict(State)
    found: set[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = set()
    size = 0

    def quads() -> Iterator[ox.Quad]:
        for resolution in resolutions(articles):
            reading, digest = reading_quads(resolution, DEFAULT_BASE)
            registry.put(resolution, digest)
            linked = link(resolution, registry, Decisions())
            lines = article_quads(linked, DEFAULT_BASE)
            found.update(facts(lines))
            for node, predicate, value in plain(lines):
                if is_entity(node):
                    states[node].take(predicate, value)
            yield from lines
            yield from reading

    def counted(items: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        nonlocal size
        for size, item in enumerate(items, size + 1):  # noqa: B007, B020 - counts on from where it stood
            yield item

    with paused():
        store.load(counted(quads()))
        registry.mark(registry.dirty())
        registry.save()
        dates = {term(name): name for name in DATES}
        for subject, predicate, value in found:
            if predicate in dates:
                states[subject].dates.add((dates[predicate], value.value))
        found.update((node, *line) for node, state in states.items() for line in summarize(state))
        states.clear()
        asserted = [ox.Quad(*fact, ox.DefaultGraph()) for fact in found]
        found.clear()
        store.load(counted(asserted))
        follows = closure(asserted)
        del asserted
        for graph in (inferred_iri(DEFAULT_BASE), ox.DefaultGraph()):
            store.load(counted(ox.Quad(t.subject, t.predicate, t.object, graph) for t in follows))
    registry.close()
    store.publish()
    store.close()
    return size


def _named(kind: str, cls: str, key: int, suffix: str) -> Entity:
    name = f"名称{key}{suffix}"
    return _minted((kind, keys.body_key(name) if kind == "Organization" else keys.key(name)), cls, (name, f"名{key}"))


def _person(key: int, body: str) -> Entity:
    return _minted(("Person", f"名称{key}", body), "Person", (f"名称{key}", f"名{key}"))


def _minted(origin: tuple[str, ...], cls: str, names: tuple[str, ...] = (), **more: Any) -> Entity:
    return Entity(mint(*origin), cls, names, spans=(Span(0, 1),), origins=(origin,), **more)
