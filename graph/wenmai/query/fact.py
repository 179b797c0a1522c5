"""A fact said in three words of a person: names, ids or IRIs of its ends, a name or label of its property."""

from __future__ import annotations

from itertools import product

import pyoxigraph as ox

from wenmai import ontology
from wenmai.errors import UsageError
from wenmai.namespaces import RDF, WENMAI, XSD
from wenmai.query.bind import Term, meant
from wenmai.query.library import Parameter
from wenmai.store.protocol import Store

_TYPE = ox.NamedNode(RDF + "type")
_TYPE_NAMES = ("a", "type", "类型", "是")
_LITERALS = ("date", "gYear", "gYearMonth", "string", "decimal", "integer", "boolean")
"""Datatypes of the values that facts have."""

Fact = tuple[ox.NamedNode, ox.NamedNode, Term]


def facts_meant(subject: str, predicate: str, value: str, store: Store, notes: list[str]) -> list[Fact]:
    """Return the facts that three words may mean: as many as there are things of these names.

    `predicate` is a property's local name, its label in zh or en, an IRI (`org:linkedTo`), or `a` for the class. What
    the reader should know of a name is added to `notes`. Raises UsageError for a name that nothing bears.
    """
    name = Parameter("PREDICATE", "property")
    prop = _TYPE if predicate in _TYPE_NAMES else _node(meant(name, predicate, store, notes))
    local = prop.value.removeprefix(WENMAI)
    known = local in ontology.properties()
    ranges = ontology.range_(local) if known else ()
    article = Parameter("SUBJECT", "article")
    of_article = known and ontology.domain(local) == ("Article",)
    subjects = meant(article, subject, store, notes) if of_article else _subjects(subject, store, notes)
    values = _values(prop, ranges, value, store, notes)
    return [(_node([start]), prop, end) for start, end in product(subjects, values)]


def _values(prop: ox.NamedNode, ranges: tuple[str, ...], value: str, store: Store, notes: list[str]) -> list[Term]:
    if prop == _TYPE:
        return meant(Parameter("OBJECT", "class"), value, store, notes)
    literals = [ox.Literal(value, language="zh"), ox.Literal(value, language="en")]
    literals += [ox.Literal(value, datatype=ox.NamedNode(XSD + name)) for name in _LITERALS]
    stated: list[Term] = [each for each in literals if next(store.match(None, prop, each), None) is not None]
    if stated:
        return stated
    if set(ranges) & set(_LITERALS):
        return [each for each in literals if _said(store, each)] or [ox.Literal(value)]
    for name in (each for cls in ranges if cls in ontology.classes() for each in ontology.individuals(cls)):
        if value.lower() in {name.lower(), *(ontology.label(name, lang).lower() for lang in ("zh", "en"))}:
            return [ox.NamedNode(WENMAI + name)]
    kind = Parameter("OBJECT", "article" if ranges == ("Article",) else "entity")
    return meant(kind, value, store, notes)


def _subjects(value: str, store: Store, notes: list[str]) -> list[Term]:
    """Return the entities of a name; the articles of that id or title if there is no such entity."""
    try:
        return meant(Parameter("SUBJECT", "entity"), value, store, notes)
    except UsageError as error:
        try:
            return meant(Parameter("SUBJECT", "article"), value, store, notes)
        except UsageError:
            raise error from None


def _said(store: Store, value: ox.Literal) -> bool:
    """Tell whether a claim has this value."""
    return next(store.match(None, ox.NamedNode(RDF + "object"), value), None) is not None


def _node(terms: list[Term]) -> ox.NamedNode:
    (term,) = terms
    assert isinstance(term, ox.NamedNode)  # noqa: S101 - a literal is never meant by the name of a property or a subject
    return term
