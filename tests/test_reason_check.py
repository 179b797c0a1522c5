"""A sound store has no finding; each thing that can go wrong has its own."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil

import pyoxigraph as ox
import pytest

from test_triples import BASE, HAICHAO, RUN, SIGNING, TEXT, TOWN, WHOLE, YUNFAN, article, resolution
from wenmai.namespaces import NIF, RDF, WENMAI, XSD
from wenmai.reason import Finding, check, refresh_inferred
from wenmai.reason.consistency import check_ontology, hermit
from wenmai.reason.rules import rules
from wenmai.records import Claim, Entity, Linked, Resolution, Span, Value
from wenmai.store import MemoryStore
from wenmai.triples import article_quads, delta, entity_iri, graph_iri

DEFAULT = ox.DefaultGraph()
GRAPH = graph_iri(BASE, "a1")
POLICY = Entity("policy-000000000005", "Policy", ("《青石镇夜市管理办法》",))


def put(store: MemoryStore, found: Resolution) -> None:
    store.commit(*delta(store, BASE, found.article.id, article_quads(Linked(found), BASE)))
    refresh_inferred(store)


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore(BASE)
    put(made, resolution())
    return made


def said(*claims: Claim, entities: tuple[Entity, ...] = (YUNFAN, HAICHAO, TOWN, POLICY, SIGNING)) -> Resolution:
    return Resolution(article("a2"), RUN, entities, claims)


def swap(store: MemoryStore, old: ox.Quad, new: ox.Quad | None) -> None:
    assert list(store.match(old.subject, old.predicate, old.object, old.graph_name))  # type: ignore[arg-type]
    store.commit([new] if new else [], [old])


def kinds(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.severity, finding.what) for finding in findings}


def test_a_sound_store_has_no_finding(store: MemoryStore) -> None:
    assert check(store) == []
    assert check(MemoryStore(BASE)) == []


def test_a_quote_that_is_not_the_text(store: MemoryStore) -> None:
    span = ox.NamedNode(f"{BASE}id/article-f55ff16f66f4#char=18,46")
    anchor = ox.NamedNode(NIF + "anchorOf")
    old = ox.Quad(span, anchor, ox.Literal(WHOLE.of(TEXT)), GRAPH)
    swap(store, old, ox.Quad(span, anchor, ox.Literal("别的话"), GRAPH))
    (finding,) = check(store)
    assert (finding.severity, finding.what, finding.where) == ("error", "quote", "a1")
    assert finding.message == f"evidence 18,46 quotes “别的话” but the text reads “{WHOLE.of(TEXT)}”"


def test_evidence_outside_the_text(store: MemoryStore) -> None:
    span = ox.NamedNode(f"{BASE}id/article-f55ff16f66f4#char=18,46")
    end = ox.NamedNode(NIF + "endIndex")
    integer = ox.NamedNode(XSD + "integer")
    old = ox.Quad(span, end, ox.Literal("46", datatype=integer), GRAPH)
    swap(store, old, ox.Quad(span, end, ox.Literal("999", datatype=integer), GRAPH))
    messages = [finding.message for finding in check(store)]
    assert any(message.startswith("evidence 18,999 lies outside the text of 46") for message in messages)


def test_a_fact_that_no_article_states(store: MemoryStore) -> None:
    fact = ox.Quad(
        entity_iri(BASE, YUNFAN.id), ox.NamedNode(WENMAI + "acquires"), entity_iri(BASE, HAICHAO.id), DEFAULT
    )
    store.commit([fact])
    refresh_inferred(store)
    (finding,) = check(store)
    assert (finding.severity, finding.what) == ("error", "unfounded") and "acquires" in finding.message


def test_a_fact_that_is_missing_and_an_inferred_one_that_is_stale(store: MemoryStore) -> None:
    fact = ox.Quad(entity_iri(BASE, SIGNING.id), ox.NamedNode(WENMAI + "heldAt"), entity_iri(BASE, TOWN.id), DEFAULT)
    swap(store, fact, None)
    assert kinds(check(store)) == {("error", "missing"), ("error", "inferred")}


def test_an_entity_without_a_name(store: MemoryStore) -> None:
    put(store, said(entities=(Entity("org-000000000077", "Company"),)))
    (finding,) = check(store)
    assert finding.what == "shape" and "has a preferred label in Chinese" in finding.message
    assert finding.where == f"{BASE}id/org-000000000077"


def test_an_event_of_which_only_the_name_is_known(store: MemoryStore) -> None:
    put(store, said(entities=(Entity("event-000000000078", "Meeting", ("青石会",)),)))
    assert check(store) == []


def test_a_code_that_is_none(store: MemoryStore) -> None:
    put(store, said(entities=(Entity("place-000000000079", "Site", ("青石园",), code="3x"),)))
    (finding,) = check(store)
    assert finding.message.startswith("青石园 http://localhost:8000/id/place-000000000079: a notation is a code")


def test_an_iri_that_leads_nowhere(store: MemoryStore) -> None:
    put(store, said(Claim(YUNFAN.id, "partnerOf", "org-0000000000ff", WHOLE)))
    found = [finding for finding in check(store) if finding.what == "dangling"]
    assert {finding.where for finding in found} >= {"a2"} and "org-0000000000ff" in found[0].message


def test_a_predicate_that_the_ontology_lacks(store: MemoryStore) -> None:
    put(store, said(Claim(YUNFAN.id, "befriends", HAICHAO.id, WHOLE)))
    assert any("befriends is no term of the ontology" in finding.message for finding in check(store))


def test_two_classes_that_exclude_each_other(store: MemoryStore) -> None:
    put(store, said(Claim(YUNFAN.id, "partnerOf", TOWN.id, WHOLE)))
    (finding,) = check(store)
    assert finding.what == "clash" and "青石镇" in finding.message and "Organization and Place" in finding.message


def test_a_place_located_in_itself(store: MemoryStore) -> None:
    other = Entity("place-000000000010", "Site", ("青石园",))
    put(
        store,
        said(
            Claim(TOWN.id, "locatedIn", other.id, WHOLE),
            Claim(other.id, "locatedIn", TOWN.id, WHOLE),
            entities=(TOWN, other),
        ),
    )
    assert kinds(check(store)) == {("error", "cycle")}


def test_a_policy_in_force_before_its_adoption(store: MemoryStore) -> None:
    put(
        store,
        said(
            Claim(POLICY.id, "adoptedOn", Value("2021-03-05", "date"), WHOLE),
            Claim(POLICY.id, "effectiveFrom", Value("2021-02", "gYearMonth"), WHOLE, "Planned"),
        ),
    )
    (finding,) = check(store)
    assert finding.severity == "warning" and "《青石镇夜市管理办法》" in finding.message


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("2018年8月云帆科技成立。", False),
        ("二〇一八年八月云帆科技成立。", False),
        ("大前年8月云帆科技成立。", False),
        ("８月云帆科技成立。", True),
        ("昨天云帆科技成立。", True),
    ],
)
def test_an_event_far_from_its_article(store: MemoryStore, text: str, finds: bool) -> None:
    founding = Entity("event-000000000020", "Establishment", label="成立: 云帆科技", status="Happened")
    claim = Claim(founding.id, "onDate", Value("2018-08", "gYearMonth"), Span(0, len(text)))
    old = dataclasses.replace(article("a3", text), date=dt.date(2021, 3, 6))
    put(store, Resolution(old, RUN, (founding,), (claim,)))
    assert kinds(check(store)) == ({("warning", "date")} if finds else set())


def test_the_ontology_excludes_none_of_its_classes() -> None:
    assert list(check_ontology()) == []
    broken = dataclasses.replace(
        rules(), disjoint=frozenset({frozenset({WENMAI + "Company", WENMAI + "Organization"})})
    )
    (finding,) = check_ontology(broken)
    assert finding.what == "ontology" and "nothing can be a Company" in finding.message


@pytest.mark.java
@pytest.mark.skipif(shutil.which("java") is None, reason="no Java runtime: HermiT is not run")
def test_hermit_finds_the_ontology_consistent() -> None:
    assert hermit() == []


def test_every_node_of_an_article_graph_without_a_type_is_seen(store: MemoryStore) -> None:
    stray = ox.Quad(ox.NamedNode(BASE + "id/claim-aaaaaaaaaaaa"), ox.NamedNode(RDF + "subject"), GRAPH, GRAPH)
    store.commit([stray])
    assert ("error", "dangling") in kinds(check(store))


# ---- what leads where it should ----

ARTICLE = ox.NamedNode(f"{BASE}id/article-f55ff16f66f4")
REPLACED = ox.NamedNode("http://purl.org/dc/terms/isReplacedBy")
OLD, OLDER = ox.NamedNode(BASE + "id/org-0000000000aa"), ox.NamedNode(BASE + "id/org-0000000000ab")


def references(store: MemoryStore) -> list[str]:
    return [finding.message for finding in check(store) if finding.what == "reference"]


@pytest.mark.parametrize(
    ("predicate", "told"), [(WENMAI + "statedIn", "the claim"), (NIF + "referenceContext", "the span")]
)
def test_a_claim_or_span_of_another_article(store: MemoryStore, predicate: str, told: str) -> None:
    old = next(iter(store.match(None, ox.NamedNode(predicate), ARTICLE, GRAPH)))
    elsewhere = ox.NamedNode(BASE + "id/article-aaaaaaaaaaaa")
    swap(store, old, ox.Quad(old.subject, old.predicate, elsewhere, GRAPH))
    (message,) = references(store)
    assert message.startswith(f"{told} {old.subject.value} belongs to {elsewhere.value}")  # type: ignore[union-attr]
    swap(store, ox.Quad(old.subject, old.predicate, elsewhere, GRAPH), None)
    (message,) = references(store)
    assert "does not say which article it belongs to" in message


def test_a_mention_of_what_the_article_does_not_show(store: MemoryStore) -> None:
    other = Entity("org-000000000055", "Company", ("远山航运",))
    put(store, said(entities=(other,)))
    mention = ox.NamedNode(WENMAI + "mentions")
    store.commit([ox.Quad(ARTICLE, mention, entity_iri(BASE, other.id), g) for g in (GRAPH, DEFAULT)])
    (message,) = references(store)
    assert "mentions http://localhost:8000/id/org-000000000055, which its graph does not show" in message


def test_an_article_in_the_graph_of_another(store: MemoryStore) -> None:
    stray = ox.Quad(
        ox.NamedNode(BASE + "id/article-aaaaaaaaaaaa"),
        ox.NamedNode(RDF + "type"),
        ox.NamedNode(WENMAI + "Article"),
        GRAPH,
    )
    store.commit([stray])
    assert any("stands in the graph of another article" in message for message in references(store))


def test_a_described_entity_that_no_article_shows(store: MemoryStore) -> None:
    node = entity_iri(BASE, "org-000000000066")
    store.commit([ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(WENMAI + "Company"), DEFAULT)])
    refresh_inferred(store)
    assert ("error", "unfounded") in kinds(check(store))


def test_a_replaced_entity_leads_to_one_that_lives(store: MemoryStore) -> None:
    lines = [ox.Quad(old, REPLACED, entity_iri(BASE, YUNFAN.id), GRAPH) for old in (OLD, OLDER)]
    store.commit([*lines, *(ox.Quad(line.subject, REPLACED, line.object, DEFAULT) for line in lines)])
    assert check(store) == []
    store.commit([], [ox.Quad(OLD, REPLACED, lines[0].object, DEFAULT)])
    assert ("error", "missing") in kinds(check(store))


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ([(OLD, OLDER), (OLDER, OLD)], "is replaced by itself by way of others"),
        ([(OLD, OLDER)], "which is nowhere described"),
        ([(entity_iri(BASE, HAICHAO.id), entity_iri(BASE, YUNFAN.id))], "is replaced and described at once"),
    ],
)
def test_a_replaced_entity_that_leads_nowhere(
    store: MemoryStore, ends: list[tuple[ox.NamedNode, ox.NamedNode]], told: str
) -> None:
    store.commit([ox.Quad(one, REPLACED, other, DEFAULT) for one, other in ends])
    assert any(told in message for message in references(store))
