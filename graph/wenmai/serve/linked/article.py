"""The page of an article: its text with the words of every claim marked, its claims, and what it mentions."""

from __future__ import annotations

import urllib.parse
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from wenmai.namespaces import WENMAI
from wenmai.serve.html import Lang, Links, render
from wenmai.serve.linked.embedded import json_ld
from wenmai.serve.linked.names import Names, Thing
from wenmai.serve.linked.place import Place
from wenmai.serve.linked.rdf import graph_of
from wenmai.serve.linked.said import APPROXIMATE, CONFIDENCE, EVIDENCE, modality_label
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms
from wenmai.view.style import GROUPS

_PUBLISHED_ON = terms.term("publishedOn")
Lines = dict[ox.NamedNode, list[Any]]
_TOGETHER = 12
"""Claims that one link opens in the network."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text: where they begin and end, the fragment that opens them, the numbers of their claims."""

    begin: int
    end: int
    fragment: str
    claims: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks.

    `opens` are the marks that open before it, each with whether it only goes on here; `closes` tells how many close
    after it, the innermost first; `notes` are the claims whose words end here.
    """

    opens: tuple[tuple[Span, bool], ...]
    text: str
    closes: int
    notes: tuple[int, ...]


def page(store: Store, place: Place, links: Links, lang: Lang) -> bytes:
    """Return the page of an article."""
    names = Names(store, links, lang)
    nodes: defaultdict[ox.NamedNode, Lines] = defaultdict(lambda: defaultdict(list))
    for quad in store.match(None, None, None, graph_of(store, place.node)):
        if isinstance(quad.subject, ox.NamedNode):
            nodes[quad.subject][quad.predicate].append(quad.object)
    own = nodes[place.node]
    spans = {node: span for node, lines in nodes.items() if (span := _span(node, lines))}
    claims = sorted(
        (node for node, lines in nodes.items() if terms.MODALITY in lines),
        key=lambda node: (min((spans[s].begin for s in nodes[node][EVIDENCE] if s in spans), default=0), node.value),
    )
    numbers: defaultdict[ox.NamedNode, list[int]] = defaultdict(list)
    for number, claim in enumerate(claims, 1):
        for span in nodes[claim][EVIDENCE]:
            numbers[span].append(number)
    marked = [Span(s.begin, s.end, s.fragment, tuple(numbers[node])) for node, s in spans.items()]
    text = "".join(each.value for each in own[terms.IS_STRING][:1])
    drawn = [_in_network(nodes[node]) for node in claims]
    facts = [(quad.predicate, quad.object) for quad in store.match(place.node, None, None, DEFAULT)]
    return render(
        "article.html",
        links,
        lang,
        {
            "iri": place.node.value,
            "graph": links.of(graph_of(store, place.node).value),
            "source": names.source(place.node),
            "papers": [names.thing(each, chip=True) for p, each in facts if p == terms.term("publishedIn")],
            "authors": [names.thing(each, chip=True) for p, each in facts if p == terms.term("author")],
            "origin": [names.thing(each) for each in own[terms.SOURCE]],
            "identifier": [each.value for each in own[terms.IDENTIFIER]],
            "network": lambda notes: _network(links, [drawn[n - 1] for n in notes]),
            "paragraphs": list(paragraphs(text, marked)),
            "claims": [_claim(names, number, node, nodes[node], spans) for number, node in enumerate(claims, 1)],
            "mentions": _mentions(names, [each for p, each in facts if p == terms.term("mentions")]),
            "data": json_ld(store, place.node, facts),
        },
    )


def _span(node: ox.NamedNode, lines: Lines) -> Span | None:
    try:
        begin, end = (int(lines[part][0].value) for part in (terms.BEGIN, terms.END))
    except (IndexError, ValueError):
        return None
    return Span(begin, end, node.value.partition("#")[2])


def _claim(
    names: Names, number: int, node: ox.NamedNode, lines: Lines, spans: dict[ox.NamedNode, Span]
) -> dict[str, Any]:
    modality = lines[terms.MODALITY][0].value.removeprefix(WENMAI)
    places = sorted((spans[span] for span in lines[EVIDENCE] if span in spans), key=lambda span: span.begin)
    return {
        "number": number,
        "href": names.links.of(node.value),
        "subject": names.thing(lines[terms.SUBJECT][0], chip=True),
        "predicate": names.thing(lines[terms.PREDICATE][0]),
        "object": names.thing(lines[terms.OBJECT][0], chip=True),
        "modality": modality_label(modality, names),
        "key": modality.lower(),
        "approximate": APPROXIMATE in lines,
        "confidence": "".join(each.value for each in lines[CONFIDENCE][:1]),
        "rejected": terms.REJECTED_BY in lines,
        "fragments": [span.fragment for span in places],
        "network": _network(names.links, [_in_network(lines)]),
    }


def _in_network(lines: Lines) -> str:
    """Return what stands for a claim in the fragment of the network's address: a line, or a thing; or nothing."""
    start, name, end = (lines[part][0] for part in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
    if not iris.is_entity(start):
        return ""
    one, other = start.value.rpartition("/")[2], end.value.rpartition("/")[2]
    return f"{one}|{name.value.removeprefix(WENMAI)}|{other}" if iris.is_entity(end) else one


def _network(links: Links, wanted: Iterable[str]) -> str:
    """Return the link that opens claims in the network, the first of them chosen.

    It is empty where there is none: on a site that is files alone, and where no claim ties a thing to another.
    """
    found = [each for each in wanted if each]
    if links.ending or not found:
        return ""
    drawn = [each for each in found if "|" in each][:_TOGETHER]
    return links.to("/") + (f"#e={urllib.parse.quote(';'.join(drawn), safe=';')}" if drawn else f"#o={found[0]}")


def _mentions(names: Names, found: list[Any]) -> list[tuple[str, list[Thing]]]:
    """Return what an article mentions by group of classes."""
    things = sorted((names.thing(each, chip=True) for each in found if iris.is_entity(each)), key=lambda it: it.text)
    labels = [(each.key, each.en if names.lang == "en" else each.zh) for each in GROUPS]
    grouped = [(label, [thing for thing in things if thing.chip == key]) for key, label in labels]
    return [(label, some) for label, some in grouped if some]


def paragraphs(text: str, spans: list[Span]) -> Iterator[list[Piece]]:
    """Yield the lines of a text that are not blank, each as pieces between which marks open and close.

    Spans may nest and overlap: where one ends within another, that one is closed with it and opened again.
    """
    sweep = _Sweep(text, spans)
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield list(sweep.line(at, at + len(line)))
        at += len(line) + 1


class _Sweep:
    """Goes through a text once, from line to line."""

    def __init__(self, text: str, spans: list[Span]) -> None:
        self.text = text
        found = [s for s in spans if 0 <= s.begin < s.end <= len(text)]
        self.ahead = sorted(found, key=lambda s: (-s.begin, s.end, s.fragment))
        self.edges = sorted({edge for s in found for edge in (s.begin, s.end)})
        self.active: list[Span] = []
        self.named: set[str] = set()

    def line(self, first: int, last: int) -> Iterator[Piece]:
        """Yield the pieces of one line."""
        within = self.edges[bisect_right(self.edges, first) : bisect_left(self.edges, last)]
        still: list[Span] = []
        for begin, end in pairwise([first, *within, last]):
            while self.ahead and self.ahead[-1].begin < end:
                self.active.append(self.ahead.pop())
            self.active = [s for s in self.active if s.end > begin]
            opens = [(s, s.fragment in self.named) for s in self.active if s not in still]
            self.named |= {s.fragment for s, _ in opens}
            still += [s for s, _ in opens]
            keep = next((n for n, s in enumerate(still) if s.end <= end or end == last), len(still))
            notes = {number for s in still if self._ends(s, end, last) for number in s.claims}
            yield Piece(tuple(opens), self.text[begin:end], len(still) - keep, tuple(sorted(notes)))
            still = still[:keep]

    def _ends(self, span: Span, end: int, last: int) -> bool:
        """Tell whether a span ends here, or at the end of the line but for space."""
        return span.end == end or (end == last and end < span.end and not self.text[end : span.end].strip())
