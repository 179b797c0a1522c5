"""The process a query runs in: it opens the store to read, binds, evaluates, writes the answer and ends.

The parent holds the deadline by killing it. Started as `python -m wenmai.query.worker`; one JSON request on standard
input, on standard output one line of JSON that says what follows, then the answer (SPARQL JSON or N-Triples).
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


def _seen(store: Store, day: str | None) -> tuple[Store, tuple[str, ...]]:
    """Return what is asked: `store`, or the view of it as of a day, with notes on that view."""
    if day is None:
        return store, ()
    from wenmai.history.asof import seen

    return seen(store, day)


def main() -> None:
    """Answer the one request on standard input."""
    request: dict[str, Any] = json.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to standard error, the answer alone to standard output
    cap = int(request["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        store = open_for(request["location"], request["snapshot"], request["endpoint"], request["base"])
        store, notes = _seen(store, request["as_of"])
        done = evaluate(store, parse(request["name"], request["text"]), request["values"])
        head: dict[str, object] = {"kind": done.kind, "notes": [*notes, *done.notes], "base": store.base}
        payload = done.payload
    except MemoryError:
        head, payload = {"error": "LimitError", "message": "memory"}, b""
    except (WenmaiError, RuntimeError, OSError) as raised:
        # The engine raises RuntimeError and OSError of its own while rows are read: a damaged file.
        error = raised if isinstance(raised, WenmaiError) else explain(raised, request["location"])
        kind = next(c.__name__ for c in (UsageError, StoreError, LimitError, WenmaiError) if isinstance(error, c))
        head, payload = {"error": kind, "message": str(error)}, b""
    out.write(json.dumps(head).encode() + b"\n")
    out.write(payload)
    out.close()
    # The store is only read; leaving at once spares the engine's orderly shutdown.
    os._exit(0)


def _end_with_parent(parent: int) -> None:
    """End when the process that asked was killed: nobody waits for the answer, or holds the deadline, any more."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


if __name__ == "__main__":
    main()
