"""Spans in order, asked for what overlaps another: a question of many mentions, so it is answered by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from wenmai.records import Span


class Placed(Protocol):
    """Anything with a place in a text."""

    @property
    def span(self) -> Span:
        """Where it stands."""
        ...


T = TypeVar("T", bound=Placed)


class Row(Generic[T]):
    """Things that do not overlap one another, in order of text."""

    def __init__(self, things: Iterable[T] = ()) -> None:
        self._things = sorted(things, key=lambda thing: thing.span)
        self._begins = [thing.span.begin for thing in self._things]

    def overlapping(self, span: Span) -> Sequence[T]:
        """Return the things that share a character with `span`, in order."""
        first, last = self._bounds(span)
        return self._things[first:last]

    def put(self, thing: T) -> None:
        """Put `thing` in the place of all that overlap it."""
        first, last = self._bounds(thing.span)
        self._things[first:last] = [thing]
        self._begins[first:last] = [thing.span.begin]

    def all(self) -> list[T]:
        """Return everything, in order."""
        return list(self._things)

    def _bounds(self, span: Span) -> tuple[int, int]:
        last = bisect_left(self._begins, span.end)
        first = bisect_left(self._begins, span.begin, 0, last)
        if first and self._things[first - 1].span.end > span.begin:
            first -= 1
        return first, last
