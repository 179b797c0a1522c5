"""Entities that an article calls by a form that others bear too, and that stayed apart because it was not sure enough.

The registry beside the store keeps the candidates with their scores (`docs/identity.md`); a store without one, in
memory or on a server, has none to tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wenmai.records import Link
from wenmai.resolve.candidates import least
from wenmai.resolve.known import Known as Registered
from wenmai.resolve.registry import FILE, VERSION
from wenmai.review.doubt import Doubt, share
from wenmai.review.kinds import Options
from wenmai.review.known import Known
from wenmai.store.sidecar import reading

ABOUT = "entities known by a short form only that may be one of those who bear it"

_SHOWN = 5


def find(known: Known, options: Options) -> Iterator[Doubt]:
    """Yield one doubt for each entity and candidate, whatever the number of articles."""
    path = known.store.beside(FILE)
    if path is None:
        return
    with reading(path, VERSION) as db:
        links = Registered(db).doubts(least("doubt")) if db is not None else []
    pairs: defaultdict[tuple[str, str], list[tuple[str, Link]]] = defaultdict(list)
    for article, link in links:
        pairs[link.own, link.target].append((article, link))
    for (own, target), found in sorted(pairs.items()):
        both = {own, target} <= known.entities.keys() and not {own, target} & known.confirmed
        if both and frozenset((own, target)) not in known.told_apart:
            yield _doubt(known, own, target, found)


def _doubt(known: Known, own: str, target: str, found: list[tuple[str, Link]]) -> Doubt:
    best = max(link.score for _, link in found)
    reasons = list(dict.fromkeys(reason for _, link in found for reason in link.reasons))
    names = ", ".join(article for article, _ in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return Doubt(
        "candidates",
        share(0.5 * best + 0.05 * min(len(found), 5)),
        "may be the one of the fuller name",
        (known.named(own), known.named(target)),
        (f"score {best:g}: {', '.join(reasons)}", f"in {names}{more}"),
        commands=(f"wenmai curate merge {own} {target}", f"wenmai curate apart {own} {target}"),
    )
