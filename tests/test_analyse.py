"""Graphs and named analyses: on a small store made by hand where the answer is known, and by the real command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from networkx.algorithms.link_analysis import pagerank_alg

import view_store as made
import wenmai as package
from conftest import Command
from wenmai import ontology
from wenmai.analyse import PROJECTIONS, analyses, run
from wenmai.analyse.kinds.bridges import partings
from wenmai.analyse.kinds.pagerank import pagerank
from wenmai.cli import main
from wenmai.errors import LimitError, UsageError
from wenmai.store import MemoryStore

NAMES = ("around", "betweenness", "bridges", "communities", "degree", "growth", "pagerank", "paths")
WRITTEN = ("betweenness", "bridges", "communities", "degree", "pagerank")


@pytest.fixture(scope="module")
def hand() -> MemoryStore:
    return made.make(inferred=made.INFERRED)


@pytest.fixture(scope="module")
def samples_open(sample_store: Path) -> Iterator[package.archive.Archive]:
    with package.open(sample_store) as archive:
        yield archive


def between(graph: Any, one: Any, other: Any) -> Any:
    found = graph.get_edge_data(made.iri(one), made.iri(other))
    assert found is not None
    return found


def test_the_typed_graph_has_each_line_with_what_it_stands_on(hand: MemoryStore) -> None:
    graph = package.graph(hand)
    assert isinstance(graph, nx.MultiDiGraph)
    about = graph.nodes[made.iri(made.YUNFAN)]
    assert (about["label"], about["class"], about["family"]) == ("云帆科技有限公司", "Company", "Organization")
    event = graph.nodes[made.iri(made.SIGNING)]
    assert (event["date"], event["status"]) == ("2021-03-05", "Happened")

    line = between(graph, made.YUNFAN, made.HAICHAO)["partnerOf/asserted"]
    assert (line["predicate"], line["modality"], line["weight"]) == ("partnerOf", "Asserted", 2)
    assert line["dates"] == ("2021-03-06", "2022-05-01")
    assert len(line["claims"]) == 2 and all("/id/claim-" in claim for claim in line["claims"])
    assert 0 < line["confidence"] <= 1
    post = between(graph, made.PERSON, made.HAICHAO)["holdsPost/asserted"]
    assert post["title"] == "董事长"
    assert between(graph, made.HAICHAO, made.SCHOOL)["acquires/denied"]["modality"] == "Denied"
    assert between(graph, made.FORUM, made.SCHOOL)["organizer/planned"]["modality"] == "Asserted"
    assert made.iri(made.POST) not in graph


def test_what_is_inferred_is_there_when_asked_for(hand: MemoryStore) -> None:
    ends = made.iri(made.CENTER), made.iri(made.CITY)
    assert not package.graph(hand).has_edge(*ends)
    line = package.graph(hand, inferred=True).get_edge_data(*ends)["locatedIn/inferred"]
    assert (line["modality"], line["claims"], line["weight"]) == ("Inferred", (), 1)
    assert not package.graph(hand, "organization-place").has_edge(*ends)
    assert package.graph(hand, "organization-place", inferred=True).has_edge(*ends)


def test_projections_have_weights_and_say_by_what(hand: MemoryStore) -> None:
    people = package.graph(hand, "who-with-whom")
    assert type(people) is nx.Graph
    tie = between(people, made.YUNFAN, made.HAICHAO)
    assert (tie["weight"], tie["via"]) == (2, ("Signing", "partnerOf"))
    assert between(people, made.PERSON, made.HAICHAO)["via"] == ("holdsPost",)
    assert not people.has_edge(made.iri(made.HAICHAO), made.iri(made.SCHOOL)), "what is denied ties nobody"
    assert {about["family"] for _, about in people.nodes(data=True)} == {"Organization", "Person"}

    places = package.graph(hand, "organization-place")
    assert type(places) is nx.DiGraph
    assert between(places, made.YUNFAN, made.TOWN)["via"] == ("Signing",)
    assert between(places, made.CENTER, made.TOWN)["via"] == ("locatedIn",)
    assert not places.has_edge(made.iri(made.SCHOOL), made.iri(made.CITY)), "the forum is only announced"
    planned = package.graph(hand, "organization-place", kinds=("asserted", "planned"))
    assert between(planned, made.SCHOOL, made.CITY)["via"] == ("Meeting",)

    policies = package.graph(hand, "policy-organization")
    assert list(policies.edges) == [(made.iri(made.POLICY), made.iri(made.BUREAU))]
    assert between(policies, made.POLICY, made.BUREAU)["via"] == ("issuedBy",)


def test_graphs_of_a_time(hand: MemoryStore) -> None:
    later = package.graph(hand, since="2022-01-01", until="2022-12-31")
    assert between(later, made.YUNFAN, made.HAICHAO)["partnerOf/asserted"]["dates"] == ("2022-05-01",)
    assert made.iri(made.SIGNING) not in later
    assert made.iri(made.POLICY) not in package.graph(hand, until="2021-12-31")
    known = package.graph(hand, as_of="2021-12-31")
    assert made.iri(made.FORUM) not in known and made.iri(made.SIGNING) in known

    years = package.graphs(hand, "year", "who-with-whom")
    assert list(years) == ["2021", "2022"]
    assert between(years["2021"], made.YUNFAN, made.HAICHAO)["weight"] == 1
    whole = package.graphs(hand, "month", cumulative=True)
    assert list(whole) == ["2021-03", "2022-05", "2022-06"]
    assert between(whole["2022-06"], made.YUNFAN, made.HAICHAO)["partnerOf/asserted"]["weight"] == 2
    assert len(whole["2021-03"]) < len(whole["2022-05"]) < len(whole["2022-06"])


def test_graphs_of_some_classes_and_of_what_is_sure(hand: MemoryStore) -> None:
    firms = package.graph(hand, classes="Company")
    assert {about["class"] for _, about in firms.nodes(data=True)} == {"Company"}
    assert set(package.graph(hand, classes=["企业", "Person"])) >= set(firms)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"projection": "who"}, "who-with-whom"),
        ({"classes": "Firm"}, "classes: there is no class 'Firm'"),
        ({"since": "2022-02-30"}, "2022-02-30"),
        ({"since": "2022-02-02", "until": "2021-01-01"}, "later"),
        ({"as_of": "then"}, "is not a day"),
    ],
)
def test_a_wrong_wish_is_told(options: dict[str, Any], told: str, hand: MemoryStore) -> None:
    with pytest.raises(UsageError, match=told):
        package.graph(hand, **options)


def test_steps_are_years_or_months(hand: MemoryStore) -> None:
    with pytest.raises(UsageError, match="year or month"):
        package.graphs(hand, "week")


def test_too_many_claims_are_a_limit(hand: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wenmai.analyse.material.MOST_CLAIMS", 3)
    with pytest.raises(LimitError, match="3 claims at most"):
        package.graph(hand)


def test_pagerank_is_that_of_networkx() -> None:
    graph: Any = nx.gnm_random_graph(60, 150, seed=3)
    graph.remove_nodes_from(list(nx.isolates(graph)))
    graph = nx.convert_node_labels_to_integers(graph)
    for number, (one, other) in enumerate(graph.edges):
        graph[one][other]["weight"] = 1 + number % 4
    mine = pagerank(graph, 0.85)
    theirs = pagerank_alg._pagerank_python(  # type: ignore[attr-defined]
        graph, alpha=0.85, tol=1e-12, max_iter=500
    )
    assert mine == pytest.approx([theirs[node] for node in graph], abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_partings_are_what_taking_out_shows(seed: int) -> None:
    graph: Any = nx.gnm_random_graph(24, 26, seed=seed)
    graph.remove_nodes_from(list(nx.isolates(graph)))
    expected = {}
    for node in nx.articulation_points(graph):
        part = nx.node_connected_component(graph, node) - {node}
        pieces = [len(piece & part) for piece in nx.connected_components(graph.subgraph(set(graph) - {node}))]
        expected[node,] = len(part) - max(pieces)
    for one, other in nx.bridges(graph):
        rest = graph.copy()
        rest.remove_edge(one, other)
        sides = [len(nx.node_connected_component(rest, node)) for node in (one, other)]
        expected[tuple(sorted((one, other)))] = min(sides)
    assert {ends: lost for lost, ends in partings(graph)} == expected


def test_every_analysis_is_described_and_its_example_finds_something(samples_open: package.archive.Archive) -> None:
    assert tuple(each.name for each in analyses()) == NAMES
    assert tuple(each.name for each in analyses() if each.writes) == WRITTEN
    for each in analyses():
        assert each.title_zh and each.title_en and each.about.endswith(".") and each.example
        assert all(parameter.about for parameter in each.parameters)
        outcome = run(samples_open.store, each.name, each.example)
        assert outcome.rows, each.name
        assert bool(outcome.scores or outcome.groups) == each.writes
        assert all(len(row) == len(outcome.columns) for row in outcome.rows)


def test_scores_of_a_network_that_is_known(hand: MemoryStore) -> None:
    def first(name: str, **params: str) -> Any:
        outcome = run(hand, name, {"projection": "who-with-whom", **params})
        return [row[:4] for row in outcome.rows]

    # 海潮集团 is tied to 云帆科技 and 林晓舟; 云帆科技 supervises a company, too.
    assert first("degree")[:2] == [(1, "云帆科技有限公司", "Company", 2), (1, "海潮集团", "Company", 2)]
    assert first("degree", count="articles")[0] == (1, "云帆科技有限公司", "Company", 3)
    assert first("betweenness")[0][3] == pytest.approx(2 / 3, abs=1e-4)
    assert sum(row[3] for row in first("pagerank")) == pytest.approx(1, abs=1e-4)
    (bridge,) = [row for row in run(hand, "bridges", {"projection": "who-with-whom"}).rows if row[0] == "bridge"]
    assert set(bridge[1:3]) == {"云帆科技有限公司", "海潮集团"} and bridge[3] == 2
    (group, *_) = run(hand, "communities", {"projection": "who-with-whom", "least": "2"}).groups
    assert made.iri(made.HAICHAO) in group.members or made.iri(made.YUNFAN) in group.members
    assert first("degree", **{"class": "Person"}) == []


def test_a_sample_is_said_to_be_one(hand: MemoryStore) -> None:
    outcome = run(hand, "betweenness", {"samples": "3"})
    assert any("estimated from 3 of" in note for note in outcome.notes)


def test_paths_have_words_and_say_when_there_is_none(hand: MemoryStore) -> None:
    found = [dict(zip(run_.columns, row, strict=True)) for run_ in [run(hand, "paths", _ends())] for row in run_.rows]
    assert [(row["step"], row["source_name"], row["relation"], row["target_name"]) for row in found] == [
        (1, "林晓舟", "董事长", "海潮集团"),
        (2, "云帆科技有限公司", "合作伙伴", "海潮集团"),
    ]
    assert found[1]["quote"] == "云帆科技有限公司昨天与海潮集团建立合作关系" and found[1]["date"] == "2021-03-06"
    short = run(hand, "paths", {**_ends(), "longest": "1"})
    assert short.rows == () and "no chain of 1 facts" in short.notes[-1]
    assert run(hand, "paths", {"from": "林晓舟", "to": "青石大学"}).rows == (), "what is denied is no step"


def _ends() -> dict[str, str]:
    return {"from": "林晓舟", "to": "云帆科技有限公司"}


def test_what_is_around_a_thing(hand: MemoryStore) -> None:
    outcome = run(hand, "around", {"of": "林晓舟", "hops": "2"})
    rows = {(row[0], row[1]): row[3:] for row in outcome.rows}
    assert rows[1, "Company"] == (1, "海潮集团")
    assert rows[2, "Company"] == (1, "云帆科技有限公司") and rows[2, "Signing"][0] == 1


def test_growth_counts_each_thing_and_fact_once(hand: MemoryStore) -> None:
    outcome = run(hand, "growth", {"by": "year"})
    assert outcome.columns == ("period", "articles", "new_things", "new_facts", "things", "facts")
    (first, second) = outcome.rows
    assert first[:2] == ("2021", 1) and second[:2] == ("2022", 2)
    assert second[4] == first[2] + second[2] and second[5] == first[3] + second[3]  # type: ignore[operator]
    assert first[3] == 8, "the asserted claims of the first article"


def test_graphs_of_what_is_sure(samples_open: package.archive.Archive) -> None:
    sure = package.graph(samples_open, min_confidence=0.9)
    assert 0 < sure.number_of_edges() < package.graph(samples_open).number_of_edges()
    assert min(line["confidence"] for *_, line in sure.edges(data=True)) >= 0.9


def test_the_archive_analyses_too(samples_open: package.archive.Archive) -> None:
    rows = list(samples_open.analyse("paths", from_="马化腾", to="申能"))
    assert {row["target_name"] for row in rows} >= {"申能（集团）有限公司"} and all(row["quote"] for row in rows)
    kinds = {str(row["class"]) for row in samples_open.analyse("degree", class_="Organization")}
    assert "Company" in kinds and all(ontology.coarse(kind) == "Organization" for kind in kinds)


def test_the_same_whatever_the_hash_seed(sample_store: Path, wenmai: Command) -> None:
    words = ("analyse", "communities", "--store", sample_store, "--format", "csv")
    one, other = (wenmai(*words, env={"PYTHONHASHSEED": seed}) for seed in ("1", "77"))
    assert one.returncode == 0 and one.stdout == other.stdout and one.stdout.count("\n") > 5


def test_the_command_lists_and_prints(sample_store: Path, wenmai: Command) -> None:
    listed = wenmai("analyse")
    assert listed.returncode == 0
    assert all(f"{name} " in listed.stdout for name in NAMES) and "from=马化腾" in listed.stdout
    table = wenmai("analyse", "degree", "--store", sample_store, "--limit", "2")
    assert table.returncode == 0 and len(table.stdout.splitlines()) == 4
    assert "2 of" in table.stderr and "things" in table.stderr
    told = json.loads(wenmai("analyse", "growth", "--store", sample_store, "--format", "json").stdout)
    assert told["head"]["vars"][0] == "period"
    as_of = wenmai("analyse", "growth", "--store", sample_store, "--as-of", "2018-12-31", "--format", "csv")
    assert as_of.stdout.splitlines()[-1].startswith("2018,")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["pagerang"], 2, "did you mean pagerank"),
        (["paths", "--param", "from=马化腾"], 2, "needs to"),
        (["degree", "--param", "size=3"], 2, "has no parameter 'size'"),
        (["degree", "--param", "projection"], 2, "is not NAME=VALUE"),
        (["degree", "--param", "projection=who"], 2, "none of all, who-with-whom"),
        (["around", "--param", "of=申能", "--param", "hops=9"], 2, "9 is not from 1 to 6"),
        (["around", "--param", "of=无此公司"], 2, "无此公司"),
        (["growth", "--write"], 2, "growth is for reading only"),
        (["--write"], 2, "name an analysis"),
        (["paths", "--param", "from=马化腾", "--param", "to=顾北辰"], 1, "no chain of 6 facts"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(
    words: list[str], status: int, told: str, sample_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", *words, "--store", str(sample_store)]) == status
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_projections_are_named_in_the_help_of_the_parameter() -> None:
    about = next(each.about for each in analyses()[0].parameters if each.name == "projection")
    assert all(name in about for name in PROJECTIONS)
