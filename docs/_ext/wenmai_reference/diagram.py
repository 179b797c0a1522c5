"""The ontology as two drawings, made of it at each build: its classes, and what each kind of thing may say of others.

A drawing is SVG within the page, so that its colours follow the page from light to dark and its names are links.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from wenmai import ontology
from wenmai.view.picture import measure
from wenmai.view.style import group
from wenmai.view.svg import escape
from wenmai_reference.vocabulary import kind_of

_FONT = 13.0
_ROW = 20.0
_TITLE = 30.0
_PAD = 12.0
_GAP = 26.0
_WIDE = 900.0
_COLUMNS = 3
_BETWEEN = 90.0
_BEND = 40.0
_LONGEST = 19.0
_VALUES = ("Modality", "EventStatus")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a card: a term, its label, what stands behind the arrow (may be empty), and how far it is indented."""

    term: str
    label: str
    target: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A box for a class: its name above, rows below."""

    name: str
    rows: tuple[Row, ...]

    @property
    def width(self) -> float:
        """Pixels from side to side, so that the longest row has room."""
        lengths = [measure(_words(row)) * _FONT + row.depth * 14 for row in self.rows]
        return max([measure(self.title) * (_FONT + 4), *lengths]) + 2 * _PAD + 8

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return _TITLE + len(self.rows) * _ROW + (8 if self.rows else 0)

    @property
    def title(self) -> str:
        """The name of the class, and its label in Chinese."""
        return f"{self.name} {ontology.label(self.name, 'zh')}"


def classes() -> str:
    """Return the drawing of the classes: a card for each that stands on top, with those below it."""
    cards = [Card(top, tuple(_below(top, 0))) for top in _tops()]
    places, width, height = _packed(cards)
    body = [_card(card, x, y) for card, (x, y) in zip(cards, places, strict=True)]
    return _drawing(body, width, height, "The classes of the ontology: those below each class that stands on top")


def relations() -> str:
    """Return the drawing of the properties: a card for each class on top with what it may say, lines to of what."""
    cards = {top: Card(top, tuple(_said(top))) for top in _tops() if top not in _VALUES}
    net: nx.DiGraph[str] = nx.DiGraph()
    net.add_nodes_from(cards)
    for top, card in cards.items():
        named = {part for row in card.rows for part in row.target.split(", ")}
        net.add_edges_from((top, other) for other in cards if other in named and other != top)
    columns = _columns(net, cards)
    places, width, height = _placed(columns, cards)
    lines = [_line(cards, places, one, other) for one, other in net.edges()]
    body = [_card(card, *places[name]) for name, card in cards.items()]
    about = "What each kind of thing may say, and of what: cards with properties, lines between them"
    return _drawing([*lines, *body], width + _BEND, height, about)


def _columns(net: nx.DiGraph[str], cards: dict[str, Card]) -> list[list[str]]:
    """Return the cards in three columns, those that say most of others at the left, those said most of at the right.

    Columns are about as tall as each other; within one, who is tied to the upper cards of the column before is above.
    """
    ranked = sorted(cards, key=lambda name: (net.in_degree(name) - net.out_degree(name), -net.out_degree(name)))
    share = sum(cards[name].height + _GAP for name in cards) / _COLUMNS
    columns: list[list[str]] = [[] for _ in range(_COLUMNS)]
    filled = 0.0
    for name in ranked:
        columns[min(int((filled + cards[name].height / 2) // share), _COLUMNS - 1)].append(name)
        filled += cards[name].height + _GAP
    for before, column in pairwise(columns):
        above = {name: number for number, name in enumerate(before)}
        column.sort(key=lambda name: _middle([above[each] for each in nx.all_neighbors(net, name) if each in above]))
    return columns


def _middle(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else math.inf


def _placed(
    columns: Sequence[Sequence[str]], cards: dict[str, Card]
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Return where each card's upper left corner is, and the whole size; columns are spread over the same height."""
    tall = max(sum(cards[name].height for name in column) + _GAP * (len(column) - 1) for column in columns)
    places: dict[str, tuple[float, float]] = {}
    x = 0.0
    for column in columns:
        free = tall - sum(cards[name].height for name in column)
        y = 0.0 if len(column) > 1 else free / 2
        for name in column:
            places[name] = (x, y)
            y += cards[name].height + free / max(len(column) - 1, 1)
        x += max(cards[name].width for name in column) + _BETWEEN
    return places, x - _BETWEEN, tall


def _tops() -> list[str]:
    return [name for name in ontology.classes() if ontology.coarse(name) == name]


def _below(name: str, depth: int) -> list[Row]:
    rows = []
    for each in ontology.subclasses(name):
        if ontology.superclasses(each)[1:2] == (name,):
            rows += [Row(each, ontology.label(each, "zh"), depth=depth), *_below(each, depth + 1)]
    return rows


