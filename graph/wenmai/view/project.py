"""The picture's graph: entities and what articles say of them, out of a store, as a networkx MultiDiGraph.

Nodes are IRIs with `cls`, `zh`, `en`, `names`, `status`, `facts` (literal facts) and `focus`; edges have the key
`property/kind` and `property`, `kind` (a line of `wenmai.view.style`), `zh`, `en`, `evidence`, `stated` (how many
quotes there are in all). `graph.graph` holds `total_nodes` and `focus`. Order of nodes and edges never varies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from wenmai import ontology
from wenmai.errors import UsageError
from wenmai.store.protocol import Store
from wenmai.view import facts
from wenmai.view.facts import Evidence, Happening, Headline, Statement
from wenmai.view.links import Lines, Link, Trait, combine, within

if TYPE_CHECKING:
    import networkx as nx

    Graph: TypeAlias = nx.MultiDiGraph[str]

MAX_NODES = 1500
"""What one page can show and still open within a second; beyond, the most connected are drawn."""
MAX_EVIDENCE = 20
"""Quotes kept for one line; the number of all is kept too."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of the graph is wanted.

    `focus`: names or IRIs to start from, all of the graph if none; `depth`: steps from there, at least 0. `types`:
    classes (local names, or labels in zh or en) that may stand in the picture beside the focus, subclasses included;
    all if none. `since`, `until`: dates of articles or events, both inclusive. `limit`: most nodes, None for all.
    `min_confidence`: claims that are less sure are not drawn.
    """

    focus: tuple[str, ...] = ()
    depth: int = 1
    types: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    inferred: bool = False
    limit: int | None = MAX_NODES
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Fact:
    """A literal fact of an entity, with the words it stands on."""

    prop: str
    value: str
    kind: str
    evidence: tuple[Evidence, ...]
    stated: int


def project(store: Store, selection: Selection | None = None) -> Graph:
    """Return the part of the store's graph that `selection` asks for.

    Raises UsageError for a focus that is not in the store, an unknown class, or dates the wrong way round.
    """
    asked = selection or Selection()
    allowed = classes_named(asked.types)
    if asked.depth < 0:
        raise UsageError(f"--depth {asked.depth}: give 0 or more")
    if asked.since and asked.until and asked.since > asked.until:
        raise UsageError(f"--since {asked.since} is later than --until {asked.until}")
    seeds = dict.fromkeys(iri for name in asked.focus for iri in facts.find(store, name))
    statements = _sure(_gather(store, asked, seeds) if seeds else _all(store, asked), asked.min_confidence)
    ends = dict.fromkeys(end for each in statements for end in each.ends())
    events = facts.happenings(store, ends if seeds else None)
    articles = facts.headlines(store, dict.fromkeys(each.article for each in statements if each.article))
    if asked.since or asked.until:
        statements = _in_range(statements, articles, events, asked)
    lines = combine(statements, events)
    if allowed is not None:
        kinds = facts.classes(store, ends)
        lines = _only(lines, lambda iri: iri in seeds or kinds.get(iri, "") in allowed)
    nodes = _within_reach(lines, seeds, asked.depth)
    kept = _most_connected(lines, nodes, seeds, asked.limit)
    return _graph(store, _only(lines, kept.__contains__), kept, _Context(seeds, events, articles, len(nodes)))


def drawn(store: Store, iris: Collection[str], keep: Callable[[Link], bool] = lambda _: True) -> Graph:
    """Return the graph of just these entities, of their own facts and of those lines between them that `keep` wants."""
    among = dict.fromkeys(iris)
    told: list[Statement] = facts.between(store, among)
    told += facts.inferred(store, among, subjects_only=True)
    events = facts.happenings(store, among)
    articles = facts.headlines(store, dict.fromkeys(each.article for each in told if each.article))
    lines = _only(combine(told, events), among.__contains__)
    lines = Lines([link for link in lines.links if keep(link)], lines.traits)
    return _graph(store, lines, list(among), _Context((), events, articles, len(among)))


def classes_named(types: Iterable[str], option: str = "--type") -> frozenset[str] | None:
    """Return the classes named, by local name or label, with their subclasses; None if any is right.

    Raises UsageError, which calls them `option`, for a class that there is not.
    """
    names: set[str] = set()
    known = {name.casefold(): name for name in ontology.classes()}
    for lang in ("zh", "en"):
        known |= {ontology.label(name, lang).casefold(): name for name in ontology.classes()}
    for given in types:
        cls = known.get(given.strip().removeprefix("wenmai:").casefold())
        if cls is None:
            raise UsageError(f"{option}: there is no class {given!r}; known are {', '.join(_drawable())}")
        names |= set(ontology.subclasses(cls))
    return frozenset(names) if types else None


def _drawable() -> list[str]:
    tops = ("Organization", "Place", "Person", "Post", "Policy", "Agreement", "Event")
    return [name for name in ontology.classes() if ontology.coarse(name) in tops]


def _all(store: Store, asked: Selection) -> list[Statement]:
    found = dict.fromkeys(facts.claims(store))
    if asked.inferred:
        found.update(dict.fromkeys(facts.inferred(store)))
    return list(found)


def _gather(store: Store, asked: Selection, seeds: Collection[str]) -> list[Statement]:
    """Return the statements between entities up to `depth` steps from the seeds; a post is no step of its own."""
    found: dict[Statement, None] = {}
    seen: set[str] = set()

    def load(iris: Collection[str], *, subjects_only: bool = False) -> set[str]:
        seen.update(iris)
        fresh = list(facts.claims(store, iris, subjects_only=subjects_only))
        if asked.inferred:
            fresh += facts.inferred(store, iris, subjects_only=subjects_only)
        found.update(dict.fromkeys(fresh))
        return {end for each in fresh for end in _step(each)} - seen

    def load_through_posts(iris: Collection[str], *, subjects_only: bool = False) -> set[str]:
        ends = load(iris, subjects_only=subjects_only)
        posts = {post for each in found for post in _posts(each)} - seen
        return (ends | (load(posts) if posts else set())) - posts - seen

    frontier = set(seeds)
    for _ in range(asked.depth):
        frontier = load_through_posts(sorted(frontier))
    # The rim's entities among themselves: their own claims are enough, those about them would bring whole hubs in.
    load_through_posts(sorted(frontier), subjects_only=True)
    return list(found)


def _step(each: Statement) -> tuple[str, ...]:
    """Return the entities a walk may go on to: not from an entity to the article it signs and all who signed it."""
    return each.ends() if each.predicate not in ("author", "publishedIn", "mentions") else ()


def _posts(each: Statement) -> tuple[str, ...]:
    if each.predicate == "holdsPost":
        return (str(each.object),)
    return (each.subject,) if each.predicate in ("postIn", "postTitle") else ()


def _in_range(
    statements: list[Statement], articles: dict[str, Headline], events: dict[str, Happening], asked: Selection
) -> list[Statement]:
    """Keep the claims of the range, and what is inferred between the entities they speak of."""
    since, until = (day.isoformat() if day else "" for day in (asked.since, asked.until))
    days = {iri: article.date for iri, article in articles.items()}
    kept = [each for each in statements if each.claim and within(each, days, events, since, until)]
    spoken_of = {end for each in kept for end in each.ends()}
    return kept + [each for each in statements if not each.claim and spoken_of.issuperset(each.ends())]


def _sure(statements: list[Statement], least: float) -> list[Statement]:
    """Keep the claims of that confidence, and what is inferred between the entities they speak of."""
    if not least:
        return statements
    kept = [each for each in statements if each.claim and each.confidence >= least]
    spoken_of = {end for each in kept for end in each.ends()}
    return kept + [each for each in statements if not each.claim and spoken_of.issuperset(each.ends())]


def _only(lines: Lines, keep: Callable[[str], bool]) -> Lines:
    links = [link for link in lines.links if keep(link.source) and keep(link.target)]
    return Lines(links, [trait for trait in lines.traits if keep(trait.entity)])


def _within_reach(lines: Lines, seeds: Collection[str], depth: int) -> dict[str, int]:
    """Return the entities to draw with their distance from the focus (0 if there is none)."""
    if not seeds:
        ends = (end for link in lines.links for end in (link.source, link.target))
        # Who only signs articles would stand alone in a picture of what they say.
        return dict.fromkeys([*ends, *(trait.entity for trait in lines.traits if trait.prop != "author")], 0)
    neighbours = _neighbours(lines.links)
    reached = dict.fromkeys(seeds, 0)
    frontier = set(seeds)
    for step in range(1, depth + 1):
        frontier = {other for iri in frontier for other in neighbours.get(iri, ())} - reached.keys()
        reached.update(dict.fromkeys(sorted(frontier), step))
    return reached


def _most_connected(lines: Lines, nodes: dict[str, int], seeds: Collection[str], limit: int | None) -> list[str]:
    """Return the nodes to draw: the focus, then the most connected; in an order of their own."""
    neighbours = _neighbours(lines.links)
    degree = {iri: len(neighbours.get(iri, set()) & nodes.keys()) for iri in nodes}
    order = sorted(nodes, key=lambda iri: (iri not in seeds, -degree[iri], iri))
    return order if limit is None else order[:limit]


def _neighbours(links: Iterable[Link]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in links:
        found.setdefault(link.source, set()).add(link.target)
        found.setdefault(link.target, set()).add(link.source)
    return found


@dataclass(frozen=True, slots=True)
class _Context:
    seeds: Collection[str]
    events: dict[str, Happening]
    articles: dict[str, Headline]
    total: int


def _graph(store: Store, lines: Lines, kept: list[str], context: _Context) -> Graph:
    import networkx as nx

    told = [each for link in lines.links for each in link.statements]
    told += [each for trait in lines.traits for each in trait.statements]
    quotes = facts.evidence(store, told, context.articles)
    descriptions = facts.describe(store, kept)
    traits: dict[str, list[Fact]] = {}
    for trait in lines.traits:
        value = trait.value
        if trait.prop == "author":
            article = context.articles.get(value)
            value = (article.title or article.identifier) if article else value
        evidence, stated = _quotes(trait, quotes)
        traits.setdefault(trait.entity, []).append(Fact(trait.prop, value, trait.kind, evidence, stated))
    graph: Graph = nx.MultiDiGraph(total_nodes=context.total, focus=tuple(context.seeds))
    for iri in kept:
        about = descriptions[iri]
        event = context.events.get(iri)
        graph.add_node(
            iri,
            cls=about.cls,
            zh=about.zh,
            en=about.en,
            names=about.names,
            status=event.status if event else "",
            facts=tuple(traits.get(iri, ())),
            focus=iri in context.seeds,
        )
    for link in lines.links:
        evidence, stated = _quotes(link, quotes)
        title = "、".join(link.titles)
        graph.add_edge(
            link.source,
            link.target,
            key=f"{link.prop}/{link.kind}",
            property=link.prop,
            kind=link.kind,
            zh=title or ontology.label(link.prop, "zh"),
            en=title or ontology.label(link.prop, "en"),
            evidence=evidence,
            stated=stated,
        )
    return graph


def _quotes(line: Link | Trait, quotes: dict[str, list[Evidence]]) -> tuple[tuple[Evidence, ...], int]:
    """Return the first quotes of a line and how many there are; a clause that says both halves is listed once."""
    found = sorted({quote for each in line.statements for quote in quotes.get(each.claim, ())})
    return tuple(found[:MAX_EVIDENCE]), len(found)
