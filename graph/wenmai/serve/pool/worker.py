"""The process that answers: it opens the store to read, does one task after another, and can be killed at any time.

`pool.process` starts it and talks to it over a socket: a line of JSON asks, a line of JSON and a body answer.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from wenmai.errors import LimitError, StoreError
from wenmai.serve import problem
from wenmai.serve.answer import Answer, Task
from wenmai.store import EmbeddedStore, Store, open_store

_WORTH_GZIP = 1000
"""Bytes of a body below which compressing it saves nothing."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is started with. `public_base` differs from the store's base where IRIs are to be rewritten."""

    location: str
    base: str
    memory: int
    answer: int
    public_base: str = ""
    write: bool = False


class Reader:
    """The store as it was published last: opened again when something new was."""

    def __init__(self, location: str, base: str) -> None:
        self._location, self._base = location, base
        self._current = Path(location) / "current"
        self._store: Store | None = None
        self._mark: tuple[int, int] | None = None

    @property
    def version(self) -> str:
        """The name of the snapshot that is open; empty for a store without snapshots."""
        snapshot = self._store.snapshot if isinstance(self._store, EmbeddedStore) else None
        return snapshot.name if snapshot is not None else ""

    def store(self) -> Store:
        """Return the open store. Raises StoreError."""
        mark = self._published()
        if self._store is None or mark != self._mark:
            fresh = open_store(self._location, base=self._base)
            if self._store is not None:
                self._store.close()
            self._store, self._mark = fresh, mark
        return self._store

    def _published(self) -> tuple[int, int] | None:
        """Return what tells one state of `current`, which is replaced by rename, from another."""
        try:
            found = self._current.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Give the store for one request."""
        yield self.store()


class Writer:
    """The store opened to write for one request at a time, so that a build may come between; published at its end."""

    version = ""

    def __init__(self, location: str, base: str) -> None:
        self._location, self._base = location, base

    def store(self) -> Store:
        """Raise StoreError: nothing is opened before it is needed."""
        raise StoreError("opened when there is something to write")

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Give the store for one request, locked; what it changed is shown to readers unless it raises."""
        with closing(open_store(self._location, write=True, base=self._base)) as store:
            yield store
            store.publish()


def main(channel: socket.socket, setup: Setup) -> None:
    """Answer requests from `channel` until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (setup.memory, setup.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = Writer(setup.location, setup.base) if setup.write else Reader(setup.location, setup.base)
    stream = channel.makefile("rwb")
    with suppress(StoreError):  # each request is told
        reader.store()
    stream.write(b"\n")
    stream.flush()
    for line in stream:
        head, body = _answered(reader, line, setup)
        stream.write(json.dumps(head).encode() + b"\n" + body)
        stream.flush()
        if head.get("spent"):
            break
    # The store is only read; leaving at once spares the engine's orderly shutdown.
    os._exit(0)


def _answered(reader: Reader | Writer, line: bytes, setup: Setup) -> tuple[dict[str, Any], bytes]:
    """Do what one line asks; return the head of the answer and its body."""
    spent = False
    try:
        with reader.opened() as store:
            answer, zipped = _done(store, line, setup)
        if len(answer.body) > setup.answer:
            raise problem.Problem(413, f"the answer is larger than {setup.answer:,} bytes; narrow it or add LIMIT")
        if zipped and len(answer.body) >= _WORTH_GZIP:
            answer = _compressed(answer)
        return _head(answer, reader.version, spent), answer.body
    except MemoryError:
        spent = True
        error: Exception = LimitError(f"this needed more than {setup.memory >> 20:,} MB of memory and was stopped")
    except Exception as raised:
        error = raised
    found = problem.of(error)
    answer = Answer(found.document(), problem.MEDIA, found.status, found.headers)
    head = _head(answer, reader.version, spent)
    if found.status >= 500 and not isinstance(error, LimitError | problem.Problem):
        head["fault"] = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return head, answer.body


def _done(store: Store, line: bytes, setup: Setup) -> tuple[Answer, bool]:
    """Return the answer, with the base that people see, and whether it may be compressed."""
    rewritten = setup.public_base and setup.public_base != store.base
    if rewritten:
        line = line.replace(setup.public_base.encode(), store.base.encode())
    request = json.loads(line)
    answer = task(request["task"])(store, request["call"])
    return _public(answer, store.base, setup.public_base) if rewritten else answer, request["gzip"]


def _public(answer: Answer, base: str, public: str) -> Answer:
    """Return the answer with the store's base IRI replaced by the public one: an IRI of ASCII, found by its bytes."""
    headers = {name: value.replace(base, public) for name, value in answer.headers.items()}
    return Answer(answer.body.replace(base.encode(), public.encode()), answer.media, answer.status, headers)


def _compressed(answer: Answer) -> Answer:
    """Return the answer with its body in gzip: done here, where it keeps nobody else waiting."""
    body = gzip.compress(answer.body, compresslevel=4, mtime=0)
    return Answer(body, answer.media, answer.status, {**answer.headers, "Content-Encoding": "gzip"})


def _head(answer: Answer, version: str, spent: bool) -> dict[str, Any]:
    return {
        "status": answer.status,
        "media": answer.media,
        "headers": dict(answer.headers),
        "length": len(answer.body),
        "version": version,
        "spent": spent,
    }


def task(name: str) -> Task:
    """Return the function that a route named as `module:function`."""
    module, _, function = name.partition(":")
    return cast("Task", getattr(import_module(module), function))


def refresh(_: Store, __: Mapping[str, Any]) -> Answer:
    """Do nothing: asked of a worker that is idle, so that it opens what was published."""
    return Answer(b"", "text/plain")


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
