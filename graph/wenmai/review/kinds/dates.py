"""Dates that are out of order, and events whose status their dates belie."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from wenmai import ontology
from wenmai.reason.order import ORDERED, disordered
from wenmai.review.doubt import Doubt, share
from wenmai.review.kinds import Options
from wenmai.review.known import Claim, Known
from wenmai.store.protocol import DEFAULT
from wenmai.triples import iris, terms
from wenmai.triples.merge import plain
from wenmai.triples.summary import DATES, days

ABOUT = "dates out of order; events that happened after their article, or are announced for a day long past"

_LONG_PAST = 90
"""Days after which an announced event should have been reported, if articles of later days are there."""
_SAY_SO = ("Asserted", "Planned")
_TOLD = {
    ("startDate", "endDate"): "ends before it starts",
    ("adoptedOn", "effectiveFrom"): "takes effect before it is adopted",
    ("effectiveFrom", "effectiveUntil"): "ceases before it takes effect",
}


def find(known: Known, options: Options) -> Iterator[Doubt]:
    """Yield the doubts about dates."""
    dated: defaultdict[str, list[Claim]] = defaultdict(list)
    props = {*DATES, *(prop for pair in ORDERED for prop in pair)}
    for claim in known.claims.values():
        if claim.predicate in props and claim.modality in _SAY_SO and claim.subject not in known.confirmed:
            dated[claim.subject].append(claim)
    yield from _order(known, dated)
    yield from _founding(known, dated)
    yield from _statuses(known, dated)


def _order(known: Known, dated: dict[str, list[Claim]]) -> Iterator[Doubt]:
    lines = [(claim.subject, claim.predicate, claim.object) for claims in dated.values() for claim in claims]
    for subject, first, second in disordered(lines):
        claims = [claim for claim in dated[subject] if claim.predicate in (first, second)]
        yield from _doubt(known, 0.85, _TOLD[first, second], [subject], claims)


def _founding(known: Known, dated: dict[str, list[Claim]]) -> Iterator[Doubt]:
    """Yield what opened before it was founded."""
    spans: defaultdict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for event, claims in dated.items():
        cls = known.named(event).cls
        if cls not in ("Opening", "Establishment"):
            continue
        for subject in (c.object for c in known.about[event] if c.predicate == "subject" and c.subject == event):
            for span in filter(None, (days(claim.object) for claim in claims if claim.predicate in DATES)):
                spans[subject, cls].append((*span, event))
    for subject in sorted({subject for subject, _ in spans}):
        opened, founded = spans[subject, "Opening"], spans[subject, "Establishment"]
        if opened and founded and max(end for _, end, _ in opened) < min(begin for begin, _, _ in founded):
            events = sorted({event for *_, event in (*opened, *founded)})
            claims = [claim for event in events for claim in dated[event]]
            yield from _doubt(known, 0.6, "opened before it was founded", [subject, *events], claims)


def _statuses(known: Known, dated: dict[str, list[Claim]]) -> Iterator[Doubt]:
    newest = max(known.days.values(), default="")
    scheduled = {
        iris.local_id(node)
        for node, _, _ in plain(known.store.match(None, terms.EVENT_STATUS, terms.term("Scheduled"), DEFAULT))
    }
    for event, claims in sorted(dated.items()):
        cls = known.named(event).cls
        if not cls or not ontology.is_event(cls):
            continue
        spans = [(claim, span) for claim in claims if claim.predicate in DATES and (span := days(claim.object))]
        for claim, (begin, _) in spans:
            if claim.day and begin > claim.day and claim.predicate != "endDate" and _happened(known, claim):
                away = _between(claim.day, begin)
                weight = 0.8 if away > 31 else 0.55
                why = f"happened {away} day{'s' if away > 1 else ''} after its article"
                yield from _doubt(known, weight, "happened after its article", [event], [claim], why)
        last = max((end for _, (_, end) in spans), default="")
        if event in scheduled and last and newest and _between(last, newest) > _LONG_PAST:
            why = f"is announced for {last} at the latest, and articles go up to {newest}: did it take place?"
            yield from _doubt(known, 0.35, "announced and long past", [event], [claim for claim, _ in spans], why)


def _happened(known: Known, claim: Claim) -> bool:
    """Tell whether the claim's own article shows the event as one that happened."""
    shown = known.store.match(known.node(claim.subject), terms.EVENT_STATUS, terms.term("Happened"), None)
    graph = f"{known.base}graph/{claim.article}"
    return any(getattr(quad.graph_name, "value", "") == graph for quad in shown)


def _between(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days


def _doubt(
    known: Known, weight: float, what: str, about: list[str], claims: list[Claim], why: str = ""
) -> Iterator[Doubt]:
    """Yield the doubt, unless every claim that it stands on was confirmed."""
    unsettled = sorted(claim for claim in claims if claim.id not in known.confirmed)
    if not unsettled:
        return
    dates = "; ".join(f"{claim.predicate} {claim.object}" for claim in sorted(claims, key=lambda c: c.predicate))
    commands = [f"wenmai curate reject {claim.id} --why '…'" for claim in unsettled]
    commands += [f"wenmai curate confirm {claim.id}" for claim in unsettled]
    yield Doubt(
        "dates",
        share(weight),
        what,
        tuple(known.named(each) for each in about),
        (f"{known.name(about[0])} {why or what}", dates),
        claims=tuple(sorted(claim.id for claim in claims)),
        commands=tuple(commands),
        key=unsettled[0].id if what.startswith("happened") else "",
    )
