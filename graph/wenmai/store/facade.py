"""rdflib over the store that is open: the same data, no copy, read-only.

Dataset.graph() and Dataset() register graphs with their store; on a read-only handle that fails in the engine, though
nothing need be written: a graph is there when it holds a quad. Here registering does nothing and writing says why not.
"""

from __future__ import annotations

from typing import Any, NoReturn

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import Dataset

from wenmai.errors import StoreError
from wenmai.namespaces import PREFIXES


class ReadOnlyOxigraph(OxigraphStore):
    """An open Oxigraph store as rdflib reads it."""

    def add_graph(self, graph: Any) -> None:
        """Do nothing: reading needs no registered graph."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise StoreError("this rdflib dataset is read-only; the graph changes by `wenmai build`")

    add = addN = remove = remove_graph = update = destroy = _refuse


def dataset(store: ox.Store, base: str) -> Dataset:
    """Return an rdflib Dataset over `store`, whose default graph is the facts alone, prefixes bound."""
    view = Dataset(store=ReadOnlyOxigraph(store=store), default_union=False)
    for prefix, namespace in (PREFIXES | {"id": base + "id/"}).items():
        view.bind(prefix, namespace, override=True, replace=True)
    return view
