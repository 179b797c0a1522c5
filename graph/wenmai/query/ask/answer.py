"""From a question to its answer: the query of its template, asked with the slots' values, and the words behind it."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import DCTERMS, NIF, PROV, RDF, SKOS, WENMAI
from wenmai.query.ask.match import Understood, near, understand
from wenmai.query.ask.template import Source, Template
from wenmai.query.bind import bind
from wenmai.query.evaluate import Manner, evaluate
from wenmai.query.guard import check
from wenmai.query.library import library
from wenmai.query.result import Result
from wenmai.query.window import Window
from wenmai.store.protocol import Store

MOST = 100
"""Rows of an answer; the query itself gives the others."""
_QUOTES = 3
"""Words shown for one answer."""
_WORDS = f"""SELECT DISTINCT ?s ?o ?m ?quote ?id ?title ?day {{ VALUES ?s {{ %s }} GRAPH ?g {{
  ?c <{RDF}subject> ?s ; <{RDF}predicate> ?p ; <{RDF}object> ?o ; <{WENMAI}modality> ?m ; <{WENMAI}statedIn> ?article ;
     <{WENMAI}evidence> ?span . ?span <{NIF}anchorOf> ?quote . ?article <{DCTERMS}identifier> ?id
  OPTIONAL {{ ?article <{DCTERMS}title> ?title }} OPTIONAL {{ ?article <{WENMAI}publishedOn> ?day }}
  %s FILTER NOT EXISTS {{ ?c <{PROV}wasInvalidatedBy> ?by }} }} }} ORDER BY ?s ?day ?id ?quote"""


@dataclass(frozen=True, slots=True)
class Words:
    """A quote with its article, as an answer shows it."""

    quote: str
    title: str
    date: str
    modality: str = "Asserted"


@dataclass(frozen=True, slots=True)
class Item:
    """One answer: what it is called, its IRI (may be empty), how it is said, and the words it stands on."""

    text: str
    iri: str
    modality: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to a question. Without `understood` no template fits, and `near` are those like it."""

    question: str
    understood: Understood | None
    near: tuple[Template, ...] = ()
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sparql: str = ""
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    more: bool = False


def ask(store: Store, question: str) -> Reply:
    """Return the answer to a question in Chinese. Raises UsageError for no question or one too long, StoreError."""
    found = understand(store, question)
    if found is None:
        return Reply(question, None, tuple(near(question)))
    template = found.template
    given = {
        name: tuple(each for part in parts for each in _given(found, part))
        for name, parts in template.parameters.items()
    }
    if found.unknown:
        return Reply(question, found, parameters=given)
    query = library()[template.query]
    sparql, _ = bind(query, check(query.text), given, store)
    window = Window(MOST)
    done = evaluate(store, query, given, Manner(window=window))
    payload, more = window.cut(done.payload)
    result = Result("select", payload, store.base, done.notes)
    notes = (*found.notes, *_several(found, store), *done.notes)
    return Reply(question, found, (), given, sparql, tuple(_items(store, found, result)), notes, more)


def _given(found: Understood, part: str) -> tuple[str, ...]:
    return found.values[part[1:-1]].given if part.startswith("{") else (part,)


def _several(found: Understood, store: Store) -> list[str]:
    """Return notes on names that several things bear."""
    notes = []
    for name, value in found.values.items():
        if found.template.slots[name].type == "entity" and len(value.given) > 1:
            ids = ", ".join(iri.removeprefix(f"{store.base}id/") for iri in value.given[:5])
            notes.append(f"{len(value.given)} things are named {value.text} ({ids}); all are meant")
    return notes


def _items(store: Store, found: Understood, result: Result) -> Iterable[Item]:
    """Return the answers, rows that say the same as one, each with its words."""
    node, *shown = found.template.answer
    source = found.template.evidence
    groups: dict[tuple[str, str, str], tuple[list[Words], set[tuple[str, ...]]]] = {}
    for row in result.rows:
        of = dict(zip(result.variables, row, strict=True))
        text = " ".join(filter(None, (_shown(of.get(column)) for column in shown)))
        iri = _value(of.get(node))
        if not text and not iri:
            continue
        modality = (_value(of.get("modality")) or WENMAI + "Asserted").removeprefix(WENMAI)
        words, stand_on = groups.setdefault((text or iri.rpartition("/")[2], iri, modality), ([], set()))
        if of.get("quote") is not None:
            title = _shown(of.get("article_title")) or _shown(of.get("article_id"))
            words.append(Words(_shown(of["quote"]), title, _shown(of.get("published")), modality))
        elif source is not None:
            stand_on.add(_sources(found, source, of))
    asked = {each for _, stand_on in groups.values() for each in stand_on}
    behind = _behind(store, source, asked) if source is not None and asked else {}
    for (text, iri, modality), (words, stand_on) in groups.items():
        said = [*words, *(each for one in sorted(stand_on) for each in behind.get(one, ()))]
        yield Item(text, iri, modality, tuple(dict.fromkeys(said))[:_QUOTES])


