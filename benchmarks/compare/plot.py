"""A comparison as a picture: bars on a logarithmic axis, the same bytes for the same figures."""

from __future__ import annotations

import re
from pathlib import Path

from compare.figures import Comparison, shown

_FIRST, _REST = "#0072B2", "#7f7f7f"


def draw(comparison: Comparison, folder: Path) -> str | None:
    """Write NAME.svg and return its name; None if there is nothing to draw."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows = [row for row in comparison.rows if row.value]
    if len(rows) < 2:
        return None
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": comparison.name, "font.family": "sans-serif"}):
        figure = Figure(figsize=(7, 0.34 * len(rows) + 0.9), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        values = [row.value or 0.0 for row in rows]
        colours = [_FIRST if row.way.startswith("wenmai") or not comparison.first else _REST for row in rows]
        axes.barh(range(len(rows)), values, color=colours)
        axes.set(yticks=range(len(rows)), yticklabels=[row.way for row in rows], xscale="log")
        axes.set_xlabel(f"{comparison.unit} ({'more' if comparison.bigger else 'less'} is better)")
        axes.invert_yaxis()
        axes.margins(x=0.12)
        for place, value in enumerate(values):
            axes.text(value, place, f" {shown(value)}", va="center", fontsize=8)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        path = folder / f"{comparison.name}.svg"
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None}, facecolor="white")
    path.write_text(re.sub(r"[ \t]+$", "", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return path.name
