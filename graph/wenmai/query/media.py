"""The media types of answers: which the standards name, and what the engine calls them."""

from __future__ import annotations

import pyoxigraph as ox

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
TURTLE, TRIG, NTRIPLES, NQUADS = "text/turtle", "application/trig", "application/n-triples", "application/n-quads"
RDF_XML, JSON_LD = "application/rdf+xml", "application/ld+json"

SOLUTIONS: dict[str, ox.QueryResultsFormat] = {
    JSON: ox.QueryResultsFormat.JSON,
    XML: ox.QueryResultsFormat.XML,
    CSV: ox.QueryResultsFormat.CSV,
    TSV: ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
}
"""Of rows, and but for the last two lines of yes and no; the first is what is sent where nothing is asked for."""

GRAPHS: dict[str, ox.RdfFormat] = {
    TURTLE: ox.RdfFormat.TURTLE,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    RDF_XML: ox.RdfFormat.RDF_XML,
    JSON_LD: ox.RdfFormat.JSON_LD,
    TRIG: ox.RdfFormat.TRIG,
    NQUADS: ox.RdfFormat.N_QUADS,
    "application/xml": ox.RdfFormat.RDF_XML,
    "application/json": ox.RdfFormat.JSON_LD,
}
"""Of triples; the first is what is sent where nothing is asked for."""

TRIPLES = {kind: format for kind, format in GRAPHS.items() if kind not in {TRIG, NQUADS}}
"""Of one graph: what a graph may be sent as, and taken as."""

SUFFIXES = {"ttl": TURTLE, "nt": NTRIPLES, "rdf": RDF_XML, "jsonld": JSON_LD, "trig": TRIG, "nq": NQUADS}
"""The endings of files and URLs, each with its media type."""
