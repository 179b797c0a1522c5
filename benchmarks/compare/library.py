"""The library of named queries on a made-up archive, each beside the budget that its head states."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from compare.data import Data
from compare.figures import Comparison, Row

TIMES = 3
COMPANY = "名称5有限公司"
"""A hub: partner in one article of 97, and signatory there."""
OTHER = "名称7有限公司"
VALUES: Mapping[str, str] = {
    "org": COMPANY,
    "entity": COMPANY,
    "from": COMPANY,
    "to": OTHER,
    "subject": COMPANY,
    "predicate": "partnerOf",
    "place": "名称5市",
    "word": "有限公司",
    "name": "名称5",
    "title": "董事长",
    "article": "a5",
    "since": "2015-03",
    "until": "2015-03",
    "least": "2",
}
"""What parameters are given, by name, where they are asked for or the example gives them; the rest stays open."""


def compare(data: Data, told: Callable[[str], object]) -> Comparison:
    """Ask every query of the library; the median of some times after the first, in ms."""
    import wenmai
    from wenmai.errors import WenmaiError
    from wenmai.query import library

    rows = []
    with wenmai.open(data.store) as graph:
        values = {**VALUES, "person": _person(graph)}
        for name, query in library().items():
            wanted = [p.name for p in query.inputs if p.name in query.example or not (p.optional or p.default)]
            params = {key: values[key] for key in wanted if key in values}
            budget = f"budget {query.budget:g} ms" if query.budget else "no budget"
            try:
                times, count = _asked(graph, name, params)
            except WenmaiError as error:
                rows.append(Row(name, None, note=f"{budget}; {str(error)[:80]}"))
                continue
            took = statistics.median(times)
            over = " OVER" if query.budget and took > query.budget else ""
            rows.append(Row(name, took, note=f"{budget}{over}; {count:,} rows"))
    over_all = [row.way for row in rows if " OVER" in row.note]
    told(f"library: {len(rows)} queries; over their budget: {', '.join(over_all) or 'none'}")
    return Comparison(
        "library",
        "The library of queries",
        "Each named query by `wenmai.open(…).query(NAME, …)`, which is what a person waits for: about a company that "
        "one article of 97 names, a place, a person, an article. Budgets are those of the heads in `queries/`, for a "
        "million quads.",
        "ms",
        False,
        "",
        tuple(rows),
        "each within its budget",
        columns=("way", "value", "note"),
    )


def _person(graph: Any) -> str:
    """Return the IRI of somebody who holds posts."""
    found = graph.query(
        "SELECT ?who (COUNT(?post) AS ?n) { ?who wenmai:holdsPost ?post } GROUP BY ?who ORDER BY DESC(?n) LIMIT 1"
    )
    return str(next(iter(found))["who"])


def _asked(graph: Any, name: str, params: Mapping[str, str]) -> tuple[list[float], int]:
    times, count = [], len(graph.query(name, **params))
    for _ in range(TIMES):
        begun = time.perf_counter()
        graph.query(name, **params)
        times.append((time.perf_counter() - begun) * 1000)
    return times, count
