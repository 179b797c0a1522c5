"""What things are called on a page, and the links, quotes and marks that every page makes of nodes."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import PREFIXES, WENMAI
from wenmai.serve.html import Lang, Links
from wenmai.serve.linked.place import types
from wenmai.store.protocol import DEFAULT, Store
from wenmai.triples import iris, terms
from wenmai.view.style import group

_PUBLISHED_ON, _PUBLISHED_IN = terms.term("publishedOn"), terms.term("publishedIn")
_CHIPS = {
    "person": "person",
    "place": "place",
    "event": "event",
    "policy": "document",
    "agreement": "document",
    "post": "other",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """A node or a value as a page shows it: its text, where that leads (empty: nowhere), its language and colour."""

    text: str
    href: str = ""
    lang: str = ""
    chip: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An article as a quote names it."""

    title: str
    date: str
    paper: str
    href: str


class Names:
    """The names of a store's nodes in one language of the interface, each looked up once."""

    def __init__(self, store: Store, links: Links, lang: Lang) -> None:
        self.store, self.links, self.lang = store, links, lang
        self._names: dict[ox.NamedNode, tuple[str, str]] = {}
        self._sources: dict[ox.NamedNode, Source] = {}

    def name(self, node: ox.NamedNode) -> tuple[str, str]:
        """Return what a node is called and the language of that: a preferred label, a title, the end of its IRI."""
        if node not in self._names:
            self._names[node] = self._look_up(node)
        return self._names[node]

    def thing(self, term: object, *, chip: bool = False) -> Thing:
        """Return a term as a page shows it; with `chip` it has the colour of its class."""
        if isinstance(term, ox.Literal):
            return Thing(term.value, lang=_tag(term.language or ""))
        if not isinstance(term, ox.NamedNode):
            return Thing(str(term))
        text, lang = self.name(term)
        return Thing(text, self.links.of(term.value), lang, self.chip(term) if chip else "")

    def chip(self, node: ox.NamedNode) -> str:
        """Return the key of the group of classes that a node is of."""
        if not iris.is_entity(node):
            return "other"
        known = _CHIPS.get(iris.local_id(node).partition("-")[0])  # what an id begins with says its family
        if known is not None:
            return known
        found = ontology.most_specific(types(self.store, node) & frozenset(ontology.classes()))
        return group(found[0] if found else "").key

    def source(self, article: ox.NamedNode) -> Source:
        """Return an article as quotes name it."""
        if article not in self._sources:
            papers = self._objects(article, _PUBLISHED_IN)
            paper = next((self.name(each)[0] for each in papers if isinstance(each, ox.NamedNode)), "")
            dates = [each.value for each in self._objects(article, _PUBLISHED_ON) if isinstance(each, ox.Literal)]
            href = self.links.of(article.value)
            self._sources[article] = Source(self.name(article)[0], "".join(dates[:1]), paper, href)
        return self._sources[article]

    def term(self, node: ox.NamedNode) -> str:
        """Return the label of a class, property or individual of the ontology, or a prefixed name."""
        if node.value.startswith(WENMAI):
            try:
                return ontology.label(node.value[len(WENMAI) :], self.lang)
            except KeyError:
                pass
        for prefix, iri in PREFIXES.items():
            if node.value.startswith(iri) and "/" not in node.value[len(iri) :]:
                return f"{prefix}:{node.value[len(iri) :]}"
        return node.value

    def _objects(self, node: ox.NamedNode, predicate: ox.NamedNode) -> list[object]:
        return [quad.object for quad in self.store.match(node, predicate, None, DEFAULT)]

    def _look_up(self, node: ox.NamedNode) -> tuple[str, str]:
        if not node.value.startswith(self.store.base):
            return self.term(node), ""
        labels = [each for each in self._objects(node, terms.PREF_LABEL) if isinstance(each, ox.Literal)]
        labels = labels or [each for each in self._objects(node, terms.TITLE) if isinstance(each, ox.Literal)]
        ordered = sorted((each.language != self.lang, each.language != "zh", each.value) for each in labels)
        if ordered:
            other, not_zh, text = ordered[0]
            return text, "zh-Hans" if not not_zh else "en" if not other else ""
        return node.value.removeprefix(self.store.base).partition("/")[2] or node.value, ""


def _tag(language: str) -> str:
    return "zh-Hans" if language == "zh" else language
