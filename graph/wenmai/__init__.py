"""wenmai (文脉): Chinese news articles as a knowledge graph whose every fact keeps the words it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import networkx as nx

    from wenmai.archive import Archive
    from wenmai.store.protocol import Store
    from wenmai.view import Frame


def open(location: str | Path = "wenmai-store", *, as_of: str | dt.date | None = None) -> Archive:
    """Open the graph at `location` to ask: a store folder, the URL of a SPARQL server or its settings file, an export.

    `as_of`, a day (2017-04-21), shows the graph as the articles published until then say it. Raises
    `wenmai.errors.UsageError` for what is no day, `wenmai.errors.StoreError` if there is none or it cannot be read.
    """
    from wenmai.archive import open_archive

    return open_archive(location, as_of)


def show(
    graph: Archive | Store,
    focus: str | Sequence[str] | None = None,
    *,
    depth: int = 1,
    types: Sequence[str] = (),
    inferred: bool = False,
    lang: str = "zh",
    height: int = 640,
) -> Frame:
    """Return the network page of `wenmai view` for a cell of a notebook, `height` pixels high.

    `graph` is what `open` returned, or a store. `focus`: names or IRIs to start from, the whole graph without any;
    `depth`: steps from there; `types`: classes (`Company`, 企业) that may stand beside the focus; `inferred`: also what
    only the closure gives. The page is shown in a frame of no origin, and asks no network. Raises
    `wenmai.errors.UsageError` for a focus, a class or a language there is not, `wenmai.errors.StoreError`.
    """
    from wenmai.view import Selection
    from wenmai.view import show as framed

    names = (focus,) if isinstance(focus, str) else tuple(focus or ())
    return framed(_seen(graph), Selection(names, depth, tuple(types), inferred=inferred), lang=lang, height=height)


def graph(  # noqa: PLR0913 - one argument an option, all but two by name
    store: Archive | Store,
    projection: str | None = None,
    *,
    as_of: str | dt.date | None = None,
    since: str | dt.date | None = None,
    until: str | dt.date | None = None,
    classes: str | Sequence[str] = (),
    kinds: Collection[str] = ("asserted",),
    inferred: bool = False,
    min_confidence: float = 0.0,
) -> nx.Graph[str]:
    """Return what the articles say as a networkx graph whose nodes are IRIs.

    `store` is what `open` returned, or a store.

    Without a `projection` it is a MultiDiGraph of all lines between things, whatever their kind: `kind` is that of the
    picture's line (`asserted`, `planned`, `reported`, `denied`, `inferred`; of an event that is only announced,
    `planned`), `modality` that of its claims (`Asserted`…); posts are lines from a person to a body, with `title`.
    `projection`: `who-with-whom` (persons and organizations; a Graph), `organization-place`, `policy-organization`
    (DiGraphs from what is named first to the second), whose lines stand on lines of `kinds`, directly or by an event or
    agreement of both (`via`).

    Nodes have `label`, `en`, `class`, `family` (the topmost class), events also `date` and `status`; lines have
    `predicate` (`partnerOf`), `label`, `en`, or in a projection `via`, and always `claims` (IRIs), `dates` (of their
    articles), `confidence` (of the surest claim) and `weight` (how many articles). Things without a line are not in it.

    `as_of`: what the articles until that day say, nothing later known; `since`, `until`: what belongs to those days, by
    its article or by an event at one of its ends. `classes`: only things of these classes (`Company`, 企业) and those
    below. `inferred`: also lines that only the closure gives. `min_confidence`: only claims of that confidence.
    The order of nodes and lines never varies. Raises UsageError, LimitError for more than two million claims,
    StoreError.
    """
    from wenmai.analyse import network

    return network(
        _seen(store, as_of),
        projection,
        since=since,
        until=until,
        classes=classes,
        kinds=(*kinds, "inferred") if inferred else kinds,
        inferred=inferred,
        min_confidence=min_confidence,
    )


def graphs(
    store: Archive | Store,
    by: str = "year",
    projection: str | None = None,
    *,
    cumulative: bool = False,
    classes: str | Sequence[str] = (),
    kinds: Collection[str] = ("asserted",),
    min_confidence: float = 0.0,
) -> dict[str, nx.Graph[str]]:
    """Return a graph, as `graph` does, for each `year` (2017) or `month` (2017-04) in which articles were published.

    In order; each of what the articles of that time say, or with `cumulative` of what all until then say. The store is
    read once. Articles without a date are in none. Raises UsageError, LimitError, StoreError.
    """
    from wenmai.analyse import networks

    return networks(
        _seen(store),
        by,
        projection,
        cumulative=cumulative,
        classes=classes,
        kinds=kinds,
        min_confidence=min_confidence,
    )


def _seen(store: Archive | Store, as_of: str | dt.date | None = None) -> Store:
    from wenmai.archive import Archive

    shown = store.store if isinstance(store, Archive) else store
    if as_of is None:
        return shown
    from wenmai.history.asof import as_of as past

    return past(shown, as_of)
