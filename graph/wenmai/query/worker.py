"""The process that queries run in: it opens the store to read, binds, evaluates, writes the answer, waits for more.

The parent holds the deadline by killing it. Started as `python -m wenmai.query.worker MEMORY`; a line of JSON on
standard input for each request, on standard output a line of JSON that says what follows, then the answer (SPARQL JSON
or N-Triples). It ends with its input.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wenmai.errors import LimitError, StoreError, UsageError, WenmaiError
from wenmai.query.evaluate import evaluate
from wenmai.query.library import parse
from wenmai.store.native import explain
from wenmai.store.protocol import Store

_LOOK = 0.5
"""Seconds between looks for the parent."""


def open_for(location: str, snapshot: str | None, endpoint: Mapping[str, Any] | None, base: str) -> Store:
    """Open what the parent named: the snapshot its reader holds, a server it talks to, or a location."""
    from wenmai.store import EmbeddedStore, RemoteStore, open_store

    if endpoint is not None:
        from wenmai.store.remote import Endpoint

        return RemoteStore(Endpoint(**endpoint), base)
    if snapshot is not None:
        return EmbeddedStore.reader(Path(location), snapshot)
    return open_store(location)


class _Opened:
    """The store that is asked, kept for the next request where that asks the same one."""

    def __init__(self) -> None:
        self._key: object = None
        self._store: Store | None = None
        self._notes: tuple[str, ...] = ()

    def seen(self, where: Mapping[str, Any], day: str | None) -> tuple[Store, tuple[str, ...]]:
        """Return what is asked: the store, or the view of it as of a day, with notes on that view."""
        if self._store is None or self._key != (where, day):
            self._store, self._notes, self._key = open_for(**where), (), (where, day)
            if day is not None:
                from wenmai.history.asof import seen

                self._store, self._notes = seen(self._store, day)
        return self._store, self._notes


def main() -> None:
    """Answer the requests on standard input."""
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to standard error, the answer alone to standard output
    cap = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    opened = _Opened()
    for line in sys.stdin.buffer:
        head, payload = _answered(json.loads(line), opened)
        out.write(json.dumps(head | {"size": len(payload)}).encode() + b"\n")
        out.write(payload)
        out.flush()
    # The store is only read; leaving at once spares the engine's orderly shutdown.
    os._exit(0)


def _answered(request: Mapping[str, Any], opened: _Opened) -> tuple[dict[str, object], bytes]:
    """Return the head and the bytes of an answer, or the head of an error."""
    try:
        store, notes = opened.seen(request["where"], request["as_of"])
        done = evaluate(store, parse(request["name"], request["text"]), request["values"])
        return {"kind": done.kind, "notes": [*notes, *done.notes], "base": store.base}, done.payload
    except MemoryError:
        return {"error": "LimitError", "message": "memory"}, b""
    except (WenmaiError, RuntimeError, OSError) as raised:
        # The engine raises RuntimeError and OSError of its own while rows are read: a damaged file.
        error = raised if isinstance(raised, WenmaiError) else explain(raised, request["where"]["location"])
        kind = next(c.__name__ for c in (UsageError, StoreError, LimitError, WenmaiError) if isinstance(error, c))
        return {"error": kind, "message": str(error)}, b""


def _end_with_parent(parent: int) -> None:
    """End when the process that asked was killed: nobody waits for the answer, or holds the deadline, any more."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


if __name__ == "__main__":
    main()
