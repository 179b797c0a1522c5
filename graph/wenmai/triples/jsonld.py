"""JSON-LD with the context written into the document, so that nobody has to fetch one.

The context is `ontology/context.jsonld` and two prefixes of the store's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from wenmai.namespaces import XSD
from wenmai.resources import folder
from wenmai.triples.lines import Column, Token
from wenmai.triples.order import TYPE, subjects
from wenmai.triples.turtle import NO_MORE, Renderer, prefixes

_STRING = f"<{XSD}string>"


@cache
def context() -> dict[str, Any]:
    """Return the JSON-LD context that travels with the ontology."""
    loaded: dict[str, Any] = json.loads((folder("ontology") / "context.jsonld").read_text("utf-8"))["@context"]
    return loaded


def jsonld(columns: Iterable[Column], base: str | None, more: Mapping[str, str] = NO_MORE) -> Iterator[str]:
    """Yield a graph as one flat JSON-LD document, in pieces, one subject a line; `more` are further prefixes."""
    writer = _Writer(base, more)
    yield '{"@context": ' + writer.head + ',\n"@graph": ['
    comma = "\n"
    for _, subject, pairs in subjects(columns):
        yield comma + json.dumps(writer.node(subject, pairs), ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


class _Writer:
    def __init__(self, base: str | None, more: Mapping[str, str]) -> None:
        self.renderer = Renderer(base, more)
        self.head, self._terms = _head(base, tuple(more.items()))

    def node(self, subject: Token, pairs: list[tuple[Token, Token]]) -> dict[str, Any]:
        found: dict[str, Any] = {"@id": self._iri(subject)}
        for predicate, group in groupby(pairs, key=lambda pair: pair[0]):
            values = [value for _, value in group]
            if predicate == TYPE:
                found["@type"] = [self._iri(value) for value in values]
                continue
            name, kind = self._terms.get(self._iri(predicate), (self._iri(predicate), None))
            items = [self._value(value, kind) for value in values]
            found[name] = items[0] if len(items) == 1 else items
        return found

    def _iri(self, token: Token) -> str:
        """Return an IRI as JSON-LD writes it: a compact one or the whole, without angle brackets."""
        return self.renderer.iri(token).strip("<>") if token[0] == "<" else token

    def _value(self, token: Token, kind: str | None) -> Any:
        if token[0] != '"':
            return self._iri(token) if kind == "@id" else {"@id": self._iri(token)}
        close = token.rindex('"')
        # N-Triples escapes are those of JSON, but for \UXXXXXXXX, which the canonical form does not use.
        text, tail = json.loads(token[: close + 1], strict=False), token[close + 1 :]
        if tail.startswith("@"):
            return {"@value": text, "@language": tail[1:]}
        datatype = tail[2:] or _STRING
        if datatype == _STRING:
            return text if kind is None else {"@value": text}
        if datatype == f"<{XSD}boolean>" and text in ("true", "false"):
            return text == "true"
        if datatype == f"<{XSD}integer>" and text == str(_number(text)):
            return _number(text)
        name = self._iri(datatype)
        return text if kind == name else {"@value": text, "@type": name}


@lru_cache(maxsize=8)
def _head(base: str | None, more: tuple[tuple[str, str], ...]) -> tuple[str, dict[str, tuple[str, Any]]]:
    """Return the context of a document as text, and of each property its name there and the type of its values."""
    whole = {**context(), **prefixes(base, dict(more))}
    terms = {
        value["@id"]: (name, value.get("@type"))
        for name, value in whole.items()
        if isinstance(value, dict) and "@id" in value
    }
    return json.dumps(whole, ensure_ascii=False, indent=1), terms


def _number(text: str) -> int | None:
    # Beyond 2**53 a reader of JSON may round.
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 16 else None
