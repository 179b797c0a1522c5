"""The process that writes pages: it opens the store as the others do, and writes what it is told, a batch at a time."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from wenmai.errors import StoreError
from wenmai.publish.links import FORMATS, SiteLinks, part_name
from wenmai.publish.remember import RememberingStore
from wenmai.query import media
from wenmai.serve.html import Lang
from wenmai.serve.linked import graph, pages, rdf
from wenmai.serve.linked.place import Place, look_up
from wenmai.serve.problem import Problem
from wenmai.store import EmbeddedStore, Store, open_store
from wenmai.triples.export import serialize

_MOST_PARTS = 10_000
"""Rests of lists of one page."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What all pages of a site share. `public` is what IRIs begin with in place of the store's base, if not empty."""

    location: str
    snapshot: str
    folder: str
    public: str
    langs: tuple[Lang, ...]

    def ending(self, lang: Lang) -> str:
        """Return what the names of pages in a language end with: the first language has the plain names."""
        return ".html" if lang == self.langs[0] else f".{lang}.html"


class Writer:
    """Writes files of a site made of `store`."""

    def __init__(self, store: Store, plan: Plan) -> None:
        self.store, self.plan = store, plan
        self._folder = Path(plan.folder)
        self._public = (store.base.encode(), plan.public.encode()) if plan.public else None

    def put(self, path: str, content: bytes) -> None:
        """Write a file below the root of the site, its IRIs as they are to be."""
        if self._public is not None:
            content = content.replace(*self._public)
        (self._folder / path).write_bytes(content)

    def links(self, prefix: str, lang: Lang, name: str) -> SiteLinks:
        """Return the links of the page `name` (without its ending), from whose folder `prefix` leads to the root."""
        others = [each for each in self.plan.langs if each != lang]
        other = name.rpartition("/")[2] + self.plan.ending(others[0]) if others else ""
        return SiteLinks(self.store.base, prefix, ending=self.plan.ending(lang), other=other)

    def resource(self, local: str) -> int:
        """Write the pages and the data of what has an IRI below `id/`; return the number of pages."""
        try:
            place = look_up(self.store, local)
        except Problem:
            return 0  # named by others, and told of by none
        written = sum(self._page(place, lang) for lang in self.plan.langs)
        quads = list(rdf.described(self.store, place))
        for ending, _ in FORMATS:
            self.put(f"doc/{local}.{ending}", self._data(quads, ending))
        return written

    def graph(self, local: str) -> int:
        """Write the pages and the data of a named graph; return the number of pages."""
        node = ox.NamedNode(f"{self.store.base}graph/{local}")
        for lang in self.plan.langs:
            links = self.links("..", lang, f"graph/{local}")
            self.put(f"graph/{local}{links.ending}", graph.page(self.store, node, links, lang))
        quads = list(self.store.match(None, None, None, node))
        for ending, _ in FORMATS:
            self.put(f"graph/{local}.{ending}", self._data(quads, ending))
        return len(self.plan.langs)

    def _page(self, place: Place, lang: Lang) -> int:
        """Write the page of a place, and the rests of its lists, each of which may lead to the next."""
        todo: list[tuple[str, int]] = [("", 0)]
        seen: set[tuple[str, int]] = set(todo)
        for part, start in todo:
            name = part_name(place.local, part, start) if part else place.local
            links = self.links("..", lang, f"doc/{name}")
            self.put(f"doc/{name}{links.ending}", pages.page(self.store, place, links, lang, part, start))
            new = sorted(links.parts - seen)
            seen.update(new)
            todo += new[: max(0, _MOST_PARTS - len(todo))]
        return len(todo)

    def _data(self, quads: Iterable[ox.Quad], ending: str) -> bytes:
        output = io.BytesIO()
        serialize(quads, rdf.FORMATS[media.SUFFIXES[ending]], output, self.store.base)
        return output.getvalue()


_WRITER: list[Writer] = []
"""The writer of this process."""


def start(plan: Plan) -> None:
    """Prepare a worker: Ctrl-C is the main process's affair, and a worker ends when that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _WRITER[:] = [Writer(opened(plan), plan)]


def batch(jobs: tuple[tuple[str, str], ...]) -> int:
    """Do jobs (`id` or `graph`, and a local name) in a worker; return the number of pages."""
    return done(_WRITER[0], jobs)


def done(writer: Writer, jobs: Iterable[tuple[str, str]]) -> int:
    """Do jobs by `writer`; return the number of pages."""
    return sum(writer.resource(local) if kind == "id" else writer.graph(local) for kind, local in jobs)


def opened(plan: Plan) -> Store:
    """Open the store of a plan to read what the plan names. Raises StoreError."""
    if plan.snapshot:
        return RememberingStore.reader(Path(plan.location), plan.snapshot)
    store = open_store(plan.location)
    if isinstance(store, EmbeddedStore):
        raise StoreError(f"{plan.location}: the store has published nothing yet")
    return store


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
