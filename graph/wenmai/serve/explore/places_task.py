"""What a worker does for the tree of places: what lies directly in a place, with how much lies in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from wenmai.serve.answer import Answer
from wenmai.serve.explore.drawing import nodes
from wenmai.serve.explore.picture_task import answer, things
from wenmai.serve.linked.place import rows
from wenmai.store.protocol import Store
from wenmai.triples import iris, terms

_IN, _PLACE, _HELD = terms.term("locatedIn"), terms.term("Place"), terms.term("heldAt")
_DEEPEST = 12
_ROOTS = f"SELECT ?x {{ ?x a {_PLACE} FILTER NOT EXISTS {{ ?x {_IN} ?above }} }}"
_DEEP = f"SELECT ?place (COUNT(?x) AS ?n) {{ %s ?x {_IN} ?place }} GROUP BY ?place"
_WITHIN = (
    f"SELECT ?x {{ ?x {_IN} %s . ?x a {_PLACE} FILTER NOT EXISTS {{ GRAPH %s {{ ?x {_IN} %s }} }} FILTER(?x != %s) }}"
)
_COUNTS = f"""SELECT ?place ?is (COUNT(DISTINCT ?x) AS ?n) {{
  VALUES ?place {{ %s }} ?x {_IN} ?place FILTER NOT EXISTS {{ GRAPH %s {{ ?x {_IN} ?place }} }} FILTER(?x != ?place)
  BIND(EXISTS {{ ?x a {_PLACE} }} AS ?is)
}} GROUP BY ?place ?is"""
_EVENTS = f"SELECT ?place (COUNT(?e) AS ?n) {{ VALUES ?place {{ %s }} ?e {_HELD} ?place }} GROUP BY ?place"
_ABOVE = f"SELECT ?x {{ %s {_IN} ?x . ?x a {_PLACE} FILTER NOT EXISTS {{ GRAPH %s {{ %s {_IN} ?x }} }} }} ORDER BY ?x"


def places(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the places directly in `under`, or with those that are in none. Raises Problem 404, 410.

    Those with the most in them, at any depth (`within`), come first. Of each there is how many places and how many
    other things lie directly in it, and how many events were held there.
    """
    inferred = iris.inferred_iri(store.base)
    under = ox.NamedNode(things(store, [call["under"]])[0]) if call["under"] else None
    if under is None:
        found = {place.value for (place,) in rows(store, _ROOTS)}
    else:
        found = {place.value for (place,) in rows(store, _WITHIN, under, inferred, under, under)}
    values = f"VALUES ?place {{ {' '.join(f'<{iri}>' for iri in sorted(found))} }}" if under is not None else ""
    deep = {place.value: int(number.value) for place, number in rows(store, _DEEP, values)}
    order = sorted(found, key=lambda iri: (-deep.get(iri, 0), iri))
    page = order[call["offset"] : call["offset"] + call["limit"]]
    counts = _counted(store, page)
    chain = _above(store, under) if under is not None else []
    wanted = list(dict.fromkeys([*chain, *page]))
    made = {node["iri"]: node for node in nodes(store, wanted, call["lang"])}
    items = [
        {
            "node": made[iri],
            "within": deep.get(iri, 0),
            "places": counts[iri][0],
            "things": counts[iri][1],
            "events": counts[iri][2],
        }
        for iri in page
    ]
    told = {"path": [made[iri] for iri in chain], "items": items, "total": len(order)}
    return answer(told | {"more": call["offset"] + len(page) < len(order)})


def _counted(store: Store, found: list[str]) -> dict[str, tuple[int, int, int]]:
    """Return of each place how many places, other things and events are directly in it."""
    counts = {iri: [0, 0, 0] for iri in found}
    some = " ".join(str(ox.NamedNode(iri)) for iri in found)
    for place, is_place, number in rows(store, _COUNTS, some, iris.inferred_iri(store.base)):
        counts[place.value][0 if is_place.value == "true" else 1] = int(number.value)
    for place, number in rows(store, _EVENTS, some):
        counts[place.value][2] = int(number.value)
    return {iri: (each[0], each[1], each[2]) for iri, each in counts.items()}


def _above(store: Store, place: ox.NamedNode) -> list[str]:
    """Return the places around one, the widest first, and itself; of several around it one is gone on from."""
    chain = [place.value]
    while len(chain) < _DEEPEST:
        node = ox.NamedNode(chain[0])
        above = [x.value for (x,) in rows(store, _ABOVE, node, iris.inferred_iri(store.base), node)]
        further = [iri for iri in above if iri not in chain]
        if not further:
            break
        chain.insert(0, further[0])
    return chain
