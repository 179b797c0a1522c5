"""RDF terms as the graph writes them: predicates, classes and canonical literals.

A literal's text is data. What cannot stand in XML (C0 characters but tab and line ends, lone surrogates,
noncharacters U+FFFE and U+FFFF) becomes U+FFFD one for one, so that every export parses and offsets stay true.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

import pyoxigraph as ox

from wenmai import namespaces as ns
from wenmai.records import Value

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DATATYPES = {name: ox.NamedNode(ns.XSD + name) for name in ("date", "gYearMonth", "gYear", "string")}
_INTEGER, _DECIMAL, _BOOLEAN = (ox.NamedNode(ns.XSD + name) for name in ("integer", "decimal", "boolean"))

TYPE = ox.NamedNode(ns.RDF + "type")
SUBJECT, PREDICATE, OBJECT = (ox.NamedNode(ns.RDF + name) for name in ("subject", "predicate", "object"))
LABEL = ox.NamedNode(ns.RDFS + "label")
PREF_LABEL, ALT_LABEL = ox.NamedNode(ns.SKOS + "prefLabel"), ox.NamedNode(ns.SKOS + "altLabel")
NOTATION = ox.NamedNode(ns.SKOS + "notation")
IDENTIFIER, TITLE, SOURCE = (ox.NamedNode(ns.DCTERMS + name) for name in ("identifier", "title", "source"))
IS_STRING, ANCHOR, CONTEXT = (ox.NamedNode(ns.NIF + name) for name in ("isString", "anchorOf", "referenceContext"))
BEGIN, END = ox.NamedNode(ns.NIF + "beginIndex"), ox.NamedNode(ns.NIF + "endIndex")
PHRASE = ox.NamedNode(ns.NIF + "Phrase")
GENERATED_BY = ox.NamedNode(ns.PROV + "wasGeneratedBy")
EARLIEST = ox.NamedNode(ns.SEM + "hasEarliestBeginTimeStamp")
LATEST = ox.NamedNode(ns.SEM + "hasLatestEndTimeStamp")


@lru_cache(1 << 12)
def term(name: str) -> ox.NamedNode:
    """Return a term of our vocabulary by its local name."""
    return ox.NamedNode(ns.WENMAI + name)


NAME_AS_PRINTED = term("nameAsPrinted")
CHOSEN_NAME, CHOSEN_CLASS = term("chosenName"), term("chosenClass")
CONFIRMED_BY = term("confirmedBy")
REPLACED_BY = ox.NamedNode(ns.DCTERMS + "isReplacedBy")
REJECTED_BY = ox.NamedNode(ns.PROV + "wasInvalidatedBy")
DIFFERENT_FROM = ox.NamedNode(ns.OWL + "differentFrom")
EXACT_MATCH = ox.NamedNode(ns.SKOS + "exactMatch")
EVENT_STATUS = term("eventStatus")
MODALITY = term("modality")


def clean(text: str) -> str:
    """Return `text` with what no export may carry replaced by U+FFFD, character for character."""
    return _UNWRITABLE.sub("\ufffd", text)


def string(text: str) -> ox.Literal:
    """Return a plain string literal."""
    return ox.Literal(clean(text))


def tagged(text: str, language: str) -> ox.Literal:
    """Return a literal in `zh` or `en`, a plain string for any other language: engines differ on the case of tags."""
    primary = language.lower().partition("-")[0]
    return ox.Literal(clean(text), language=primary) if primary in ("zh", "en") else string(text)


def integer(number: int) -> ox.Literal:
    """Return an xsd:integer."""
    return ox.Literal(str(number), datatype=_INTEGER)


def decimal(number: float) -> ox.Literal:
    """Return a canonical xsd:decimal of at most four places: 0.9, 1."""
    text = format(Decimal(repr(round(number, 4))).normalize(), "f")
    return ox.Literal(text, datatype=_DECIMAL)


def precise(number: float) -> ox.Literal:
    """Return a canonical xsd:decimal of six digits that count: 0.000123457, 12."""
    text = format(Decimal(f"{number:.6g}").normalize(), "f")
    return ox.Literal(text, datatype=_DECIMAL)


TRUE = ox.Literal("true", datatype=_BOOLEAN)


def value(item: Value) -> ox.Literal:
    """Return the literal of a claim's value, which is in canonical lexical form already."""
    if item.datatype == "string":
        return string(item.text)
    return ox.Literal(item.text, datatype=_DATATYPES[item.datatype])
