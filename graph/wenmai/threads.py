"""A function over many items in threads that wait for others: results in order, a bounded number on their way."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def in_threads(function: Callable[[_In], _Out], items: Iterable[_In], threads: int) -> Generator[_Out]:
    """Yield `function(item)` for each of `items`, in order; up to `threads` run at a time. Raises what it raises.

    Closing the iterator starts no more of them and waits for none: the threads are daemons, which
    concurrent.futures' are not, so that Ctrl-C need not wait for an answer that may take minutes.
    """
    work: queue.SimpleQueue[tuple[Future[_Out], _In] | None] = queue.SimpleQueue()
    waiting: deque[Future[_Out]] = deque()

    def serve() -> None:
        while (task := work.get()) is not None:
            future, item = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(function(item))
            except BaseException as error:
                future.set_exception(error)

    for _ in range(threads):
        threading.Thread(target=serve, daemon=True).start()
    try:
        for item in items:
            future: Future[_Out] = Future()
            waiting.append(future)
            work.put((future, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        for _ in range(threads):
            work.put(None)
