"""A person in two full-time leading posts at two unrelated bodies at once, and two people in one post at once.

Several holders of a leading post in one body are a contradiction already; here are the other titles that a body has one
holder of, and a post that two people are said to hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from wenmai.resolve import keys
from wenmai.review.doubt import Doubt, share
from wenmai.review.kinds import Options
from wenmai.review.known import Known
from wenmai.review.tenure import Tenure, Together, apart, has_one_holder, is_full_time, settle, tenures, together

ABOUT = "a person in two leading posts of unrelated bodies at once, two people in one post at once"

_WEIGHTS: dict[Together, float] = {"at once": 0.8, "within a year": 0.55, "undated": 0.45}
_PUBLIC = frozenset({"GovernmentBody", "PartyBody", "AdministrativeArea"})


def find(known: Known, options: Options) -> Iterator[Doubt]:
    """Yield the doubts about posts."""
    found = tenures(known)
    by_person: defaultdict[str, list[Tenure]] = defaultdict(list)
    by_post: defaultdict[tuple[str, ...], list[Tenure]] = defaultdict(list)
    for tenure in found:
        if tenure.body and is_full_time(tenure.title):
            by_person[tenure.person].append(tenure)
        if tenure.body and has_one_holder(tenure.title):
            by_post[tenure.body, tenure.title].append(tenure)
        else:
            by_post[(tenure.post,)].append(tenure)
    for held in by_person.values():
        yield from _two_posts(known, held)
    for holders in by_post.values():
        yield from _two_people(known, holders)


def _two_posts(known: Known, held: list[Tenure]) -> Iterator[Doubt]:
    for one, other in combinations(sorted(held, key=lambda tenure: (tenure.days, tenure.post)), 2):
        when = together(one, other)
        if when is None or one.post == other.post or _belong_together(known, one.body, other.body):
            continue
        if _confirmed(known, (one, other)):
            continue
        articles = sorted({known.articles.get(claim.article, claim.article) for claim in other.claims})
        split = f"wenmai curate split {one.person} --articles {' '.join(map(quoted_article, articles))}"
        yield Doubt(
            "posts",
            share(_WEIGHTS[when[0]] - (when[1] / 3650)),
            "two leading posts at once",
            (known.named(one.person), known.named(one.body), known.named(other.body)),
            (
                f"{one.title} of {known.name(one.body)} {one.when}",
                f"{other.title} of {known.name(other.body)} {other.when}",
                f"{apart(*when)}; nothing ties the two bodies: are these two people of one name?",
            ),
            claims=tuple(claim.id for claim in (*one.claims, *other.claims)),
            commands=(split, *settle((one, other), when[0])),
            key=f"{one.title} {other.title}",
        )


def quoted_article(identifier: str) -> str:
    """Return an article's identifier as a word of a command line."""
    from wenmai.review.doubt import quoted

    return identifier if identifier.replace("-", "").replace("_", "").isalnum() else quoted(identifier)


def _two_people(known: Known, holders: list[Tenure]) -> Iterator[Doubt]:
    for one, other in combinations(holders, 2):
        when = together(one, other)
        if when is None or one.person == other.person or _confirmed(known, (one, other)):
            continue
        doubt = two_holders(known, one, other, when)
        if doubt is not None:
            yield doubt


def two_holders(
    known: Known, one: Tenure, other: Tenure, when: tuple[Together, int], kind: str = "posts"
) -> Doubt | None:
    """Return the doubt that two people hold one post; None for two entities of one name, which may be one person."""
    if keys.key(known.name(one.person)) == keys.key(known.name(other.person)):
        return None
    body = (known.named(one.body),) if one.body else ()
    return Doubt(
        kind,
        share(_WEIGHTS[when[0]] + 0.1 - when[1] / 3650),
        "several holders of one post",
        (*body, known.named(one.person), known.named(other.person)),
        (
            f"{known.name(one.person)} is {one.title or 'in the post'} {one.when}",
            f"{known.name(other.person)} is {other.title or 'in the post'} {other.when}",
            apart(*when),
        ),
        claims=tuple(claim.id for claim in (*one.claims, *other.claims)),
        commands=settle((one, other), when[0]),
        key=one.title or one.post,
    )


def _confirmed(known: Known, found: Iterable[Tenure]) -> bool:
    """Tell whether a person confirmed that each of the tenures is so."""
    return all(known.confirmed & {tenure.person, *(claim.id for claim in tenure.claims)} for tenure in found)


def _belong_together(known: Known, one: str, other: str) -> bool:
    """Tell whether one person may well lead both bodies: one body, tied by a claim, of one name or of one area."""
    if one == other or other in known.neighbours.get(one, ()):
        return True
    names = [keys.body_key(known.name(body)) for body in (one, other)]
    cores = [keys.stem(keys.without_areas(name)) for name in names]
    if any(len(core) > 1 and core in name for core, name in zip(cores, reversed(names), strict=True)):
        return True
    public = all(known.named(body).cls in _PUBLIC for body in (one, other))
    areas = [keys.area_prefix(name + "　　")[0] or name[:2] for name in names]
    return public and (areas[0].startswith(areas[1]) or areas[1].startswith(areas[0]))
