"""What articles say against each other: the library query `contradictions`, with time taken into account.

The query finds two values of one date or title, what one article states and another denies, and leading posts with
several holders. Here a succession of holders falls away, and what is left is weighed and given its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from wenmai.query import Result
from wenmai.query import find as query
from wenmai.query.evaluate import evaluate
from wenmai.review.doubt import Doubt, share
from wenmai.review.kinds import Options
from wenmai.review.kinds.posts import two_holders
from wenmai.review.known import Claim, Known
from wenmai.review.tenure import tenures, together

ABOUT = "two values for one date or title, stated and denied, several holders of a leading post at once"

_TWO_VALUES, _DENIED = 0.85, 0.9
_HOLDERS, _STATED_DENIED = "several holders", "stated and denied"
_SAY_SO = ("Asserted", "Planned")


def find(known: Known, options: Options) -> Iterator[Doubt]:
    """Yield the contradictions of a store."""
    pairs: defaultdict[tuple[str, str, str, str, str], set[tuple[str, str]]] = defaultdict(set)
    posts = set()
    for row in rows(known):
        if row["kind"].startswith(_HOLDERS):
            posts.add((_local(row["subject"]), row["title"]))
        else:
            matter = (row["kind"], _local(row["subject"]), row["predicate"], row["one"], row["other"])
            pairs[matter].add((_local(row["one_claim"]), _local(row["other_claim"])))
    for matter, found in pairs.items():
        doubt = _pair(known, matter, found)
        if doubt is not None:
            yield doubt
    yield from _holders(known, posts)


def rows(known: Known) -> list[dict[str, str]]:
    """Return the rows of the library query as texts."""
    named = query("contradictions")
    done = evaluate(known.store, named, {})
    result = Result(done.kind, done.payload, known.base, done.notes)
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in result]


def _local(iri: str) -> str:
    return iri.rpartition("/id/")[2]


def _pair(known: Known, matter: tuple[str, str, str, str, str], found: set[tuple[str, str]]) -> Doubt | None:
    """Return the doubt about two claims that exclude each other; None if nothing is left of it to settle."""
    kept = [pair for pair in sorted(found) if _stand(known, pair, matter[0])]
    ones = {one: known.claims[one] for one, _ in kept}
    others = {other: known.claims[other] for _, other in kept}
    if not kept or _settled(known, ones, others):
        return None
    kind, subject, predicate, one, other = matter
    prop = predicate.rpartition("#")[2]
    first, second = _earliest(ones), _earliest(others)
    why, against, weight = [], [], _TWO_VALUES
    if kind == _STATED_DENIED:
        weight = _DENIED
        why += [f"stated: {prop} {one} ({_told(known, first)})", f"denied ({_told(known, second)})"]
        if first.day and second.day and first.day > second.day:
            against.append("it is stated after it was denied, and may have come true since")
            weight -= 0.2
    else:
        why += [f"{prop} {one} ({_told(known, first)})", f"{prop} {other} ({_told(known, second)})"]
        if first.article != second.article and first.day and second.day and first.day != second.day:
            against.append(f"the article of {max(first.day, second.day)} is the later one and may correct the other")
    claims = sorted([*ones.values(), *others.values()], key=lambda claim: (claim.day, claim.id))
    unsettled = [claim.id for claim in claims if claim.id not in known.confirmed]
    why += [f"{claim.id} is confirmed" for claim in claims if claim.id in known.confirmed]
    commands = [f"wenmai curate reject {claim} --why '…'" for claim in unsettled]
    commands += [f"wenmai curate confirm {claim}" for claim in unsettled]
    target = first.object if not first.literal else ""
    about = (known.named(subject), *([known.named(target)] if target and kind == _STATED_DENIED else []))
    return Doubt(
        "contradictions",
        share(weight),
        kind,
        about,
        tuple(why),
        tuple(against),
        tuple(claim.id for claim in claims),
        tuple(commands),
        key=f"{prop} {one} {other}",
    )


def _stand(known: Known, pair: tuple[str, str], kind: str) -> bool:
    """Tell whether neither claim of a pair was rejected, and both say so where that is what makes them exclude."""
    claims = [known.claims[local] for local in pair if local in known.claims]
    return len(claims) == 2 and (kind == _STATED_DENIED or all(claim.modality in _SAY_SO for claim in claims))


def _settled(known: Known, ones: dict[str, Claim], others: dict[str, Claim]) -> bool:
    """Tell whether a person confirmed both sides, or the thing that they speak of."""
    sides = (set(ones), set(others))
    return all(known.confirmed & side for side in sides) or any(
        claim.subject in known.confirmed for claim in ones.values()
    )


def _earliest(claims: dict[str, Claim]) -> Claim:
    return min(claims.values(), key=lambda claim: (not claim.day, claim.day, claim.id))


def _told(known: Known, claim: Claim) -> str:
    article = known.articles.get(claim.article, claim.article)
    return f"{article}, {claim.day}" if claim.day else article


def _holders(known: Known, posts: set[tuple[str, str]]) -> Iterator[Doubt]:
    """Yield pairs of people in one leading post whose reports do not come one after the other."""
    holders = defaultdict(list)
    for tenure in tenures(known):
        if (tenure.body, tenure.title) in posts:
            holders[tenure.body, tenure.title].append(tenure)
    for found in holders.values():
        for one, other in combinations(found, 2):
            when = together(one, other) if one.person != other.person else None
            sides = [{tenure.person, *(claim.id for claim in tenure.claims)} for tenure in (one, other)]
            if when is None or all(known.confirmed & side for side in sides):
                continue
            doubt = two_holders(known, one, other, when, "contradictions")
            if doubt is not None:
                yield doubt
