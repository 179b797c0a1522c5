"""The named queries of `queries/`: one `.rq` file each, described by its head comments.

    # title zh: 一家机构的合作方
    # title en: Partners of an organization
    # about: Who works with it, and which article says so.
    # param org entity: the organization, by name or IRI
    # param since date = 0001-01-01: from this day on
    # param kind class optional: only partners of this class
    # example: org=申能
    # budget: 20 ms

A parameter is bound where the text has an empty `VALUES ?org {}`. The budget is for a store of a million quads.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from wenmai.errors import UsageError
from wenmai.resources import folder

ParameterType = Literal["entity", "article", "class", "property", "date", "enddate", "text", "integer", "graph"]
"""`entity`, `article`, `class`, `property` take a name or an IRI; `date` is the first day of what is given (2017,
2017-04, 2017-04-21), `enddate` the last; `graph` is a graph of the store by its name, not for a person to give."""

_PARAMETER = re.compile(
    r"(?P<name>\w+)\s+(?P<type>\w+)\s*(?P<optional>optional)?\s*(?:=\s*(?P<default>[^:]*?))?\s*:(?P<about>.*)"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query asks for. Required unless it has a default or is optional (then left open)."""

    name: str
    type: ParameterType
    about: str = ""
    default: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query and its head: titles, what it answers, parameters, an example for the samples, a budget in ms."""

    name: str
    text: str
    title_zh: str = ""
    title_en: str = ""
    about: str = ""
    parameters: tuple[Parameter, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    budget: float | None = None

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """The parameters a person gives: all but the graphs of the store."""
        return tuple(parameter for parameter in self.parameters if parameter.type != "graph")


def parse(name: str, text: str) -> NamedQuery:
    """Read the head comments of a query; a text without any is a query without parameters.

    Raises UsageError for a parameter line that is not well formed.
    """
    head: dict[str, str] = {}
    parameters = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        key, found, value = line.lstrip("# ").partition(":")
        key = " ".join(key.split())
        if key.startswith("param "):
            parameters.append(_parameter(name, line.lstrip("# ").removeprefix("param").strip()))
        elif found and key in {"title zh", "title en", "about", "example", "budget"}:
            head[key] = value.strip()
    words = shlex.split(head["example"]) if "example" in head else ()
    return NamedQuery(
        name,
        text,
        head.get("title zh", ""),
        head.get("title en", ""),
        head.get("about", ""),
        tuple(parameters),
        dict(item.partition("=")[::2] for item in words),
        float(head["budget"].removesuffix(" ms")) if "budget" in head else None,
    )


@cache
def library() -> Mapping[str, NamedQuery]:
    """Return the queries that travel with wenmai, by name, in order of name."""
    return {path.stem: parse(path.stem, path.read_text("utf-8")) for path in sorted(folder("queries").glob("*.rq"))}


def find(query: str) -> NamedQuery:
    """Return the query meant by `query`: a library name, a `.rq` file, a SPARQL text, or `-` for standard input.

    Raises UsageError if it is none of them.
    """
    if query == "-":
        return parse("standard input", sys.stdin.read())
    known = library()
    if query in known:
        return known[query]
    if query.endswith(".rq") and "\n" not in query:
        try:
            return parse(Path(query).stem, Path(query).read_text("utf-8"))
        except UnicodeDecodeError as error:
            raise UsageError(f"{query}: the file is not UTF-8 text") from error
        except OSError as error:
            raise UsageError(f"{query}: the file cannot be read ({error.strerror})") from error
    if re.search(r"\s|\{", query.strip()):
        return parse("the query", query)
    near = get_close_matches(query, known, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "`wenmai queries` lists them"
    raise UsageError(f"there is no query {query!r}; {hint}")


def _parameter(query: str, line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None or match["type"] not in get_args(ParameterType):
        raise UsageError(f"{query}: the parameter line {line!r} is not `NAME TYPE [optional] [= DEFAULT]: what it is`")
    kind = cast("ParameterType", match["type"])
    return Parameter(match["name"], kind, match["about"].strip(), match["default"], bool(match["optional"]))
