"""Records to quads and back: the only room that knows both our records and RDF."""

from __future__ import annotations

from wenmai.triples.article import article_quads
from wenmai.triples.export import FORMATS, export, serialize
from wenmai.triples.iris import article_iri, entity_iri, evidence_iri, graph_iri, inferred_iri, local_id
from wenmai.triples.known import known_entities
from wenmai.triples.merge import Dataset, Matcher, delta, facts, merged

__all__ = [
    "FORMATS",
    "Dataset",
    "Matcher",
    "article_iri",
    "article_quads",
    "delta",
    "entity_iri",
    "evidence_iri",
    "export",
    "facts",
    "graph_iri",
    "inferred_iri",
    "known_entities",
    "local_id",
    "merged",
    "serialize",
]
