"""The steps of a filling that share nothing, each done by any process: what it is told in, N-Quads out.

Quads go from process to process as text: the engine reads it faster than quads can be sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from wenmai.bulk.arrivals import Place, read_at
from wenmai.bulk.notes import Note
from wenmai.bulk.shards import Shards
from wenmai.collector import paused
from wenmai.door import Admitted
from wenmai.reason.parts import Parts
from wenmai.records import Linked
from wenmai.triples.article import article_lines
from wenmai.triples.iris import graph_iri, inferred_iri
from wenmai.triples.merge import DEFAULT, Fact, completed, described, facts_of
from wenmai.triples.reading import reading_quads


@dataclass(frozen=True, slots=True)
class Site:
    """Where a store is being filled: the file of what arrived, a folder for files that pass, and in how many parts."""

    arrivals: Path
    folder: Path
    parts: int
    base: str

    def shards(self, name: str) -> Shards:
        """Return the shards of this name."""
        return Shards(self.folder, name, self.parts)


@dataclass(frozen=True, slots=True)
class Told:
    """What an article that went in told: numbers of mentions, claims and dropped claims, ids of its entities."""

    mentions: int
    claims: int
    dropped: int
    entities: tuple[str, ...]


def told(admitted: Admitted, linked: Linked) -> Told:
    """Return what an article told that was linked so."""
    resolution = linked.resolution
    entities = tuple(linked.ids.get(entity.id, entity.id) for entity in resolution.entities)
    return Told(admitted.mentions, len(resolution.claims), admitted.dropped, entities)


Batch = tuple[Site, list[tuple[Place, Note]]]
"""Articles, each with its place among those that arrived, and how it was linked."""


@paused()
def write_articles(batch: Batch) -> tuple[bytes, list[Told]]:
    """Return the named graphs of articles, and their readings; what the default graph takes over goes into shards."""
    site, articles = batch
    facts, shown = site.shards("facts"), site.shards("shown")
    written: list[bytes] = []
    articles_told = []
    with site.arrivals.open("rb") as file:
        for place, (ids, retired) in articles:
            admitted = read_at(file, place)
            linked = Linked(admitted.resolution, ids, retired)
            lines = article_lines(linked, site.base)
            graph = graph_iri(site.base, linked.resolution.article.id)
            facts.put(facts_of(lines))
            shown.put(described(lines))
            quads = (ox.Quad(*line, graph) for line in lines)
            written.append(_text([*quads, *reading_quads(linked.resolution, site.base)[0]]))
            articles_told.append(told(admitted, linked))
    facts.written()
    shown.written()
    return b"".join(written), articles_told


@paused()
def write_default(task: tuple[Site, int]) -> bytes:
    """Return a part of the asserted default graph; what follows from it by itself, or may with others, into shards."""
    site, number = task
    parts = Parts()
    lines = completed(site.shards("facts").take(number), site.shards("shown").take(number))
    for name, found in (("asserted", lines), ("derived", parts.follows(lines)), ("meeting", parts.meeting(lines))):
        shards = site.shards(name)
        shards.put(found)
        shards.written()
    return _text(ox.Quad(*line, DEFAULT) for line in lines)


@paused()
def write_inferred(task: tuple[Site, int]) -> bytes:
    """Return a part of what was inferred and is not asserted, for the graph of the inferred and the default graph."""
    site, number = task
    found: set[Fact] = set(site.shards("derived").take(number))
    found.difference_update(site.shards("asserted").take(number))
    inferred = inferred_iri(site.base)
    return _text(ox.Quad(*line, graph) for line in found for graph in (inferred, DEFAULT))


def _text(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
