"""The picture as PNG, by matplotlib (the extra `print`) with a Chinese font of the system."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from wenmai.errors import UsageError
from wenmai.view.picture import FONTS, LINE_HEIGHT, Dot, Picture, Stroke
from wenmai.view.style import LINES, Lang
from wenmai.view.svg import control, legal, middle, polygon, trimmed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DPI = 144
_MAX_INCHES = 60.0
_MARKERS = {
    "square": "s",
    "dot": "o",
    "hexagon": "h",
    "triangleDown": "v",
    "triangle": "^",
    "diamond": "D",
    "star": "*",
}


def png(picture: Picture, lang: Lang, title: str) -> bytes:
    """Return the picture as PNG with a legend, at most 60 inches wide or high.

    Raises UsageError without matplotlib or a font with Chinese glyphs.
    """
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("--format png needs matplotlib: pip install 'wenmai[print]', or take --format svg") from error
    font = _chinese_font()
    xs = [dot.x for dot in picture.dots] or [0.0]
    ys = [dot.y for dot in picture.dots] or [0.0]
    low_x, high_x, low_y, high_y = min(xs) - 110, max(xs) + 110, min(ys) - 60, max(ys) + 150
    middle_x, wide = (low_x + high_x) / 2, max(high_x - low_x, 1200.0)
    scale = min(1 / 96, _MAX_INCHES / max(wide, high_y - low_y))
    with mpl.rc_context({"font.family": [font], "text.parse_math": False}):
        figure = Figure(figsize=(wide * scale, (high_y - low_y) * scale), dpi=_DPI)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(middle_x - wide / 2, middle_x + wide / 2), ylim=(high_y, low_y))
        axes.set_axis_off()
        _paint(axes, picture, 72 * scale)
        _legend(axes, picture, lang)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None, "Title": legal(title)})
    return out.getvalue()


def _chinese_font() -> str:
    """Return the name of a font with Chinese glyphs that matplotlib finds. Raises UsageError if there is none."""
    from matplotlib import font_manager

    for name in FONTS:
        try:
            font_manager.findfont(name, fallback_to_default=False)
        except ValueError:
            continue
        return name
    raise UsageError(
        "--format png found no font with Chinese glyphs; install one (Debian: fonts-noto-cjk), or take --format svg"
    )


def _paint(axes: Axes, picture: Picture, points: float) -> None:
    """Draw strokes, dots and names; `points` is the size of a pixel of the layout in typographic points."""
    for stroke in picture.strokes:
        _stroke(axes, picture.dots[stroke.source], picture.dots[stroke.target], stroke, points)
    for stroke in picture.strokes:
        x, y = middle(picture.dots[stroke.source], picture.dots[stroke.target], stroke.bend)
        _text(axes, x, y, stroke.label, 12 * points, "center")
    for dot in picture.dots:
        _shape(axes, dot, points)
        for row, line in enumerate(dot.lines):
            _text(axes, dot.x, dot.y + dot.radius + dot.font * LINE_HEIGHT * row + 3, line, dot.font * points, "top")


def _stroke(axes: Axes, source: Dot, target: Dot, stroke: Stroke, points: float) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    bulge = control(source, target, stroke.bend)
    ends = trimmed(source, bulge, 0), trimmed(target, bulge, 2 if stroke.arrow else 0)
    line = stroke.line
    axes.add_patch(
        FancyArrowPatch(
            path=Path([ends[0], bulge, ends[1]], [Path.MOVETO, Path.CURVE3, Path.CURVE3]),
            arrowstyle="-|>" if stroke.arrow else "-",
            mutation_scale=9 * points,
            linewidth=line.width * points,
            linestyle=_pattern(line.dashes),
            color=line.colour,
            zorder=1,
        )
    )


def _shape(axes: Axes, dot: Dot, points: float) -> None:
    from matplotlib.patches import Circle, Polygon

    look: dict[str, Any] = {
        "facecolor": dot.group.colour,
        "edgecolor": dot.group.border,
        "linewidth": (3 if dot.focus else 1.5) * points,
        "linestyle": "--" if dot.pending else "-",
        "zorder": 3,
    }
    corners = [(dot.x + dx, dot.y + dy) for dx, dy in polygon(dot.group.shape, dot.radius)]
    axes.add_patch(Polygon(corners, closed=True, **look) if corners else Circle((dot.x, dot.y), dot.radius, **look))


def _text(axes: Axes, x: float, y: float, text: str, size: float, upright: str) -> None:
    from matplotlib.patheffects import AbstractPathEffect, withStroke

    halo: list[AbstractPathEffect] = [withStroke(linewidth=size / 4, foreground="#ffffff")]
    shown = axes.text(x, y, legal(text), fontsize=size, ha="center", va=upright, color="#111111", zorder=4)
    shown.set_path_effects(halo)


def _pattern(dashes: tuple[int, ...]) -> Any:
    return (0, dashes) if dashes else "-"


def _legend(axes: Axes, picture: Picture, lang: Lang) -> None:
    from matplotlib.lines import Line2D

    groups = {dot.group.key: dot.group for dot in picture.dots}
    used = {stroke.line.key for stroke in picture.strokes}
    handles = [
        Line2D(
            [], [], linestyle="", marker=_MARKERS[each.shape], markersize=8, color=each.colour, label=_name(each, lang)
        )
        for _, each in sorted(groups.items())
    ]
    handles += [
        Line2D([], [], color=each.colour, linewidth=1.5, linestyle=_pattern(each.dashes), label=_name(each, lang))
        for each in LINES
        if each.key in used
    ]
    if handles:
        axes.legend(handles=handles, loc="lower center", ncols=-(-len(handles) // 2), frameon=False, fontsize=9)


def _name(each: Any, lang: Lang) -> str:
    return str(each.zh if lang == "zh" else each.en)
