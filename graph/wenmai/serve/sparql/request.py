"""A request of the SPARQL 1.1 Protocol (sections 2.1 and 2.2), read into what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from wenmai.query import media
from wenmai.serve.fields import FORM, parsed
from wenmai.serve.problem import Problem

QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
FORMATS = {
    "csv": media.CSV,
    "tsv": media.TSV,
    "json": media.JSON,
    "xml": media.XML,
    "ttl": media.TURTLE,
    "nt": media.NTRIPLES,
    "jsonld": media.JSON_LD,
    "rdf": media.RDF_XML,
}
"""What an answer may be taken away as, by the name of the form's field: the ending of the file, its media type."""
_DATASET = ("default-graph-uri", "named-graph-uri")
_USING = ("using-graph-uri", "using-named-graph-uri")


_Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query or an update, one of which is empty, the dataset it is asked of, and our own options."""

    query: str = ""
    update: str = ""
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    timeout: float | None = None
    offset: int = 0
    format: str = ""


async def read(request: Request) -> Asked | None:
    """Return what a GET or POST asks; None for a GET that asks nothing. Raises Problem: 400, 413, 415."""
    fields = parsed(request.scope["query_string"]).values
    if request.method != "POST":
        if "update" in fields:
            raise Problem(400, "an update is sent by POST")
        return _asked(fields) if fields.keys() - {"lang"} else None
    kind, charset = _content_type(request)
    if charset not in {"", "utf-8", "utf8"}:
        raise Problem(400, "the text is to be UTF-8")
    if kind == FORM:
        body = await request.body()
        return _asked(_merged(fields, parsed(body).values))
    if kind in {QUERY, UPDATE}:
        name = "query" if kind == QUERY else "update"
        if "query" in fields or "update" in fields:
            raise Problem(400, f"the {name} is the body here and nowhere else")
        return _asked({**fields, name: (_text(await request.body()),)})
    raise Problem(415, f"send {FORM}, {QUERY} or {UPDATE}", headers={"Accept-Post": f"{FORM}, {QUERY}, {UPDATE}"})


def _merged(one: _Fields, other: _Fields) -> _Fields:
    return {name: one.get(name, ()) + other.get(name, ()) for name in {**one, **other}}


def _asked(fields: _Fields) -> Asked:
    queries, updates = fields.get("query", ()), fields.get("update", ())
    if len(queries) + len(updates) != 1:
        said = "give one query" if not queries and not updates else "give one query, or one update, once"
        raise Problem(400, said)
    names, others = (_DATASET, _USING) if queries else (_USING, _DATASET)
    if any(name in fields for name in others):
        raise Problem(400, f"{' and '.join(others)} are not for {'a query' if queries else 'an update'}")
    default, named = (tuple(fields.get(name, ())) for name in names)
    timeout = _number(fields, "timeout", float)
    offset = _number(fields, "offset", int)
    format = fields.get("download", ("",))[-1]
    if format and format not in FORMATS:
        raise Problem(400, f"download is to be one of {', '.join(FORMATS)}")
    return Asked(
        queries[0] if queries else "",
        updates[0] if updates else "",
        default,
        named,
        timeout,
        int(offset or 0),
        format,
    )


def _number(fields: _Fields, name: str, kind: type[float] | type[int]) -> float | None:
    """Return a number above zero, or 0 for a whole one; None where it is not given."""
    given = fields.get(name)
    if not given:
        return None
    try:
        number = kind(given[-1])
    except ValueError:
        number = -1
    if not (0 <= number < 10**12) or (kind is float and not number):
        raise Problem(400, f"{name} is not a number that makes sense here")
    return number


def _content_type(request: Request) -> tuple[str, str]:
    kind, *parameters = request.headers.get("content-type", "").lower().split(";")
    charset = next((value.strip(' "') for p in parameters if (value := p.partition("charset=")[2])), "")
    return kind.strip(), charset


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "the text is to be UTF-8") from None
