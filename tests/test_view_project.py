"""What a picture takes from the graph: entities, lines between them, the words they stand on, filters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

import view_store as sample
from wenmai.errors import UsageError
from wenmai.records import Entity
from wenmai.store import MemoryStore
from wenmai.triples import terms
from wenmai.view import Selection, project

if TYPE_CHECKING:
    from wenmai.view.project import Graph


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return sample.make(inferred=sample.INFERRED)


def lines(graph: Graph) -> set[tuple[str, str, str]]:
    """Return the lines as (name, label/kind, name)."""
    name = {iri: data["zh"] for iri, data in graph.nodes(data=True)}
    return {(name[a], f"{d['zh']}/{d['kind']}", name[b]) for a, b, d in graph.edges(data=True)}


def names(graph: Graph) -> set[str]:
    return {data["zh"] for _, data in graph.nodes(data=True)}


def between(graph: Graph, one: Entity, other: Entity) -> dict[str, dict[str, Any]]:
    """Return the lines between two entities by key, whichever way they go."""
    ends = sample.iri(one), sample.iri(other)
    pairs = (ends, ends[::-1])
    return {key: data for a, b, key, data in graph.edges(keys=True, data=True) if (a, b) in pairs}


def test_every_relation_is_a_line_with_its_label(store: MemoryStore) -> None:
    found = lines(project(store))
    assert ("青石镇党群服务中心", "位于/asserted", "青石镇") in found
    assert ("青石镇人民政府", "管辖/asserted", "青石镇") in found
    assert ("《白鹭市志愿服务条例》", "发布机构/asserted", "青石镇人民政府") in found


@pytest.mark.parametrize("focus", [(), ("青石镇人民政府",)])
def test_a_claim_that_a_person_rejected_is_not_drawn(focus: tuple[str, ...]) -> None:
    store = sample.make()
    (claim,) = {
        (quad.subject, quad.graph_name)
        for quad in store.match(None, terms.OBJECT, ox.NamedNode(sample.iri(sample.BUREAU)))
        if next(store.match(quad.subject, terms.PREDICATE, terms.term("issuedBy")), None)  # type: ignore[arg-type]
    }
    assert "issuedBy" in {data["property"] for *_, data in project(store, Selection(focus)).edges(data=True)}
    decision = ox.NamedNode(store.base + "id/decision-1")
    store.commit([ox.Quad(claim[0], terms.REJECTED_BY, decision, claim[1])])
    assert "issuedBy" not in {data["property"] for *_, data in project(store, Selection(focus)).edges(data=True)}


def test_a_post_is_a_line_from_person_to_organization(store: MemoryStore) -> None:
    graph = project(store)
    assert ("林晓舟", "董事长/asserted", "海潮集团") in lines(graph)
    assert sample.iri(sample.POST) not in graph


def test_a_symmetric_relation_stated_both_ways_is_one_line_with_all_quotes(store: MemoryStore) -> None:
    graph = project(store, Selection(inferred=True))
    found = between(graph, sample.YUNFAN, sample.HAICHAO)
    assert set(found) == {"partnerOf/asserted", "investsIn/planned"}
    line = found["partnerOf/asserted"]
    quotes = [(each.quote, each.title, each.date, each.article, each.modality) for each in line["evidence"]]
    assert quotes == [
        ("云帆科技有限公司昨天与海潮集团建立合作关系", "云帆携手海潮", "2021-03-06", "news-1", "Asserted"),
        ("海潮集团与云帆科技合作一年来", "党群服务中心启用", "2022-05-01", "news-2", "Asserted"),
    ]
    assert line["stated"] == 2


def test_planned_and_denied_relations_and_hearsay_are_lines_of_their_own_kind(store: MemoryStore) -> None:
    found = lines(project(store))
    assert ("海潮集团", "收购/denied", "青石大学") in found
    assert ("云帆科技有限公司", "投资/planned", "海潮集团") in found
    assert ("云帆科技有限公司", "投资/reported", "青石大学") in found


def test_what_an_announced_event_holds_is_planned(store: MemoryStore) -> None:
    graph = project(store)
    assert ("白鹭创新论坛", "主办方/planned", "青石大学") in lines(graph)
    assert graph.nodes[sample.iri(sample.FORUM)]["status"] == "Scheduled"


def test_inferred_lines_only_on_demand_and_only_where_nothing_says_so_already(store: MemoryStore) -> None:
    assert not [line for line in lines(project(store)) if line[1].endswith("/inferred")]
    found = {line for line in lines(project(store, Selection(inferred=True))) if line[1].endswith("/inferred")}
    assert found == {("青石镇党群服务中心", "位于/inferred", "白鹭市")}


def test_literal_facts_stay_with_their_entity(store: MemoryStore) -> None:
    facts = project(store).nodes[sample.iri(sample.CENTER)]["facts"]
    assert [(fact.prop, fact.value, fact.evidence[0].quote) for fact in facts] == [
        ("address", "柳荫路18号", "柳荫路18号的党群服务中心")
    ]


def test_names_and_classes(store: MemoryStore) -> None:
    data = project(store).nodes[sample.iri(sample.YUNFAN)]
    assert (data["zh"], data["cls"], data["names"]) == ("云帆科技有限公司", "Company", ("云帆科技",))
    event = project(store).nodes[sample.iri(sample.SIGNING)]
    assert event["zh"].startswith("签约") and event["en"].startswith("Signing") and event["names"] == ()


def test_focus_by_any_name_or_iri_and_depth(store: MemoryStore) -> None:
    assert names(project(store, Selection(("云帆科技",), depth=0))) == {"云帆科技有限公司"}
    one = project(store, Selection((sample.iri(sample.CENTER),)))
    assert names(one) == {"青石镇党群服务中心", "青石镇"}
    two = project(store, Selection(("青石镇党群服务中心",), depth=2))
    assert names(two) == names(one) | {"白鹭市", "青石镇人民政府", "签约: 云帆科技、海潮集团, 2021-03-05"}
    assert one.graph["focus"] == (sample.iri(sample.CENTER),)


def test_a_post_is_no_step_of_its_own(store: MemoryStore) -> None:
    assert names(project(store, Selection(("林晓舟",)))) == {"林晓舟", "海潮集团"}


def test_the_rim_shows_the_lines_among_its_entities(store: MemoryStore) -> None:
    around = project(store, Selection(("海潮集团",)))
    assert ("签约: 云帆科技、海潮集团, 2021-03-05", "参与方/asserted", "云帆科技有限公司") in lines(around)


@pytest.mark.parametrize("given", ["Place", "地点", "place", "wenmai:Place"])
def test_types_take_names_and_labels_with_their_subclasses(store: MemoryStore, given: str) -> None:
    assert names(project(store, Selection(types=(given,)))) == {"青石镇", "白鹭市"}


def test_the_focus_stays_whatever_the_types(store: MemoryStore) -> None:
    assert names(project(store, Selection(("海潮集团",), types=("Person",)))) == {"海潮集团", "林晓舟"}


def test_dates_of_articles_and_of_events(store: MemoryStore) -> None:
    early = project(store, Selection(until=dt.date(2021, 12, 31)))
    assert "青石镇人民政府" not in names(early) and "海潮集团" in names(early)
    assert between(early, sample.YUNFAN, sample.HAICHAO)["partnerOf/asserted"]["stated"] == 1
    # The forum of 2023 was announced in 2022.
    late = project(store, Selection(since=dt.date(2023, 1, 1)))
    assert names(late) == {"白鹭创新论坛", "白鹭市", "青石大学"}


def test_the_most_connected_are_kept_and_the_rest_counted() -> None:
    graph = project(sample.crowd(60), Selection(limit=20))
    assert len(graph) == 20 and graph.graph["total_nodes"] == 60
    assert "第1000公司" in names(graph) or "第1公司" in names(graph)


def test_an_empty_store_gives_an_empty_graph() -> None:
    graph = project(MemoryStore())
    assert len(graph) == 0 and graph.graph["total_nodes"] == 0


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(("云帆",)), "云帆科技"),
        (Selection(("无此公司",)), "no entity is called '无此公司'"),
        (Selection(("",)), "no entity"),
        (Selection(('"} ?x ?y ?z {"',)), "no entity"),
        (Selection(("http://localhost:8000/id/org-nothing",)), "knows no"),
        (Selection(("http://not an iri",)), "not an IRI"),
        (Selection(types=("Firm",)), "no class 'Firm'; known are Organization"),
        (Selection(depth=-1), "--depth -1"),
        (Selection(since=dt.date(2022, 1, 2), until=dt.date(2022, 1, 1)), "later than"),
    ],
)
def test_what_is_wrong_is_said(store: MemoryStore, selection: Selection, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        project(store, selection)
    assert words in str(raised.value) and "\n" not in str(raised.value)


def test_the_same_graph_whatever_the_order_of_the_quads() -> None:
    there, back = sample.make(), sample.make(reversed(sample.ARTICLES))
    assert list(project(there).nodes(data=True)) == list(project(back).nodes(data=True))
    assert list(project(there).edges(keys=True, data=True)) == list(project(back).edges(keys=True, data=True))
