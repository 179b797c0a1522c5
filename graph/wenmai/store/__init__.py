"""Where the graph is kept: one protocol, and the stores behind it.

`open_store` takes a folder (Oxigraph on disk), `memory:`, the URL of a SPARQL server or a small file that names its
three URLs. Quads go in by atomic commits, readers see what was published.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from wenmai.store.embedded import EmbeddedStore
from wenmai.store.memory import MemoryStore
from wenmai.store.protocol import ANY, DEFAULT, Answer, GraphName, Store

if TYPE_CHECKING:
    from wenmai.store.remote import RemoteStore

__all__ = [
    "ANY",
    "DEFAULT",
    "Answer",
    "EmbeddedStore",
    "GraphName",
    "MemoryStore",
    "RemoteStore",
    "Store",
    "open_store",
]


def open_store(location: str | Path, *, write: bool = False, base: str | None = None, create: bool = False) -> Store:
    """Open the store at `location`.

    `location` is a store folder; `memory:`; `http://HOST/` of a server with Oxigraph's paths (`query`, `update`,
    `store`); a `.toml` or `.json` file with the keys of `RemoteStore.from_file`; or, to read, a `.trig` or `.nq` file
    that `wenmai export` wrote. A reader sees what was published last; with `write` the live data is open, and `create`
    makes a folder that is not there. `base` is the IRI a new store's IRIs begin with, default `http://localhost:8000/`;
    an existing store keeps its own.

    Raises StoreError if it is missing, foreign, locked, damaged or of a newer format, UsageError for another base.
    """
    text = str(location)
    if text == "memory:":
        from wenmai.namespaces import DEFAULT_BASE
        from wenmai.store.folder import checked_base

        return MemoryStore(checked_base(base or DEFAULT_BASE))
    if text.startswith(("http://", "https://")):
        from wenmai.store.remote import RemoteStore

        return RemoteStore.from_url(text, base)
    path = Path(location)
    if path.suffix in {".toml", ".json"} and path.is_file():
        from wenmai.store.remote import RemoteStore

        return RemoteStore.from_file(path, base)
    if path.suffix in {".trig", ".nq"} and path.is_file() and not write:
        from wenmai.store.exported import FileStore

        return FileStore(path)
    if write:
        return EmbeddedStore.writer(path, base, create=create)
    return EmbeddedStore.reader(path)


def __getattr__(name: str) -> Any:
    # The HTTP client of the standard library takes longer to import than a store takes to open.
    if name == "RemoteStore":
        from wenmai.store.remote import RemoteStore

        return RemoteStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
