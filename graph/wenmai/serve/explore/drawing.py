"""A set of things as nodes and edges in JSON: each line once, with how it is said, how surely, and when.

What is drawn is what `wenmai view` draws, read by the same readers: a post is a line from who holds it to where it is,
labelled by its title. One line stands for all claims of the same two ends and property; its modality is that of the
strongest of them, and only `Asserted` is a fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.serve.explore import near
from wenmai.serve.html import Lang
from wenmai.serve.linked.place import rows
from wenmai.store.protocol import Store
from wenmai.triples import terms
from wenmai.view import facts
from wenmai.view.facts import Statement
from wenmai.view.links import Link, combine, symmetric

MODALITIES = ("Asserted", "Planned", "Reported", "Denied")
"""How a line is said, the strongest first."""
OF_KIND = {
    "asserted": "Asserted",
    "inferred": "Asserted",
    "planned": "Planned",
    "reported": "Reported",
    "denied": "Denied",
}
"""Of a kind of line of the picture its modality."""
_DAYS = "SELECT ?a ?day { VALUES ?a { %s } ?a %s ?day }"
_PUBLISHED_ON = terms.term("publishedOn")


@dataclass(slots=True)
class Line:
    """All that is said between two things by one property."""

    source: str
    target: str
    prop: str
    titles: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, list[Statement]] = field(default_factory=dict)

    def take(self, link: Link) -> None:
        """Add what a link of the picture says."""
        self.titles |= link.titles
        self.kinds.setdefault(link.kind, []).extend(link.statements)


def local(iri: str) -> str:
    """Return the end of an IRI: `org-0123456789ab`."""
    return iri.rpartition("/")[2]


def nodes(
    store: Store, iris: Collection[str], lang: Lang, degrees: dict[str, int] | None = None
) -> list[dict[str, Any]]:
    """Return things as nodes, in the order of `iris`; of an event also when it is and its status.

    `degrees` are those that are known already, the others are counted; without it they are left open.
    """
    known: dict[str, int | None] = {}
    if degrees is not None:
        known |= {iri: number for iri, number in degrees.items() if number >= 0}
        known |= near.degrees(store, [iri for iri in iris if iri not in known])
    kinds, names = facts.classes(store, iris), facts.labels(store, iris)
    events = facts.happenings(store, [iri for iri in iris if local(iri).startswith("event-")])
    found = []
    for iri in iris:
        cls, called = kinds.get(iri, ""), names.get(iri, {})
        node: dict[str, Any] = {
            "id": local(iri),
            "iri": iri,
            "label": called.get(lang) or called.get("zh") or called.get("en") or local(iri),
            "class": cls,
            "kind": ontology.coarse(cls) if cls else "",
            "degree": known.get(iri),
        }
        if iri in events:
            event = events[iri]
            node |= {"status": event.status, "begin": event.earliest or None, "end": event.latest or None}
        found.append(node)
    return found


def lines(store: Store, iris: Collection[str], keep: Callable[[Link], bool] = lambda _: True) -> list[Line]:
    """Return the lines between the things `iris`, stated ones and inferred ones, that `keep` wants."""
    said: list[Statement] = [*facts.between(store, iris)]
    among = frozenset(iris)
    follows = (each for each in facts.inferred(store, iris, subjects_only=True) if among.issuperset(each.ends()))
    events = facts.happenings(store, [iri for iri in iris if local(iri).startswith("event-")])
    found: dict[tuple[str, str, str], Line] = {}
    for link in combine([*said, *follows], events).links:
        if link.source in among and link.target in among and keep(link):
            key = link.source, link.target, link.prop
            found.setdefault(key, Line(*key)).take(link)
    return list(found.values())


def edges(store: Store, found: Iterable[Line], lang: Lang) -> list[dict[str, Any]]:
    """Return lines as edges."""
    every = list(found)
    days = dates(
        store, {each.article for line in every for said in line.kinds.values() for each in said if each.article}
    )
    return [_edge(line, days, lang) for line in every]


def dates(store: Store, articles: Iterable[str]) -> dict[str, str]:
    """Return the days of articles that have one."""
    wanted = sorted(articles)
    found: dict[str, str] = {}
    for at in range(0, len(wanted), 500):
        some = " ".join(str(ox.NamedNode(iri)) for iri in wanted[at : at + 500])
        for article, day in rows(store, _DAYS, some, _PUBLISHED_ON):
            found[article.value] = day.value
    return found


def _edge(line: Line, days: dict[str, str], lang: Lang) -> dict[str, Any]:
    counted: Counter[str] = Counter()
    for kind, said in line.kinds.items():
        counted[OF_KIND[kind]] += len({each.claim for each in said if each.claim})
    modality = next(each for each in MODALITIES if any(OF_KIND[kind] == each for kind in line.kinds))
    strongest = [each for kind, said in line.kinds.items() if OF_KIND[kind] == modality for each in said if each.claim]
    dated = sorted({days[each.article] for said in line.kinds.values() for each in said if each.article in days})
    return {
        "id": "|".join((local(line.source), line.prop, local(line.target))),
        "source": local(line.source),
        "target": local(line.target),
        "predicate": line.prop,
        "label": "、".join(line.titles) or ontology.label(line.prop, lang),
        "modality": modality,
        "inferred": not any(each.claim for said in line.kinds.values() for each in said),
        "symmetric": line.prop in symmetric(),
        "confidence": max((each.confidence for each in strongest), default=None),
        "claims": sum(counted.values()),
        "modalities": {each: counted[each] for each in MODALITIES if counted[each]},
        "first": dated[0] if dated else None,
        "last": dated[-1] if dated else None,
        "dates": dated,
    }
