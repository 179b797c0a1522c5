"""The way through the house: files in, a store that is whole out, and a report of what was done.

    read → pass over what is unchanged → extract, in several processes → resolve → quads → one commit an article

Articles are read once and kept in a temporary file, so that they can be worked on in the order of their identifiers
(whatever the order of the files) with little memory. Each article is one transaction: a build that is interrupted or
killed leaves whole articles, and running it again does the rest.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from wenmai import ontology
from wenmai.bulk import Arrivals, Filling, Told, arrivals_of, key_of, told
from wenmai.cluster import extract_on
from wenmai.door import Admitted, admit
from wenmai.errors import UsageError, WenmaiError
from wenmai.extract import Extractor, default_extractor
from wenmai.extract.sure import narrowed
from wenmai.intake import Intake, page_of
from wenmai.keeper import Keeper
from wenmai.read import ReadOptions, read, sources
from wenmai.records import Article, Document, Refusal, Run, Value
from wenmai.spool import Spool
from wenmai.store import Store, open_store
from wenmai.triples.stored import is_unchanged, stored_articles
from wenmai.workers import WORTH_A_POOL, available, extract_all, failed

Progress = Callable[[str, int, int], None]
"""Called with the stage, how much of it is done, and of how much (0: unknown).

Stages are `read`, `build`, `link` and `publish`; those of a new store also `count` (what waits of a build that was
cut off), `load` and `follow`.
"""

AT_A_TIME = 4
"""Articles that an extractor other than wenmai's own reads at a time; it waits for an answer most of the time."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, counted in articles unless said.

    `replaced` articles are among the `built`; `removed` are those taken out: by `remove`, or because a page has them no
    longer; `linked` are earlier ones whose entities are others now, by what came or went. `dropped` counts what an
    extractor was told and did not take (see `Document`), `entities` those that the built articles speak of, each once.
    `interrupted` tells that Ctrl-C ended it early, `published` that readers see what was done, `waiting` how many were
    read when the filling of a new store was interrupted: they wait beside it for the next build.
    """

    built: int = 0
    unchanged: int = 0
    replaced: int = 0
    removed: int = 0
    linked: int = 0
    mentions: int = 0
    claims: int = 0
    entities: int = 0
    dropped: int = 0
    waiting: int = 0
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = ()
    interrupted: bool = False
    published: bool = False
    seconds: float = 0.0


def build(
    paths: Sequence[str | Path],
    location: str | Path | Store,
    *,
    options: ReadOptions | None = None,
    workers: int | str | None = None,
    base: str | None = None,
    progress: Progress | None = None,
    extractor: Extractor | None = None,
    min_confidence: float = 0.0,
) -> Report:
    """Read the articles at `paths` and bring the store at `location` up to date with them.

    `paths` are files, folders, archives or `-`; `location` is a store open to write, or where one is or is to be made,
    with IRIs that begin with `base`. `workers` is the number of processes, by default as many as there are processors
    and work for, or the address of a Dask scheduler whose workers extract (see `wenmai.cluster`). An article that
    cannot be read is in the report and the others are built. The same articles give the same dataset whatever their
    order and the number of workers. `extractor` (see `wenmai.extract.choose`) reads them in place of wenmai's rules.
    Claims whose confidence is below `min_confidence` (0 to 1) are left out, and counted as dropped. Raises StoreError,
    UsageError, ClusterError.
    """
    if not 0 <= min_confidence <= 1:
        raise UsageError(f"the least confidence is {min_confidence}; give a number from 0 to 1")
    if isinstance(workers, str) and extractor not in (None, default_extractor()):
        raise UsageError("a cluster reads by wenmai's own rules; leave out --cluster or --extractor")
    work = _Work(progress, extractor, min_confidence)
    with Spool() as spool:
        # A store that is there is locked before the long work; a new one is made once there is something to put in.
        with _opened(location, base) if _is_there(location) else nullcontext() as store:
            work.read(paths, options or ReadOptions(), spool, store)
            if store is not None:
                work.build(spool, workers, store)
                work.settle("build", store)
                return work.report()
        if len(spool) and not work.interrupted:
            with _opened(location, base) as store:
                work.build(spool, workers, store)
                work.settle("build", store)
    return work.report()


def remove(identifiers: Iterable[str], location: str | Path | Store) -> Report:
    """Take articles out of the store, and what only they speak of; `NAME` takes out all items of that page.

    An identifier that the store does not have is among the refused. Raises StoreError.
    """
    work = _Work(None)
    with nullcontext(location) if isinstance(location, Store) else closing(open_store(location, write=True)) as store:
        stored = work.stored = stored_articles(store)
        gone: set[str] = set()
        for identifier in identifiers:
            items = {found for found in stored if identifier in (found, page_of(found))}
            if not items:
                reason = "the store has no article of this identifier; `wenmai query articles` lists them"
                work.refused.append(Refusal(identifier, reason))
            gone |= items
        with Keeper(store) as keeper:
            work.take_out(sorted(gone), keeper)
        work.settle("remove", store)
    return work.report()


def extract_only(
    paths: Sequence[str | Path],
    options: ReadOptions | None = None,
    workers: int | None = None,
    extractor: Extractor | None = None,
) -> Iterator[dict[str, Any] | Refusal]:
    """Yield what is found in each article at `paths` as a JSON-ready dict, without a store, in the order of reading.

    Keys: `id`, `title`, `date`, `text`, `mentions` (`begin`, `end`, `text`, `class`, `name`) and `claims` (`subject`,
    `predicate`, `object`, `modality`, `begin`, `end`, `quote`, `confidence`). What cannot be read comes as a Refusal.
    """
    articles = _articles(paths, options or ReadOptions())
    workers = workers or (AT_A_TIME if extractor is not None else None)
    first: list[Article | Refusal] = []
    characters = 0
    while workers is None and characters < WORTH_A_POOL and (item := next(articles, None)) is not None:
        first.append(item)
        characters += len(item.text) if isinstance(item, Article) else 0
    count = workers or (available() if characters >= WORTH_A_POOL else 1)
    yield from extract_all(chain(first, articles), count, extractor, _as_json)


def _articles(paths: Sequence[str | Path], options: ReadOptions) -> Iterator[Article | Refusal]:
    for source in sources(paths):
        if isinstance(source, Refusal):
            yield source
        else:
            yield from read(source, options)


class _Work:
    """One build or removal under way: its steps, and what was counted so far."""

    def __init__(self, progress: Progress | None, extractor: Extractor | None = None, least: float = 0.0) -> None:
        self.extractor, self.least = extractor, least
        self.progress = progress or (lambda stage, done, total: None)
        self.started = time.monotonic()
        self.counts: Counter[str] = Counter()
        self.entities: set[str] = set()
        self.refused: list[Refusal] = []
        self.warnings: list[Refusal] = []
        self.interrupted = self.published = False
        self.stored: dict[str, str] = {}
        self.gone: list[str] = []

    def report(self) -> Report:
        """Return what was done."""
        count = self.counts
        return Report(
            built=count["built"],
            unchanged=count["unchanged"],
            replaced=count["replaced"],
            removed=count["removed"],
            linked=count["linked"],
            mentions=count["mentions"],
            claims=count["claims"],
            entities=len(self.entities),
            dropped=count["dropped"],
            waiting=count["waiting"],
            refused=tuple(self.refused),
            warnings=tuple(self.warnings),
            interrupted=self.interrupted,
            published=self.published,
            seconds=round(time.monotonic() - self.started, 3),
        )

    def read(self, paths: Sequence[str | Path], options: ReadOptions, spool: Spool, store: Store | None) -> None:
        """Read all sources; put into `spool` what the store does not hold as it is."""
        intake = Intake(paths, options, lambda done, total: self.progress("read", done, total))
        self.refused, self.warnings = intake.refused, intake.warnings
        try:
            self.stored = stored_articles(store) if store is not None else {}
            run = narrowed((self.extractor or default_extractor()).run, self.least)
            for article in intake:
                if store is not None and self._is_stored(article, run, store):
                    self.counts["unchanged"] += 1
                else:
                    spool.add(article)
            self.gone = intake.no_longer_there(self.stored)
        except KeyboardInterrupt:
            self.interrupted = True

    def build(self, spool: Spool, workers: int | str | None, store: Store) -> None:
        """Extract, resolve and commit the articles in `spool`, one by one; take out what a page has no longer."""
        if self.interrupted:
            return
        try:
            arrivals = arrivals_of(store, len(spool))
            if arrivals is not None:
                self._fill(arrivals, spool, workers, store)
                return
            with Keeper(store) as keeper:
                with closing(self._admitted(spool, spool.characters, workers)) as admitted:
                    for number, item in enumerate(admitted):
                        self.progress("build", number, len(spool))
                        if isinstance(item, Refusal):
                            self.refused.append(item)
                        else:
                            self._commit(item, keeper)
                self.take_out(self.gone, keeper)
        except KeyboardInterrupt:
            self.interrupted = True

    def _admitted(
        self, articles: Iterable[Article], characters: int, workers: int | str | None
    ) -> Generator[Admitted | Refusal]:
        """Yield what may go in of each article, in their order, read by as many processes as are worth it."""
        step = partial(admit, least=self.least)
        if isinstance(workers, str):
            return extract_on(workers, articles, step)
        usual = available() if characters >= WORTH_A_POOL else 1
        count = workers or (AT_A_TIME if self.extractor is not None else usual)
        return extract_all(articles, count, self.extractor, step)

    def _fill(self, arrivals: Arrivals, spool: Spool, workers: int | str | None, store: Store) -> None:
        """Read the articles in `spool` that have not arrived at a new store, then put all of them in at once."""
        run = narrowed((self.extractor or default_extractor()).run, self.least)
        keys = {article.id: key_of(article, run, self.least) for article in spool}
        late = (article for article in spool if keys[article.id] not in arrivals)
        processes = workers if isinstance(workers, int) else None
        try:
            with Filling(store, arrivals, keys, self.progress, processes) as filling:
                with closing(self._admitted(late, spool.characters, workers)) as admitted:
                    for number, item in enumerate(admitted, len(filling)):
                        self.progress("build", number, len(spool))
                        if isinstance(item, Refusal):
                            self.refused.append(item)
                        elif self._may_enter(item):
                            filling.take(item)
                filling.run(self._count)
            arrivals.delete()
        except KeyboardInterrupt:
            self.counts.clear()
            self.counts["waiting"] = len(arrivals)
            raise
        finally:
            arrivals.close()

    def take_out(self, identifiers: Iterable[str], keeper: Keeper) -> None:
        """Remove articles from the store, one by one, and link the others anew where that changes them."""
        for identifier in identifiers:
            keeper.remove(identifier)
            self.counts["removed"] += 1
        self.progress("link", 0, 0)
        self.counts["linked"] += sum(article in self.stored for article in keeper.settle())

    def settle(self, event: str, store: Store) -> None:
        """Show readers what was done, and log it."""
        try:
            self.progress("publish", 0, 0)
            store.publish()
            self.published = True
        except KeyboardInterrupt:
            self.interrupted = True
        store.log(event, {**self.counts, "refused": len(self.refused), "interrupted": self.interrupted})

    def _is_stored(self, article: Article, run: Run, store: Store) -> bool:
        return article.id in self.stored and is_unchanged(store, store.base, article, run)

    def _commit(self, admitted: Admitted, keeper: Keeper) -> None:
        """Put one article in, as one transaction; refuse it if it cannot be written down."""
        if not self._may_enter(admitted):
            return
        article = admitted.resolution.article
        try:
            linked = keeper.put(admitted.resolution)
        except (WenmaiError, MemoryError):
            raise
        except Exception as error:
            keeper.undo()
            self.refused.append(failed(article, error, "writing down what it says"))
            return
        self.counts["replaced"] += article.id in self.stored
        self._count(told(admitted, linked))

    def _may_enter(self, admitted: Admitted) -> bool:
        """Tell whether an article goes in, and what was found wrong with it."""
        article = admitted.resolution.article
        found = [Refusal(f"{article.source} ({article.id})", finding) for finding in admitted.findings]
        (self.refused if admitted.refused else self.warnings).extend(found)
        return not admitted.refused

    def _count(self, told: Told) -> None:
        self.counts["built"] += 1
        self.counts["mentions"] += told.mentions
        self.counts["dropped"] += told.dropped
        self.counts["claims"] += told.claims
        self.entities.update(told.entities)


def _is_there(location: str | Path | Store) -> bool:
    """Tell whether there is something at `location` to open; only a folder can be missing."""
    text = str(location)
    return isinstance(location, Store) or (text != "memory:" and ("://" in text or Path(text).exists()))


def _opened(location: str | Path | Store, base: str | None) -> AbstractContextManager[Store]:
    """Open the store at `location` to write, for a `with`; one that was given open stays open."""
    if isinstance(location, Store):
        return nullcontext(location)
    return closing(open_store(location, write=True, base=base, create=True))


def _as_json(document: Document) -> dict[str, Any]:
    """Return a document as `wenmai extract` prints it: names for the ends of a claim, words for its evidence."""
    article = document.article
    by_key = {mention.key: mention for mention in document.mentions}

    def named(end: str | Value) -> str:
        if isinstance(end, Value):
            return end.text
        mention = by_key.get(end)
        if mention is None:
            return end
        words = mention.name or mention.span.of(article.text)
        return f"{mention.cls}: {words}" if ontology.is_event(mention.cls) else words

    return {
        "id": article.id,
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "text": article.text,
        "mentions": [
            {
                "begin": mention.span.begin,
                "end": mention.span.end,
                "text": mention.span.of(article.text),
                "class": mention.cls,
                "name": mention.name,
            }
            for mention in document.mentions
        ],
        "claims": [
            {
                "subject": named(claim.subject),
                "predicate": claim.predicate,
                "object": named(claim.object),
                "modality": claim.modality,
                "begin": claim.span.begin,
                "end": claim.span.end,
                "quote": claim.span.of(article.text),
                "confidence": claim.confidence,
            }
            for claim in document.claims
        ],
    }
