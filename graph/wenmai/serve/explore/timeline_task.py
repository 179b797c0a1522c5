"""What a worker does for the timeline: events, posts and the dates of policies, of one thing or of all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.serve.answer import Answer
from wenmai.serve.explore import near
from wenmai.serve.explore.drawing import edges, lines, nodes
from wenmai.serve.explore.picture_task import answer, things
from wenmai.serve.html import Lang
from wenmai.serve.linked.place import rows
from wenmai.store.protocol import Store
from wenmai.triples import terms

FIRST, LAST = "0001-01-01", "9999-12-31"
_ROLES = ("participant", "subject", "organizer", "heldAt")
_POLICY_DATES = ("adoptedOn", "effectiveFrom", "effectiveUntil")
_TIED = ("issuedBy", "appliesTo", "regulates", "implements")
_WHO = ("participant", "organizer", "subject", "heldAt")

_ITS_EVENTS = f"SELECT ?e ?p ?b ?l {{ ?e ?p %s FILTER(?p IN (%s)) ?e {terms.EARLIEST} ?b ; {terms.LATEST} ?l }}"
_ITS_DATES = """SELECT ?x ?p ?d {
  { BIND(%s AS ?x) } UNION { ?x ?tie %s FILTER(?tie IN (%s)) }
  ?x ?p ?d FILTER(?p IN (%s))
}"""
_DAYS = f"SELECT ?day (COUNT(?e) AS ?n) {{ ?e {terms.EARLIEST} ?day }} GROUP BY ?day"
_BEGUN = f"SELECT ?e ?day ?l {{ VALUES ?day {{ %s }} ?e {terms.EARLIEST} ?day ; {terms.LATEST} ?l }}"
_PARTS = "SELECT ?e ?p ?x { VALUES ?e { %s } ?e ?p ?x FILTER(?p IN (%s)) }"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a time: an event, a post as articles know it, a date of a policy."""

    kind: str
    iri: str
    begin: str
    end: str
    predicates: tuple[str, ...] = ()
    edge: Mapping[str, Any] | None = None


def timeline(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with what began within `since` and `until`, of `id` or of all events. Raises Problem 404, 410."""
    if call["id"]:
        (iri, *_) = things(store, [call["id"]])
        found = _of(store, iri, call["lang"])
        found = [each for each in found if call["since"] <= each.begin <= call["until"]]
        found.sort(key=_in_time, reverse=call["order"] == "desc")
        months = Counter(each.begin[:7] for each in found)
        page: Sequence[Entry] = found[call["offset"] : call["offset"] + call["limit"]]
    else:
        months, page = _all(store, call)
        iri = ""
    total = months.total()
    told = {
        "node": nodes(store, [iri], call["lang"], {})[0] if iri else None,
        "items": _shown(store, page, call["lang"]),
        "total": total,
        "more": call["offset"] + len(page) < total,
        "months": [{"month": month, "count": number} for month, number in sorted(months.items())],
    }
    return answer(told)


def _of(store: Store, iri: str, lang: Lang) -> list[Entry]:
    node = ox.NamedNode(iri)
    roles: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for event, role, begin, end in rows(store, _ITS_EVENTS, node, _list(_ROLES)):
        roles[event.value, begin.value, end.value].append(role.value.removeprefix(WENMAI))
    found = [Entry("event", event, begin, end, tuple(sorted(said))) for (event, begin, end), said in roles.items()]
    dates = rows(store, _ITS_DATES, node, node, _list(_TIED), _list(_POLICY_DATES))
    for policy, name, day in {(x.value, p.value.removeprefix(WENMAI), day.value) for x, p, day in dates}:
        found.append(Entry("policy", policy, *_whole(day), predicates=(name,)))
    return found + _posts(store, iri, lang)


def _posts(store: Store, iri: str, lang: Lang) -> list[Entry]:
    """Return the posts that a thing holds or has, from the first article that tells of each to the last."""
    held = [each for each in near.holders(store, iri) if each != iri]
    drawn = [
        line for line in lines(store, [iri, *held]) if line.prop == "holdsPost" and iri in (line.source, line.target)
    ]
    found = []
    for line, edge in zip(drawn, edges(store, drawn, lang), strict=True):
        if edge["first"]:
            other = line.target if line.source == iri else line.source
            found.append(Entry("post", other, edge["first"], edge["last"], ("holdsPost",), edge))
    return found


def _all(store: Store, call: Mapping[str, Any]) -> tuple[Counter[str], list[Entry]]:
    """Return the months of all events of a range with how many began in each, and a page of them."""
    counted = {day: int(number.value) for day, number in rows(store, _DAYS)}
    days = {day: n for day, n in counted.items() if call["since"] <= day.value <= call["until"]}
    months: Counter[str] = Counter()
    for day, number in days.items():
        months[day.value[:7]] += number
    back = call["order"] == "desc"
    order = sorted(days, key=lambda day: day.value, reverse=back)
    some, passed = spread(order, days, call["offset"], call["limit"])
    begun = rows(store, _BEGUN, " ".join(map(str, some))) if some else ()
    found = [Entry("event", event.value, day.value, last.value) for event, day, last in begun]
    found.sort(key=_in_time, reverse=back)
    return months, found[passed : passed + call["limit"]]


def spread(order: Sequence[Any], counts: Mapping[Any, int], offset: int, limit: int) -> tuple[list[Any], int]:
    """Return those of the groups in `order` that hold the entries of a page, and how many of theirs come before it."""
    some: list[Any] = []
    at = passed = 0
    for group in order:
        if at >= offset + limit:
            break
        if at + counts[group] > offset:
            passed = passed if some else offset - at
            some.append(group)
        at += counts[group]
    return some, passed


def _shown(store: Store, page: Iterable[Entry], lang: Lang) -> list[dict[str, Any]]:
    entries = list(page)
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    some = " ".join(str(ox.NamedNode(each.iri)) for each in entries if each.kind == "event")
    for event, predicate, other in rows(store, _PARTS, some, _list(_WHO)) if some else ():
        parts[event.value].append((predicate.value.removeprefix(WENMAI), other.value))
    wanted = [each.iri for each in entries] + [iri for found in parts.values() for _, iri in found]
    wanted = list(dict.fromkeys(wanted))
    made = {node["iri"]: node for node in nodes(store, wanted, lang)}
    return [
        {
            "kind": each.kind,
            "node": made[each.iri],
            "begin": each.begin,
            "end": each.end,
            "predicates": [{"predicate": name, "label": ontology.label(name, lang)} for name in each.predicates],
            "with": [
                {"predicate": name, "label": ontology.label(name, lang), "node": made[iri]}
                for name, iri in sorted(parts.get(each.iri, ()))
            ],
            "edge": each.edge,
        }
        for each in entries
    ]


def _in_time(entry: Entry) -> tuple[str, ...]:
    return entry.begin, entry.iri, *entry.predicates


def _whole(day: str) -> tuple[str, str]:
    """Return the first and the last day of a date that may be a month or a year."""
    return (day + FIRST[len(day) :], day + "-12-31"[len(day) - 4 :]) if len(day) < 10 else (day, day)


def _list(names: Iterable[str]) -> str:
    return ", ".join(str(ox.NamedNode(WENMAI + name)) for name in names)
