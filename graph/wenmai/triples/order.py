"""The order in which a reader meets a graph: subjects by class and name, labels first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from wenmai import ontology
from wenmai.namespaces import DCTERMS, NIF, RDF, RDFS, SKOS, WENMAI
from wenmai.triples.lines import Column, Token

TYPE = f"<{RDF}type>"
_PREF_LABEL = f"<{SKOS}prefLabel>"
_IDENTIFIER = f"<{DCTERMS}identifier>"
_EVIDENCE = f"<{WENMAI}evidence>"
_FIRST = (
    TYPE,
    _PREF_LABEL,
    f"<{RDFS}label>",
    f"<{SKOS}altLabel>",
    f"<{DCTERMS}title>",
    _IDENTIFIER,
    f"<{RDF}subject>",
    f"<{RDF}predicate>",
    f"<{RDF}object>",
)
_OURS = f"<{WENMAI}"
_RANK = {predicate: f"{number:02}" for number, predicate in enumerate(_FIRST)}


class Subject(NamedTuple):
    """A subject with its triples in reading order; `kind` is its class (a token), empty if it has none of ours."""

    kind: Token
    token: Token
    pairs: list[tuple[Token, Token]]


@cache
def _kinds() -> dict[Token, int]:
    """Return the rank of each class; a class comes before those above it, so that the most specific one counts."""
    classes = ontology.classes()
    tops = dict.fromkeys(map(ontology.coarse, classes))
    ordered = [cls for top in tops for cls in (*ontology.subclasses(top)[1:], top)]
    tokens = [f"<{WENMAI}{cls}>" for cls in ordered] + [f"<{NIF}Phrase>"]
    return {token: rank for rank, token in enumerate(tokens)}


def rank(predicate: Token) -> str:
    """Return the key by which predicates are in reading order."""
    return (_RANK.get(predicate) or ("50" if predicate.startswith(_OURS) else "99")) + predicate


def subjects(columns: Iterable[Column]) -> Iterator[Subject]:
    """Yield the subjects of one graph in reading order: by class, then name, identifier or place in the text.

    The columns come in the order of `rank`, so that each subject's triples fall into place without being sorted.
    """
    grouped: dict[Token, list[tuple[Token, Token]]] = {}
    kinds, last = _kinds(), len(_kinds())
    for predicate, rows in columns:
        several = set()
        for subject, value in rows:
            pairs = grouped.get(subject)
            if pairs is None:
                grouped[subject] = [(predicate, value)]
                continue
            if pairs[-1][0] is predicate:
                several.add(subject)
            pairs.append((predicate, value))
        for subject in several:
            pairs = grouped[subject]
            first = next(place for place, pair in enumerate(pairs) if pair[0] is predicate)
            pairs[first:] = sorted(pairs[first:], key=_by_class if predicate == TYPE else _by_language)
    ordered = []
    for subject, pairs in grouped.items():
        place, kind, name = last, "", ""
        for predicate, value in pairs:
            if predicate == TYPE:
                if kinds.get(value, last) < place:
                    place, kind = kinds[value], value
            elif predicate == _PREF_LABEL:
                if value.endswith("@zh"):
                    name = value
            elif predicate == _IDENTIFIER:
                name = value
            elif predicate == _EVIDENCE:
                name = min(name or "~", _place(value))
        ordered.append((place, name or _place(subject), subject, kind, pairs))
    ordered.sort(key=lambda item: item[:3])
    for _, _, subject, kind, pairs in ordered:
        yield Subject(kind, subject, pairs)


def _by_class(pair: tuple[Token, Token]) -> tuple[int, Token]:
    return _kinds().get(pair[1], len(_kinds())), pair[1]


def _by_language(pair: tuple[Token, Token]) -> tuple[bool, Token]:
    return pair[1].endswith("@en"), pair[1]  # after the same in Chinese


def _place(token: Token) -> str:
    """Return a key that puts the spans of an article in the order of its text."""
    article, found, span = token.partition("#char=")
    return f"{article}#{span.partition(',')[0]:>12}" if found else ""
