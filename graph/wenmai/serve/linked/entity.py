"""The page of an entity: names, facts with their words, posts, events by date, what is only claimed, who is near."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.serve.html import Lang, Links, render
from wenmai.serve.linked.embedded import json_ld
from wenmai.serve.linked.names import Names, Thing
from wenmai.serve.linked.place import Place, rows, types
from wenmai.serve.linked.said import Claims, Quote, Said, modality_label
from wenmai.serve.problem import Problem
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms
from wenmai.triples.merge import Fact
from wenmai.view.links import symmetric
from wenmai.view.style import group

FEW, MANY = 12, 200
"""Entries of a list on the whole page, and of the page of one list."""
_QUOTES = 2
_THROUGH = 100
"""Events, posts and agreements, the latest first, whose other ends count as near."""
_ROLES = {terms.term(name) for name in ("participant", "subject", "organizer", "heldAt")}
_HOLDS, _POST_IN, _POST_TITLE = terms.term("holdsPost"), terms.term("postIn"), terms.term("postTitle")
_MENTIONS, _STATUS = terms.term("mentions"), terms.EVENT_STATUS
_OF_ARTICLES = {_MENTIONS, terms.term("author"), terms.term("publishedIn")}
_DATES = [terms.term(name) for name in ("onDate", "startDate", "endDate")]
_PUBLISHED_ON = terms.term("publishedOn")
_INTO = "SELECT ?property ?subject { VALUES ?property { %s } ?subject ?property %s }"
_DATED = "SELECT ?node ?day { VALUES ?property { %s } ?node ?property %s . ?node %s ?day }"
_BEYOND = f"""SELECT ?node ?other {{
  VALUES ?node {{ %s }} ?node ?property ?other FILTER(isIRI(?other) && STRSTARTS(STR(?property), "{WENMAI}"))
}}"""
_HOLDERS = "SELECT ?node ?other { VALUES ?node { %s } ?other %s ?node }"
_BETWEEN = {"Event", "Post", "Agreement"}
"""Classes through which two things are connected."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fact: its other end, whether it is only inferred, its words, and the words that deny it."""

    id: str
    thing: Thing
    inferred: bool
    quotes: tuple[Quote, ...]
    more: int
    denied: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of the page: the entries shown, how many there are, and links to those before and after."""

    part: str
    title: str
    href: str
    entries: tuple[Any, ...]
    total: int
    start: int
    before: str
    after: str


class _Page:
    """What one entity's page shows."""

    def __init__(self, store: Store, place: Place, links: Links, lang: Lang, part: str, start: int) -> None:
        self.store, self.node, self.links = store, place.node, links
        self.names = Names(store, links, lang)
        self.part, self.start = part, start
        self.out = [(q.predicate, q.object) for q in store.match(self.node, None, None, DEFAULT)]
        # What closure says again in the words of other vocabularies need not be read.
        self.into = [(p, s) for p, s in rows(store, _INTO, _properties(), self.node) if isinstance(s, ox.NamedNode)]
        self.claims = Claims(self.names, self.node)
        roles = " ".join(map(str, _ROLES))
        self.days = {event: day.value for event, day in rows(store, _DATED, roles, self.node, terms.EARLIEST)}
        self.inferred = iris.inferred_iri(store.base)

    def listed(
        self, part: str, title: str, href: str, items: Sequence[Any], entry: Callable[[Any], Any]
    ) -> Listed | None:
        """Return one list, of whose items those shown become entries; None if it is empty or not asked for."""
        if not items or (self.part and self.part != part):
            return None
        start, most = (self.start, MANY) if self.part else (0, FEW)
        if start >= len(items):
            raise Problem(404, "there is nothing here")
        before = self.links.part(self.node.value, part, max(0, start - MANY)) if start else ""
        after = self.links.part(self.node.value, part, start + most) if start + most < len(items) else ""
        shown = tuple(entry(item) for item in items[start : start + most])
        return Listed(part, title, href, shown, len(items), start, before, after)

    def facts(self) -> list[Listed]:
        """Return the facts by property, outgoing before incoming, but for those that other lists show.

        They are in the order of names where they are few: to look up thousands takes longer than all the rest.
        """
        grouped: dict[tuple[str, ox.NamedNode], dict[Any, None]] = defaultdict(dict)
        for predicate, value in self.out:
            if predicate.value.startswith(WENMAI) and predicate not in (_HOLDS, _STATUS):
                grouped["out", predicate][value] = None
        for predicate, subject in self.into:
            if predicate in _OF_ARTICLES | _ROLES | {_POST_IN} or not predicate.value.startswith(WENMAI):
                continue
            if predicate.value[len(WENMAI) :] in symmetric():
                grouped["out", predicate][subject] = None
            else:
                grouped["in", predicate][subject] = None
        found = []
        for (way, predicate), values in sorted(grouped.items(), key=_in_order):
            items = sorted(values, key=self._name) if len(values) <= MANY else list(values)
            listed = self.listed(
                f"{way}-{predicate.value[len(WENMAI) :]}",
                self.names.term(predicate),
                self.links.of(predicate.value),
                items,
                partial(self.row, predicate, out=way == "out"),
            )
            found += [listed] if listed else []
        return found

    def _name(self, term: Any) -> tuple[str, str]:
        return (self.names.name(term)[0] if isinstance(term, ox.NamedNode) else term.value), str(term)

    def row(self, predicate: ox.NamedNode, other: Any, *, out: bool) -> Row:
        """Return one fact with its words."""
        there, back = (self.node, predicate, other), (other, predicate, self.node)
        facts: list[Fact] = [there if out else back]
        if out and predicate.value[len(WENMAI) :] in symmetric():
            facts.append(back)
        said = [each for fact in facts for each in self.claims.of(fact)]
        against = [each for fact in facts for each in self.claims.denied.get(fact, ())]
        inferred = not said and all(self._is_inferred(fact) for fact in facts)
        return Row(
            _anchor(facts[0]),
            self.names.thing(other, chip=True),
            inferred,
            self.claims.quotes(said[:_QUOTES]),
            max(0, len(said) - _QUOTES),
            self.claims.quotes(against[:_QUOTES]),
        )

    def _is_inferred(self, fact: Fact) -> bool:
        if next(self.store.match(*fact, self.inferred), None) is not None:
            return True
        return next(self.store.match(*fact, DEFAULT), None) is None

    def posts(self) -> Listed | None:
        """Return the posts that a person holds, or that there are in a body."""
        found = [(post, True) for predicate, post in self.out if predicate == _HOLDS]
        found += [(post, False) for predicate, post in self.into if predicate == _POST_IN]
        items = sorted(found, key=lambda item: self._name(item[0]))
        return self.listed("posts", self.names.term(terms.term("Post")), "", items, lambda item: self.post(*item))

    def post(self, post: Any, held: bool) -> dict[str, Any]:
        """Return one post: its title, who holds it, where, and the words."""
        titles = [q.object.value for q in self.store.match(post, _POST_TITLE, None, DEFAULT)]  # type: ignore[union-attr]
        if held:
            others = [q.object for q in self.store.match(post, _POST_IN, None, DEFAULT)]
            fact: Fact = (self.node, _HOLDS, post)
        else:
            others = [q.subject for q in self.store.match(None, _HOLDS, post, DEFAULT)]
            fact = (post, _POST_IN, self.node)
        said = self.claims.of(fact)
        return {
            "title": Thing("、".join(titles) or self._name(post)[0], self.links.of(post.value), "zh-Hans"),
            "others": [self.names.thing(other, chip=True) for other in others],
            "quotes": self.claims.quotes(said[:_QUOTES]),
            "more": max(0, len(said) - _QUOTES),
        }

    def events(self) -> Listed | None:
        """Return the events in which the entity stands, by date; those without one come last."""
        roles: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
        for predicate, event in self.into:
            if predicate in _ROLES:
                roles[event].append(predicate)
        dated = sorted((self.days.get(event) or "9999", event.value, event) for event in roles)
        title = self.names.term(terms.term("Event"))
        return self.listed("events", title, "", dated, lambda item: self.event(item[2], roles[item[2]], item[0]))

    def event(self, event: ox.NamedNode, roles: list[ox.NamedNode], day: str) -> dict[str, Any]:
        """Return one event: its date as precise as it is known, what it is, the roles here, its status, the words."""
        dates = [value for value in (self._value(event, p) for p in _DATES) if value]
        status = next((q.object for q in self.store.match(event, _STATUS, None, DEFAULT)), None)
        said = [each for role in roles for each in self.claims.of((event, role, self.node))]
        return {
            "date": " – ".join(dates) or (day if day != "9999" else ""),
            "event": self.names.thing(event, chip=True),
            "roles": [self.names.term(role) for role in sorted(roles, key=str)],
            "status": self.names.term(status) if isinstance(status, ox.NamedNode) else "",
            "happened": status == terms.term("Happened"),
            "quotes": self.claims.quotes(said[:_QUOTES]),
            "more": max(0, len(said) - _QUOTES),
        }

    def apart(self) -> Listed | None:
        """Return the claims that make no fact: what is planned, denied, hearsay, or was rejected by people."""
        return self.listed("apart", "", "", self.claims.apart, self.claim)

    def claim(self, said: Said) -> dict[str, Any]:
        """Return one claim with its words."""
        subject, predicate, value = said.fact
        return {
            "subject": self.names.thing(subject, chip=True),
            "predicate": self.names.term(predicate),
            "object": self.names.thing(value, chip=True),
            "modality": modality_label(said.modality, self.names),
            "key": said.modality.lower(),
            "rejected": self.links.of(said.rejected.value) if said.rejected else "",
            "fact": _anchor(said.fact) if said.modality == "Denied" and self._holds(said.fact) else "",
            "href": self.links.of(said.claim.value),
            "quotes": self.claims.quotes([said]),
        }

    def _holds(self, fact: Fact) -> bool:
        return next(self.store.match(*fact, DEFAULT), None) is not None

    def articles(self) -> Listed | None:
        """Return the articles that mention the entity, are by it or in it, the newest first."""
        found = {article for predicate, article in self.into if predicate in _OF_ARTICLES}
        by = " ".join(map(str, _OF_ARTICLES))
        days = {each: day.value for each, day in rows(self.store, _DATED, by, self.node, _PUBLISHED_ON)}
        dated = sorted(((days.get(each, ""), each) for each in found), key=_newest)
        return self.listed("articles", "", "", dated, lambda item: self.names.source(item[1]))

    def near(self) -> Listed | None:
        """Return whom and what it is connected to, directly or through an event, a post or an agreement."""
        counts: Counter[ox.NamedNode] = Counter()
        for predicate, other in (*self.out, *self.into):
            if other == self.node or predicate in _OF_ARTICLES or not isinstance(other, ox.NamedNode):
                continue
            if predicate.value.startswith(WENMAI):
                counts[other] += 1
        for each in [each for each in counts if not iris.is_entity(each)]:
            del counts[each]
        between = [each for each in counts if self._class(each) in _BETWEEN]
        between.sort(key=lambda each: (self.days.get(each, ""), each.value), reverse=True)
        through = " ".join(map(str, between[:_THROUGH]))
        pairs = [*rows(self.store, _BEYOND, through), *rows(self.store, _HOLDERS, through, _HOLDS)]
        for _, other in {(node, other) for node, other in pairs}:
            if other != self.node and iris.is_entity(other) and self._class(other) not in _BETWEEN:
                counts[other] += 1
        for each in between:
            del counts[each]
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0].value))
        return self.listed("near", "", "", ranked, lambda item: (self.names.thing(item[0], chip=True), item[1]))

    def _class(self, node: ox.NamedNode) -> str:
        kind = iris.local_id(node).partition("-")[0]
        return {"event": "Event", "post": "Post", "agreement": "Agreement"}.get(kind, "")

    def _value(self, node: ox.NamedNode, predicate: ox.NamedNode) -> str:
        found = (q.object for q in self.store.match(node, predicate, None, DEFAULT))
        return min((each.value for each in found if isinstance(each, ox.Literal)), default="")


