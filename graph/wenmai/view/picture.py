"""What is drawn where: dots with wrapped names and lines with bends, the same for the page, SVG and PNG.

Takes the graph of `wenmai.view.project`, gives pixels at scale 1. Texts keep every character a reader sees; control
and direction characters, which would disturb a drawing, are left out of it (the page's panel and lists isolate them).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wenmai.view.layout import positions
from wenmai.view.links import symmetric
from wenmai.view.style import LINE, Group, Lang, Line, group

if TYPE_CHECKING:
    from wenmai.view.project import Graph

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Serif CJK SC",
    "Droid Sans Fallback",
)
"""Fonts with Chinese glyphs, best first, of the usual systems."""
LINE_HEIGHT = 1.25
_MAX_LINES = 3
_LINE_UNITS = 8.0
_LATIN = 0.56
# What stays on one line: a Latin word or a character, with the brackets that open before it and what closes after it.
_TOKEN = re.compile(r"\s+|[（(《“「『]*(?:[A-Za-z0-9.&'’\-]+|[^\s])[，。、；：）》」』”,);:!?！？]*")
_BENDS = ((0.0,), (0.22, -0.22), (0.0, 0.3, -0.3), (0.12, -0.12, 0.4, -0.4))
"""How far the lines between the same two dots bulge, for one to four of them; more share the outermost ways."""
_PENDING = frozenset({"Scheduled", "Cancelled", "Denied"})


@dataclass(frozen=True, slots=True)
class Dot:
    """A node: centre and radius of its shape, name in lines under it. `pending`: an event that has not happened."""

    iri: str
    x: float
    y: float
    radius: float
    font: float
    lines: tuple[str, ...]
    group: Group
    pending: bool
    focus: bool


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from dot to dot (indices). `bend`: how far it bulges, as a share of its length, right of its way."""

    source: int
    target: int
    key: str
    label: str
    line: Line
    arrow: bool
    bend: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All dots and strokes, the largest dots first."""

    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]


def draw(graph: Graph, lang: Lang) -> Picture:
    """Return where and how every node and edge of the graph is drawn."""
    degrees = {iri: len(set(graph.predecessors(iri)) | set(graph.successors(iri))) for iri in graph}
    looks = {iri: _look(graph.nodes[iri], degrees[iri], lang) for iri in graph}
    boxes = {iri: _box(*look) for iri, look in looks.items()}
    at = positions(graph, boxes)
    dots = []
    for iri, data in graph.nodes(data=True):
        radius, font, lines = looks[iri]
        x, y = at[iri]
        dots.append(
            Dot(
                iri,
                x,
                round(y - (boxes[iri][1] / 2 - radius), 1),
                radius,
                font,
                lines,
                group(data["cls"]),
                data["status"] in _PENDING,
                data["focus"],
            )
        )
    return Picture(tuple(dots), _strokes(graph, lang))


def plain(text: str) -> str:
    """Return `text` on one line without control, format and surrogate characters."""
    kept = (" " if char.isspace() else char for char in text if char.isspace() or _drawable(char))
    return " ".join("".join(kept).split())


def wrap(text: str, units: float = _LINE_UNITS, most: int = _MAX_LINES) -> tuple[str, ...]:
    """Break a name into at most `most` lines of `units` Chinese characters; what is over ends in an ellipsis.

    Where a character or two would be left over, the lines are made about as long as each other.
    """
    text = plain(text)
    lines = _broken(text, units)
    if 1 < len(lines) <= most and measure(lines[-1]) <= 2:
        even = _broken(text, math.ceil(measure(text) / len(lines)))
        lines = even if len(even) == len(lines) else lines
    if len(lines) > most:
        last = lines[most - 1]
        while measure(last + "…") > units and last:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return tuple(lines)


def _broken(text: str, units: float) -> list[str]:
    lines: list[str] = [""]
    for token in _TOKEN.findall(text):
        for part in (token,) if measure(token) <= units else token:
            if lines[-1] and measure(lines[-1] + part) > units:
                lines.append("")
            lines[-1] += part if lines[-1] else part.lstrip()
    return [line.rstrip() for line in lines if line.strip()] or ["—"]


def measure(text: str) -> float:
    """Return about how wide `text` is, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else _LATIN for char in text)


def _drawable(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn", "Co"}


def _look(data: dict[str, Any], degree: int, lang: Lang) -> tuple[float, float, tuple[str, ...]]:
    radius = round(min(9 + 2.5 * degree**0.5, 26), 1)
    font = round(min(14 + 0.8 * degree**0.5, 20) + (2 if data["focus"] else 0), 1)
    return radius, font, wrap(data[lang])


def _box(radius: float, font: float, lines: tuple[str, ...]) -> tuple[float, float]:
    wide = max(measure(line) for line in lines) * font
    return max(2 * radius, wide) + 10, 2 * radius + len(lines) * font * LINE_HEIGHT + 12


def _strokes(graph: Graph, lang: Lang) -> tuple[Stroke, ...]:
    index = {iri: number for number, iri in enumerate(graph)}
    pairs = [tuple(sorted((index[source], index[target]))) for source, target in graph.edges()]
    sizes, places = Counter(pairs), Counter[tuple[int, ...]]()
    strokes = []
    for source, target, key, data in graph.edges(keys=True, data=True):
        one, other = index[source], index[target]
        pair = tuple(sorted((one, other)))
        bends = _BENDS[min(sizes[pair], len(_BENDS)) - 1]
        bend = bends[places[pair] % len(bends)] * (1 if one < other else -1)
        places[pair] += 1
        line = LINE[data["kind"]]
        label = line.mark + plain(data[lang])
        strokes.append(Stroke(one, other, key, label, line, data["property"] not in symmetric(), bend))
    return tuple(strokes)
