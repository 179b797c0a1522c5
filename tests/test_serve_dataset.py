"""The dataset as a whole over HTTP: its description against what SPARQL counts, the sitemap, robots, dumps."""

from __future__ import annotations

import gzip
import json
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import isomorphic

from conftest import Command
from serving import Got, Served, serving
from wenmai.namespaces import WENMAI
from wenmai.serve.dataset import sitemap
from wenmai.store import open_store

VOID, DCAT = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCTERMS, FOAF = rdflib.DCTERMS, rdflib.FOAF
# What the two vocabularies have of which a description makes use; another name may be a slip.
KNOWN = {
    VOID: "Dataset DatasetDescription class classPartition dataDump entities exampleResource feature property "
    "propertyPartition sparqlEndpoint subset triples uriRegexPattern uriSpace vocabulary",
    DCAT: "Dataset Distribution DataService accessService accessURL byteSize compressFormat distribution downloadURL "
    "endDate endpointDescription endpointURL keyword landingPage mediaType servesDataset startDate",
}
ENTITY = 'FILTER(STRSTARTS(STR(?s), "http://localhost:8000/id/"))'
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PUBLIC = "https://library.example/news/"


@pytest.fixture(scope="module")
def described(sample_server: Served) -> rdflib.Graph:
    got = sample_server.send("/.well-known/void")
    assert (got.status, got.media) == (200, "text/turtle")
    return rdflib.Graph().parse(data=got.body, format="turtle")


