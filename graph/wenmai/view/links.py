"""From claims to the lines of a picture: posts become edges, mirrored statements one line, ranges of dates hold.

Takes `Statement`s as the store gave them, gives `Link`s between entities and `Trait`s of one entity. Knows no store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from wenmai import ontology
from wenmai.namespaces import OWL, RDF, WENMAI
from wenmai.view.facts import INFERRED, Happening, Statement

POST_PROPERTIES = frozenset({"holdsPost", "postIn", "postTitle"})
_STRENGTH = ("Denied", "Planned", "Reported", "Asserted", INFERRED)
_KIND = {"Denied": "denied", "Planned": "planned", "Reported": "reported", "Asserted": "asserted", INFERRED: "inferred"}
_ANNOUNCED = {"Scheduled": "planned", "Cancelled": "denied", "Denied": "denied"}


@dataclass(slots=True)
class Link:
    """One line between two entities: what all claims of the same two ends, property and kind say."""

    source: str
    target: str
    prop: str
    kind: str
    titles: dict[str, None] = field(default_factory=dict)
    statements: dict[Statement, None] = field(default_factory=dict)


@dataclass(slots=True)
class Trait:
    """One literal fact of an entity (`address`, `onDate`); of an author, the IRI of an article."""

    entity: str
    prop: str
    value: str
    kind: str
    statements: dict[Statement, None] = field(default_factory=dict)


@dataclass(slots=True)
class Lines:
    """All links and traits of a projection."""

    links: list[Link]
    traits: list[Trait]


@dataclass(frozen=True, slots=True)
class _Ends:
    subject: str
    prop: str
    target: str
    literal: bool
    modality: str
    title: str
    statements: tuple[Statement, ...]


def combine(statements: Iterable[Statement], events: Mapping[str, Happening]) -> Lines:
    """Put together the statements that are one line or one trait; `events` tells which events are only announced."""
    links: dict[tuple[str, str, str, str], Link] = {}
    traits: dict[tuple[str, str, str, str], Trait] = {}
    for ends in _posts_as_edges(statements):
        kind = _kind(ends, events)
        source, target = ends.subject, ends.target
        if ends.literal:
            trait = traits.setdefault((source, ends.prop, target, kind), Trait(source, ends.prop, target, kind))
            trait.statements.update(dict.fromkeys(ends.statements))
            continue
        if ends.prop in symmetric():
            source, target = sorted((source, target))
        link = links.setdefault((source, target, ends.prop, kind), Link(source, target, ends.prop, kind))
        link.statements.update(dict.fromkeys(ends.statements))
        if ends.title:
            link.titles[ends.title] = None
    return Lines(_without_echoes(links), [traits[key] for key in sorted(traits)])


def within(
    statement: Statement, days: Mapping[str, str], events: Mapping[str, Happening], since: str, until: str
) -> bool:
    """Tell whether its article, or an event at one of its ends, falls in the range of ISO dates (empty: open)."""
    day = days.get(statement.article, "")
    if day and since <= day and (not until or day <= until):
        return True
    found = [events[end] for end in statement.ends() if end in events]
    return any(event.latest and event.latest >= since and (not until or event.earliest <= until) for event in found)


@cache
def symmetric() -> frozenset[str]:
    """Return the symmetric properties of the vocabulary."""
    return frozenset(
        str(triple.subject)[1:-1].removeprefix(WENMAI)
        for triple in ontology.triples()
        if triple.predicate.value == RDF + "type" and str(triple.object) == f"<{OWL}SymmetricProperty>"
    )


@cache
def about_articles() -> frozenset[str]:
    """Return the properties whose subject is an article."""
    return frozenset(name for name in ontology.properties() if ontology.domain(name) == ("Article",))


def _posts_as_edges(statements: Iterable[Statement]) -> list[_Ends]:
    """Return every statement's two ends; a post between a person and an organization becomes one edge."""
    posts: dict[str, dict[str, list[Statement]]] = {}
    ends: list[_Ends] = []
    for each in sorted(statements, key=_order):
        if each.predicate in POST_PROPERTIES:
            post = str(each.object) if each.predicate == "holdsPost" else each.subject
            posts.setdefault(post, {}).setdefault(each.predicate, []).append(each)
        elif each.predicate in about_articles():
            if each.predicate == "author" and isinstance(each.object, str):
                ends.append(_Ends(each.object, "author", each.subject, True, each.modality, "", (each,)))
        elif each.subject != each.object:
            ends.append(_plain(each))
    for halves in posts.values():
        ends += _post(halves)
    return ends


def _post(post: Mapping[str, list[Statement]]) -> list[_Ends]:
    holders, seats, titles = (post.get(name, []) for name in ("holdsPost", "postIn", "postTitle"))
    title = "、".join(dict.fromkeys(each.object.value for each in titles if not isinstance(each.object, str)))
    if not holders:
        return [_plain(each) for each in (*seats, *titles)]
    if not seats:
        return [_Ends(each.subject, "holdsPost", title or "—", True, each.modality, "", (each,)) for each in holders]
    return [
        _Ends(
            holder.subject,
            "holdsPost",
            str(seat.object),
            False,
            min(holder.modality, seat.modality, key=_STRENGTH.index),
            title,
            (holder, seat),
        )
        for holder in holders
        for seat in seats
        # A post named in several articles is one node: each article's own two halves belong together.
        if holder.article == seat.article or not any(other.article == holder.article for other in seats)
    ]


def _plain(each: Statement) -> _Ends:
    literal = not isinstance(each.object, str)
    value = each.object if isinstance(each.object, str) else each.object.value
    return _Ends(each.subject, each.predicate, value, literal, each.modality, "", (each,))


def _kind(ends: _Ends, events: Mapping[str, Happening]) -> str:
    kind = _KIND.get(ends.modality, "asserted")
    if kind == "asserted" and ends.subject in events:
        return _ANNOUNCED.get(events[ends.subject].status, kind)
    return kind


def _without_echoes(links: Mapping[tuple[str, str, str, str], Link]) -> list[Link]:
    """Drop inferred lines that a stated line says already: the same one, or a post behind `affiliatedWith`."""
    stated = {(link.source, link.target, link.prop) for link in links.values() if link.kind != "inferred"}

    def echo(link: Link) -> bool:
        props: Collection[str] = (link.prop, "holdsPost") if link.prop == "affiliatedWith" else (link.prop,)
        return link.kind == "inferred" and any((link.source, link.target, prop) in stated for prop in props)

    return [links[key] for key in sorted(links) if not echo(links[key])]


def _order(each: Statement) -> tuple[str, ...]:
    return (each.subject, each.predicate, str(each.object), each.modality, each.article, each.claim)
