"""What a store holds, counted. Takes an open store, gives a `Statistics`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from wenmai import ontology
from wenmai.store.protocol import Store
from wenmai.store.tally import Tally, counted


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of a store. `classes` and `properties` count what the default graph says, subclasses and inferred too.

    `claims` are by modality; `first` and `last` are the days of the oldest and the newest article, empty if none has
    one; `months` counts the dated articles by month (2017-04), in order; `triples` are those of the default graph,
    `quads` all.
    """

    articles: int
    first: str
    last: str
    entities: int
    classes: dict[str, int]
    properties: dict[str, int]
    claims: dict[str, int]
    months: dict[str, int]
    inferred: int
    triples: int
    quads: int


def count(store: Store) -> Statistics:
    """Return what `store` holds: from the counts it keeps, or counted now where it keeps none. Raises StoreError."""
    kept = store.tally()
    return told(counted(store) if kept is None else kept)


def told(tally: Tally) -> Statistics:
    """Return plain counts as statistics: entities once, terms of the ontology alone."""
    classes, properties, days = tally.of("class"), tally.of("property"), sorted(tally.of("day").items())
    described = [name for name in classes if name in ontology.classes() and name not in ("Article", "Claim")]
    tops = [name for name in described if not set(ontology.superclasses(name)) & (set(described) - {name})]
    months: Counter[str] = Counter()
    for day, number in days:
        months[day[:7]] += number
    return Statistics(
        articles=classes.get("Article", 0),
        first=days[0][0] if days else "",
        last=days[-1][0] if days else "",
        entities=sum(classes[name] for name in tops),
        classes={name: classes[name] for name in described},
        properties={name: number for name, number in properties.items() if name in ontology.properties()},
        claims=tally.of("modality"),
        months=dict(months),
        inferred=tally.quads("inferred"),
        triples=tally.quads("default"),
        quads=tally.quads("default") + tally.quads("named"),
    )