@pytest.fixture(scope="module")
def dumping(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that keeps dumps, and is reached by another base than that of its store."""
    folder = tmp_path_factory.mktemp("dumping")
    options = [
        "--set",
        f"dumps={folder / 'dumps'}",
        "--public-base",
        PUBLIC,
        "--set",
        "licence=https://licence.example/by",
    ]
    with serving(sample_store, folder / "log", *options) as served:
        yield served


def numbers(server: Served, query: str) -> dict[str, int]:
    """Return the rows of a query with a key and a number."""
    got = server.sparql(query, "application/sparql-results+json")
    assert got.status == 200, got.text
    rows = json.loads(got.text)["results"]["bindings"]
    return {row["key"]["value"] if "key" in row else "": int(row["n"]["value"]) for row in rows}


def whole(server: Served, path: str, seconds: float = 30) -> Got:
    """Return what a path gives once it is there."""
    deadline = time.monotonic() + seconds
    while True:
        got = server.send(path)
        if got.status != 503 or time.monotonic() > deadline:
            return got
        assert got.headers["retry-after"].isdigit()
        time.sleep(0.1)


def partitions(graph: rdflib.Graph, kind: str, counted: str) -> dict[str, int]:
    dataset = rdflib.URIRef("http://localhost:8000/dataset")
    return {
        str(graph.value(part, VOID[kind])): int(str(graph.value(part, VOID[counted])))
        for part in graph.objects(dataset, VOID[f"{kind}Partition"])
    }


def test_the_description_counts_what_sparql_counts(described: rdflib.Graph, sample_server: Served) -> None:
    dataset = rdflib.URIRef("http://localhost:8000/dataset")
    assert described.value(dataset, VOID.sparqlEndpoint) == rdflib.URIRef("http://localhost:8000/sparql")

    def says(node: rdflib.term.Node | None, count: str) -> dict[str, int]:
        return {"": int(str(described.value(node, VOID[count])))}

    assert says(dataset, "triples") == numbers(sample_server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    entities = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a ?c {ENTITY} }}"
    assert says(dataset, "entities") == numbers(sample_server, entities)
    ours = f'FILTER(STRSTARTS(STR(?key), "{WENMAI}"))'
    classes = f"SELECT ?key (COUNT(DISTINCT ?s) AS ?n) {{ ?s a ?key {ours} {ENTITY} }} GROUP BY ?key"
    assert partitions(described, "class", "entities") == numbers(sample_server, classes)
    properties = f"SELECT ?key (COUNT(*) AS ?n) {{ ?s ?key ?o {ours} }} GROUP BY ?key"
    assert partitions(described, "property", "triples") == numbers(sample_server, properties)
    inferred = described.value(dataset, VOID.subset)
    graph = "SELECT (COUNT(*) AS ?n) { GRAPH <http://localhost:8000/graph/inferred> { ?s ?p ?o } }"
    assert says(inferred, "triples") == numbers(sample_server, graph)
    evidence = described.value(dataset, DCTERMS.hasPart)
    graphs = 'SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), "/graph/article-")) }'
    assert says(evidence, "triples") == numbers(sample_server, graphs)
    claims = described.value(evidence, VOID.classPartition)
    assert says(claims, "entities") == numbers(
        sample_server, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH ?g {{ ?s a <{WENMAI}Claim> }} }}"
    )


def test_the_description_is_of_the_shape_that_catalogues_read(described: rdflib.Graph) -> None:
    graph = described
    assert not [node for node in graph.all_nodes() if isinstance(node, rdflib.BNode)]
    terms = {*graph.predicates(), *graph.objects(None, rdflib.RDF.type)}
    for space, known in KNOWN.items():
        used = {str(term).removeprefix(str(space)) for term in terms if str(term).startswith(str(space))}
        assert used <= set(known.split()), used - set(known.split())
    dataset = rdflib.URIRef("http://localhost:8000/dataset")
    assert {VOID.Dataset, DCAT.Dataset} <= set(graph.objects(dataset, rdflib.RDF.type))
    assert {o.language for o in graph.objects(dataset, DCTERMS.description) if isinstance(o, rdflib.Literal)} == {
        "zh",
        "en",
    }
    for name in ("title", "issued", "modified", "temporal"):
        assert len(list(graph.objects(dataset, DCTERMS[name]))) == 1, name
    modified = graph.value(dataset, DCTERMS.modified)
    assert isinstance(modified, rdflib.Literal) and modified.datatype == rdflib.XSD.dateTime
    for distribution in graph.objects(dataset, DCAT.distribution):
        assert graph.value(distribution, DCAT.accessURL)
        assert graph.value(distribution, DCTERMS.title)
    services = set(graph.subjects(rdflib.RDF.type, DCAT.DataService))
    assert [graph.value(each, DCAT.servesDataset) for each in services] == [dataset]
    assert not set(graph.objects(dataset, VOID.dataDump))  # a server without a folder for dumps has none to name
    pattern = str(graph.value(dataset, VOID.uriRegexPattern))
    assert all(re.search(pattern, str(each)) for each in graph.objects(dataset, VOID.exampleResource))


@pytest.mark.parametrize(
    ("ending", "media", "format"),
    [
        ("ttl", "text/turtle", "turtle"),
        ("jsonld", "application/ld+json", "json-ld"),
        ("nt", "application/n-triples", "nt"),
        ("rdf", "application/rdf+xml", "xml"),
    ],
)
def test_every_format_says_the_same(
    ending: str, media: str, format: str, described: rdflib.Graph, sample_server: Served
) -> None:
    by_ending = sample_server.send(f"/dataset.{ending}")
    by_accept = sample_server.send("/dataset", headers={"Accept": f"{media}, text/html;q=0.1"})
    assert (by_ending.status, by_ending.media, by_accept.media) == (200, media, media)
    assert by_ending.body == by_accept.body
    assert "Accept" in by_accept.headers["vary"]
    assert isomorphic(rdflib.Graph().parse(data=by_ending.body, format=format), described)
    again = sample_server.send(f"/dataset.{ending}", headers={"If-None-Match": by_ending.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_what_there_is_not(sample_server: Served) -> None:
    assert sample_server.send("/dataset", headers={"Accept": "image/png"}).status == 406
    for path in (
        "/dataset.xyz",
        "/dataset.trig",
        "/sitemap-0.xml",
        "/sitemap-2.xml",
        "/dumps/dataset.nq.gz",
        "/dumps/x",
    ):
        assert sample_server.send(path).status == 404, path


class DataBlocks(HTMLParser):
    """Collects what a page says to search engines, and whatever else is a script."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.links: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._within = tag == "script" and given.get("type") == "application/ld+json"
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))

    def handle_data(self, data: str) -> None:
        if self._within:
            self.blocks.append(data)
            self._within = False


