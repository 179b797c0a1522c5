"""Who is reported in which post when: posts told by body and title, with the days of the articles that say so."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wenmai.lexicon import rows
from wenmai.review.known import Claim, Known

Together = Literal["at once", "within a year", "undated"]
_YEAR = 365
_NOT_FULL = ("副", "名誉", "原", "前", "荣誉")


@dataclass(frozen=True, slots=True)
class Tenure:
    """One person in one post: body and title, the claims that say so, and the days of their articles, in order."""

    person: str
    post: str
    body: str
    title: str
    claims: tuple[Claim, ...]
    days: tuple[str, ...]

    @property
    def when(self) -> str:
        """Say when it is reported: a day, or the first and the last one."""
        if not self.days:
            return "on an unknown day"
        first, last = self.days[0], self.days[-1]
        return f"on {first}" if first == last else f"from {first} to {last}"


def tenures(known: Known) -> list[Tenure]:
    """Return what asserted claims say about who holds which post, by person and post."""
    titles: dict[str, str] = {}
    bodies: dict[str, str] = {}
    holders: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for (subject, predicate, target), claims in known.by_fact.items():
        if predicate == "postTitle":
            titles[subject] = min(target, titles.get(subject, target))
        elif predicate == "postIn":
            bodies[subject] = min(target, bodies.get(subject, target))
        elif predicate == "holdsPost":
            holders[subject, target] += claims
    return [
        Tenure(
            person,
            post,
            bodies.get(post, ""),
            titles.get(post, ""),
            tuple(sorted(claims)),
            tuple(sorted({claim.day for claim in claims if claim.day})),
        )
        for (person, post), claims in sorted(holders.items())
    ]


def together(one: Tenure, other: Tenure) -> tuple[Together, int] | None:
    """Tell whether two tenures are reported for one time, and how many days lie between them; None for a succession.

    What is a year or more apart, without a report of the one between those of the other, came one after the other.
    """
    if not one.days or not other.days:
        return "undated", 0
    first, second = sorted((one.days, other.days))
    if second[0] <= first[-1]:
        return "at once", 0
    apart = (dt.date.fromisoformat(second[0]) - dt.date.fromisoformat(first[-1])).days
    return ("within a year", apart) if apart < _YEAR else None


def is_full_time(title: str) -> bool:
    """Tell whether a title is that of a leading post that fills its holder's time: 局长, but not 副局长 or 会长."""
    return _ends(title, "fulltime")


def has_one_holder(title: str) -> bool:
    """Tell whether a body has one holder of this title, beside those that the query of contradictions knows."""
    return _ends(title, "one")


def _ends(title: str, column: str) -> bool:
    return title.endswith(_endings(column)) and not any(word in title for word in _NOT_FULL)


@cache
def _endings(column: str) -> tuple[str, ...]:
    return tuple(row["ending"] for row in rows("post_holding") if row[column])


def apart(found: Together, days: int) -> str:
    """Say how two tenures lie to each other."""
    if found == "at once":
        return "the reports overlap in time"
    if found == "undated":
        return "no dates tell which came first"
    return f"the reports are {days} days apart"


def settle(tenures: tuple[Tenure, Tenure], found: Together) -> tuple[str, ...]:
    """Return the commands that keep both (a succession) or one of two tenures."""
    one, other = ([claim.id for claim in each.claims] for each in tenures)
    both = [f"wenmai curate confirm {claim}" for claim in (*one, *other)]
    either = [f"wenmai curate reject {claim} --why '…'" for claim in (*one, *other)]
    return (*either, *both) if found == "at once" else (*both, *either)
