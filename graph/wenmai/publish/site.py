"""A whole site as files: pages and data of every resource, lists, the vocabulary, the description, dumps, an index."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from wenmai.errors import WenmaiError
from wenmai.namespaces import RDF
from wenmai.publish import dumps, pages, whole
from wenmai.publish.pages import Plan, Writer
from wenmai.publish.place import replacing
from wenmai.serve.dataset.describe import Terms
from wenmai.serve.html import LANGS, Lang
from wenmai.store import EmbeddedStore, Store, open_store
from wenmai.triples import iris, terms
from wenmai.workers import available

_BATCH = 50
_TYPE = ox.NamedNode(RDF + "type")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a publisher says. `published` is when, as ISO 8601; `url` is where people reach the site, with a slash.

    `public` is what IRIs begin with in place of the store's base; empty: they stay as they are.
    """

    title: str
    publisher: str = ""
    licence: str = ""
    published: str = ""
    public: str = ""
    url: str = ""
    langs: tuple[Lang, ...] = LANGS
    with_dumps: bool = True


@dataclass(frozen=True, slots=True)
class Site:
    """What was written."""

    pages: int
    files: int
    bytes: int


def publish(location: str, target: Path, options: Options, workers: int = 0, progress: Progress | None = None) -> Site:
    """Write the site of the store at `location` to the folder `target`, in place of the one that is there.

    `workers` is the number of processes, 0 for as many as processors. Raises StoreError, UsageError, WenmaiError; then
    `target` is as it was.
    """
    with closing(open_store(location)) as store, replacing(target) as folder:
        snapshot = store.snapshot.name if isinstance(store, EmbeddedStore) and store.snapshot else ""
        public = options.public if options.public != store.base else ""
        plan = Plan(location, snapshot, str(folder), public, options.langs)
        for name in ("doc", "graph", "list", "static"):
            (folder / name).mkdir()
        said = _terms(store, folder, options)
        # The store stays open here too: it holds the snapshot, which workers open one after another.
        with closing(pages.opened(plan)) as remembering:
            writer = Writer(remembering, plan)
            written = whole.write(writer, said, options.url or options.public or store.base)
            written += _pages(writer, list(_jobs(store)), workers or available(), progress)
        found = [path for path in folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in found)
    return Site(written, len(found) + 1, size)


def _terms(store: Store, folder: Path, options: Options) -> Terms:
    """Return what the description says, its dumps made."""
    said = Terms(options.title, options.publisher, options.licence, options.published, live=False)
    if not options.with_dumps:
        return said
    (folder / "dumps").mkdir()
    return replace(said, dumps=tuple(dumps.made(store, folder / "dumps", options.published, options.public)))


def _jobs(store: Store) -> Iterator[tuple[str, str]]:
    """Yield what is to have pages: all that has a type or was replaced, by its local name, and the graphs.

    Claims come after the graph that has them, since the pages of an article's claims tell of the same things.
    """
    space, graphs = f"{store.base}id/", f"{store.base}graph/"
    found: dict[str, str] = {}
    named: set[str] = set()
    for predicate in (_TYPE, terms.REPLACED_BY):
        for quad in store.match(None, predicate, None, None):
            graph = quad.graph_name
            if iris.is_private(graph) or not isinstance(quad.subject, ox.NamedNode):
                continue
            name = graph.value.removeprefix(graphs) if isinstance(graph, ox.NamedNode) else ""
            named.add(name)
            if quad.subject.value.startswith(space) and "#" not in quad.subject.value:
                local = quad.subject.value.removeprefix(space)
                found[local] = name if local.startswith("claim-") else ""
    ordered = [
        *(("graph", local, local) for local in named - {""}),
        *(("id", local, at) for local, at in found.items()),
    ]
    ordered.sort(key=lambda job: (job[2], job[0], job[1]))
    yield from ((kind, local) for kind, local, _ in ordered)


def _pages(writer: Writer, jobs: list[tuple[str, str]], workers: int, progress: Progress | None) -> int:
    batches = (tuple(jobs[at : at + _BATCH]) for at in range(0, len(jobs), _BATCH))
    written = 0
    several = workers > 1 and len(jobs) > 4 * _BATCH and isinstance(writer.store, EmbeddedStore)
    counts = _in_processes(writer.plan, batches, workers) if several else (pages.done(writer, each) for each in batches)
    for number, count in enumerate(counts, 1):
        written += count
        if progress is not None:
            progress("pages", min(number * _BATCH, len(jobs)), len(jobs))
    return written


def _in_processes(plan: Plan, batches: Iterator[tuple[tuple[str, str], ...]], workers: int) -> Iterator[int]:
    """Yield how many pages each batch gave, in no order."""
    context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=pages.start, initargs=(plan,))
    try:
        running: set[Future[int]] = {pool.submit(pages.batch, each) for each in islice(batches, 2 * workers)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(pages.batch, each) for each in islice(batches, len(done))}
            yield from (future.result() for future in done)
        pool.shutdown()
    except BaseException as error:
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with suppress(OSError, ValueError):
                process.kill()
        if isinstance(error, BrokenProcessPool):
            said = "a process that writes pages was ended, perhaps for want of memory; give --workers 1"
            raise WenmaiError(said) from error
        raise
