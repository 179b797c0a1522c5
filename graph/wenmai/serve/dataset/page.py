"""The page of the dataset for people, with its description for search engines within."""

from __future__ import annotations

import pyoxigraph as ox

from wenmai import ontology
from wenmai.namespaces import WENMAI
from wenmai.query import media
from wenmai.serve.dataset.describe import ABOUT, Facts, Terms, schema_org, web
from wenmai.serve.html import Lang, Links, data_block, render, texts
from wenmai.serve.linked.names import Names, Thing
from wenmai.store.protocol import Store

FORMATS = (
    ("ttl", "Turtle", media.TURTLE),
    ("jsonld", "JSON-LD", media.JSON_LD),
    ("nt", "N-Triples", media.NTRIPLES),
    ("rdf", "RDF/XML", media.RDF_XML),
)
"""The formats of a description: endings, names and media types."""


def page(store: Store, found: Facts, terms: Terms, links: Links, lang: Lang) -> bytes:
    """Return the page of the dataset as HTML in a language of the interface. Raises StoreError."""
    names, tally = Names(store, links, lang), found.tally
    return render(
        "dataset.html",
        links,
        lang,
        {
            "path": "/dataset",
            "iri": f"{found.base}dataset",
            "endpoint": f"{found.base}sparql",
            "title": terms.title,
            "about": ABOUT[lang],
            "publisher": _said(terms.publisher),
            "licence": _said(terms.licence),
            "published": terms.published,
            "days": found.days,
            "counts": _counts(found, links, lang),
            "formats": FORMATS,
            "dumps": terms.dumps,
            "live": terms.live,
            "examples": [names.thing(ox.NamedNode(each), chip=True) for each in found.examples],
            "classes": _labelled(tally.of("class"), links, lang),
            "properties": _labelled(tally.of("property"), links, lang),
            "schema_org": data_block(schema_org(found, terms)),
        },
    )


def _counts(found: Facts, links: Links, lang: Lang) -> list[tuple[str, int, str]]:
    words, tally = texts(lang), found.tally
    inferred = tally.quads("inferred")
    rows = (
        ("facts_count", tally.quads("default")),
        ("inferred_count", inferred),
        ("entities_count", found.entities),
        ("evidence_count", tally.quads("named") - inferred),
        ("claims_count", sum(tally.of("modality").values())),
    )
    graph = links.of(f"{found.base}graph/inferred")
    return [(words[key], number, graph if key == "inferred_count" else "") for key, number in rows if number]


def _labelled(counts: dict[str, int], links: Links, lang: Lang) -> list[tuple[Thing, int]]:
    known = {*ontology.classes(), *ontology.properties()}
    return [
        (Thing(ontology.label(name, lang) if name in known else name, links.of(WENMAI + name)), number)
        for name, number in counts.items()
    ]


def _said(text: str) -> Thing:
    iri = web(text)
    return Thing(text, iri.value if iri else "")