def _said(top: str) -> list[Row]:
    rows = []
    for name in ontology.properties():
        if top in {ontology.coarse(cls) for cls in ontology.domain(name)}:
            ends = dict.fromkeys(
                ontology.coarse(end) if end in ontology.classes() else end for end in ontology.range_(name)
            )
            rows += _folded(Row(name, ontology.label(name, "zh"), _target(list(ends))))
    return rows


def _folded(row: Row) -> list[Row]:
    """Return a row, or where it is long two or more of them: what it leads to stands below."""
    if measure(_words(row)) <= _LONGEST:
        return [row]
    names = row.target.split(", ")
    pairs = [", ".join(names[at : at + 2]) for at in range(0, len(names), 2)]
    return [Row(row.term, row.label), *(Row("", "", pair, depth=1) for pair in pairs)]


def _target(ends: Sequence[str]) -> str:
    if not ends:
        return "any"
    return "date" if ends[0] == "date" else ", ".join(ends)


def _packed(cards: Sequence[Card]) -> tuple[list[tuple[float, float]], float, float]:
    """Return where each card's upper left corner is, in columns of about the same height, and the whole size."""
    wide = max(card.width for card in cards)
    columns = max(1, int((_WIDE + _GAP) // (wide + _GAP)))
    feet = [0.0] * columns
    places: dict[str, tuple[float, float]] = {}
    for card in sorted(cards, key=lambda each: -each.height):
        column = feet.index(min(feet))
        places[card.name] = (column * (wide + _GAP), feet[column])
        feet[column] += card.height + _GAP
    return [places[card.name] for card in cards], columns * (wide + _GAP) - _GAP, max(feet) - _GAP


def _line(cards: dict[str, Card], places: dict[str, tuple[float, float]], one: str, other: str) -> str:
    """Return a line from card to card: across the gap between columns, or around the side within one."""
    (x1, y1), (x2, y2) = places[one], places[other]
    wide1, wide2 = cards[one].width, cards[other].width
    from_y, to_y = y1 + cards[one].height / 2, y2 + cards[other].height / 2
    if x1 == x2:
        begin, end = x1 + wide1, x2 + wide2
        out, back = begin + 1.3 * _BEND, end + 1.3 * _BEND
    else:
        begin, end = (x1 + wide1, x2) if x1 < x2 else (x1, x2 + wide2)
        out = back = (begin + end) / 2
    path = f"M{begin:.0f},{from_y:.0f}C{out:.0f},{from_y:.0f} {back:.0f},{to_y:.0f} {end:.0f},{to_y:.0f}"
    return f'<path class="line" d="{path}" marker-end="url(#wenmai-head)"/>'


def _card(card: Card, x: float, y: float) -> str:
    colour = group(card.name).colour
    parts = [
        f'<rect class="box" x="{x:.0f}" y="{y:.0f}" width="{card.width:.0f}" height="{card.height:.0f}" rx="6"/>',
        f'<rect x="{x:.0f}" y="{y + 4:.0f}" width="5" height="{card.height - 8:.0f}" rx="2" fill="{colour}"/>',
        _text(card.name, ontology.label(card.name, "zh"), "", x + _PAD + 4, y + 21, _FONT + 2, "600"),
    ]
    for number, row in enumerate(card.rows):
        below = y + _TITLE + number * _ROW + 14
        parts.append(_text(row.term, row.label, row.target, x + _PAD + 4 + row.depth * 14, below, _FONT, "400"))
    return "".join(parts)


def _text(term: str, label: str, target: str, x: float, y: float, size: float, weight: str) -> str:
    look = f'x="{x:.0f}" y="{y:.0f}" font-size="{size:g}" font-weight="{weight}"'
    arrow = f'<tspan class="quiet">→ {escape(target)}</tspan>' if target else ""
    if not term:
        return f"<text {look}>{arrow}</text>"
    inner = f'{escape(term)} <tspan class="quiet">{escape(label)}</tspan> {arrow}'.rstrip()
    return f'<a href="#{kind_of(term)}-{term.lower()}"><text {look}>{inner}</text></a>'


def _words(row: Row) -> str:
    return f"{row.term} {row.label}" + (f" → {row.target}" if row.target else "")


def _drawing(body: Sequence[str], width: float, height: float, about: str) -> str:
    head = (
        '<defs><marker id="wenmai-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
        'orient="auto"><path class="head" d="M0,0L10,5L0,10z"/></marker></defs>'
    )
    size = f'viewBox="-2 -2 {width + 4:.0f} {height + 4:.0f}" width="{width + 4:.0f}"'
    svg = f'<svg {size} role="img" aria-label="{escape(about)}">{head}{"".join(body)}</svg>'
    return f'```{{raw}} html\n<div class="wenmai-drawing">{svg}</div>\n```\n'
