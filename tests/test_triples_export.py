"""Every export is the same dataset, parses everywhere and is the same bytes every time."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from test_triples import BASE, RUN, YUNFAN, Memory, article, resolution
from wenmai.errors import UsageError
from wenmai.namespaces import DCTERMS, RDF, RDFS, SKOS, WENMAI, XSD
from wenmai.records import Claim, Linked, Resolution, Span
from wenmai.store import MemoryStore
from wenmai.triples import FORMATS, article_quads, export, merged, serialize
from wenmai.triples.jsonld import context

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

PARSERS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
FLAT = ("turtle", "ntriples", "jsonld", "rdfxml")
HOSTILE = '</script><img onerror=x>\r\n甲\x00乙\u202e\u2028\x85\x7f\ufffe"\\\'""" 𠮷\t{{}} ${x} %s & ]]> <!-- \x0b'


def memory() -> Memory:
    store = Memory()
    store.put("a1", article_quads(Linked(resolution()), BASE))
    claim = Claim(YUNFAN.id, "address", "org-000000000002", Span(0, 30))
    other = Resolution(article("a2 " + HOSTILE, HOSTILE * 2), RUN, (YUNFAN,), (claim,))
    store.put("a2 " + HOSTILE, article_quads(Linked(other), BASE))
    return store


def written(quads: Iterable[ox.Quad], form: str) -> bytes:
    output = io.BytesIO()
    serialize(quads, form, output, BASE)
    return output.getvalue()


def exported(store: Memory, form: str, *, facts_only: bool = False, article: str | None = None) -> bytes:
    output = io.BytesIO()
    export(store, form, output, facts_only=facts_only, article=article)
    return output.getvalue()


def parsed(data: bytes, form: str) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(input=data, format=PARSERS[form]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.mark.parametrize("form", FLAT)
def test_flat_formats_hold_the_same_graph(form: str) -> None:
    store = memory()
    assert parsed(exported(store, form), form) == parsed(exported(store, "turtle"), "turtle")


def test_quad_formats_hold_the_dataset_as_it_is() -> None:
    store = memory()
    for form in ("trig", "nquads"):
        assert set(parsed(exported(store, form), form)) == set(store.inner)


@pytest.mark.parametrize("form", list(FORMATS))
def test_rdflib_reads_every_format(form: str) -> None:
    names = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "ntriples": "nt", "jsonld": "json-ld"}
    store = memory()
    graph = rdflib.Dataset(default_union=True) if form in ("trig", "nquads") else rdflib.Graph()
    graph.parse(data=exported(store, form), format=names.get(form, "xml"))
    expected = {(str(q.subject), q.predicate, str(q.object)) for q in parsed(exported(store, form), form)}
    assert len(set(graph.triples((None, None, None)))) == len(expected)
    texts = {
        str(o)
        for o in graph.objects(
            None, rdflib.URIRef("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#isString")
        )
    }
    assert any("甲\ufffd乙\u202e\u2028\x85\x7f\ufffd" in text and "\r\n" in text for text in texts)


@pytest.mark.parametrize("form", list(FORMATS))
def test_an_export_of_an_export_is_the_same_bytes(form: str) -> None:
    first = exported(memory(), form)
    fresh = ox.Store()
    fresh.load(input=first, format=PARSERS[form])
    assert written(fresh, form) == first


@pytest.mark.parametrize("form", list(FORMATS))
def test_the_order_of_quads_does_not_matter(form: str) -> None:
    quads = list(memory().inner)
    first = written(quads, form)
    for seed in range(3):
        random.Random(seed).shuffle(quads)
        assert written(quads + quads[:5], form) == first


def test_turtle_is_flat_and_readable() -> None:
    text = exported(memory(), "turtle").decode()
    assert "nameAsPrinted" not in text
    assert text.startswith("@prefix wenmai: <https://w3id.org/wenmai/ns#> .\n")
    assert (
        "\n# ---- 行政区划 · Administrative area ----\n"
        "\nid:place-000000000003 a wenmai:AdministrativeArea ;\n"
        '    skos:prefLabel "青石镇"@zh ;\n    rdfs:label "青石镇"@zh ;\n    skos:notation "310999" .\n'
    ) in text
    assert text.index("· Company") < text.index("· Signing") < text.index("· Article") < text.index("· Claim")


def test_facts_only_is_the_default_graph() -> None:
    store = memory()
    facts = set(parsed(exported(store, "nquads", facts_only=True), "nquads"))
    assert facts == merged(quad for quad in store.inner if quad.graph_name != ox.DefaultGraph())


def test_one_article_is_what_it_says() -> None:
    store = memory()
    text = exported(store, "turtle", article="a1").decode()
    assert "青石镇" in text and "a1.txt" in text and "onerror" not in text
    assert set(parsed(text.encode(), "turtle")) <= set(parsed(exported(store, "turtle"), "turtle"))
    with pytest.raises(UsageError, match="no article 'a9'"):
        exported(store, "turtle", article="a9")


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UsageError, match="no format 'docx'; choose one of turtle, trig"):
        written([], "docx")