@pytest.mark.parametrize(("lang", "word"), [("zh", "数据集"), ("en", "Dataset")])
def test_the_page_tells_people_and_search_engines(lang: str, word: str, sample_server: Served) -> None:
    got = sample_server.send("/dataset", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": lang})
    assert (got.status, got.media) == (200, "text/html")
    assert word in got.text
    parser = DataBlocks()
    parser.feed(got.text)
    (block,) = parser.blocks
    said = json.loads(block)
    assert said["@type"] == "Dataset" and said["name"] and len(said["description"]) >= 50
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", said["temporalCoverage"])
    inner = {link.partition("#")[0] for link in parser.links if link.startswith("/")}
    for link in inner - {"/sparql", "/queries"}:
        assert sample_server.send(link).status == 200, link


def test_the_sitemap_lists_every_resource_and_each_opens(sample_server: Served, described: rdflib.Graph) -> None:
    index = ET.fromstring(sample_server.send("/sitemap.xml").body)
    assert index.tag == f"{SITEMAP}sitemapindex"
    places: list[str] = []
    for each in index.iter(f"{SITEMAP}loc"):
        part = ET.fromstring(sample_server.send(str(each.text).removeprefix("http://localhost:8000")).body)
        assert part.tag == f"{SITEMAP}urlset"
        assert {child.tag for child in part} == {f"{SITEMAP}url"}
        assert all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", str(day.text)) for day in part.iter(f"{SITEMAP}lastmod"))
        places += [str(loc.text) for loc in part.iter(f"{SITEMAP}loc")]
    dataset = rdflib.URIRef("http://localhost:8000/dataset")
    assert len(places) == len(set(places)) == int(str(described.value(dataset, VOID.entities))) + len(sitemap.PAGES)
    for place in places:
        got = sample_server.send(place.removeprefix("http://localhost:8000"), headers={"Accept": "text/html"})
        assert (got.status, got.media) == (200, "text/html"), place


def test_a_large_sitemap_falls_into_parts_that_hold_everything_once(sample_store: Path) -> None:
    with closing(open_store(sample_store)) as store:
        names = sorted(sitemap.resources(store))
        parts = [ET.fromstring(sitemap.part(store, number, 7, "2026-11-30")) for number in range(1, 8)]
    listed = [str(loc.text) for part in parts for loc in part.iter(f"{SITEMAP}loc")]
    assert sorted(each.rpartition("/doc/")[2] for each in listed if "/doc/" in each) == names
    assert all(len(part) < len(names) / 2 for part in parts)
    assert sitemap.parts(10**6) * sitemap.MOST > 10**6 + 5 * 10**4


def test_robots_are_told_what_has_no_end(sample_server: Served) -> None:
    lines = sample_server.send("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /sparql", "Disallow: /search", "Disallow: /reconcile", "Disallow: /queries"} <= set(lines)
    assert lines[-1] == "Sitemap: http://localhost:8000/sitemap.xml"


def test_dumps_are_made_once_and_are_the_export_under_the_public_base(
    dumping: Served, sample_store: Path, wenmai: Command, tmp_path: Path
) -> None:
    got = whole(dumping, "/dumps/dataset.nq.gz")
    assert (got.status, got.media) == (200, "application/gzip")
    assert "content-encoding" not in got.headers
    done = wenmai("export", "--store", sample_store, "--format", "nquads", "--output", tmp_path / "all.nq")
    assert done.returncode == 0
    expected = (tmp_path / "all.nq").read_bytes().replace(b"http://localhost:8000/", PUBLIC.encode())
    assert gzip.decompress(got.body) == expected
    assert b"graph/reading" not in expected

    part = dumping.send("/dumps/dataset.nq.gz", headers={"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, got.body[10:20])
    same = dumping.send("/dumps/dataset.nq.gz", headers={"If-None-Match": got.headers["etag"]})
    assert (same.status, same.body) == (304, b"")
    head = dumping.send("/dumps/dataset.nq.gz", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(got.body)))
    assert "last-modified" in head.headers


def test_dumps_are_in_the_description_with_their_sizes(dumping: Served) -> None:
    facts = gzip.decompress(whole(dumping, "/dumps/facts.nt.gz").body)
    graph = rdflib.Graph().parse(data=dumping.send("/dataset.ttl").body, format="turtle")
    dataset = rdflib.URIRef(f"{PUBLIC}dataset")
    assert len(facts.splitlines()) == int(str(graph.value(dataset, VOID.triples)))
    dumps = {str(each) for each in graph.objects(dataset, VOID.dataDump)}
    assert dumps == {f"{PUBLIC}dumps/{name}" for name in ("dataset.nq.gz", "dataset.ttl.gz", "facts.nt.gz")}
    sized = [each for each in graph.objects(dataset, DCAT.distribution) if graph.value(each, DCAT.byteSize)]
    assert {str(graph.value(each, DCAT.downloadURL)) for each in sized} == dumps
    for each in sized:
        url = str(graph.value(each, DCAT.downloadURL))
        sent = dumping.send("/" + url.removeprefix(PUBLIC), "HEAD")
        assert sent.headers["content-length"] == str(graph.value(each, DCAT.byteSize))
        assert graph.value(each, DCTERMS.license) == rdflib.URIRef("https://licence.example/by")
    assert "localhost:8000" not in dumping.send("/dataset.nt").text
    page = dumping.send("/dataset.html").text
    assert 'href="/news/dumps/dataset.nq.gz"' in page
