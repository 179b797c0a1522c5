"""The report's charts: drawn by matplotlib, given as SVG that a page may hold under a strict policy.

Letters stay letters (`svg.fonttype: none`), so that the page's own font draws them: no font is needed here, and the
bytes are the same on every machine. Widths of labels are worked out, not measured in a font.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from wenmai.errors import UsageError
from wenmai.view.picture import measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 5.0
"""Inches: 360 points, as wide as a telephone has pixels, so that letters keep their size there."""
_SIZE = 11.0
_BAR, _QUIET = "#0072B2", "#7f7f7f"
_SVG = "{http://www.w3.org/2000/svg}"
_KEPT = {
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
    "fill-opacity", "stroke-opacity", "text-anchor", "font-size",
}  # fmt: skip


def bars(rows: Sequence[tuple[str, int]], name: str, title: str) -> str:
    """Return horizontal bars, the first row on top, each with its number; empty for no rows.

    `name` tells this chart's parts from those of others in the page, `title` says what it shows. Raises UsageError
    without matplotlib.
    """
    if not rows:
        return ""
    height = 0.28 * len(rows) + 0.12
    figure = _figure(height)
    left = min(0.62, max(measure(label) for label, _ in rows) * _SIZE / 72 / _WIDTH + 0.02)
    axes = figure.add_axes((left, 0.02, 0.9 - left, 0.96))
    most = max(number for _, number in rows) or 1
    places = range(len(rows))
    axes.barh(places, [number for _, number in rows], color=_BAR, height=0.68)
    axes.set(xlim=(0, most), ylim=(len(rows) - 0.4, -0.6))
    axes.set_axis_off()
    for place, (label, number) in zip(places, rows, strict=True):
        axes.text(-0.02 * most, place, label, ha="right", va="center", fontsize=_SIZE)
        axes.text(number + 0.015 * most, place, f"{number:,}", ha="left", va="center", fontsize=_SIZE)
    return _svg(figure, name, title)


def histogram(values: Sequence[float], edges: Sequence[float], name: str, title: str, across: str) -> str:
    """Return a histogram of `values` over bins with these `edges`; `across` names the axis. Empty for no values."""
    if not values:
        return ""
    figure = _figure(2.1)
    axes = figure.add_axes((0.12, 0.29, 0.84, 0.66))
    axes.hist(values, bins=list(edges), color=_BAR, rwidth=0.92)
    axes.set_xlabel(across, fontsize=_SIZE, labelpad=5)
    _plain(axes)
    return _svg(figure, name, title)


def columns(counts: dict[str, int], name: str, title: str) -> str:
    """Return a column for each month, in order, with at most five of their names below. Empty for none."""
    if not counts:
        return ""
    figure = _figure(2.1)
    axes = figure.add_axes((0.12, 0.2, 0.84, 0.75))
    labels = list(counts)
    axes.bar(range(len(labels)), list(counts.values()), color=_BAR, width=0.8)
    step = -(-len(labels) // 5)
    shown = list(range(0, len(labels), step))
    axes.set_xticks(shown, [labels[place] for place in shown])
    axes.set_xlim(-0.6, max(len(labels), 6) - 0.4)
    _plain(axes)
    return _svg(figure, name, title)


def _figure(height: float) -> Any:
    try:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("the report's charts need matplotlib: pip install 'wenmai[print]'") from error
    figure = Figure(figsize=(_WIDTH, height))
    FigureCanvasSVG(figure)
    return figure


def _plain(axes: Axes) -> None:
    """Leave an axis below and light lines at whole numbers across."""
    from matplotlib.ticker import MaxNLocator

    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_QUIET)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=_QUIET, alpha=0.3, linewidth=0.6)
    axes.tick_params(axis="both", labelsize=_SIZE, length=0, pad=6)


def _svg(figure: Any, name: str, title: str) -> str:
    """Return a figure as an SVG element, the same for the same figure, without anything that a style policy forbids."""
    import matplotlib as mpl

    out = io.BytesIO()
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": name, "text.parse_math": False}
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")  # the page's font has it
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _fit(ElementTree.fromstring(out.getvalue()), title)  # noqa: S314 - matplotlib wrote it


def _fit(root: ElementTree.Element, title: str) -> str:
    """Turn style attributes into plain ones, black into the page's own colour; name the picture for screen readers."""
    for element in list(root):
        if element.tag.rpartition("}")[2] == "metadata":
            root.remove(element)
    for element in root.iter():
        for child in [child for child in element if child.tag == f"{_SVG}style"]:
            element.remove(child)
        for declaration in element.attrib.pop("style", "").split(";"):
            key, _, value = (part.strip() for part in declaration.partition(":"))
            if key == "font":
                key, value = "font-size", value.split()[0]
            if key in _KEPT:
                element.set(key, "currentColor" if value == "#000000" else value)
        if element.tag == f"{_SVG}text" and "fill" not in element.attrib:
            element.set("fill", "currentColor")
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.set("role", "img")
    named = ElementTree.Element(f"{_SVG}title")
    named.text = title
    root.insert(0, named)
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, "unicode")
