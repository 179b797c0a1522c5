"""The picture as SVG, for print and for the page's legend: shapes and lines as vis-network draws them.

Text stays text, so that whoever opens the file reads Chinese with a font of their own system.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape as _escape
from xml.sax.saxutils import quoteattr

from wenmai.view.picture import FONTS, LINE_HEIGHT, Dot, Picture, Stroke, measure
from wenmai.view.style import GROUPS, LINES, Group, Lang, Line, Shape

if TYPE_CHECKING:
    from wenmai.view.project import Graph

_MARGIN = 40
_LEGEND_ROW = 34
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Return `text` without the characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets)."""
    return _ILLEGAL.sub("", text)


def escape(text: str) -> str:
    """Return `text` as XML character data."""
    return _escape(legal(text))


def polygon(shape: Shape, radius: float) -> list[tuple[float, float]]:
    """Return the corners of a shape around (0, 0), empty for a circle; vis-network's proportions."""
    if shape == "dot":
        return []
    if shape == "square":
        return [(-radius, -radius), (radius, -radius), (radius, radius), (-radius, radius)]
    if shape == "diamond":
        return [(0, -radius), (radius, 0), (0, radius), (-radius, 0)]
    if shape == "hexagon":
        return [_at(radius, 60 * step) for step in range(6)]
    if shape == "star":
        return [_at(radius * (1.3 if step % 2 == 0 else 0.5), 36 * step - 90) for step in range(10)]
    turn = -90 if shape == "triangle" else 90
    return [_at(radius * 1.15, 120 * step + turn) for step in range(3)]


def _at(radius: float, degrees: float) -> tuple[float, float]:
    return radius * math.cos(math.radians(degrees)), radius * math.sin(math.radians(degrees))


def mark(group: Group, radius: float, x: float = 0, y: float = 0, extra: str = "") -> str:
    """Return the SVG element of a group's shape around (x, y)."""
    look = f'fill="{group.colour}" stroke="{group.border}" stroke-width="1.5"{extra}'
    corners = polygon(group.shape, radius)
    if not corners:
        return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" {look}/>'
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" {look}/>'


def sample(line: Line, length: float = 44, x: float = 0, y: float = 0) -> str:
    """Return the SVG element of a line's pattern, from (x, y) to the right."""
    look = f'stroke="{line.colour}" stroke-width="{line.width + 0.4:g}"{_dashes(line)}'
    return f'<line x1="{x:g}" y1="{y:g}" x2="{x + length:g}" y2="{y:g}" {look}/>'


def svg(graph: Graph, picture: Picture, lang: Lang, title: str) -> str:
    """Return the whole picture as one SVG document with a legend; quotes are the tooltips of lines."""
    low_x = min((dot.x - _half(dot) for dot in picture.dots), default=0.0) - _MARGIN
    low_y = min((dot.y - dot.radius for dot in picture.dots), default=0.0) - _MARGIN
    high_x = max((dot.x + _half(dot) for dot in picture.dots), default=0.0) + _MARGIN
    high_y = max((_foot(dot) for dot in picture.dots), default=0.0) + _MARGIN
    high_x = max(high_x, low_x + 640)
    legend, tall = _legend(picture, lang, low_x + _MARGIN, high_y, high_x - low_x - 2 * _MARGIN)
    size = f'width="{high_x - low_x:.0f}" height="{high_y - low_y + tall:.0f}"'
    box = f'viewBox="{low_x:.1f} {low_y:.1f} {high_x - low_x:.1f} {high_y - low_y + tall:.1f}"'
    fonts = quoteattr(", ".join(f"'{name}'" if " " in name else name for name in FONTS) + ", sans-serif")
    code = "zh-Hans" if lang == "zh" else "en"
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} font-family={fonts} xml:lang="{code}">',
        f"<title>{escape(title)}</title>",
        _arrows(),
        f'<rect x="{low_x:.1f}" y="{low_y:.1f}" width="100%" height="100%" fill="#fff"/>',
        *_strokes(graph, picture),
        *(_dot(graph, dot, lang) for dot in picture.dots),
        *legend,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def control(source: Dot, target: Dot, bend: float) -> tuple[float, float]:
    """Return the control point of a line that bulges by `bend` of its length, right of its way."""
    dx, dy = target.x - source.x, target.y - source.y
    return (source.x + target.x) / 2 - bend * dy, (source.y + target.y) / 2 + bend * dx


def middle(source: Dot, target: Dot, bend: float) -> tuple[float, float]:
    """Return the middle of such a line, where its label stands."""
    x, y = control(source, target, bend)
    return (source.x + target.x + 2 * x) / 4, (source.y + target.y + 2 * y) / 4