def _sources(found: Understood, source: Source, of: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the IRIs whose claims are the words of a row: one, or those of a chain."""
    if source.slot:
        return found.values[source.slot].given[:1]
    if not source.chain:
        return (_value(of.get(source.column)),)
    ends = (
        found.values[each[1:-1]].given[0] if each.startswith("{") else _value(of.get(each)) for each in source.chain
    )
    return tuple(filter(None, ends))


def _behind(store: Store, source: Source, asked: set[tuple[str, ...]]) -> Mapping[tuple[str, ...], Sequence[Words]]:
    """Return the words behind answers where the query itself gives none."""
    some = " ".join(str(ox.NamedNode(iri)) for iri in sorted({iri for each in asked for iri in each if iri}))
    kinds = ", ".join(str(ox.NamedNode(WENMAI + name)) for name in source.predicates)
    test = f"FILTER(?p IN ({kinds}))" if kinds else ""
    said: dict[str, list[tuple[str, Words]]] = {}
    for row in cast("ox.QuerySolutions", store.query(_WORDS % (some, test))):
        modality = _value(row["m"]).removeprefix(WENMAI)
        title = _value(row["title"]) or _value(row["id"])
        words = Words(_value(row["quote"]), title, _value(row["day"]), modality)
        said.setdefault(_value(row["s"]), []).append((_value(row["o"]), words))
    if not source.chain:
        return {each: [words for _, words in said.get(each[0], ())] for each in asked}
    found: dict[tuple[str, ...], list[Words]] = {}
    for each in asked:
        for one, other in pairwise(each):
            for start, end in ((one, other), (other, one)):
                found.setdefault(each, []).extend(words for to, words in said.get(start, ()) if to == end)
    return found


def _value(term: Any) -> str:
    return getattr(term, "value", "")


def _shown(term: Any) -> str:
    """Return a term as an answer has it: of a property or class of ours its label, of other IRIs nothing."""
    value = _value(term)
    if not isinstance(term, ox.NamedNode):
        return value
    name = value.removeprefix(WENMAI)
    return ontology.label(name) if name in ontology.properties() or name in ontology.classes() else ""


def as_json(reply: Reply, store: Store) -> dict[str, Any]:
    """Return a reply as members of a JSON object, as the command and the API show it."""
    found = reply.understood
    told: dict[str, Any] = {"question": reply.question, "understood": found is not None}
    if found is None:
        return told | {"near": [_template(each) | {"example": each.examples[0][0]} for each in reply.near]}
    template = found.template
    told["template"] = _template(template)
    told["slots"] = [
        {
            "name": name,
            "type": template.slots[name].type,
            "text": value.text,
            "values": [_local(each, store) for each in value.given],
            "labels": [_label(each, store) for each in value.given],
        }
        for name, value in found.values.items()
    ]
    told["unknown"] = [
        {"slot": name, "text": found.values[name].text, "near": list(names)} for name, names in found.unknown.items()
    ]
    asked = [(name, _local(each, store)) for name, values in reply.parameters.items() for each in values]
    told["query"] = {
        "name": template.query,
        "parameters": {name: [_local(each, store) for each in values] for name, values in reply.parameters.items()},
        "path": f"/queries/{template.query}?{urllib.parse.urlencode(asked)}",
        "sparql": reply.sparql,
    }
    told["answers"] = [
        {
            "text": item.text,
            "id": _local(item.iri, store) or None,
            "iri": item.iri or None,
            "modality": item.modality,
            "evidence": [
                {"quote": words.quote, "title": words.title, "date": words.date or None, "modality": words.modality}
                for words in item.words
            ],
        }
        for item in reply.items
    ]
    return told | {"notes": list(reply.notes), "more": reply.more}


def _template(template: Template) -> dict[str, str]:
    return {"name": template.name, "title": template.title_zh, "title_en": template.title_en}


def _local(text: str, store: Store) -> str:
    return text.removeprefix(f"{store.base}id/")


def _label(text: str, store: Store) -> str:
    """Return what a slot's value is called."""
    if text.startswith("wenmai:"):
        return ontology.label(text.removeprefix("wenmai:"))
    if not text.startswith(f"{store.base}id/"):
        return text
    labels = [quad.object for quad in store.match(ox.NamedNode(text), ox.NamedNode(SKOS + "prefLabel"))]
    named = sorted((each.language != "zh", each.value) for each in labels if isinstance(each, ox.Literal))
    return named[0][1] if named else text
