"""What the report tells, counted: takes an open store, gives plain numbers and texts that a template can show."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import pyoxigraph as ox

from wenmai import ontology
from wenmai.reason import Finding, check
from wenmai.resolve import keys
from wenmai.resolve.mint import family
from wenmai.review import Doubt, kind_names, review
from wenmai.review.known import Claim, Entity, Known
from wenmai.review.likeness import Form, taken_apart
from wenmai.statistics import Statistics, count
from wenmai.store.protocol import Store
from wenmai.triples import iris, terms
from wenmai.triples.merge import plain

_TOP = 10
_TOP_OF_KIND = 3
_FACTS_OF_NOTE = 2


@dataclass(frozen=True)
class Coverage:
    """How much of the articles the graph holds: claims an article, characters under evidence, articles a month.

    `silent` are the articles without claims (identifier, title), at most ten; `undated` have no day.
    """

    with_claims: int
    without_claims: int
    claims_an_article: list[int]
    characters: int
    covered: int
    months: dict[str, int]
    undated: int
    silent: list[tuple[str, str]]


@dataclass(frozen=True)
class Unresolved:
    """Entities of which little is known: how many, and by class the first of them by name."""

    what: str
    number: int
    of: int
    examples: list[Entity]


@dataclass(frozen=True)
class Stated:
    """A fact that several articles state."""

    subject: str
    predicate: str
    object: str
    articles: list[str]


@dataclass(frozen=True)
class Run:
    """An extractor and version with the number of claims it made."""

    extractor: str
    version: str
    settings: str
    claims: int


@dataclass(frozen=True)
class Figures:
    """All that the report shows."""

    counted: Statistics
    coverage: Coverage
    confidence: list[float]
    unresolved: list[Unresolved]
    disputed: list[Doubt]
    stated: list[Stated]
    doubts: dict[str, tuple[int, list[Doubt]]]
    findings: list[Finding]
    runs: list[Run]


def gather(store: Store) -> Figures:
    """Read all figures from a store. Raises StoreError."""
    known = Known(store)
    doubts = {}
    for kind in kind_names():
        found = review(known, [kind], _TOP if kind == "contradictions" else _TOP_OF_KIND)
        doubts[kind] = (found.total, list(found.doubts))
    return Figures(
        counted=count(store),
        coverage=_coverage(known),
        confidence=[claim.confidence for claim in known.claims.values()],
        unresolved=_unresolved(known),
        disputed=doubts["contradictions"][1],
        stated=_stated(known),
        doubts={kind: (number, top[:_TOP_OF_KIND]) for kind, (number, top) in doubts.items()},
        findings=check(store),
        runs=_runs(known),
    )


def _coverage(known: Known) -> Coverage:
    claims = Counter(claim.article for claim in known.claims.values())
    lengths = {
        iris.local_id(node): len(text.value)
        for node, _, text in plain(known.store.match(None, terms.IS_STRING, None, None))
    }
    months = Counter(day[:7] for article, day in known.days.items() if article in known.articles)
    titles = {
        iris.local_id(node): title.value for node, _, title in plain(known.store.match(None, terms.TITLE, None, None))
    }
    silent = sorted((known.articles[each], titles.get(each, "")) for each in known.articles if not claims[each])
    return Coverage(
        with_claims=len(known.articles) - len(silent),
        without_claims=len(silent),
        claims_an_article=sorted(claims[each] for each in known.articles),
        characters=sum(lengths.values()),
        covered=_covered(known),
        months=_every_month(months),
        undated=sum(each not in known.days for each in known.articles),
        silent=silent[:_TOP],
    )


def _covered(known: Known) -> int:
    """Return how many characters of the articles are evidence of a claim, each once."""
    spans: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for node, _, span in plain(known.store.match(None, terms.term("evidence"), None, None)):
        article, _, place = span.value.rpartition("/id/")[2].partition("#char=")
        begin, _, end = place.partition(",")
        if iris.local_id(node) in known.claims and begin.isdecimal() and end.isdecimal():
            spans[article].add((int(begin), int(end)))
    total = 0
    for found in spans.values():
        reached = 0
        for first, last in sorted(found):
            total += max(0, last - max(first, reached))
            reached = max(reached, last)
    return total


def _every_month(months: Counter[str]) -> dict[str, int]:
    """Return the months from the first to the last, those without articles too."""
    if not months:
        return {}
    first, last = min(months), max(months)
    found: dict[str, int] = {}
    year, month = int(first[:4]), int(first[5:])
    while (name := f"{year:04}-{month:02}") <= last:
        found[name] = months[name]
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _unresolved(known: Known) -> list[Unresolved]:
    entities = [entity for entity in known.entities.values() if family(entity.cls) != "Post"]
    bodies = [entity for entity in entities if entity.cls in ("Company", "GovernmentBody", "PartyBody")]
    named = [entity for entity in entities if family(entity.cls) != "Event"]

    def some(what: str, of: list[Entity], found: list[Entity]) -> Unresolved:
        return Unresolved(what, len(found), len(of), sorted(found, key=lambda e: (e.cls, e.name, e.id))[:_TOP])

    areas = frozenset(keys.key(name) for e in entities if e.cls == "AdministrativeArea" for name in e.names)
    short = [
        e for e in bodies if not any(_is_full(taken_apart(name, "Organization", areas), e.cls) for name in e.names)
    ]
    once = [e for e in named if len(known.mentioned.get(e.id, ())) == 1]
    bare = [e for e in entities if not any(claim.asserted for claim in known.about.get(e.id, ()))]
    return [some("short", bodies, short), some("once", named, once), some("bare", entities, bare)]


def _is_full(name: Form, cls: str) -> bool:
    """Tell whether a company's name has its legal form, an organ's name the area that it is of."""
    return bool(name.legal if cls == "Company" else name.areas)


def _stated(known: Known) -> list[Stated]:
    found = []
    for (subject, predicate, target), claims in known.by_fact.items():
        articles = sorted({known.articles.get(claim.article, claim.article) for claim in claims})
        if len(articles) >= _FACTS_OF_NOTE:
            found.append((-len(articles), *_ends(known, claims[0]), predicate, articles, subject, target))
    found.sort()
    return [Stated(left, predicate, right, articles) for _, left, right, predicate, articles, *_ in found[:_TOP]]


def _ends(known: Known, claim: Claim) -> tuple[str, str]:
    return known.name(claim.subject), claim.object if claim.literal else known.name(claim.object)


def _runs(known: Known) -> list[Run]:
    claims: Counter[str] = Counter()
    for node, _, run in plain(known.store.match(None, terms.GENERATED_BY, None, None)):
        if iris.local_id(node) in known.claims:
            claims[run.value] += 1
    found = []
    for iri, number in claims.items():
        read = {
            name: min(
                (o.value for _, _, o in plain(known.store.match(ox.NamedNode(iri), terms.term(name), None, None))),
                default="",
            )
            for name in ("extractor", "extractorVersion", "extractorSettings")
        }
        found.append(Run(read["extractor"], read["extractorVersion"], read["extractorSettings"], number))
    return sorted(found, key=lambda run: (-run.claims, run.extractor, run.version, run.settings))


def labelled(counts: dict[str, int], most: int) -> list[tuple[str, int]]:
    """Return the largest of some counts of terms, each with its Chinese and English label."""
    first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [(f"{ontology.label(name, 'zh')} {name}", number) for name, number in first]
