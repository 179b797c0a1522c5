"""What a worker does for the canvas: a picture to begin with, neighbours, a path, what two have in common."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from wenmai.serve.answer import Answer
from wenmai.serve.explore import near
from wenmai.serve.explore.drawing import edges, lines, nodes
from wenmai.serve.linked.place import look_up
from wenmai.serve.problem import Problem
from wenmai.store.protocol import Store
from wenmai.triples import iris

JSON = "application/json"
LONGEST = 6
"""Steps of the longest path that is looked for."""
_REACHED = 20_000
"""Things that a search for a path passes before it gives up."""
_SEEDS, _SHOWN = 3, 40


def start(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with what is most connected of what is in the news, and who is near it."""
    seeds = near.in_the_news(store, _SEEDS)
    return _around(store, seeds, call, _SHOWN, 0)


def around(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the things `ids` and a page of those near them. Raises Problem 404, 410."""
    return _around(store, things(store, call["ids"]), call, call["limit"], call["offset"])


def among(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the things `ids` that are still there, and all lines between them."""
    kept: dict[str, None] = {}
    for each in call["ids"]:
        with suppress(Problem):  # a link to a view outlives what it shows
            kept |= dict.fromkeys(things(store, [each]))
    return answer(_drawn(store, kept, call, {}))


def _around(store: Store, seeds: Sequence[str], call: Mapping[str, Any], limit: int, offset: int) -> Answer:
    found = near.neighbours(store, seeds)
    order = near.ranked(store, {each for others in found.values() for each in others} - set(seeds))
    page = list(order)[offset : offset + limit]
    drawn = _drawn(store, [*seeds, *page], call, {iri: order[iri] for iri in page})
    drawn |= {"total": len(order), "more": offset + limit < len(order)}
    return answer(drawn)


def common(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with the things `ids` and those near all of them. Raises Problem 404, 410."""
    seeds = things(store, call["ids"])
    found = near.neighbours(store, seeds)
    shared = set.intersection(*(found.get(seed, set()) for seed in seeds)) - set(seeds)
    order = near.ranked(store, shared)
    page = list(order)[: call["limit"]]
    return answer(_drawn(store, [*seeds, *page], call, order) | {"total": len(order), "more": len(page) < len(order)})


def path(store: Store, call: Mapping[str, Any]) -> Answer:
    """Answer with a shortest path between two things. Raises Problem 404 where there is none, 410."""
    first, last = things(store, [call["from"], call["to"]], apart=True)
    found = shortest(store, first, last)
    if found is None:
        raise Problem(404, f"no chain of {LONGEST} facts or fewer leads from one to the other", reason="path")
    return answer(_drawn(store, found, call, {}) | {"length": len(found) - 1})


def shortest(store: Store, first: str, last: str) -> list[str] | None:
    """Return the things of a shortest chain of facts, both ends included; None if none of `LONGEST` facts is found.

    From both ends step by step, always from the side with fewer things. A side stops at `_REACHED` things.
    """
    if first == last:
        return [first]
    sides: tuple[dict[str, str], dict[str, str]] = ({first: ""}, {last: ""})
    rims: list[set[str]] = [{first}, {last}]
    for _ in range(LONGEST):
        turn = 0 if len(rims[0]) <= len(rims[1]) else 1
        if not rims[turn] or len(sides[turn]) > _REACHED:
            return None
        fresh: dict[str, str] = {}
        for iri, others in sorted(near.neighbours(store, rims[turn], told=False).items()):
            for other in sorted(others - sides[turn].keys()):
                fresh.setdefault(other, iri)
        sides[turn].update(fresh)
        met = sorted(fresh.keys() & sides[1 - turn].keys())
        if met:
            return [*reversed(_chain(sides[0], met[0])), *_chain(sides[1], met[0])[1:]]
        rims[turn] = set(fresh)
    return None


def _chain(side: Mapping[str, str], at: str) -> list[str]:
    found = [at]
    while side[found[-1]]:
        found.append(side[found[-1]])
    return found


def things(store: Store, given: Sequence[str], *, apart: bool = False) -> list[str]:
    """Return the IRIs of the entities with these ids; who holds a post and where it is, for a post.

    An id that another replaced means that one. With `apart` each id gives one. Raises Problem 404, 410.
    """
    found: dict[str, None] = {}
    order: list[str] = []
    for each in given:
        place = look_up(store, each.removeprefix(f"{store.base}id/"))
        if place.kind not in ("entity", "retired"):
            raise Problem(404, "this is no thing of the graph")
        meant = [node.value for node in place.replaced_by] or [place.node.value]
        held = near.neighbours(store, [iri for iri in meant if near.is_post(iri)])
        meant = [other for iri in meant for other in (sorted(held.get(iri, ())) if near.is_post(iri) else [iri])]
        order += meant[:1]
        found |= dict.fromkeys(meant)
    return order if apart and len(order) == len(given) else list(found)


def _drawn(store: Store, shown: Collection[str], call: Mapping[str, Any], degrees: dict[str, int]) -> dict[str, Any]:
    kept = [iri for iri in dict.fromkeys(shown) if iri.startswith(f"{store.base}id/") and not near.is_post(iri)]
    kept = [iri for iri in kept if not iri.rpartition("/")[2].startswith(iris.NODES)]
    found = edges(store, lines(store, kept), call["lang"])
    return {"nodes": nodes(store, kept, call["lang"], degrees), "edges": found}


def answer(value: Mapping[str, Any]) -> Answer:
    """Return a value as JSON."""
    return Answer(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), JSON)
