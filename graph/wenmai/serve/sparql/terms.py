"""`/ns.terms.json`: the terms a query is made of, for editors: prefixes, classes, properties, values, with labels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import OWL, PREFIXES, RDF, RDFS, SKOS, WENMAI
from wenmai.serve.answer import Answer
from wenmai.store.protocol import Store

PATH = "/ns.terms.json"
_KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    OWL + "AnnotationProperty": "property",
}
_ALWAYS = {RDF + "type", RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel"}
"""Properties that the ontology takes for granted."""


def terms(_: Store, __: Mapping[str, Any]) -> Answer:
    """Answer with all terms as JSON."""
    return Answer(_written(), "application/json")


@cache
def _written() -> bytes:
    listed = sorted(_listed(), key=lambda each: each["name"])
    return json.dumps({"prefixes": PREFIXES, "terms": listed}, ensure_ascii=False, separators=(",", ":")).encode()


def _listed() -> Iterator[dict[str, str]]:
    kinds = dict.fromkeys(ontology.classes(), "class") | dict.fromkeys(ontology.properties(), "property")
    kinds |= {name: "value" for cls in ("Modality", "EventStatus") for name in ontology.individuals(cls)}
    for name, kind in kinds.items():
        zh, en = ontology.label(name, "zh"), ontology.label(name, "en")
        yield {"name": f"wenmai:{name}", "kind": kind, "zh": zh, "en": en, "about": ontology.comment(name, "en")}
    others = {
        each.subject.value: _KINDS[each.object.value]
        for each in ontology.triples()
        if isinstance(each.subject, ox.NamedNode)
        and isinstance(each.object, ox.NamedNode)
        and each.predicate.value == RDF + "type"
        and each.object.value in _KINDS
    } | dict.fromkeys(_ALWAYS, "property")
    for iri, kind in others.items():
        prefix = next((key for key, start in PREFIXES.items() if iri.startswith(start)), "")
        if prefix and not iri.startswith(WENMAI):
            yield {"name": f"{prefix}:{iri[len(PREFIXES[prefix]) :]}", "kind": kind, "zh": "", "en": "", "about": ""}
