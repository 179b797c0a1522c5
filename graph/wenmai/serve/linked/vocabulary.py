"""The ontology at its own path: for people in Chinese and English, for programs in four formats; context and shapes."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import PREFIXES, RDFS, WENMAI
from wenmai.query import media
from wenmai.resources import folder
from wenmai.serve.html import Lang, Links, render
from wenmai.serve.linked.names import Thing
from wenmai.view.style import group

FORMATS = {
    media.TURTLE: ox.RdfFormat.TURTLE,
    media.RDF_XML: ox.RdfFormat.RDF_XML,
    media.JSON_LD: ox.RdfFormat.JSON_LD,
    media.NTRIPLES: ox.RdfFormat.N_TRIPLES,
}
FILES = {"context.jsonld": media.JSON_LD, "shapes.ttl": media.TURTLE}
"""Files of the ontology's folder that are served as they are."""
_ABOVE = (RDFS + "subClassOf", RDFS + "subPropertyOf")


@cache
def document(kind: str) -> bytes:
    """Return the ontology in a media type of `FORMATS`; as Turtle it is the file that people write."""
    if kind == media.TURTLE:
        return ontology.source().read_bytes()
    if kind == media.RDF_XML:
        return ontology.rdf_xml()
    return ox.serialize(ontology.triples(), format=FORMATS[kind], prefixes=PREFIXES) or b""


def file(name: str) -> bytes:
    """Return one of `FILES`. Raises KeyError."""
    FILES[name]
    return (folder("ontology") / name).read_bytes()


def page(links: Links, lang: Lang) -> bytes:
    """Return the documentation of classes, properties and values, each under the anchor of its local name."""
    above = _elsewhere()
    values = [name for cls in ontology.classes() for name in ontology.individuals(cls)]
    return render(
        "ns.html",
        links,
        lang,
        {
            "iri": WENMAI,
            "classes": [_class(name, above) for name in ontology.classes()],
            "properties": [_property(name, above) for name in ontology.properties()],
            "values": [_term(name, above) for name in dict.fromkeys(values)],
        },
    )


def _term(name: str, above: dict[str, list[Thing]]) -> dict[str, Any]:
    texts = [(ontology.label(name, tag), ontology.comment(name, tag), tag) for tag in ("zh", "en") if _has(name, tag)]
    return {"name": name, "texts": texts, "elsewhere": above.get(name, []), "group": ""}


def _has(name: str, tag: str) -> bool:
    try:
        return bool(ontology.label(name, tag) and ontology.comment(name, tag))
    except KeyError:
        return False


def _class(name: str, above: dict[str, list[Thing]]) -> dict[str, Any]:
    below = [other for other in ontology.subclasses(name) if other != name]
    return {**_term(name, above), "above": ontology.superclasses(name)[1:], "below": below, "group": group(name).key}


def _property(name: str, above: dict[str, list[Thing]]) -> dict[str, Any]:
    return {**_term(name, above), "domain": ontology.domain(name), "range": ontology.range_(name)}


@cache
def _elsewhere() -> dict[str, list[Thing]]:
    """Return the terms of other vocabularies above each of ours."""
    names = {iri: prefix for prefix, iri in PREFIXES.items()}
    found: dict[str, list[Thing]] = defaultdict(list)
    for triple in ontology.triples():
        subject, value = triple.subject, triple.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
            continue
        if triple.predicate.value in _ABOVE and not value.value.startswith(WENMAI):
            cut = max(value.value.rfind("#"), value.value.rfind("/")) + 1
            prefix = names.get(value.value[:cut])
            text = f"{prefix}:{value.value[cut:]}" if prefix else value.value
            found[subject.value.removeprefix(WENMAI)].append(Thing(text, value.value))
    return found
