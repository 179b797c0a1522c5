"""Facts that names themselves state: a party school of a subdistrict stands there; a faculty is part of its university.

A body whose name begins with the name of another body of the article and ends in one of
`ontology/lexicon/part_suffixes.tsv` is a part of it. A body whose name ends in one
of `ontology/lexicon/located_by_name.tsv` stands in the area that its name begins with. Areas inside a name contain one
another; that is said only of areas of which the article speaks on their own, or that such a body stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from wenmai import ontology
from wenmai.extract.canon import canonical
from wenmai.extract.groups import Groups
from wenmai.extract.prepare import Found
from wenmai.lexicon import rows
from wenmai.records import Claim, Mention, Span

_GOES_ON = "业学界家员化性产商公"
"""中国银行业监督管理委员会 is no part of 中国银行: the word goes on."""


@cache
def _located() -> tuple[str, ...]:
    return tuple(r["suffix"] for r in rows("located_by_name"))


@cache
def _parts_of_bodies() -> tuple[tuple[str, str], ...]:
    return tuple((r["suffix"], r["but"]) for r in rows("part_suffixes"))


@cache
def _parts_of_places() -> tuple[str, ...]:
    return tuple(sorted((r["suffix"] for r in rows("place_parts")), key=lambda s: (-len(s), s)))


def nested_claims(found: Found, groups: Groups) -> Iterator[Claim]:
    """Give the claims that the names of an article state by themselves."""
    spoken = {canonical(m.name) for m in found.mentions if m.cls == "AdministrativeArea"}
    done: set[tuple[str, str, str]] = set()
    for claim in (*_areas(found, spoken), *_parts(found, groups), *_places(found)):
        fact = (groups.first(claim.subject), claim.predicate, groups.first(str(claim.object)))
        if fact not in done:
            done.add(fact)
            yield claim


def _areas(found: Found, spoken: set[str]) -> Iterator[Claim]:
    by_key = {m.key: m for m in found.mentions}
    for key, areas in found.inside.items():
        body = by_key[key]
        stands = canonical(body.name).endswith(_located())
        for outer, inner in pairwise(areas):
            if stands or canonical(inner.name) in spoken:
                words = Span(outer.span.begin, inner.span.end)
                yield Claim(inner.key, "locatedIn", outer.key, words, confidence=0.95, rule="nested")
        if stands and areas:
            yield Claim(key, "locatedIn", areas[-1].key, body.span, confidence=0.9, rule="nested")


def _parts(found: Found, groups: Groups) -> Iterator[Claim]:
    bodies: dict[str, Mention] = {}
    for mention in found.mentions:
        if mention.cls in ontology.subclasses("Organization"):
            bodies.setdefault(canonical(mention.name), mention)
    for name, mention in bodies.items():
        heads = (name[:end] for end in range(len(name) - 1, 2, -1) if name[end] not in _GOES_ON)
        whole = next((head for head in heads if head in bodies), None)
        if whole and _names_part(name) and not groups.same(mention.key, bodies[whole].key):
            yield Claim(
                mention.key, "subOrganizationOf", bodies[whole].key, mention.span, confidence=0.85, rule="nested"
            )


def _names_part(name: str) -> bool:
    """Tell whether a name ends as parts of bodies do."""
    return any(name.endswith(end) and not (but and name.endswith(but)) for end, but in _parts_of_bodies())


def _places(found: Found) -> Iterator[Claim]:
    """A part of a park stands in the park: 某公园东片区."""
    sites = {canonical(m.name): m for m in reversed(found.mentions) if m.cls == "Site"}
    for name, mention in sites.items():
        for part in _parts_of_places():
            whole = sites.get(name.removesuffix(part)) if name.endswith(part) else None
            if whole is not None and whole is not mention:
                yield Claim(mention.key, "locatedIn", whole.key, mention.span, confidence=0.9, rule="nested")
                break
