"""Which entities are worth comparing: those that share a rare piece of a name, never all pairs.

Pieces are pairs of characters; one that too many names share is cut longer, to three characters, then four. What
is still common is dropped, but for what shares a neighbour as well. A name takes part in few blocks of bounded size, so
that the cost follows the number of names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

LARGEST = 16
"""Names that a block may hold."""
_MOST = 6
"""Blocks by pieces that a name takes part in: the rarest ones."""
_LONGEST = 4


def pairs(
    names: Mapping[str, frozenset[str]], exact: Mapping[str, frozenset[str]], near: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    """Yield pairs of ids to compare, each once, in order.

    `names` are the texts of each id that are cut into pieces, `exact` the keys that make a block as a whole, `near` the
    neighbours that break up a block which is too large.
    """
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for local, wholes in exact.items():
        for whole in wholes:
            blocks["=" + whole].append(local)
    chosen = _pieces(names)
    for local, pieces in chosen.items():
        for piece in pieces:
            blocks[piece].append(local)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        seen.update(_within(block, near))
    yield from sorted(seen)


def _pieces(names: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """Return the rarest pieces of each id's names that another id has as well."""
    counts: Counter[str] = Counter()
    of: dict[str, set[str]] = {local: set() for local in names}
    common: set[str] = set()
    for length in range(2, _LONGEST + 1):
        round_: Counter[str] = Counter()
        for local, texts in names.items():
            found = {piece for text in texts for piece in _cut(text, length, common)}
            round_.update(found)
            of[local] |= found
        counts |= round_
        common = {piece for piece, number in round_.items() if number > LARGEST}
    return {
        local: sorted((p for p in found if 2 <= counts[p] <= LARGEST), key=lambda p: (counts[p], p))[:_MOST]
        for local, found in of.items()
    }


def _cut(text: str, length: int, common: set[str]) -> Iterator[str]:
    """Yield the pieces of `text`: all pairs; longer ones only where the piece they begin with is common."""
    for start in range(len(text) - length + 1):
        if length == 2 or text[start : start + length - 1] in common:
            yield text[start : start + length]


def _within(block: list[str], near: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    if len(block) <= LARGEST:
        yield from _each(block)
        return
    inner: defaultdict[str, list[str]] = defaultdict(list)
    for local in block:
        for neighbour in near.get(local, ()):
            inner[neighbour].append(local)
    for found in inner.values():
        if len(found) <= LARGEST:
            yield from _each(found)


def _each(block: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield from combinations(sorted(set(block)), 2)