def test_the_context_covers_the_vocabulary() -> None:
    from wenmai import ontology

    terms = {value["@id"] for value in context().values() if isinstance(value, dict)}
    assert {f"wenmai:{name}" for name in ontology.properties()} <= terms
    assert not any("https://schema.org" in str(value) for value in context().values())


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["string", "zh", "integer", "decimal", "boolean"])), max_size=6))
def test_any_literal_survives_every_format(items: list[tuple[str, str]]) -> None:
    from wenmai.triples import terms

    quads = []
    for number, (text, kind) in enumerate(items):
        literal = {
            "string": terms.string(text),
            "zh": terms.tagged(text, "zh"),
            "integer": terms.integer(len(text) - 3),
            "decimal": terms.decimal(len(text) / 7),
            "boolean": terms.TRUE,
        }[kind]
        subject = ox.NamedNode(f"{BASE}id/org-{number:012}")
        quads.append(ox.Quad(subject, ox.NamedNode(WENMAI + "address"), literal, ox.DefaultGraph()))
    for form in FORMATS:
        assert set(ox.parse(input=written(quads, form), format=PARSERS[form])) == set(quads), form


# ---- what the engine writes by predicate is what stands in the quads ----

GRAPHS = ("graph/article-1", "graph/article-2", "graph/inferred", "elsewhere", "")
NODES = ("id/org-1", "id/event-2", "id/article-1", "id/claim-3", "id/claim-4", "id/run-5", "x#char=1,5", "x#char=12,30")
LINKS = (
    RDF + "type", WENMAI + "evidence", WENMAI + "nameAsPrinted", WENMAI + "address", SKOS + "prefLabel",
    RDFS + "label", DCTERMS + "identifier", DCTERMS + "identifierOf", "http://example.org/p",
)  # fmt: skip
CLASSES = ("Claim", "Company", "Organization", "Signing")


@st.composite
def any_quads(draw: st.DrawFn) -> list[ox.Quad]:
    quads = []
    for _ in range(draw(st.integers(0, 25))):
        subject, graph = BASE + draw(st.sampled_from(NODES)), draw(st.sampled_from(GRAPHS))
        link, text = draw(st.sampled_from(LINKS)), draw(TEXTS)
        values: list[ox.NamedNode | ox.Literal] = [ox.NamedNode(WENMAI + draw(st.sampled_from(CLASSES)))]
        if link != RDF + "type":
            values += [
                ox.NamedNode(BASE + draw(st.sampled_from(NODES))),
                ox.Literal(text),
                ox.Literal(text, language=draw(st.sampled_from(["zh", "en", "fr"]))),
                ox.Literal(str(len(text)), datatype=ox.NamedNode(XSD + "integer")),
                ox.Literal(f"{len(text)}.5", datatype=ox.NamedNode(XSD + "decimal")),
            ]
        name = ox.NamedNode(BASE + graph) if graph else ox.DefaultGraph()
        quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(link), draw(st.sampled_from(values)), name))
    return quads


def flattened(quads: Iterable[ox.Quad]) -> set[tuple[str, str, str]]:
    """Return the triples of all graphs but what an article's graph shows of entities, said in the plainest way."""
    shown = re.compile(r".*/id/(?!article-|claim-|run-)")
    return {
        (str(q.subject), str(q.predicate), str(q.object))
        for q in quads
        if "/graph/article-" not in str(q.graph_name)
        or not (q.predicate.value == WENMAI + "nameAsPrinted" or shown.match(str(q.subject)))
    }


@settings(max_examples=150, deadline=None)
@given(any_quads())
def test_a_store_is_exported_as_its_quads_are(quads: list[ox.Quad]) -> None:
    store = MemoryStore(BASE, quads)
    for form in FORMATS:
        output = io.BytesIO()
        export(store, form, output)
        assert output.getvalue() == written(quads, form), form
        found = set(ox.parse(input=output.getvalue(), format=PARSERS[form]))
        if form in FLAT:
            assert {(str(q.subject), str(q.predicate), str(q.object)) for q in found} == flattened(quads), form
        else:
            assert found == set(quads)


@settings(max_examples=50, deadline=None)
@given(any_quads())
def test_rdflib_reads_the_turtle_of_a_store_as_the_same_graph(quads: list[ox.Quad]) -> None:
    output = io.BytesIO()
    export(MemoryStore(BASE, quads), "turtle", output)
    plain = "".join(f"{' '.join(triple)} .\n" for triple in flattened(quads))
    read = rdflib.Graph().parse(data=output.getvalue(), format="turtle")
    assert set(read) == set(rdflib.Graph().parse(data=plain, format="nt"))


def test_a_graph_without_a_name_is_exported_too() -> None:
    quad = ox.Quad(
        ox.NamedNode(BASE + "id/org-1"), ox.NamedNode(WENMAI + "address"), ox.Literal("甲"), ox.BlankNode("b")
    )
    output = io.BytesIO()
    export(MemoryStore(BASE, [quad]), "turtle", output)
    assert 'id:org-1 wenmai:address "甲" .' in output.getvalue().decode()
