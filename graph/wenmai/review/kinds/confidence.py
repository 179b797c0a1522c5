"""Claims of which wenmai itself is not sure, and the facts that stand on one such claim alone.

`wenmai:confidence` is meant as a share: of facts at 0.6 some 40 of 100 are wrong. What counts is what a mistake would
spoil: a fact that nothing else supports first, then claims that are no facts, last those of facts with a surer claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wenmai.review.doubt import Doubt, share
from wenmai.review.kinds import Options
from wenmai.review.known import Claim, Known

ABOUT = "claims of low confidence, and facts that stand on one such claim only"

_ALONE, _NO_FACT, _SUPPORTED = 1.0, 0.6, 0.3


def find(known: Known, options: Options) -> Iterator[Doubt]:
    """Yield one doubt for the unsure claims about one relation, post or event in one article."""
    together: defaultdict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in known.claims.values():
        if claim.confidence < options.below and claim.id not in known.confirmed:
            together[_matter(claim)].append(claim)
    for claims in together.values():
        doubt = _doubt(known, claims, options)
        if doubt is not None:
            yield doubt


def _matter(claim: Claim) -> tuple[str, ...]:
    """Return what a claim is part of: a post and an event take several claims to say."""
    for end in (claim.object, claim.subject):
        if end.startswith(("post-", "event-")) and not (claim.literal and end == claim.object):
            return claim.article, end
    return claim.article, claim.subject, claim.predicate, claim.object, claim.modality


def _doubt(known: Known, claims: list[Claim], options: Options) -> Doubt | None:
    stakes = {claim.id: _stake(known, claim, options) for claim in claims}
    worst = min(claims, key=lambda claim: (-(1 - claim.confidence) * stakes[claim.id], claim.id))
    stake = stakes[worst.id]
    ends = {end for claim in claims for end in (claim.subject, "" if claim.literal else claim.object)}
    about = tuple(sorted(known.named(end) for end in ends if end in known.entities))
    why = [f"{told(known, claim)}: confidence {claim.confidence:g}" for claim in claims]
    if stake == _ALONE:
        why.append("the fact stands on this claim only")
    elif stake == _NO_FACT:
        why.append(f"it is a claim ({worst.modality.lower()}) and no fact")
    against = () if stake != _SUPPORTED else ("another claim supports the fact",)
    ids = tuple(claim.id for claim in claims)
    commands = [f"wenmai curate confirm {local}" for local in ids]
    commands += [f"wenmai curate reject {local} --why '…'" for local in ids]
    return Doubt(
        "confidence",
        share((1 - worst.confidence) * stake),
        "low confidence",
        about,
        tuple(why),
        against,
        ids,
        tuple(commands),
        key=" ".join(_matter(worst)),
    )


def _stake(known: Known, claim: Claim, options: Options) -> float:
    if not known.holds(claim):
        return _NO_FACT
    others = [
        other
        for other in known.by_fact.get((claim.subject, claim.predicate, claim.object), ())
        if other.id != claim.id and (other.confidence >= options.below or other.id in known.confirmed)
    ]
    return _SUPPORTED if others else _ALONE


def told(known: Known, claim: Claim) -> str:
    """Say a claim in a line: names of its ends, predicate between them."""
    subject = known.articles.get(claim.subject) or known.name(claim.subject)
    return f"{subject} {claim.predicate} {claim.object if claim.literal else known.name(claim.object)}"
