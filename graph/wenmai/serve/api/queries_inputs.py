"""The form of a named query: for each parameter the kind of field that fits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from wenmai import ontology
from wenmai.query.library import NamedQuery, Parameter
from wenmai.serve.html import Lang

_DAY = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


@dataclass(frozen=True, slots=True)
class Input:
    """A field: `kind` is text, number, day, name (of an entity, with suggestions) or choice.

    `options` are what a choice is made of, each a value and its label. `shown` is what stands in an empty field.
    """

    name: str
    about: str
    kind: str
    needed: bool
    optional: bool
    default: str
    given: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    pattern: str = ""
    shown: str = ""


def inputs(query: NamedQuery, values: Mapping[str, Sequence[str]], lang: Lang) -> list[Input]:
    """Return the fields of a query's form, filled in with what was given."""
    return [_input(each, tuple(values.get(each.name) or ("",)), lang) for each in query.inputs]


def _input(parameter: Parameter, given: tuple[str, ...], lang: Lang) -> Input:
    kind, pattern, shown = "text", "", ""
    options: tuple[tuple[str, str], ...] = ()
    if parameter.type in {"class", "property"}:
        kind, options = "choice", _terms(parameter.type, lang, given)
    elif parameter.type in {"date", "enddate"}:
        kind, pattern, shown = "day", _DAY, parameter.default or "2017-04-21"
    elif parameter.type == "integer":
        kind, shown = "number", parameter.default or ""
    elif parameter.type == "entity":
        kind = "name"
    return Input(
        parameter.name,
        parameter.about,
        kind,
        not parameter.optional and parameter.default is None,
        parameter.optional,
        parameter.default or "",
        given,
        options,
        pattern,
        shown,
    )


def _terms(kind: str, lang: Lang, given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the terms to choose from; what was given in other words stays a choice."""
    known = _known(kind, lang)
    return known + tuple((each, each) for each in given if each and each not in dict(known))


@cache
def _known(kind: str, lang: Lang) -> tuple[tuple[str, str], ...]:
    names = ontology.classes() if kind == "class" else ontology.properties()
    return tuple(sorted(((name, f"{ontology.label(name, lang)} ({name})") for name in names), key=lambda each: each[1]))
