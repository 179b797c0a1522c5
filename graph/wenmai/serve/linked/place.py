"""What is at an IRI of a store: a thing, a thing by another name, nothing any more, or nothing ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

import pyoxigraph as ox

from wenmai.namespaces import WENMAI
from wenmai.serve.problem import Problem
from wenmai.store.gone import GONE, was_here
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms

Kind = Literal["entity", "article", "claim", "record", "retired"]

_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_KINDS: dict[str, Kind] = {
    "article": "article",
    "claim": "claim",
    "run": "record",
    "decision": "record",
    "curator": "record",
    "analysis": "record",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A node that is there. `replaced_by` are the nodes that a retired one leads to."""

    node: ox.NamedNode
    kind: Kind
    replaced_by: tuple[ox.NamedNode, ...] = ()

    @property
    def local(self) -> str:
        """The local part: `org-0123456789ab`."""
        return iris.local_id(self.node)


def look_up(store: Store, local: str) -> Place:
    """Return what is at `<base>id/LOCAL`. Raises Problem: 410 for what was published once, 404 for what never was."""
    if not _LOCAL.fullmatch(local):
        raise Problem(404, "there is nothing here")
    node = ox.NamedNode(f"{store.base}id/{local}")
    kind = _KINDS.get(local.partition("-")[0], "entity")
    if _is_there(store, node, kind):
        return Place(node, kind)
    found = {quad.object for quad in store.match(node, terms.REPLACED_BY, None, DEFAULT)}
    others = tuple(sorted((each for each in found if isinstance(each, ox.NamedNode)), key=str))
    if others:
        return Place(node, "retired", others)
    raise missing(store, f"id/{local}")


def missing(store: Store, local: str) -> Problem:
    """Return the error for an IRI that the store does not have: it was published once and went, or it never was."""
    path = store.beside(GONE)
    if path is not None and was_here(path.parent, local):
        return Problem(410, "this was published here once and is no longer part of the data")
    return Problem(404, "there is nothing here")


def _is_there(store: Store, node: ox.NamedNode, kind: Kind) -> bool:
    graph = DEFAULT if kind in ("entity", "article") else None
    kinds = store.match(node, terms.TYPE, None, graph)
    return any(not iris.is_private(quad.graph_name) for quad in kinds)


def types(store: Store, node: ox.NamedNode) -> frozenset[str]:
    """Return the classes of our own that a node has, by local name."""
    found = (quad.object for quad in store.match(node, terms.TYPE, None, DEFAULT))
    return frozenset(
        o.value[len(WENMAI) :] for o in found if isinstance(o, ox.NamedNode) and o.value.startswith(WENMAI)
    )


def rows(store: Store, query: str, *terms_: object) -> Iterator[Any]:
    """Yield the rows of a SELECT of our own; each `%s` of it becomes one of `terms_`, as N-Triples writes it.

    Where many nodes are asked the same, the engine is several times faster at it than look-ups one by one.
    """
    return iter(cast("ox.QuerySolutions", store.query(query % tuple(map(str, terms_)))))
