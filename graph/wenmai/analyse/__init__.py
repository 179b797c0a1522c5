"""Analysis: a store as networkx graphs, and named analyses of it, each a module in `kinds/`.

    graph = network(store, "who-with-whom", since="2017-01-01")
    for row in run(store, "pagerank", {"projection": "who-with-whom"}).result(store.base): ...

A store goes in, graphs and tables come out; the same store gives the same, whatever the hash seed. What was found is
written into a graph of the store by `written.write`, when that is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wenmai.analyse.given import Given
from wenmai.analyse.kinds import analyses, find
from wenmai.analyse.material import STEPS, Material, Thing, gather
from wenmai.analyse.network import typed
from wenmai.analyse.outcome import Analysis, Outcome
from wenmai.analyse.projection import PROJECTIONS, projected
from wenmai.errors import UsageError
from wenmai.store.protocol import Store

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["PROJECTIONS", "STEPS", "Analysis", "Outcome", "analyses", "find", "network", "networks", "run"]

Day = str | dt.date | None


def network(
    store: Store,
    projection: str | None = None,
    *,
    since: Day = None,
    until: Day = None,
    classes: str | Sequence[str] = (),
    kinds: Collection[str] = ("asserted",),
    inferred: bool = False,
    min_confidence: float = 0.0,
) -> nx.Graph[str]:
    """Return what `wenmai.graph` describes, of a store. Raises UsageError, LimitError, StoreError."""
    _named(projection)
    keep = _keep(classes)
    material = gather(store, inferred=inferred, min_confidence=min_confidence).cut(_iso(since), _iso(until))
    return _made(material, projection, kinds, keep)


def networks(
    store: Store,
    by: str = "year",
    projection: str | None = None,
    *,
    cumulative: bool = False,
    classes: str | Sequence[str] = (),
    kinds: Collection[str] = ("asserted",),
    min_confidence: float = 0.0,
) -> dict[str, nx.Graph[str]]:
    """Return what `wenmai.graphs` describes, of a store. Raises UsageError, LimitError, StoreError."""
    if by not in STEPS:
        raise UsageError(f"a sequence of graphs goes by {' or '.join(STEPS)}, not by {by!r}")
    _named(projection)
    keep = _keep(classes)
    parts = gather(store, min_confidence=min_confidence).periods(by, cumulative=cumulative)
    return {period: _made(part, projection, kinds, keep) for period, part in parts.items()}


def run(store: Store, name: str, params: Mapping[str, str | Sequence[str]] | None = None) -> Outcome:
    """Carry out the analysis `name` on a store, with values as a person gives them (names, days, numbers).

    Raises UsageError for an analysis or a parameter there is not, LimitError, StoreError.
    """
    analysis = find(name)
    return analysis.run(store, Given(analysis, params or {}, store))


def _made(
    material: Material, projection: str | None, kinds: Collection[str], keep: Callable[[Thing], bool]
) -> nx.Graph[Any]:
    if projection is None:
        return typed(material, keep)
    return projected(material, projection, kinds, keep)


def _named(projection: str | None) -> None:
    """See that there is such a projection before a store is read. Raises UsageError."""
    if projection is not None and projection not in PROJECTIONS:
        raise UsageError(f"there is no projection {projection!r}; there are {', '.join(PROJECTIONS)}")


def _keep(classes: str | Sequence[str]) -> Callable[[Thing], bool]:
    from wenmai.view.project import classes_named

    wanted = classes_named([classes] if isinstance(classes, str) else classes, "classes")
    return lambda thing: wanted is None or thing.cls in wanted


def _iso(day: Day) -> str:
    """Return a day as ISO text, empty for none. Raises UsageError for what is no day."""
    if not day:
        return ""
    from wenmai.history.asof import day_of

    return day_of(day).isoformat()
