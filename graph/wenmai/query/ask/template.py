"""The questions that are understood, as data: one file each in `ontology/questions/`.

A pattern is text with alternatives `(a|b|)`, an empty one for what may be left out, and slots `{name}`. A slot is an
entity of certain classes, a class by one of its names, a period, or a text. A template names the library query that
answers it, what its parameters become, the columns of the answer, and where the words of an answer are found.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

from wenmai.errors import UsageError
from wenmai.query.library import library
from wenmai.resources import folder

SlotType = Literal["entity", "class", "period", "text"]
_PIECE = re.compile(r"\((?P<choices>[^(){}]*)\)|\{(?P<slot>\w+)\}|(?P<text>[^(){}|]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap of a pattern. `classes` are those of an entity (all if none), `words` name classes, `no` is no text."""

    type: SlotType
    classes: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    no: frozenset[str] = frozenset()


Piece = tuple[str, ...] | str
"""Of a pattern: texts one of which stands there, the longest first; or the name of a slot."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the words of an answer are: claims with these predicates about what a column, or a slot, names.

    `chain` are columns and `{slots}` in place of these: the claims from each of what they name to the next.
    """

    predicates: tuple[str, ...] = ()
    column: str = ""
    slot: str = ""
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of question. `answer` are the columns of an answer: of its IRI (may be empty), then those shown."""

    name: str
    title_zh: str
    title_en: str
    query: str
    answer: tuple[str, ...]
    patterns: tuple[tuple[Piece, ...], ...]
    slots: Mapping[str, Slot]
    parameters: Mapping[str, tuple[str, ...]]
    evidence: Source | None
    examples: tuple[tuple[str, Mapping[str, str]], ...]
    counter: tuple[str, ...]


@cache
def templates() -> Mapping[str, Template]:
    """Return the templates by name. Raises UsageError for a file that is not well formed."""
    paths = sorted((folder("ontology") / "questions").glob("*.toml"))
    return {path.stem: parse(path.stem, path.read_text("utf-8")) for path in paths}


def parse(name: str, text: str) -> Template:
    """Return the template that a file holds. Raises UsageError for one that is not well formed."""
    try:
        table = tomllib.loads(text)
        made = _template(name, table)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"questions/{name}.toml: {error}") from error
    known = library().get(made.query)
    if known is None:
        raise UsageError(f"questions/{name}.toml: the library has no query {made.query!r}")
    takes = {parameter.name for parameter in known.parameters}
    for slot in {piece for pattern in made.patterns for piece in pattern if isinstance(piece, str)}:
        if slot not in made.slots:
            raise UsageError(f"questions/{name}.toml: a pattern has {{{slot}}}, which no slot describes")
    if not set(made.parameters) <= takes:
        raise UsageError(f"questions/{name}.toml: {made.query} takes {', '.join(sorted(takes))}")
    return made


def _template(name: str, table: Mapping[str, Any]) -> Template:
    evidence = table.get("evidence")
    return Template(
        name,
        table["title_zh"],
        table["title_en"],
        table["query"],
        tuple(table["answer"]),
        tuple(_pattern(name, text) for text in table["patterns"]),
        {slot: _slot(name, given) for slot, given in table["slots"].items()},
        {key: (value,) if isinstance(value, str) else tuple(value) for key, value in table["parameters"].items()},
        None if evidence is None else _source(evidence),
        tuple((each["question"], each["slots"]) for each in table["examples"]),
        tuple(each["question"] for each in table.get("counter", ())),
    )


def _source(given: Mapping[str, Any]) -> Source:
    lists = (tuple(given.get(key, ())) for key in ("predicates", "chain"))
    predicates, chain = lists
    return Source(predicates, given.get("column", ""), given.get("slot", ""), chain)


def _slot(name: str, given: Mapping[str, Any]) -> Slot:
    if given["type"] not in get_args(SlotType):
        raise UsageError(f"questions/{name}.toml: {given['type']!r} is no type of slot")
    no = frozenset(given["not"].split("|")) if "not" in given else frozenset()
    return Slot(given["type"], tuple(given.get("classes", ())), given.get("words", {}), no)


def _pattern(name: str, text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for match in _PIECE.finditer(text):
        if match.start() != at:
            break
        at = match.end()
        if match["slot"]:
            pieces.append(match["slot"])
        else:
            choices = match["text"] or match["choices"]
            pieces.append(tuple(sorted(choices.split("|"), key=len, reverse=True)))
    if at != len(text) or not pieces:
        raise UsageError(f"questions/{name}.toml: the pattern {text!r} is not well formed")
    return tuple(pieces)
