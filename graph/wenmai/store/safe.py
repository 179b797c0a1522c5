"""What a writer that could not go on has left: read back from the files themselves, changing nothing."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pyoxigraph as ox

from wenmai.errors import StoreError
from wenmai.namespaces import WENMAI
from wenmai.store import lock
from wenmai.store.folder import Folder
from wenmai.store.native import NativeStore, explained


def articles_on_disk(path: Path) -> int | None:
    """Return how many articles the data of the store at `path` holds, published or not; None if that cannot be read.

    The engine reads its log into memory for this and writes nothing, so that it works on a full disk.
    """
    text = f"SELECT (COUNT(DISTINCT ?article) AS ?n) {{ GRAPH ?graph {{ ?article a <{WENMAI}Article> }} }}"
    try:
        folder = Folder(path)
        with lock.take(path), explained(str(path)):
            store = NativeStore(ox.Store.read_only(str(folder.data)), folder.base, str(path))
            answer = store.query(text)
            return int(next(iter(cast("ox.QuerySolutions", answer)))["n"].value)
    except StoreError:
        return None
