"""The IRIs the graph is written with: one constant a vocabulary, and the prefixes every export declares."""

from __future__ import annotations

WENMAI = "https://w3id.org/wenmai/ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
SCHEMA = "http://schema.org/"
ORG = "http://www.w3.org/ns/org#"
FOAF = "http://xmlns.com/foaf/0.1/"
GEO = "http://www.opengis.net/ont/geosparql#"
OA = "http://www.w3.org/ns/oa#"
SH = "http://www.w3.org/ns/shacl#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SOSA = "http://www.w3.org/ns/sosa/"

PREFIXES: dict[str, str] = {
    "wenmai": WENMAI,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "nif": NIF,
    "sem": SEM,
    "schema": SCHEMA,
    "org": ORG,
    "foaf": FOAF,
    "geo": GEO,
    "oa": OA,
    "sosa": SOSA,
}

DEFAULT_BASE = "http://localhost:8000/"

WORKING = "graph/reading"
"""What the IRI of the store's own working graph is below its base: no export has it, nothing counts it."""
