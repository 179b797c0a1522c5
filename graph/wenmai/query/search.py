"""Sentences and names by the words in them: what a search box asks.

Several words mean all of them, in one sentence; what stands in quotation marks is one word, spaces and all. Compared is
without regard to case, width, script (traditional or simplified) and spaces; what is shown is the text as it is stored.
The store's index answers where there is one; whatever it finds is looked up in the store before it is shown. Elsewhere
(a server) SPARQL finds the texts that hold the words, as written or in the other script.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from wenmai import ontology
from wenmai.errors import UsageError
from wenmai.folding import fold, found, key
from wenmai.namespaces import DCTERMS, NIF, RDF, SKOS, WENMAI
from wenmai.records import Span
from wenmai.store.grams import sentences
from wenmai.store.index import Index
from wenmai.store.protocol import DEFAULT, Store
from wenmai.store.sidecar import DAMAGE
from wenmai.store.text import Name, Passage, digest

DEFAULT_LIMIT = 20
_MOST_WORDS = 50
_QUOTES = '"“”「」『』'
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』|(\S+?)(?=[\s"“「『]|$)')
_IS_STRING, _TYPE = ox.NamedNode(NIF + "isString"), ox.NamedNode(RDF + "type")
_IDENTIFIER, _TITLE = ox.NamedNode(DCTERMS + "identifier"), ox.NamedNode(DCTERMS + "title")
_PUBLISHED_ON = ox.NamedNode(WENMAI + "publishedOn")
_PREFERRED, _ALTERNATIVE = ox.NamedNode(SKOS + "prefLabel"), ox.NamedNode(SKOS + "altLabel")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_SCANNED = 5000
"""Names that a store without an index is asked for."""
_PAGE = 100


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence that holds the words.

    `article` is the article's identifier, `title` and `date` (None if it has none) are its own, `iri` its IRI. `span`
    is where the sentence stands in the article's text, `marks` where the words do, both in code points of the text.
    """

    article: str
    title: str
    date: dt.date | None
    iri: str
    span: Span
    text: str
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class NameHit:
    """A thing one of whose names holds the words: the name as printed, the thing's preferred name, class and IRI.

    `by` is `name`, or `initials` where only the name's pinyin initials do, or `likeness`.
    """

    name: str
    label: str
    cls: str
    iri: str
    by: str = "name"


def words(text: str) -> dict[str, str]:
    """Return the words of a search, as folded and as given. Raises UsageError if there are none, or more than 50."""
    made: dict[str, str] = {}
    for match in _QUOTED.finditer(text.encode("utf-8", "replace").decode()):
        word = "".join(filter(None, match.groups())).strip(_QUOTES)
        if fold(word):
            made.setdefault(fold(word), word)
    if not made:
        raise UsageError(f"{text!r} has no word to search for; give one, such as 申能")
    if len(made) > _MOST_WORDS:
        raise UsageError(f"the search has {len(made)} words; give at most {_MOST_WORDS}")
    return made


def search(store: Store, text: str, limit: int = DEFAULT_LIMIT, offset: int = 0) -> list[SentenceHit]:
    """Return up to `limit` sentences that hold all words of `text`, of the newest articles first, after `offset`.

    Articles of one day are in order of their identifiers, undated ones come last. Raises UsageError, StoreError.
    """
    wanted = words(text)
    index = store.index()
    if index is not None:
        with suppress(*DAMAGE):  # damaged since it was opened: the store itself still answers
            return list(islice(_indexed(store, index, list(wanted)), offset, offset + limit))
    return list(islice(_scanned(store, wanted), offset, offset + limit))