def trimmed(dot: Dot, towards: tuple[float, float], room: float) -> tuple[float, float]:
    """Return where a line from `towards` ends before the dot's shape, `room` pixels before its edge."""
    dx, dy = towards[0] - dot.x, towards[1] - dot.y
    length = math.hypot(dx, dy)
    share = min((dot.radius + room) / length, 0.5) if length else 0.0
    return dot.x + dx * share, dot.y + dy * share


def _strokes(graph: Graph, picture: Picture) -> list[str]:
    paths, labels = [], []
    for stroke in picture.strokes:
        source, target = picture.dots[stroke.source], picture.dots[stroke.target]
        bulge = control(source, target, stroke.bend)
        (x1, y1), (x2, y2) = trimmed(source, bulge, 0), trimmed(target, bulge, 5 if stroke.arrow else 0)
        head = f' marker-end="url(#{stroke.line.key})"' if stroke.arrow else ""
        look = f'stroke="{stroke.line.colour}" stroke-width="{stroke.line.width:g}"{_dashes(stroke.line)}{head}'
        path = f"M{x1:.1f},{y1:.1f}Q{bulge[0]:.1f},{bulge[1]:.1f} {x2:.1f},{y2:.1f}"
        tip = escape(_tip(graph, source, target, stroke))
        paths.append(f'<path d="{path}" fill="none" {look}><title>{tip}</title></path>')
        x, y = middle(source, target, stroke.bend)
        labels.append(_text(x, y + 4, 12, stroke.label, "#333"))
    return [*paths, *labels]


def _tip(graph: Graph, source: Dot, target: Dot, stroke: Stroke) -> str:
    quotes = graph.edges[source.iri, target.iri, stroke.key]["evidence"]
    return "\n".join([stroke.label, *(f"{each.quote} ({each.title or each.article}, {each.date})" for each in quotes)])


def _dot(graph: Graph, dot: Dot, lang: Lang) -> str:
    extra = ' stroke-dasharray="4 3"' if dot.pending else ""
    lines = [
        _text(dot.x, dot.y + dot.radius + dot.font * (0.95 + LINE_HEIGHT * row), dot.font, line, "#111")
        for row, line in enumerate(dot.lines)
    ]
    name = escape(graph.nodes[dot.iri][lang])
    return f"<g><title>{name}</title>{mark(dot.group, dot.radius, dot.x, dot.y, extra)}{''.join(lines)}</g>"


def _text(x: float, y: float, size: float, text: str, colour: str) -> str:
    look = (
        f'font-size="{size:g}" fill="{colour}" text-anchor="middle" paint-order="stroke" stroke="#fff" stroke-width="3"'
    )
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(text)}</text>'


def _dashes(line: Line) -> str:
    return f' stroke-dasharray="{" ".join(map(str, line.dashes))}"' if line.dashes else ""


def _arrows() -> str:
    heads = (
        f'<marker id="{line.key}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0L10,5L0,10z" fill="{line.colour}"/></marker>'
        for line in LINES
    )
    return f"<defs>{''.join(heads)}</defs>"


def _half(dot: Dot) -> float:
    return max(dot.radius, max(measure(line) for line in dot.lines) * dot.font / 2)


def _foot(dot: Dot) -> float:
    return dot.y + dot.radius + len(dot.lines) * dot.font * LINE_HEIGHT + 4


def _legend(picture: Picture, lang: Lang, left: float, top: float, width: float) -> tuple[list[str], float]:
    """Return the legend's elements in rows no wider than `width`, and its height."""
    parts: list[str] = []
    x, y = left, top + _LEGEND_ROW / 2
    drawn = {dot.group.key for dot in picture.dots} | {stroke.line.key for stroke in picture.strokes}
    items: list[Group | Line] = [each for each in (*GROUPS, *LINES) if each.key in drawn]
    for each in items:
        wide = 22.0 if isinstance(each, Group) else 44.0
        text = each.zh if lang == "zh" else each.en
        need = wide + 8 + measure(text) * 14 + 24
        if x + need > left + width and x > left:
            x, y = left, y + _LEGEND_ROW
        parts.append(mark(each, 9, x + 11, y) if isinstance(each, Group) else sample(each, 44, x, y))
        parts.append(f'<text x="{x + wide + 8:.1f}" y="{y + 5:.1f}" font-size="14" fill="#333">{escape(text)}</text>')
        x += need
    return parts, y - top + _LEGEND_ROW
