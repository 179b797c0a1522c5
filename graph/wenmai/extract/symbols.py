"""A passage as rules see it: canonical text in which every mention is one typed symbol.

A `Passage` is what stands between two ends of sentence (。！？； or a line's end). Quotation marks are left out;
whether a character stands in quoted speech is kept beside it. Every symbol knows its place in the article's text, so
that evidence can always be cut from the article itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from wenmai import ontology
from wenmai.records import Span

_HELPERS = ("Date", "Duration", "Title", "Address")
_FIRST = 0xE000
_END = "。！？；\n"
_CLAUSE_MARK = re.compile("[，。；：！？\n]")
_PAUSE = "，、："
_LONG, _LONGEST = 600, 1000
"""A passage is cut at the first comma behind the one, at the latest at the other, even without an end of sentence: what
a rule costs grows faster than its passage, and so time stays linear in the length of the text."""
_OPEN, _SHUT = "“‘", "”’"


@cache
def _codes() -> dict[str, str]:
    return {cls: chr(_FIRST + i) for i, cls in enumerate((*sorted(ontology.classes()), *_HELPERS))}


@cache
def chars(cls: str) -> str:
    """Return the symbols of `cls` and all its subclasses; a helper class (Date, Duration, Title, Address) has one.

    Raises KeyError for a class that the ontology lacks.
    """
    if cls in _HELPERS:
        return _codes()[cls]
    return "".join(sorted(_codes()[c] for c in ontology.subclasses(cls)))


def symbol(cls: str) -> str:
    """Return the symbol of exactly `cls`."""
    return _codes()[cls]


@cache
def _classes() -> dict[str, str]:
    return {code: cls for cls, code in _codes().items()}


def class_of(character: str) -> str | None:
    """Return the class that a symbol stands for; None for a plain character."""
    return _classes().get(character)


@dataclass(frozen=True, slots=True)
class Node:
    """What a symbol stands for: mentions by their keys (several for 双方), or a helper's value.

    `value` is what a helper holds (a date, a title, an address), `name` the canonical name.
    """

    cls: str
    span: Span
    keys: tuple[str, ...] = ()
    value: object = None
    pronoun: bool = False
    name: str = ""


@dataclass(slots=True)
class Passage:
    """One stretch of symbols: `symbols[i]` stands for the text from `begins[i]` to `ends[i]`."""

    symbols: str
    nodes: list[Node | None]
    begins: list[int]
    ends: list[int]
    spoken: list[bool]
    kind: str = "body"
    number: int = 0
    _of: str = field(default="", init=False, repr=False, compare=False)
    _ends: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def node(self, position: int) -> Node:
        """Return the node behind the symbol at `position`. Raises LookupError if a plain character stands there."""
        node = self.nodes[position]
        if node is None:
            raise LookupError(f"no symbol at {position}")
        return node

    def span(self, begin: int, end: int) -> Span:
        """Return the place in the article of the symbols from `begin` to `end` (exclusive)."""
        return Span(self.begins[begin], self.ends[end - 1])

    def clause(self, position: int) -> tuple[int, int]:
        """Return the bounds of the clause around the symbol at `position`."""
        if self._of != self.symbols:
            self._of, self._ends = self.symbols, [m.start() for m in _CLAUSE_MARK.finditer(self.symbols)]
        i = bisect_left(self._ends, position)
        return self._ends[i - 1] + 1 if i else 0, self._ends[i] if i < len(self._ends) else len(self.symbols)

    def reduce(self, begin: int, end: int, node: Node) -> None:
        """Put one symbol for `node` in the place of the symbols from `begin` to `end`."""
        self.symbols = self.symbols[:begin] + symbol(node.cls) + self.symbols[end:]
        covered = Span(self.begins[begin], self.ends[end - 1])
        self.nodes[begin:end] = [node]
        self.spoken[begin:end] = [self.spoken[begin]]
        self.begins[begin:end] = [covered.begin]
        self.ends[begin:end] = [covered.end]

    def cut(self, begin: int, end: int) -> Passage:
        """Take the symbols from `begin` to `end` out and return them as a passage of their own."""
        part = Passage(
            self.symbols[begin:end], self.nodes[begin:end], self.begins[begin:end], self.ends[begin:end],
            self.spoken[begin:end], self.kind, self.number,
        )  # fmt: skip
        self.symbols = self.symbols[:begin] + self.symbols[end:]
        for row in (self.nodes, self.begins, self.ends, self.spoken):
            del row[begin:end]
        return part

    def found(self, cls: str, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, Node]]:
        """Give the nodes of `cls` (or a subclass) between two symbols, in order, with their positions."""
        wanted = chars(cls)
        for i in range(begin, len(self.symbols) if end is None else end):
            node = self.nodes[i]
            if node is not None and self.symbols[i] in wanted:
                yield i, node


def passages(canonical: str, nodes: Sequence[Node], blocks: Iterable[tuple[str, Span]]) -> list[Passage]:
    """Turn an article's canonical text into passages.

    `nodes` are in order and do not overlap; `blocks` are (kind, span) in order. Text outside blocks is left out.
    """
    result: list[Passage] = []
    queue = list(nodes)
    next_node = 0
    for kind, block in blocks:
        while next_node < len(queue) and queue[next_node].span.begin < block.begin:
            next_node += 1
        last = next_node
        while last < len(queue) and queue[last].span.end <= block.end:
            last += 1
        result.extend(_block(canonical, queue[next_node:last], kind, block))
        next_node = last
    return [replace(p, number=i) for i, p in enumerate(result)]


def _block(canonical: str, nodes: Sequence[Node], kind: str, block: Span) -> Iterator[Passage]:
    passage = Passage("", [], [], [], [], kind)
    pieces: list[str] = []
    depth, i, n = 0, block.begin, 0
    while i < block.end:
        if n < len(nodes) and nodes[n].span.begin == i:
            node = nodes[n]
            pieces.append(symbol(node.cls))
            passage.nodes.append(node)
            passage.begins.append(i)
            passage.ends.append(node.span.end)
            passage.spoken.append(depth > 0)
            i, n = node.span.end, n + 1
            if len(pieces) >= _LONGEST:
                passage.symbols = "".join(pieces)
                yield passage
                passage, pieces = Passage("", [], [], [], [], kind), []
            continue
        character = canonical[i]
        i += 1
        if character in _OPEN:
            depth = min(depth + 1, 2)
        elif character in _SHUT:
            depth = max(depth - 1, 0)
        elif not (character.isspace() and character != "\n") and character not in "\u200b\u200c\u200d\ufeff\u00ad":
            pieces.append(character)
            passage.nodes.append(None)
            passage.begins.append(i - 1)
            passage.ends.append(i)
            passage.spoken.append(depth > 0)
            if character in _END or (len(pieces) >= _LONG and (character in _PAUSE or len(pieces) >= _LONGEST)):
                passage.symbols = "".join(pieces)
                yield passage
                passage, pieces = Passage("", [], [], [], [], kind), []
    if pieces:
        passage.symbols = "".join(pieces)
        yield passage


_BRACKETS = re.compile(r"（[^（）]{0,80}）")


def take_brackets(passage: Passage) -> list[tuple[Node | None, Passage]]:
    """Take the bracketed asides out of a passage; give each with the node that stands before it, if any."""
    taken: list[tuple[Node | None, Passage]] = []
    while found := _BRACKETS.search(passage.symbols):
        before = passage.nodes[found.start() - 1] if found.start() else None
        aside = passage.cut(*found.span())
        inner = aside.cut(1, len(aside.symbols) - 1) if len(aside.symbols) > 2 else None
        if inner is not None:
            taken.append((before, inner))
    return taken
