"""What one side of a comparison says of a node: its name and class, the claims about it, the words they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.store.native import NativeStore
from wenmai.store.protocol import DEFAULT
from wenmai.triples import terms

Term = ox.NamedNode | ox.Literal
Statement = tuple[ox.NamedNode, ox.NamedNode, Term]

_OURS = ("article-", "claim-", "run-", "analysis-")
_PUBLISHED, _EVIDENCE, _STATED_IN = (terms.term(name) for name in ("publishedOn", "evidence", "statedIn"))


def local(node: object) -> str:
    """Return what stands behind the last slash or hash of an IRI."""
    value = node.value if isinstance(node, ox.NamedNode) else ""
    return value[max(value.rfind("/"), value.rfind("#")) + 1 :]


def is_thing(node: object) -> bool:
    """Tell whether a node is something that articles speak of: no article, claim, run, span, or term of ours."""
    if not isinstance(node, ox.NamedNode) or node.value.startswith(WENMAI):
        return False
    _, found, name = node.value.rpartition("/id/")
    return not (found and name.startswith(_OURS))


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """The words that a claim stands on, and the article they are in; in order of the day and the place in the text."""

    date: str
    article: str
    begin: int
    title: str
    quote: str
    modality: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim: what it says, and how (a local name, such as `Planned`)."""

    node: ox.NamedNode
    statement: Statement
    modality: str


class Lookup:
    """Answers about one side; what was asked once is kept."""

    def __init__(self, store: NativeStore) -> None:
        self.store = store
        self._claims: dict[ox.NamedNode, dict[Statement, list[Stated]]] = {}
        self._names: dict[ox.NamedNode, str] = {}

    @cached_property
    def has_claims(self) -> bool:
        """Whether this side has claims at all; facts alone have none."""
        return next(self.store.match(None, terms.MODALITY), None) is not None

    def holds(self, subject: ox.NamedNode, predicate: ox.NamedNode | None = None) -> list[Term]:
        """Return what the default graph says: the objects, in order."""
        found = {quad.object for quad in self.store.match(subject, predicate, None, DEFAULT)}
        return sorted((o for o in found if isinstance(o, (ox.NamedNode, ox.Literal))), key=str)

    def knows(self, node: ox.NamedNode) -> bool:
        """Tell whether the default graph gives the node a class."""
        return bool(self.holds(node, terms.TYPE))

    def cls(self, node: ox.NamedNode) -> str:
        """Return the most specific class, a local name of the vocabulary; empty if there is none."""
        types = (o.value for o in self.holds(node, terms.TYPE) if isinstance(o, ox.NamedNode))
        known = {name.removeprefix(WENMAI) for name in types if name.startswith(WENMAI)} & set(ontology.classes())
        return next(iter(ontology.most_specific(frozenset(known))), "")

    def name(self, node: ox.NamedNode) -> str:
        """Return the name in Chinese, else in another language; the title of an article; the end of the IRI."""
        known = self._names.get(node)
        if known is None:
            found = [o for o in self.holds(node, terms.PREF_LABEL) if isinstance(o, ox.Literal)]
            found.sort(key=lambda label: (label.language != "zh", label.value))
            known = found[0].value if found else self._text(node, terms.TITLE) or local(node) or node.value
            self._names[node] = known
        return known

    def told(self, term: Term) -> str:
        """Return a term as a person reads it."""
        return term.value if isinstance(term, ox.Literal) else self.name(term)

    def claims(self, statement: Statement) -> list[Stated]:
        """Return the claims that say this, in order."""
        subject = statement[0]
        known = self._claims.get(subject)
        if known is None:
            known = self._claims[subject] = {}
            nodes = {q.subject for q in self.store.match(None, terms.SUBJECT, subject)}
            for node in sorted((node for node in nodes if isinstance(node, ox.NamedNode)), key=str):
                if (claim := self.claim(node)) is not None:
                    known.setdefault(claim.statement, []).append(claim)
        return known.get(statement, [])

    def claim(self, node: ox.NamedNode) -> Stated | None:
        """Return the claim that a node is, None if it is none that is whole."""
        subject, predicate, value = (self._object(node, p) for p in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
        if not isinstance(subject, ox.NamedNode) or not isinstance(predicate, ox.NamedNode) or value is None:
            return None
        return Stated(node, (subject, predicate, value), local(self._object(node, terms.MODALITY)))

    def article(self, claim: ox.NamedNode) -> ox.NamedNode | None:
        """Return the article that a claim is stated in."""
        found = self._object(claim, _STATED_IN)
        return found if isinstance(found, ox.NamedNode) else None

    def sources(self, claim: Stated) -> Iterator[Source]:
        """Yield the words of a claim, one or more."""
        article = self.article(claim.node)
        date, identifier, title = self.headline(article) if article is not None else ("", "", "")
        for span in {quad.object for quad in self.store.match(claim.node, _EVIDENCE)}:
            if isinstance(span, ox.NamedNode):
                begin = self._text(span, terms.BEGIN)
                quote = self._text(span, terms.ANCHOR)
                yield Source(date, identifier, int(begin) if begin.isdigit() else 0, title, quote, claim.modality)

    def headline(self, article: ox.NamedNode) -> tuple[str, str, str]:
        """Return the day (ISO, or empty), the identifier and the title of an article."""
        identifier = self._text(article, terms.IDENTIFIER)
        return self._text(article, _PUBLISHED), identifier, self._text(article, terms.TITLE)

    def edition(self, article: ox.NamedNode) -> tuple[str, ...]:
        """Return what makes an article the one it is: its headline, day and text, or what stands for the text."""
        return (*self.headline(article), *(self._text(article, p) for p in (terms.IS_STRING, terms.term("sha256"))))

    def _object(self, node: ox.NamedNode, predicate: ox.NamedNode) -> Term | None:
        found = {quad.object for quad in self.store.match(node, predicate)}
        return min((o for o in found if isinstance(o, (ox.NamedNode, ox.Literal))), key=str, default=None)

    def _text(self, node: ox.NamedNode, predicate: ox.NamedNode) -> str:
        found = self._object(node, predicate)
        return found.value if found is not None else ""
