"""Questions to the graph: the library of named queries, and SPARQL of one's own, with limits that hold.

`run` answers a query in a process of its own that is killed at the deadline; `write` prints what came back.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from wenmai.errors import LimitError, StoreError, UsageError, WenmaiError
from wenmai.query.formats import FORMATS, write
from wenmai.query.library import NamedQuery, Parameter, find, library, parse
from wenmai.query.result import Result
from wenmai.store import EmbeddedStore, MemoryStore, Store

__all__ = ["FORMATS", "NamedQuery", "Parameter", "Result", "find", "library", "parse", "run", "write"]

DEFAULT_TIMEOUT = 60.0
DEFAULT_MEMORY = 4 << 30
"""Bytes of address space a worker may have; the engine maps its files into it too."""


def run(
    location: str | Path | Store,
    query: str | NamedQuery,
    params: Mapping[str, str | Sequence[str]] | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    *,
    memory: int = DEFAULT_MEMORY,
    as_of: dt.date | None = None,
) -> Result:
    """Answer a query on a store within `timeout` seconds and `memory` bytes.

    `location` is what `open_store` takes, or a store that is open: one on disk is read as published (a reader's own
    snapshot), one in memory is asked in this process, where no limit holds. `query` is a library name, a `.rq` file,
    a SPARQL text or `-`. `params` are names or IRIs, dates, texts, numbers; several for one parameter mean any.
    `as_of` asks the graph as the articles until that day say it (see `wenmai.history`); the process that answers makes
    it, within the same limits.

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
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    memory = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    request = _where(location) | {
        "name": named.name,
        "text": named.text,
        "values": given,
        "memory": memory,
        "as_of": as_of.isoformat() if as_of else None,
    }
    return _answered(request, timeout, memory)


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


def _answered(request: Mapping[str, object], timeout: float, memory: int) -> Result:
    package_parent = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [package_parent, os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "wenmai.query.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        try:
            out, err = process.communicate(json.dumps(request).encode(), timeout)
        except subprocess.TimeoutExpired as error:
            raise LimitError(
                f"the query ran longer than {timeout:g} s and was stopped; narrow it, add LIMIT, or give more --timeout"
            ) from error
        finally:
            process.kill()
    head_line, _, payload = out.partition(b"\n")
    if not head_line:
        raise _died(process.returncode, err, memory)
    head = json.loads(head_line)
    if "error" in head:
        if head["error"] == "LimitError" and head["message"] == "memory":
            raise _too_large(memory)
        kinds: dict[str, type[WenmaiError]] = {
            "UsageError": UsageError,
            "LimitError": LimitError,
            "StoreError": StoreError,
        }
        raise kinds.get(head["error"], WenmaiError)(head["message"])
    return Result(head["kind"], payload, head["base"], tuple(head["notes"]))


def _died(status: int, err: bytes, memory: int) -> WenmaiError:
    if status in {-signal.SIGABRT, -signal.SIGKILL} or b"memory allocation" in err or b"MemoryError" in err:
        return _too_large(memory)
    if status in {-signal.SIGSEGV, -signal.SIGBUS}:
        return LimitError("the query is too complex: the engine gave up on it; make it shorter")
    last = err.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"status {status}"]
    return WenmaiError(f"the query's process ended without an answer ({last[0][:200]})")


def _too_large(memory: int) -> LimitError:
    return LimitError(
        f"the query needed more than {memory >> 20:,} MB of memory and was stopped; narrow it or add LIMIT"
    )
