"""Questions to the graph: the library of named queries, and SPARQL of one's own, with limits that hold.

`run` answers a query in a process of its own that is killed at the deadline; `write` prints what came back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict
from pathlib import Path

from wenmai.errors import UsageError
from wenmai.query.formats import FORMATS, write
from wenmai.query.library import NamedQuery, Parameter, find, library, parse
from wenmai.query.process import DEFAULT_MEMORY, Asker
from wenmai.query.result import Result
from wenmai.store import EmbeddedStore, MemoryStore, Store

__all__ = ["FORMATS", "Asker", "NamedQuery", "Parameter", "Result", "find", "library", "parse", "run", "write"]

DEFAULT_TIMEOUT = 60.0


def run(
    location: str | Path | Store,
    query: str | NamedQuery,
    params: Mapping[str, str | Sequence[str]] | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    *,
    memory: int = DEFAULT_MEMORY,
    as_of: dt.date | None = None,
    asker: Asker | None = None,
) -> Result:
    """Answer a query on a store within `timeout` seconds and `memory` bytes.

    `location` is what `open_store` takes, or a store that is open: one on disk is read as published (a reader's own
    snapshot), one in memory is asked in this process, where no limit holds. `query` is a library name, a `.rq` file,
    a SPARQL text or `-`. `params` are names or IRIs, dates, texts, numbers; several for one parameter mean any.
    `as_of` asks the graph as the articles until that day say it (see `wenmai.history`); the process that answers makes
    it, within the same limits. `asker` keeps the process for its next query, and has a limit of memory of its own.

    Raises UsageError, LimitError, StoreError.
    """
    named = query if isinstance(query, NamedQuery) else find(query)
    given = {key: [each] if isinstance(each, str) else list(each) for key, each in (params or {}).items()}
    if timeout <= 0:
        raise UsageError(f"a timeout of {timeout:g} s leaves no time; give more than 0")
    if isinstance(location, MemoryStore):
        from wenmai.history.asof import seen
        from wenmai.query.evaluate import evaluate

        store, notes = seen(location, as_of)
        done = evaluate(store, named, given)
        return Result(done.kind, done.payload, location.base, (*notes, *done.notes))
    request = {
        "where": _where(location),
        "as_of": as_of.isoformat() if as_of else None,
        "name": named.name,
        "text": named.text,
        "values": given,
    }
    with nullcontext(asker) if asker else closing(Asker(memory)) as used:
        head, payload = used.answer(request, timeout)
    return Result(head["kind"], payload, head["base"], tuple(head["notes"]))


def _where(location: str | Path | Store) -> dict[str, object]:
    """Say in JSON what the worker is to open."""
    where: dict[str, object] = {"location": str(location), "snapshot": None, "endpoint": None, "base": ""}
    if isinstance(location, (str, Path)):
        return where
    where |= {"location": location.location, "base": location.base}
    if isinstance(location, EmbeddedStore):
        return where | {"snapshot": location.snapshot.name if location.snapshot else None}
    from wenmai.store.exported import FileStore
    from wenmai.store.remote import RemoteStore

    if isinstance(location, RemoteStore):
        return where | {"endpoint": asdict(location.endpoint)}
    if isinstance(location, FileStore):
        return where
    raise UsageError(f"{location.location}: a store of this kind cannot be queried from another process")
