"""How the archive grows: articles, things and facts by the year or month in which they became known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from wenmai.analyse.given import CLASS, Given
from wenmai.analyse.material import things
from wenmai.analyse.outcome import Analysis, Cell, Outcome
from wenmai.query.library import Parameter
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import terms

if TYPE_CHECKING:
    from wenmai.analyse.material import Material

K = TypeVar("K", bound=Hashable)
_CUT = {"year": 4, "month": 7}


def _run(store: Store, given: Given) -> Outcome:
    cut = _CUT[given.step()]
    material = given.material()
    days = _days(store)
    articles = Counter(day[:cut] for day in days.values())
    first_things = _first((thing, days[article]) for article, thing in _mentions(store) if article in days)
    keep = given.keep()
    known = things(store, first_things)
    new_things = Counter(day[:cut] for thing, day in first_things.items() if keep(known[thing]))
    new_facts = Counter(day[:cut] for day in _first(_facts(material)).values())
    rows: list[tuple[Cell, ...]] = []
    sofar = [0, 0]
    for period in sorted(articles):
        sofar = [sofar[0] + new_things[period], sofar[1] + new_facts[period]]
        rows.append((period, articles[period], new_things[period], new_facts[period], *sofar))
    undated = sum(1 for _ in store.match(None, terms.TYPE, terms.term("Article"), DEFAULT)) - len(days)
    notes = [f"{undated} article{'' if undated == 1 else 's'} without a date left out"] if undated else []
    columns = ("period", "articles", "new_things", "new_facts", "things", "facts")
    return Outcome(columns, tuple(rows), (*given.notes, *notes))


def _days(store: Store) -> dict[str, str]:
    found = store.match(None, terms.term("publishedOn"), None, DEFAULT)
    return {
        quad.subject.value: quad.object.value
        for quad in found
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    }


def _mentions(store: Store) -> list[tuple[str, str]]:
    found = store.match(None, terms.term("mentions"), None, DEFAULT)
    return [(str(quad.subject)[1:-1], str(quad.object)[1:-1]) for quad in found]


def _facts(material: Material) -> list[tuple[tuple[str, str, str], str]]:
    return [
        ((each.subject, each.predicate, str(each.object)), day)
        for each in material.statements
        if each.modality == "Asserted" and (day := material.day(each))
    ]


def _first(pairs: Iterable[tuple[K, str]]) -> dict[K, str]:
    """Return of each key the first day."""
    found: dict[K, str] = {}
    for key, day in pairs:
        found[key] = min(found.get(key, day), day)
    return found


ANALYSIS = Analysis(
    "知识随时间的增长",
    "How knowledge grows",
    "By year or month: articles, the things and facts that came with them for the first time, and how many were known "
    "by the end of it. A fact is known from the day of the first article that states it. Every claim is looked at.",
    _run,
    (Parameter("by", "text", "year or month", "year"), CLASS),
    {"by": "year"},
)
