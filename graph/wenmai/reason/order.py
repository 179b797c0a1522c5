"""Dates that cannot stand in the order in which they are given: an end before its start, force before adoption."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from wenmai.triples.summary import days

ORDERED = (("startDate", "endDate"), ("adoptedOn", "effectiveFrom"), ("effectiveFrom", "effectiveUntil"))
"""Pairs of properties (local names): what the first dates comes before what the second does."""


def disordered(dates: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield (subject, earlier property, later property) where all of the later lies before all of the
    earlier.

    `dates` are (subject, property, date). Months and years count as their whole span: only what is sure is told.
    """
    found: defaultdict[str, defaultdict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for subject, prop, date in dates:
        if span := days(date):
            found[subject][prop].append(span)
    for subject, spans in sorted(found.items()):
        for first, second in ORDERED:
            if (
                spans[first]
                and spans[second]
                and max(end for _, end in spans[second]) < min(begin for begin, _ in spans[first])
            ):
                yield subject, first, second
