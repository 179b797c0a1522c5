"""The processes that fill a store: each does whole steps and hands back lines for the bulk loader, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import TypeVar

from wenmai.errors import StoreError
from wenmai.workers import processes

T = TypeVar("T")
S = TypeVar("S")


class Hands:
    """`count` processes; with one, all is done in this process. Use it by `with`."""

    def __init__(self, count: int) -> None:
        self._ahead = count + 2
        self._pool = processes(count) if count > 1 else None

    def do(self, step: Callable[[S], T], given: Iterable[S]) -> Iterator[T]:
        """Yield what `step` makes of each of `given`, in their order; few are on their way at a time.

        Raises StoreError if a process ends before it is done, and whatever `step` raises.
        """
        if self._pool is None:
            yield from map(step, given)
            return
        waiting: deque[Future[T]] = deque()
        try:
            for each in given:
                waiting.append(self._pool.submit(step, each))
                if len(waiting) > self._ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise StoreError(
                "a process that fills the store was ended, perhaps for want of memory; what was read waits: "
                "run the command again, with --workers 1 to take the least memory"
            ) from error

    def __enter__(self) -> Hands:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)
