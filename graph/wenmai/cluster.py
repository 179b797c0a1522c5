"""Extraction on a Dask cluster: what `workers` does with processes of this machine, with those of many.

Articles go out in batches, what is made of them comes back in the articles' order, and everything that writes stays in
this process: the store is the same, byte for byte. A worker that dies is not missed: the scheduler gives its batches
to others, and each is taken once. Needs the extra `dask`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wenmai.errors import UsageError, WenmaiError
from wenmai.extract import default_extractor
from wenmai.extract.tagger import VARIABLE as TAGGER
from wenmai.records import Article, Refusal, Run
from wenmai.workers import Batch, Step, T, batches, extract_batch, lethal

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE = "10s"
"""How long to look for the scheduler."""
_AHEAD = 3
"""Batches on their way for each thread of the cluster."""
_one_at_a_time = threading.Lock()


class ClusterError(WenmaiError):
    """The cluster cannot do the work; the message says what to do."""


def extract_on(address: str, articles: Iterable[Article | Refusal], step: Step[T]) -> Generator[T | Refusal]:
    """Yield what `step` makes of the Document of each Article, in order, by the workers of the scheduler at `address`.

    `address` is that of a Dask scheduler (`tcp://host:8786`) or the path of its scheduler file. An article on which the
    extraction fails, or which kills every worker that takes it, gives a Refusal. Raises UsageError where Dask is
    not installed or nobody answers, ClusterError if the scheduler goes away or a worker reads otherwise than we.
    """
    client = _client(address)
    try:
        yield from _Cluster(client, step).run(batches(articles))
    finally:
        client.close(timeout=2)


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("a cluster needs Dask: pip install 'wenmai[dask]'") from error
    logging.getLogger("distributed.client").setLevel(logging.ERROR)  # a worker that went is the scheduler's affair
    there = {"address": address} if "://" in address else {"scheduler_file": address}
    try:
        if "://" not in address:
            Path(address).open("rb").close()  # for which the client would wait for ever
        return Client(**there, timeout=_PATIENCE, name="wenmai", set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}; start one with `dask scheduler`") from error


class _Cluster:
    """Batches on their way through a cluster, taken in the order in which they were sent."""

    def __init__(self, client: Client, step: Step[Any]) -> None:
        self._client, self._step = client, step
        self._run, self._tagger = default_extractor().run, os.environ.get(TAGGER, "")

    def run(self, given: Iterable[Batch]) -> Iterator[Any]:
        waiting: deque[tuple[Batch, Future]] = deque()
        for batch in given:
            waiting.append((batch, self._sent(batch)))
            while len(waiting) > self._ahead():
                yield from self._taken(*waiting.popleft())
        while waiting:
            yield from self._taken(*waiting.popleft())

    def _ahead(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return _AHEAD * max(1, sum(threads.values()))

    def _sent(self, batch: Batch) -> Future:
        return self._client.submit(_work, batch, self._step, self._run, self._tagger, pure=False)

    def _taken(self, batch: Batch, future: Future) -> list[Any]:
        from distributed import CancelledError, KilledWorker

        try:
            return list(future.result())
        except KilledWorker:
            if len(batch) == 1:
                return [lethal(batch[0])]
            return [found for item in batch for found in self._taken((item,), self._sent((item,)))]
        except (CancelledError, OSError) as error:
            raise ClusterError(
                "the scheduler of the cluster is gone; start it and run the same command again"
            ) from error


def _work(batch: Batch, step: Step[T], run: Run, tagger: str) -> list[T | Refusal]:
    """Extract a batch in a worker, which has to read as the process that asks does.

    The extractor is one a process; a worker of several threads takes one batch at a time.
    """
    with _one_at_a_time:
        os.environ[TAGGER] = tagger
        here = default_extractor().run
        if here != run:
            raise ClusterError(
                f"a worker of the cluster has another wenmai ({here.version} {here.settings}); install ours"
            )
        return extract_batch(batch, step)
