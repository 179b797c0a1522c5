"""wenmai (文脉): Chinese news articles as a knowledge graph whose every fact keeps the words it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

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
    from wenmai.archive import Archive
    from wenmai.view import Selection
    from wenmai.view import show as framed

    store = graph.store if isinstance(graph, Archive) else graph
    names = (focus,) if isinstance(focus, str) else tuple(focus or ())
    return framed(store, Selection(names, depth, tuple(types), inferred=inferred), lang=lang, height=height)
