"""The ontology as two drawings, made of it at each build: its classes, and what each kind of thing may say of others.

A drawing is SVG within the page, so that its colours follow the page from light to dark and its names are links.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from wenmai import ontology
from wenmai.view.layout import positions
from wenmai.view.picture import measure
from wenmai.view.style import group
from wenmai.view.svg import escape
from wenmai_reference.vocabulary import kind_of

_FONT = 13.0
_ROW = 20.0
_TITLE = 30.0
_PAD = 12.0
_GAP = 26.0
_WIDE = 1000.0
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
        return max([measure(self.title) * (_FONT + 2), *lengths]) + 2 * _PAD + 8

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
    return _drawing(
        body, (0, 0, width, height), "The classes of the ontology: those below each class that stands on top"
    )


def relations() -> str:
    """Return the drawing of the properties: a card for each class on top with what it may say, lines to of what."""
    cards = {top: Card(top, tuple(_said(top))) for top in _tops() if top not in _VALUES}
    net: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    net.add_nodes_from(cards)
    for top, card in cards.items():
        targets = {part for row in card.rows for part in row.target.split(", ")}
        net.add_edges_from((top, target) for target in cards if target in targets and target != top)
    boxes = {name: (card.width + _GAP * 2, card.height + _GAP * 2) for name, card in cards.items()}
    centres = positions(net, boxes, ratio=1.5)
    lines = [_line(cards, centres, one, other) for one, other in net.edges()]
    body = [
        _card(card, centres[name][0] - card.width / 2, centres[name][1] - card.height / 2)
        for name, card in cards.items()
    ]
    left = min(centres[name][0] - card.width / 2 for name, card in cards.items()) - 8
    top_ = min(centres[name][1] - card.height / 2 for name, card in cards.items()) - 8
    right = max(centres[name][0] + card.width / 2 for name, card in cards.items()) + 8
    foot = max(centres[name][1] + card.height / 2 for name, card in cards.items()) + 8
    about = "What each kind of thing may say, and of what: cards with properties, lines between them"
    return _drawing([*lines, *body], (left, top_, right - left, foot - top_), about)


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
            rows.append(Row(name, ontology.label(name, "zh"), _target(list(ends))))
    return rows


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


def _line(cards: dict[str, Card], centres: dict[str, tuple[float, float]], one: str, other: str) -> str:
    start, end = (_edge(cards[a], centres[a], centres[b]) for a, b in ((one, other), (other, one)))
    (x1, y1), (x2, y2) = start, end
    return f'<path class="line" d="M{x1:.0f},{y1:.0f}L{x2:.0f},{y2:.0f}" marker-end="url(#wenmai-head)"/>'


def _edge(card: Card, centre: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Return where a line from the centre leaves the card."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    share = min(card.width / 2 / abs(dx) if dx else math.inf, card.height / 2 / abs(dy) if dy else math.inf, 1.0)
    return centre[0] + dx * share, centre[1] + dy * share


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
    arrow = f' <tspan class="quiet">→ {escape(target)}</tspan>' if target else ""
    inner = f'{escape(term)} <tspan class="quiet">{escape(label)}</tspan>{arrow}'
    look = f'x="{x:.0f}" y="{y:.0f}" font-size="{size:g}" font-weight="{weight}"'
    return f'<a href="#{kind_of(term)}-{term.lower()}"><text {look}>{inner}</text></a>'


def _words(row: Row) -> str:
    return f"{row.term} {row.label}" + (f" → {row.target}" if row.target else "")


def _drawing(body: Sequence[str], box: tuple[float, float, float, float], about: str) -> str:
    head = (
        '<defs><marker id="wenmai-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
        'orient="auto"><path class="head" d="M0,0L10,5L0,10z"/></marker></defs>'
    )
    view = " ".join(f"{each:.0f}" for each in box)
    svg = f'<svg viewBox="{view}" role="img" aria-label="{escape(about)}">{head}{"".join(body)}</svg>'
    return f'```{{raw}} html\n<div class="wenmai-drawing">{svg}</div>\n```\n'
