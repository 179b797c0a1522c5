"""What the SPARQL service is and offers (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from wenmai.namespaces import RDF
from wenmai.query import media
from wenmai.serve.answer import Answer
from wenmai.serve.negotiate import choose
from wenmai.serve.problem import Problem
from wenmai.serve.server import Server
from wenmai.serve.sparql.task import triples_as
from wenmai.store.protocol import Store

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_TRIPLES = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")


async def described(server: Server, request: Request) -> Response:
    """Answer a GET of the endpoint that asks nothing. Raises Problem 406."""
    call = {
        "accept": request.headers.get("accept", ""),
        "endpoint": str(request.url.replace(query="", fragment="")),
        "writes": server.writer is not None,
        "federates": bool(server.settings.services),
    }
    return await server.answer(request, describe, call)


def describe(store: Store, call: Mapping[str, Any]) -> Answer:
    """Return the description of the service at `endpoint`. Raises Problem 406."""
    chosen = choose(call["accept"], tuple(media.TRIPLES))
    if chosen is None:
        raise Problem(406, f"the description of this service comes as {', '.join(media.TRIPLES)}")
    triples = _triples(call["endpoint"], call["writes"], call["federates"])
    return triples_as(triples, chosen, store.base)


def _triples(endpoint: str, writes: bool, federates: bool) -> Iterator[ox.Triple]:
    service, dataset, default = (ox.NamedNode(f"{endpoint}#{part}") for part in ("service", "dataset", "default-graph"))

    def said(subject: ox.NamedNode, name: str, object: ox.NamedNode) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(SD + name), object)

    def a(subject: ox.NamedNode, name: str) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(RDF + "type"), ox.NamedNode(SD + name))

    yield a(service, "Service")
    yield said(service, "endpoint", ox.NamedNode(endpoint))
    for language in ["SPARQL11Query", *(["SPARQL11Update"] if writes else [])]:
        yield said(service, "supportedLanguage", ox.NamedNode(SD + language))
    if federates:
        yield said(service, "feature", ox.NamedNode(SD + "BasicFederatedQuery"))
    for name in (*_RESULTS, *_TRIPLES):
        yield said(service, "resultFormat", ox.NamedNode(FORMATS + name))
    if writes:
        for name in _TRIPLES[:4]:
            yield said(service, "inputFormat", ox.NamedNode(FORMATS + name))
    yield said(service, "defaultDataset", dataset)
    yield a(dataset, "Dataset")
    yield said(dataset, "defaultGraph", default)
    yield a(default, "Graph")
