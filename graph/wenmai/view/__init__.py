"""Pictures of the graph: an interactive page that needs no network, GraphML and GEXF for Gephi, SVG and PNG for print.

A store goes in, a file comes out; `project` gives the networkx graph itself. Nothing here writes to a store.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from wenmai.errors import UsageError
from wenmai.store.protocol import Store
from wenmai.view.project import MAX_NODES, Fact, Selection, project
from wenmai.view.style import TEXTS, Lang

if TYPE_CHECKING:
    from wenmai.view.project import Graph

__all__ = ["FORMATS", "MAX_NODES", "Fact", "Frame", "Selection", "Summary", "project", "render", "show", "view"]

FORMATS = ("html", "graphml", "gexf", "svg", "png")
_WHOLE = frozenset({"graphml", "gexf"})
"""Formats that are not drawn here and take any number of nodes."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: the file, how many nodes and edges, how many entities there were to draw.

    `notes` are lines a person should read, on standard error.
    """

    output: Path
    format: str
    nodes: int
    edges: int
    total: int
    notes: tuple[str, ...] = ()

    @property
    def truncated(self) -> bool:
        """Tell whether entities were left out because they were too many."""
        return self.nodes < self.total


def view(  # noqa: PLR0913 - one argument an option of the command
    store: Store,
    output: str | Path,
    *,
    focus: str | Sequence[str] | None = None,
    depth: int = 1,
    types: Sequence[str] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
    inferred: bool = False,
    min_confidence: float = 0.0,
    format: str = "html",
    lang: str = "zh",
) -> Summary:
    """Write a picture of the store's graph, or of the part around `focus`, to the file `output`.

    `focus`: one or several names or IRIs; `depth`: steps from there. `types`: classes that may stand in the picture
    (`Company`, 企业), with their subclasses. `since`, `until`: inclusive dates of articles or events. `inferred`: also
    what only the closure gives. `min_confidence`: only what is claimed with that confidence (0 to 1) or more. `format`:
    one of `FORMATS`; those that are drawn hold the 1,500 most connected entities at most, and say so in the picture and
    in `Summary.notes`. `lang`: `zh` or `en`. The file appears whole or not at all.

    Raises UsageError for an option that is not right, a focus not found, or a file that cannot be written; StoreError.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format}: there is no such picture; known are {', '.join(FORMATS)}")
    language = _language(lang)
    names = (focus,) if isinstance(focus, str) else tuple(focus or ())
    limit = None if format in _WHOLE else MAX_NODES
    graph = project(store, Selection(names, depth, tuple(types), since, until, inferred, limit, min_confidence))
    _write(Path(output), render(graph, format, language, names))
    notes = tuple(filter(None, [_notice(graph, "en") or ("" if len(graph) else TEXTS["en"]["empty"])]))
    return Summary(Path(output), format, len(graph), graph.number_of_edges(), graph.graph["total_nodes"], notes)


def render(graph: Graph, format: str = "html", lang: Lang = "zh", focus: Sequence[str] = ()) -> bytes:
    """Return the bytes of a picture of `graph`, which `project` gave. `focus` are names for the title."""
    title = TEXTS[lang]["title"]
    if names := [graph.nodes[iri][lang] for iri in graph.graph["focus"] if iri in graph]:
        title = f"{'、'.join(names[:3])} · {title}"
    elif focus:
        title = f"{'、'.join(focus)} · {title}"
    if format == "html":
        from wenmai.view.page import page

        return page(graph, lang, title, _notice(graph, lang)).encode("utf-8", "replace")
    if format in _WHOLE:
        from wenmai.view import export

        return export.graphml(graph, lang) if format == "graphml" else export.gexf(graph, lang)
    from wenmai.view.picture import draw

    if format == "svg":
        from wenmai.view.svg import svg

        return svg(graph, draw(graph, lang), lang, title).encode()
    from wenmai.view.png import png

    return png(draw(graph, lang), lang, title)


@dataclass(frozen=True, slots=True)
class Frame:
    """A page to look at in a notebook: a cell whose last value it is shows the picture."""

    html: str = field(repr=False)
    height: int

    def _repr_html_(self) -> str:
        from html import escape

        # The frame has no origin of its own: the page can reach neither the notebook nor its cookies.
        look = f'sandbox="allow-scripts" width="100%" height="{self.height}"'
        return f'<iframe srcdoc="{escape(self.html)}" {look} style="border: 1px solid #ccc"></iframe>'


def show(store: Store, selection: Selection | None = None, *, lang: str = "zh", height: int = 640) -> Frame:
    """Return the page of `view` for a cell of a notebook, `height` pixels high.

    Raises UsageError for a selection or language that is not right; StoreError.
    """
    asked = selection or Selection()
    page = render(project(store, asked), "html", _language(lang), asked.focus)
    return Frame(page.decode(), height)


def _language(lang: str) -> Lang:
    if lang not in get_args(Lang):
        raise UsageError(f"--lang {lang}: known are {', '.join(get_args(Lang))}")
    return cast("Lang", lang)


def _notice(graph: Graph, lang: Lang) -> str:
    total = graph.graph["total_nodes"]
    if len(graph) >= total:
        return ""
    return TEXTS[lang]["truncated"].format(nodes=f"{len(graph):,}", total=f"{total:,}")


def _write(path: Path, content: bytes) -> None:
    """Write the whole file beside its place, then move it there. Raises UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as scratch:
            try:
                scratch.write(content)
                scratch.close()
                # A scratch file is private to its owner; a page is as readable as any file the user makes.
                umask = os.umask(0)
                os.umask(umask)
                Path(scratch.name).chmod(0o666 & ~umask)
                Path(scratch.name).replace(path)
            except BaseException:
                with suppress(OSError):
                    Path(scratch.name).unlink()
                raise
    except OSError as error:
        raise UsageError(f"{path}: the picture cannot be written there ({error.strerror or error})") from error
