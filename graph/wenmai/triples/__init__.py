"""Records to quads and back: the only room that knows both our records and RDF."""

from __future__ import annotations

from wenmai.triples import iris, terms
from wenmai.triples.article import article_quads
from wenmai.triples.change import delta, delta_of
from wenmai.triples.export import FORMATS, export, serialize
from wenmai.triples.iris import article_iri, curation_iri, entity_iri, evidence_iri, graph_iri, inferred_iri, local_id
from wenmai.triples.merge import Dataset, Matcher, facts, merged

__all__ = [
    "FORMATS",
    "Dataset",
    "Matcher",
    "article_iri",
    "article_quads",
    "curation_iri",
    "delta",
    "delta_of",
    "entity_iri",
    "evidence_iri",
    "export",
    "facts",
    "graph_iri",
    "inferred_iri",
    "iris",
    "local_id",
    "merged",
    "serialize",
    "terms",
]