def names(
    store: Store, text: str, limit: int = DEFAULT_LIMIT, offset: int = 0, *, initials: bool = True
) -> list[NameHit]:
    """Return up to `limit` things one of whose names holds `text`, each once, by the name that fits best.

    Best are names that are just that, then those that begin with it, then the others; short ones before long ones.
    Behind these come, with `initials` and where the store has an index, names whose pinyin initials hold it, in the
    same order. Brackets, quotes and punctuation make no difference. Raises UsageError, StoreError.
    """
    text = text.encode("utf-8", "replace").decode()
    if not key(text):
        raise UsageError(f"{text!r} has no word to search for; give one, such as 申能")
    index = store.index()
    if index is not None:
        with suppress(*DAMAGE):
            return list(islice(_told(store, _bearers(store, index, text, initials)), offset, offset + limit))
    return list(islice(_told(store, _scanned_names(store, text)), offset, offset + limit))


def similar(store: Store, text: str, limit: int) -> list[NameHit]:
    """Return up to `limit` things with names that share pairs of characters with `text`; none without an index."""
    index = store.index()
    with suppress(*DAMAGE):
        found = index.similar(text, limit) if index is not None else []
        return list(_told(store, ((_node(n.entity), n.label, "likeness") for n in found if bears(store, n))))
    return []


def as_json(named: Sequence[NameHit] | None, hits: Sequence[SentenceHit] | None) -> dict[str, object]:
    """Return what was found as members `names` and `sentences` of a JSON object, as the command and the API show it.

    What is None has no member. Offsets are code points of the article's text.
    """
    found: dict[str, object] = {}
    if named is not None:
        found["names"] = [{"name": n.name, "label": n.label, "class": n.cls, "iri": n.iri, "by": n.by} for n in named]
    if hits is not None:
        found["sentences"] = [
            {
                "article": hit.article,
                "title": hit.title,
                "date": hit.date.isoformat() if hit.date else None,
                "iri": hit.iri,
                "begin": hit.span.begin,
                "end": hit.span.end,
                "text": hit.text,
                "marks": [[mark.begin, mark.end] for mark in hit.marks],
            }
            for hit in hits
        ]
    return found


def _indexed(store: Store, index: Index, wanted: Sequence[str]) -> Iterator[SentenceHit]:
    article: _Article | None = None
    for passage in index.sentences(wanted):
        if article is None or article.key != passage.key:
            article = _Article(store, passage)
        if article.body is not None:
            yield from article.hits(passage.begin, passage.end, wanted)


class _Article:
    """The article of a passage as the store shows it; `body` is None if the store does not have this text."""

    def __init__(self, store: Store, passage: Passage) -> None:
        self.key = passage.key
        self._store, self._node, self._graph = store, _node(passage.subject), _node(passage.graph)
        self.body = next((body for body in self._all(_IS_STRING) if self._is(body)), None)
        self._head: tuple[str, str, dt.date | None] | None = None

    def hits(self, begin: int, end: int, wanted: Sequence[str]) -> Iterator[SentenceHit]:
        """Yield the sentence if it holds all words."""
        sentence = (self.body or "")[begin:end]
        marks = tuple(Span(begin + at, begin + to) for at, to in found(sentence, wanted))
        if marks:
            self._head = self._head or self._told()
            yield SentenceHit(*self._head, self._node.value, Span(begin, end), sentence, marks)

    def _told(self) -> tuple[str, str, dt.date | None]:
        identifier, title, day = (next(iter(self._all(p)), "") for p in (_IDENTIFIER, _TITLE, _PUBLISHED_ON))
        return identifier, title, _date(day)

    def _all(self, predicate: ox.NamedNode) -> list[str]:
        quads = self._store.match(self._node, predicate, None, self._graph)
        return sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))

    def _is(self, body: str) -> bool:
        return digest(self._graph.value, self._node.value, body) == self.key


