"""The order in which a reader meets a graph: subjects by class and name, labels first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from wenmai import ontology
from wenmai.namespaces import DCTERMS, NIF, RDF, RDFS, SKOS, WENMAI
from wenmai.triples.lines import Line, Token

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


def subjects(lines: Iterable[Line]) -> Iterator[Subject]:
    """Yield the subjects of one graph in reading order: by class, then name, identifier or place in the text."""
    grouped: defaultdict[Token, list[tuple[str, Token, Token]]] = defaultdict(list)
    keys: dict[Token, str] = {}
    kinds, last = _kinds(), len(_kinds())
    for subject, predicate, value, _ in lines:
        key = keys.get(predicate)
        if key is None:
            rank = _RANK.get(predicate) or ("50" if predicate.startswith(_OURS) else "99")
            key = keys[predicate] = rank + predicate
        if predicate == TYPE:
            key += f"{kinds.get(value, last):03}"
        elif value.endswith("@en"):
            key += "~"  # after the same in Chinese
        grouped[subject].append((key, predicate, value))
    ordered = []
    for subject, triples in grouped.items():
        triples.sort()
        place, kind, name = last, "", ""
        for _, predicate, value in triples:
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
        ordered.append((place, name or _place(subject), subject, kind, triples))
    ordered.sort(key=lambda item: item[:3])
    for _, _, subject, kind, triples in ordered:
        yield Subject(kind, subject, [(predicate, value) for _, predicate, value in triples])


def _place(token: Token) -> str:
    """Return a key that puts the spans of an article in the order of its text."""
    article, found, span = token.partition("#char=")
    return f"{article}#{span.partition(',')[0]:>12}" if found else ""