def page(store: Store, place: Place, links: Links, lang: Lang, part: str = "", start: int = 0) -> bytes:
    """Return the page of an entity, or one list of it; see `pages.page`."""
    it = _Page(store, place, links, lang, part, start)
    lists = {
        "facts": it.facts,
        "posts": it.posts,
        "events": it.events,
        "apart": it.apart,
        "near": it.near,
        "articles": it.articles,
    }
    asked = "facts" if part.startswith(("in-", "out-")) else part
    shown = {name: made() if asked in ("", name) else None for name, made in lists.items()}
    if part and not any(shown.values()):
        raise Problem(404, "there is nothing here")
    return render("entity.html", links, lang, {**_head(it), **shown, "part": part})


def _head(it: _Page) -> dict[str, Any]:
    """Return what stands at the head of the page: names, classes, what it is elsewhere, what it replaces."""
    labels = [(p, o) for p, o in it.out if isinstance(o, ox.Literal)]
    preferred = {o.language: o.value for p, o in labels if p == terms.PREF_LABEL}
    kinds = types(it.store, it.node) & frozenset(ontology.classes())
    specific = ontology.most_specific(kinds)
    status = next((o for p, o in it.out if p == _STATUS and isinstance(o, ox.NamedNode)), None)
    name, tongue = it.names.name(it.node)
    return {
        "iri": it.node.value,
        "path": f"/doc/{iris.local_id(it.node)}",
        "name": Thing(name, "", tongue),
        "also": [
            Thing(text, "", _TAGS.get(tag or "", ""))
            for tag, text in sorted(preferred.items(), key=str)
            if text != name
        ],
        "alternatives": sorted({o.value for p, o in labels if p == terms.ALT_LABEL}),
        "codes": sorted({o.value for p, o in labels if p == terms.NOTATION}),
        "classes": [it.names.thing(terms.term(cls)) for cls in _above(specific)],
        "group": group(specific[0] if specific else "").key,
        "status": it.names.term(status) if status else "",
        "happened": status == terms.term("Happened"),
        "matches": [it.names.thing(o) for p, o in it.out if p == terms.EXACT_MATCH],
        "different": [it.names.thing(o) for p, o in it.out if p == terms.DIFFERENT_FROM],
        "replaces": sorted(iris.local_id(s) for p, s in it.into if p == terms.REPLACED_BY),
        "data": json_ld(it.store, it.node, it.out),
    }


_TAGS = {"zh": "zh-Hans", "en": "en"}


def _above(specific: tuple[str, ...]) -> list[str]:
    """Return the classes of an entity, each with those above it, the most specific first."""
    return list(dict.fromkeys(cls for each in specific for cls in ontology.superclasses(each)))


@cache
def _properties() -> str:
    return " ".join(map(str, (*(terms.term(name) for name in ontology.properties()), terms.REPLACED_BY)))


def _anchor(fact: Fact) -> str:
    return "f" + hashlib.sha256(" ".join(map(str, fact)).encode()).hexdigest()[:10]


def _in_order(item: tuple[tuple[str, ox.NamedNode], Any]) -> tuple[bool, int]:
    (way, predicate), _ = item
    local = predicate.value[len(WENMAI) :]
    order = ontology.properties()
    return way == "in", order.index(local) if local in order else len(order)


def _newest(item: tuple[str, ox.NamedNode]) -> tuple[int, str]:
    digits = "".join(c for c in item[0] if c.isdecimal() and c.isascii())
    return -int(digits or 0), item[1].value