def _scanned(store: Store, wanted: Mapping[str, str]) -> Iterator[SentenceHit]:
    """Find sentences by SPARQL: in the articles that hold each word as folded or as given, page by page."""
    tests = "".join(f" FILTER({_contains('?text', folded, given)})" for folded, given in wanted.items())
    for page in range(1 << 20):
        query = (
            f"SELECT ?g ?a ?text WHERE {{ GRAPH ?g {{ ?a <{NIF}isString> ?text "
            f"OPTIONAL {{ ?a <{WENMAI}publishedOn> ?day }} OPTIONAL {{ ?a <{DCTERMS}identifier> ?id }} }}{tests} }} "
            f"ORDER BY DESC(?day) ?id ?a LIMIT {_PAGE} OFFSET {page * _PAGE}"
        )
        answer = store.query(query)
        rows = list(answer) if isinstance(answer, ox.QuerySolutions) else []
        for graph, node, body in rows:
            if isinstance(graph, ox.NamedNode) and isinstance(node, ox.NamedNode) and isinstance(body, ox.Literal):
                known = digest(graph.value, node.value, body.value)
                article = _Article(store, Passage(known, graph.value, node.value, "", 0, 0))
                for begin, end in sentences(body.value):
                    yield from article.hits(begin, end, list(wanted))
        if len(rows) < _PAGE:
            return


def _contains(variable: str, folded: str, given: str) -> str:
    """Return a SPARQL test that a text holds a word as folded or given, in traditional script or in full width."""
    import opencc

    forms = dict.fromkeys((folded, given.lower(), opencc.OpenCC("s2t").convert(folded), folded.translate(_WIDE)))
    return " || ".join(f"CONTAINS(LCASE({variable}), {ox.Literal(form)})" for form in forms)


def _bearers(store: Store, index: Index, text: str, initials: bool) -> Iterator[tuple[ox.NamedNode, str, str]]:
    for by, finder in (("name", index.names), ("initials", index.initials)):
        for name in finder(text) if initials or by == "name" else ():
            node = _node(name.entity)
            if bears(store, name):
                yield node, name.label, by


def bears(store: Store, name: Name) -> bool:
    """Tell whether the store shows a name that its index has."""
    node, predicate = _node(name.entity), _PREFERRED if name.preferred else _ALTERNATIVE
    return any(getattr(quad.object, "value", "") == name.label for quad in store.match(node, predicate, None, DEFAULT))


def _scanned_names(store: Store, text: str) -> Iterator[tuple[ox.NamedNode, str, str]]:
    folded = key(text)
    test = _contains("STR(?name)", fold(text), text)
    names = f"?s <{SKOS}prefLabel>|<{SKOS}altLabel> ?name FILTER({test})"
    answer = store.query(f"SELECT DISTINCT ?s ?name WHERE {{ {names} }} LIMIT {_SCANNED}")
    rows = []
    for node, name in answer if isinstance(answer, ox.QuerySolutions) else ():
        made = key(name.value) if isinstance(name, ox.Literal) else ""
        if isinstance(node, ox.NamedNode) and isinstance(name, ox.Literal) and folded in made:
            rows.append((made != folded, not made.startswith(folded), len(made), name.value, node.value))
    for *_, label, iri in sorted(rows):
        yield ox.NamedNode(iri), label, "name"


def _told(store: Store, bearers: Iterator[tuple[ox.NamedNode, str, str]]) -> Iterator[NameHit]:
    """Yield what bears a name, each once, with its class and its preferred name."""
    seen: set[ox.NamedNode] = set()
    for node, name, by in bearers:
        if node in seen:
            continue
        seen.add(node)
        kinds = (quad.object for quad in store.match(node, _TYPE, None, DEFAULT))
        local = frozenset(
            k.value[len(WENMAI) :] for k in kinds if isinstance(k, ox.NamedNode) and k.value.startswith(WENMAI)
        )
        known = ontology.most_specific(local & frozenset(ontology.classes()))
        labels = [q.object for q in store.match(node, _PREFERRED, None, DEFAULT) if isinstance(q.object, ox.Literal)]
        labels.sort(key=lambda label: (label.language != "zh", label.value))
        yield NameHit(name, labels[0].value if labels else name, known[0] if known else "", node.value, by)


def _node(iri: str) -> ox.NamedNode:
    """Return an IRI of the index as a term. Raises sqlite3.Error, as for all that is damaged there."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise sqlite3.DatabaseError(f"an IRI is damaged: {error}") from error


def _date(day: str) -> dt.date | None:
    with suppress(ValueError):
        return dt.date.fromisoformat(day)
    return None
