"""Questions on a store: limits hold, parameters are terms, errors say where."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai import query
from wenmai.errors import LimitError, StoreError, UsageError
from wenmai.namespaces import DCTERMS, RDFS, SKOS, WENMAI, XSD
from wenmai.query import FORMATS, Result, run, write
from wenmai.query.formats import shown, width
from wenmai.store import MemoryStore, open_store

BASE = "http://localhost:8000/"
IDS = ["org-0000000000a1", "org-0000000000a2", "place-0000000000b1", "org-0000000000a3"]


def entity(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{name}")


def literal(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


def zh(text: str) -> ox.Literal:
    return ox.Literal(text, language="zh")


def quads() -> list[ox.Quad]:
    label, alt = ox.NamedNode(SKOS + "prefLabel"), ox.NamedNode(SKOS + "altLabel")
    shenneng, tencent, harbour, other = map(
        entity, ["org-0000000000a1", "org-0000000000a2", "place-0000000000b1", "org-0000000000a3"]
    )
    partner = ox.NamedNode(WENMAI + "partnerOf")
    article, graph = entity("article-000000000001"), ox.NamedNode(f"{BASE}graph/article-000000000001")
    return [
        ox.Quad(shenneng, label, zh("申能(集团)有限公司")),
        ox.Quad(shenneng, alt, zh("申能")),
        ox.Quad(tencent, label, zh("腾讯公司")),
        ox.Quad(tencent, ox.NamedNode(RDFS + "label"), ox.Literal("Tencent", language="en")),
        ox.Quad(harbour, label, zh("东港")),
        ox.Quad(other, label, zh("东港")),
        ox.Quad(shenneng, partner, tencent),
        ox.Quad(tencent, partner, shenneng),
        ox.Quad(article, ox.NamedNode(DCTERMS + "identifier"), ox.Literal("page#1"), graph),
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("q") / "一个 store"
    writer = open_store(path, write=True, create=True)
    writer.commit(quads())
    writer.load(
        ox.Quad(entity(f"x-{n}"), ox.NamedNode(WENMAI + "n"), literal(str(n), "integer"), entity("n"))
        for n in range(3000)
    )
    writer.publish()
    writer.close()
    return path


PARTNERS = """# title zh: 合作方
# title en: Partners
# param org entity: the organization
SELECT ?org ?partner WHERE { VALUES ?org {} ?org wenmai:partnerOf ?partner } ORDER BY ?org
"""


def asked(store: Path, text: str, **params: str | list[str]) -> Result:
    return run(store, text, params, timeout=20)


def test_answers_select_ask_and_construct(store: Path) -> None:
    rows = asked(store, "SELECT ?s ?o WHERE { ?s wenmai:partnerOf ?o } ORDER BY ?s")
    assert rows.kind == "select"
    assert rows.rows == [
        (entity("org-0000000000a1"), entity("org-0000000000a2")),
        (entity("org-0000000000a2"), entity("org-0000000000a1")),
    ]
    assert asked(store, "ASK { ?s wenmai:partnerOf ?s }").boolean is False
    assert not asked(store, "ASK { ?s wenmai:partnerOf ?s }")
    assert asked(store, "ASK { id:org-0000000000a1 wenmai:partnerOf ?o }").boolean is True
    graph = asked(store, "CONSTRUCT { ?s wenmai:partnerOf ?o } WHERE { ?s wenmai:partnerOf ?o }")
    assert [str(t.subject) for t in graph.triples] == [f"<{BASE}id/org-0000000000a{n}>" for n in (1, 2)]
    assert len(asked(store, "DESCRIBE id:org-0000000000a1")) == 3


def test_columns_of_select_star_come_in_order_of_first_appearance(store: Path) -> None:
    assert asked(store, "SELECT * WHERE { ?z ?a ?m } LIMIT 1").variables == ("z", "a", "m")
    assert asked(store, "SELECT DISTINCT * { GRAPH ?z { ?y ?b ?a } } LIMIT 1").variables == ("z", "y", "b", "a")
    assert asked(store, "SELECT ?a ?z WHERE { ?z ?p ?a } LIMIT 1").variables == ("a", "z")
    assert asked(store, "SELECT * {}").variables == ()


def test_values_come_as_python_values(store: Path) -> None:
    text = """SELECT (3 AS ?n) (1.50 AS ?d) (true AS ?b) ("2017-04-21"^^xsd:date AS ?day)
              ("2017-04"^^xsd:gYearMonth AS ?m) ("文"@zh AS ?t)
              (<http://e/> AS ?i) ?none ("x"^^xsd:integer AS ?bad) {}"""
    (row,) = asked(store, text)
    assert row == {
        "n": 3, "d": Decimal("1.5"), "b": True, "day": dt.date(2017, 4, 21), "m": "2017-04",
        "t": "文", "i": "http://e/", "none": None, "bad": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["申能", "申能(集团)有限公司", "《申能》", "org-0000000000a1", f"<{BASE}id/org-0000000000a1>"]
)
def test_an_entity_is_given_by_a_name_an_id_or_an_iri(store: Path, name: str) -> None:
    assert asked(store, PARTNERS, org=name).rows == [(entity("org-0000000000a1"), entity("org-0000000000a2"))]


def test_several_values_and_names_of_several_entities(store: Path) -> None:
    assert len(asked(store, PARTNERS, org=["申能", "Tencent"])) == 2
    every = asked(store, PARTNERS.replace("?org wenmai:partnerOf ?partner", ""), org="东港")
    assert len(every) == 2
    assert "2 entities are named 东港 (org-0000000000a3, place-0000000000b1); all are meant" in every.notes[0]


def test_the_beginning_of_one_name_is_enough_and_is_told(store: Path) -> None:
    result = asked(store, PARTNERS, org="腾讯")
    assert result.rows == [(entity("org-0000000000a2"), entity("org-0000000000a1"))]
    assert result.notes == ("org: nothing is named just 腾讯; 腾讯公司 is meant, whose name alone begins so",)
    with pytest.raises(UsageError, match="near it: 东港"):
        asked(store, PARTNERS, org="东港区")
    with pytest.raises(UsageError, match="nothing in the store is named '腾'"):
        asked(store, PARTNERS, org="腾")


def test_parameters_that_are_wrong(store: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing in the store is named '申能集'; near it: 申能"):
        asked(store, PARTNERS, org="申能集")
    with pytest.raises(UsageError, match="the query needs org: the organization; give it with --param org=VALUE"):
        asked(store, PARTNERS)
    with pytest.raises(UsageError, match="has no parameter 'place'; it takes org"):
        asked(store, PARTNERS, org="申能", place="x")
    with pytest.raises(UsageError, match="it takes none"):
        asked(store, "ASK {}", org="申能")
    with pytest.raises(UsageError, match="declares the parameter org and has no VALUES"):
        asked(store, "# param org entity: x\nASK {}", org="申能")
    with pytest.raises(UsageError, match="declares no parameter b"):
        asked(store, "ASK { VALUES ?b {} }")
    with pytest.raises(UsageError, match="is not `NAME TYPE"):
        asked(store, "# param org thing: x\nASK {}")
    with pytest.raises(UsageError, match="not a valid IRI"):
        asked(store, PARTNERS, org="http://a b")


def typed(store: Path, kind: str, value: str | list[str], rest: str = "") -> list[str]:
    result = asked(
        store, f"# param x {kind}{rest}: x\nSELECT ?x {{ VALUES ?x {{}} }}", **({"x": value} if value else {})
    )
    return [str(row[0]) for row in result.rows]


def test_every_type_of_parameter(store: Path) -> None:
    date = f"^^<{XSD}date>"
    assert typed(store, "date", "2017-04") == [f'"2017-04-01"{date}']
    assert typed(store, "date", "2017") == [f'"2017-01-01"{date}']
    assert typed(store, "enddate", "2016-02") == [f'"2016-02-29"{date}']
    assert typed(store, "enddate", "2017") == [f'"2017-12-31"{date}']
    assert typed(store, "enddate", "2017-04-21") == [f'"2017-04-21"{date}']
    assert typed(store, "integer", "+07") == [f'"7"^^<{XSD}integer>']
    assert typed(store, "text", 'a"\\ } x') == ['"a\\"\\\\ } x"']
    assert typed(store, "class", "Company") == typed(store, "class", "wenmai:Company") == [f"<{WENMAI}Company>"]
    assert typed(store, "property", "partnerof") == [f"<{WENMAI}partnerOf>"]
    assert typed(store, "article", "page#1") == [f"<{BASE}id/article-000000000001>"]
    assert typed(store, "integer", "", " = 5") == [f'"5"^^<{XSD}integer>']
    assert typed(store, "entity", "", " optional") == ["None"]
    for kind, value in [
        ("date", "2017-02-30"),
        ("date", "明天"),
        ("integer", "1e3"),
        ("class", "Compony"),
        ("article", "x"),
    ]:
        with pytest.raises(UsageError):
            typed(store, kind, value)


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_text_cannot_leave_its_place(value: str) -> None:
    text = "# param x text: x\nSELECT ?x (COUNT(?s) AS ?n) { VALUES ?x {} OPTIONAL { ?s ?p ?x } } GROUP BY ?x"
    result = run(MemoryStore(), text, {"x": value})
    assert [row[0] for row in result.rows] == [ox.Literal(value.strip())]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?s WHERE { ?s ?p ", "line 1, column 24, at .the end"),
        ("SELECT ?s\nWHERE { ?s foo:bar ?o }", "line 2, column 12, at .foo:bar.*prefix is not declared"),
        ("SELECT ?s WHERE { ?s wenmai:partnerOf ?o ?x }", "line 1, column 42, at .\\?x"),
        ("SELECT (<http://e/f>(1) AS ?x) {}", "http://e/f"),
        ("SELECT (COUNT(?s) AS ?n) ?s { ?s ?p ?o }", "line 1"),
        ("just words", "not a SPARQL query"),
    ],
)
def test_a_query_that_is_none_says_where(store: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        asked(store, text)
    assert "\n" not in str(caught.value)


def test_a_deadline_holds_and_the_next_query_is_served(store: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?p ?b . ?c ?p ?d . ?e ?p ?f } }"
    begun = time.monotonic()
    with pytest.raises(LimitError, match=r"longer than 0\.7 s"):
        run(store, text, timeout=0.7)
    assert time.monotonic() - begun < 5
    assert asked(store, "ASK { ?s ?p ?o }").boolean
    with pytest.raises(UsageError, match="timeout"):
        run(store, text, timeout=0)


def test_memory_holds(store: Path) -> None:
    text = "SELECT * { GRAPH ?g { ?a ?p ?b . ?c ?p ?d } } ORDER BY ?b"
    with pytest.raises(LimitError, match="512 MB of memory"):
        run(store, text, timeout=60, memory=512 << 20)


def test_a_query_in_a_file_on_standard_input_or_unknown(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "合作.rq").write_text(PARTNERS, "utf-8")
    assert len(asked(store, str(tmp_path / "合作.rq"), org="申能")) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("ASK {}"))
    assert asked(store, "-").boolean
    with pytest.raises(UsageError, match=r"no\.rq: the file cannot be read \(No such file"):
        asked(store, str(tmp_path / "no.rq"))
    (tmp_path / "gbk.rq").write_bytes("# 合作".encode("gbk"))
    with pytest.raises(UsageError, match="not UTF-8"):
        asked(store, str(tmp_path / "gbk.rq"))
    with pytest.raises(UsageError, match="there is no query 'nosuchquery'"):
        asked(store, "nosuchquery")


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        run(tmp_path / "none", "ASK {}")


