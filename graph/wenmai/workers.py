"""Extraction in several processes: articles in, documents, or what a step makes of them, out, in the articles' order.

Memory is bounded: no more than a few batches are on their way at a time. It knows nothing of files or of the store.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

from wenmai.errors import ExtractionError, UsageError
from wenmai.extract import Extractor, default_extractor
from wenmai.extract.tagger import VARIABLE as TAGGER
from wenmai.records import Article, Document, Refusal
from wenmai.threads import in_threads

T = TypeVar("T")

BATCH_ARTICLES = 50
BATCH_CHARACTERS = 20_000
"""Some half a second of work: large enough to hide the cost of sending, small enough to spread evenly."""

WORTH_A_POOL = 60_000
"""Characters below which starting processes, each of which loads the lexicon, takes longer than it saves."""

Step = Callable[[Document], T]
"""What a worker does with a document before it hands it on; a function that can be pickled."""
Batch = tuple[Article | Refusal, ...]
"""Articles that are read together."""


def available() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def extract_all(
    articles: Iterable[Article | Refusal], workers: int, extractor: Extractor | None, step: Step[T]
) -> Generator[T | Refusal]:
    """Yield what `step` makes of the Document of each Article, in order; a Refusal passes through at its place.

    An article on which the extractor or the step fails, or that kills its process, gives a Refusal. With `workers` 1
    all runs in this process. Closing the iterator ends the processes at once. An `extractor` other than wenmai's own
    works in threads, of which it has to be safe: it waits for others more than it computes.
    """
    if extractor is not None and extractor is not default_extractor():
        yield from in_threads(lambda item: _extract(item, step, extractor), articles, workers)
        return
    if workers <= 1:
        for batch in batches(articles):
            yield from extract_batch(batch, step)
        return
    pool = _Pool(workers, step)
    try:
        yield from pool.run(batches(articles))
    finally:
        pool.end()


def itself(document: Document) -> Document:
    """Return the document: the step that does nothing."""
    return document


def failed(article: Article, error: Exception, step: str) -> Refusal:
    """Return the refusal of an article on which `step` failed by a fault of wenmai's own; raise it when debugging."""
    if os.environ.get("WENMAI_DEBUG"):
        raise error
    what = " ".join(str(error).split())[:200]
    reason = f"{step} failed ({type(error).__name__}: {what}); this is a fault of wenmai: report it with the article"
    return Refusal(f"{article.source} ({article.id})", reason)


def lethal(item: Article | Refusal) -> Refusal:
    """Return the refusal of an article that ends every process which reads it."""
    name = f"{item.source} ({item.id})" if isinstance(item, Article) else item.source
    return Refusal(name, "its extraction ended the worker process, perhaps for want of memory; split the article")


def _extract(item: Article | Refusal, step: Step[T], extractor: Extractor | None = None) -> T | Refusal:
    if isinstance(item, Refusal):
        return item
    try:
        document = (extractor or default_extractor()).extract(item)
    except ExtractionError as error:
        return Refusal(f"{item.source} ({item.id})", str(error))
    except Exception as error:  # one article must not end a build of thousands; its name and the reason are reported
        return failed(item, error, "extraction")
    try:
        return step(document)
    except Exception as error:
        return failed(item, error, "writing down what it says")


def extract_batch(batch: Batch, step: Step[T]) -> list[T | Refusal]:
    """Return what `step` makes of the Document of each article of `batch`, read in this process."""
    _read_ahead(batch)
    return [_extract(item, step) for item in batch]


def _read_ahead(batch: Batch) -> None:
    """Let the extractor look at the articles of a batch together, where that saves time."""
    default_extractor().read_ahead([item for item in batch if isinstance(item, Article)])


def batches(articles: Iterable[Article | Refusal]) -> Iterator[Batch]:
    """Yield the articles in batches of some half a second's work."""
    batch: list[Article | Refusal] = []
    characters = 0
    for item in articles:
        batch.append(item)
        characters += len(item.text) if isinstance(item, Article) else 0
        if len(batch) >= BATCH_ARTICLES or characters >= BATCH_CHARACTERS:
            yield tuple(batch)
            batch, characters = [], 0
    if batch:
        yield tuple(batch)


def processes(count: int) -> ProcessPoolExecutor:
    """Return a pool of processes that hear names as this one does, leave Ctrl-C to it, and end when it is killed."""
    method = "spawn" if sys.platform == "win32" else "forkserver"
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(count, context, initializer=_enter, initargs=(os.environ.get(TAGGER, ""),))


def _enter(tagger: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[TAGGER] = tagger
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Pool(Generic[T]):
    """A pool of processes that is started again when one of its workers dies."""

    def __init__(self, workers: int, step: Step[T]) -> None:
        self._workers = workers
        self._step = step
        self._executor = processes(self._workers)

    def run(self, batches: Iterable[Batch]) -> Iterator[T | Refusal]:
        ahead = 2 * self._workers + 1
        waiting: deque[tuple[Batch, Future[list[T | Refusal]]]] = deque()
        for batch in batches:
            waiting.append((batch, self._submit(batch)))
            if len(waiting) > ahead:
                yield from self._first(waiting)
        while waiting:
            yield from self._first(waiting)

    def end(self) -> None:
        """End the workers now, whatever they are doing: nobody waits for their results any more."""
        # Python 3.14 has kill_workers() for this; before it the processes are known to the private mapping only.
        processes = list((self._executor._processes or {}).values())
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()

    def _submit(self, batch: Batch) -> Future[list[T | Refusal]]:
        try:
            return self._executor.submit(extract_batch, batch, self._step)
        except BrokenProcessPool:
            self._start_again()
            return self._executor.submit(extract_batch, batch, self._step)

    def _start_again(self) -> None:
        """Start a pool in the place of one that broke. Raises UsageError if no process can be started at all."""
        self._executor = processes(self._workers)
        try:
            self._executor.submit(os.getpid).result()
        except BrokenProcessPool as error:
            reason = "processes that extract end before they begin"
            advice = "a script that builds says `if __name__ == '__main__':` before it, or workers=1"
            raise UsageError(f"{reason}; {advice}") from error

    def _first(self, waiting: deque[tuple[Batch, Future[list[T | Refusal]]]]) -> list[T | Refusal]:
        batch, future = waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            done = self._one_by_one(batch)
            # The batches behind it died with the pool.
            behind = [(other, self._submit(other)) for other, _ in waiting]
            waiting.clear()
            waiting.extend(behind)
            return done

    def _one_by_one(self, batch: Batch) -> list[T | Refusal]:
        """Find the article that kills its process, and extract the others."""
        done: list[T | Refusal] = []
        for item in batch:
            try:
                done += self._submit((item,)).result()
            except BrokenProcessPool:
                done.append(lethal(item))
        return done
