"""SPARQL over HTTP, asked of a real server."""

from __future__ import annotations

import json

from serving import Served

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a wenmai:Article }"


def test_a_query_is_answered(sample_server: Served) -> None:
    got = sample_server.sparql("SELECT ?s WHERE { ?s skos:prefLabel '腾讯公司'@zh }")
    assert got.status == 200, got.text
    assert got.media == "application/sparql-results+json"
    assert json.loads(got.text)["head"]["vars"] == ["s"]