def test_readers_ask_what_they_opened(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "s", write=True, create=True)
    before = open_store(tmp_path / "s")
    writer.commit(quads())
    writer.publish()
    assert len(run(before, "SELECT * { ?s ?p ?o }")) == 0
    assert len(run(open_store(tmp_path / "s"), "SELECT * { ?s ?p ?o }")) == 8
    assert len(run(writer, "SELECT * { ?s ?p ?o }")) == 8
    writer.close()


def test_many_at_once(store: Path) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(asked(store, PARTNERS, org="申能")))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 6


def text_of(result: Result, format: str) -> str:
    stream = io.StringIO()
    write(result, format, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def memory() -> Iterator[MemoryStore]:
    yield MemoryStore(BASE, quads())


def test_formats_of_rows(memory: MemoryStore) -> None:
    result = run(memory, "SELECT ?n ?name { ?n skos:altLabel|rdfs:label ?name } ORDER BY ?n")
    one, two = f"{BASE}id/org-0000000000a1", f"{BASE}id/org-0000000000a2"
    assert text_of(result, "csv") == f"n,name\r\n{one},申能\r\n{two},Tencent\r\n"
    assert text_of(result, "tsv") == f'?n\t?name\n<{one}>\t"申能"@zh\n<{two}>\t"Tencent"@en\n'
    assert json.loads(text_of(result, "json"))["head"] == {"vars": ["n", "name"]}
    assert '<literal xml:lang="zh">申能</literal>' in text_of(result, "xml")
    assert text_of(result, "table").splitlines() == [
        "n                 name",
        "----------------  -------",
        "org-0000000000a1  申能",
        "org-0000000000a2  Tencent",
    ]
    with pytest.raises(UsageError, match="turtle is for CONSTRUCT"):
        text_of(result, "turtle")
    with pytest.raises(UsageError, match="no format 'xls'"):
        text_of(result, "xls")


def test_formats_of_a_yes_and_of_triples(memory: MemoryStore) -> None:
    yes = run(memory, "ASK {}")
    assert [text_of(yes, f) for f in ("table", "csv", "tsv")] == ["true\n"] * 3
    assert json.loads(text_of(yes, "json"))["boolean"] is True
    assert "<boolean>true</boolean>" in text_of(yes, "xml")
    graph = run(memory, "CONSTRUCT WHERE { ?s wenmai:partnerOf ?o }")
    assert "id:org-0000000000a1 wenmai:partnerOf id:org-0000000000a2" in text_of(graph, "turtle")
    assert text_of(graph, "table") == text_of(graph, "turtle")
    assert text_of(graph, "csv").splitlines()[0] == "subject,predicate,object"
    assert len(text_of(graph, "tsv").splitlines()) == 3
    for format, rdf in (("turtle", ox.RdfFormat.TURTLE), ("xml", ox.RdfFormat.RDF_XML), ("json", ox.RdfFormat.JSON_LD)):
        read = {quad.triple for quad in ox.parse(text_of(graph, format), rdf)}
        assert read == set(graph.triples)


@pytest.mark.parametrize("format", [f for f in FORMATS if f != "turtle"])
def test_hostile_text_stays_text(format: str) -> None:
    nasty = "a\x1b[31m\u202eb\x00,\"'\n=1+1"
    store = MemoryStore(BASE, [ox.Quad(entity("x"), ox.NamedNode(SKOS + "prefLabel"), ox.Literal(nasty))])
    out = text_of(run(store, "SELECT ?x { ?s ?p ?x }"), format)
    if format == "table":
        assert out.splitlines()[2] == "a\\u001b[31m\\u202eb\\u0000,\"'⏎=1+1"
    if format == "xml":
        ox.parse_query_results(out, ox.QueryResultsFormat.XML)
    if format == "json":
        assert json.loads(out)["results"]["bindings"][0]["x"]["value"] == nasty


def test_width_and_short_forms() -> None:
    assert width("申能A") == 5
    assert width("e\u0301") == 1
    assert shown(ox.NamedNode(WENMAI + "partnerOf"), BASE) == "wenmai:partnerOf"
    assert shown(ox.NamedNode(BASE + "graph/inferred"), BASE) == "graph/inferred"
    assert shown(ox.NamedNode("http://other/x"), BASE) == "http://other/x"
    assert shown(literal("2017-04", "gYearMonth"), BASE) == "2017-04"
    assert shown(None, BASE) == ""


def test_a_table_on_a_terminal_is_drawn(memory: MemoryStore) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    write(run(memory, "SELECT ?n { ?s skos:altLabel ?n }"), "table", stream)
    assert "申能" in stream.getvalue()


def test_the_library_parses() -> None:
    named = query.parse("partners", PARTNERS + "\n")
    assert (named.title_zh, named.title_en) == ("合作方", "Partners")
    assert [p.name for p in named.parameters] == ["org"]
