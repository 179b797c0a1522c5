"""What the default graph says of one entity, from what all articles show of it.

Pure functions over sets: the result is the same whatever the order of the articles.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from wenmai import ontology
from wenmai.records import Value
from wenmai.triples import terms

Description = tuple[ox.NamedNode, ox.NamedNode | ox.Literal]
"""Predicate and object of a triple whose subject is the entity."""

_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_STATUSES = ("Happened", "Cancelled", "Denied", "Scheduled")
"""An event that one article announces and another reports has happened: the first that any article states holds."""

SUMMARY = (
    terms.TYPE,
    terms.PREF_LABEL,
    terms.ALT_LABEL,
    terms.LABEL,
    terms.NOTATION,
    terms.EVENT_STATUS,
    terms.EARLIEST,
    terms.LATEST,
    terms.EXACT_MATCH,
)
"""The predicates with which the default graph describes an entity; all else is facts."""

DATES = ("onDate", "startDate", "endDate")


@dataclass
class State:
    """What all articles together show of one entity. `types` counts articles, `dates` are the event's facts.

    `chosen_names` and `chosen_types` are what people decided; of several the first in order holds.
    """

    types: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    labels_en: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)
    dates: set[tuple[str, str]] = field(default_factory=set)
    chosen_names: set[str] = field(default_factory=set)
    chosen_types: set[str] = field(default_factory=set)
    matches: set[ox.NamedNode] = field(default_factory=set)

    def take(self, predicate: ox.NamedNode, value: object) -> None:
        """Add one triple of an article's description of the entity."""
        if isinstance(value, ox.NamedNode):
            local = value.value.rpartition("#")[2]
            if predicate == terms.TYPE:
                self.types[local] += 1
            elif predicate == terms.EVENT_STATUS:
                self.statuses.add(local)
            elif predicate == terms.CHOSEN_CLASS:
                self.chosen_types.add(local)
            elif predicate == terms.EXACT_MATCH:
                self.matches.add(value)
        elif isinstance(value, ox.Literal):
            if predicate == terms.NAME_AS_PRINTED:
                self.names.add(value.value)
            elif predicate == terms.NOTATION:
                self.codes.add(value.value)
            elif predicate == terms.CHOSEN_NAME:
                self.chosen_names.add(value.value)
            elif predicate == terms.LABEL:
                (self.labels_en if value.language == "en" else self.labels).add(value.value)


def best_class(types: Counter[str]) -> str | None:
    """Return the one class the graph gives an entity: of the most specific, the one most articles show."""
    candidates = ontology.most_specific(frozenset(types))
    return min(candidates, key=lambda cls: (-types[cls], cls), default=None)


def is_latin(name: str) -> bool:
    """Tell whether a name is in Latin script: such a name is English as well."""
    return not _CJK.search(name) and bool(_LATIN.search(name))


def _fullest(names: Iterable[str]) -> str | None:
    return min(names, key=lambda name: (-len(name), name), default=None)


def pref_labels(state: State, cls: str) -> tuple[str | None, str | None]:
    """Return the preferred label in zh and in en, or None.

    The fullest name with CJK characters, else the fullest name. A post is better told by its description (whose
    post, where) than by its title; an event only if it has no name.
    """
    latin = {name for name in state.names if is_latin(name)}
    cjk = {name for name in state.names if _CJK.search(name)}
    zh, en = _fullest(cjk or state.names), _fullest(latin)
    told, told_en = _fullest(state.labels), _fullest(state.labels_en)
    if cls == "Post":
        return told or zh, told_en or en
    return zh or told, en or told_en


def summarize(state: State) -> set[Description]:
    """Return the triples with which the default graph describes an entity; none if no article shows it."""
    cls = best_class(state.types)
    if cls is None:
        return set()
    cls = min(state.chosen_types, default=cls)
    found: set[Description] = {(terms.TYPE, terms.term(cls))}
    zh, en = pref_labels(state, cls)
    zh = min(state.chosen_names, default=zh)
    for name, language in ((zh, "zh"), (en, "en")):
        if name is not None:
            literal = terms.tagged(name, language)
            found |= {(terms.PREF_LABEL, literal), (terms.LABEL, literal)}
    found |= {(terms.ALT_LABEL, terms.tagged(name, "zh")) for name in state.names - {zh}}
    found |= {(terms.ALT_LABEL, terms.tagged(name, "en")) for name in state.names - {en} if is_latin(name)}
    found |= {(terms.NOTATION, terms.string(code)) for code in state.codes}
    status = next((name for name in _STATUSES if name in state.statuses), None)
    if status is not None:
        found.add((terms.EVENT_STATUS, terms.term(status)))
    found |= {(terms.EXACT_MATCH, match) for match in state.matches}
    if ontology.is_event(cls):
        stamps = time_stamps(state.dates)
        if stamps is not None:
            for predicate, day in zip((terms.EARLIEST, terms.LATEST), stamps, strict=True):
                found.add((predicate, terms.value(Value(day, "date"))))
    return found


def days(date: str) -> tuple[str, str] | None:
    """Return the first and the last day of a date, a month or a year in ISO form; None if it is no such date."""
    match = _DATE.fullmatch(date)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None and month is not None:
        return (date, date) if 1 <= day <= calendar.monthrange(year, month)[1] else None
    last = month or 12
    return f"{year:04}-{month or 1:02}-01", f"{year:04}-{last:02}-{calendar.monthrange(year, last)[1]:02}"


def time_stamps(dates: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the first and the last day that an event may take, from its (property, date) facts; None if undated.

    A month or year in which a more exact date of the same property lies says nothing more.
    """
    spans = {name: {span for prop, date in dates if prop == name and (span := days(date))} for name in DATES}
    for found in spans.values():
        found -= {wide for wide in found for exact in found if exact != wide and _within(exact, wide)}
    begins = [span[0] for span in spans["onDate"] | spans["startDate"]] or [span[0] for span in spans["endDate"]]
    ends = [span[1] for span in spans["onDate"] | spans["endDate"]] or [span[1] for span in spans["startDate"]]
    if not begins:
        return None
    earliest, latest = min(begins), max(ends)
    if latest < earliest:
        every = [day for found in spans.values() for span in found for day in span]
        return min(every), max(every)
    return earliest, latest


def _within(inner: tuple[str, str], outer: tuple[str, str]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
