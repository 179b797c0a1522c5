"""What a worker does for the dataset as a whole: its description in RDF, and the parts of the sitemap."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from wenmai.query import media
from wenmai.serve.answer import Answer
from wenmai.serve.dataset import page as pages
from wenmai.serve.dataset import sitemap
from wenmai.serve.dataset.describe import PREFIXES, Facts, Terms, description, facts, terms_of
from wenmai.serve.html import HTML, Links, as_lang
from wenmai.serve.problem import Problem
from wenmai.store.protocol import Store
from wenmai.triples.export import serialize

FORMATS = {media.TURTLE: "turtle", media.JSON_LD: "jsonld", media.NTRIPLES: "ntriples", media.RDF_XML: "rdfxml"}
"""The media types of a description, with the names that `serialize` has for them."""
_XML = "application/xml; charset=utf-8"


def rdf(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the description of the dataset in the media type `media`; the rest of `call` is what `terms_of` reads."""
    kind = call["media"]
    charset = "; charset=utf-8" if kind == media.TURTLE else ""
    return Answer(written(facts(store), terms_of(call), FORMATS[kind]), kind + charset)


def page(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the page of the dataset in the language `lang`, its links with `prefix` before them."""
    links = Links(store.base, call["prefix"], call["asked"])
    return Answer(pages.page(store, facts(store), terms_of(call), links, as_lang(call["lang"])), HTML)


def written(found: Facts, terms: Terms, format: str) -> bytes:
    """Return the description of a dataset in a format of `serialize`."""
    output = io.BytesIO()
    serialize(description(found, terms), format, output, found.base, PREFIXES)
    return output.getvalue()


def index(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the index of the sitemap; `changed` is the day of the last publication."""
    return Answer(sitemap.index(store.base, sitemap.parts(facts(store).entities), call["changed"]), _XML)


def part(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the part `part` of the sitemap, counted from 1. Raises Problem 404 where there is none."""
    parts = sitemap.parts(facts(store).entities)
    if not 1 <= call["part"] <= parts:
        raise Problem(404, "the sitemap has no such part")
    return Answer(sitemap.part(store, call["part"], parts, call["changed"]), _XML)
