"""`wenmai diff`: what came and went, for people, for machines, and as an update that makes B of A."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Command
from history_graph import article, entity, store, written
from wenmai.errors import UsageError
from wenmai.history import Side, as_of, compare, requests
from wenmai.records import Value
from wenmai.store import MemoryStore, open_store

ENERGY, SHIPS, TEA = entity("海棠能源公司"), entity("远山航运公司"), entity("云岭茶叶公司")


def told(done: Any) -> dict[str, Any]:
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def entities(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in found["entities"]}


def side(made: MemoryStore) -> Side:
    quads = list(made.match())
    return Side("x", made, bool(quads) and all(isinstance(q.graph_name, ox.DefaultGraph) for q in quads))


# --- the update ------------------------------------------------------------------------------------------------------


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


_AWKWARD = ['"', "\\", "\\u0041", "a\\", "\n\r\t\b\f", "\u2028", "\x00", "\x7f\x80", "'''", "}", ";", "#", "\U00020bb7"]
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9) | st.sampled_from(_AWKWARD)
_FEW = st.integers(0, 3).map(lambda n: ox.NamedNode(f"http://a.example/{n}"))
_IRIS = _FEW | _TEXTS.map(lambda t: f"http://a.example/{t}").filter(_is_iri).map(ox.NamedNode)
_LITERALS = st.one_of(
    st.builds(ox.Literal, _TEXTS),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), _TEXTS, st.sampled_from(["zh", "en", "zh-hant"])),
    st.builds(lambda text, iri: ox.Literal(text, datatype=iri), _TEXTS, _IRIS),
    st.builds(ox.Literal, st.integers() | st.floats() | st.booleans()),
    st.builds(lambda text: ox.Literal(text, language="ar", direction=ox.BaseDirection.RTL), _TEXTS),
)
_TRIPLES = st.builds(ox.Triple, _IRIS, _IRIS, _LITERALS | _IRIS)
_QUADS = st.builds(ox.Quad, _IRIS, _IRIS, _IRIS | _LITERALS | _TRIPLES, st.just(ox.DefaultGraph()) | _IRIS)
_SETS = st.lists(_QUADS, max_size=8)


@given(_SETS, _SETS, _SETS, st.integers(1, 4), st.integers(10, 60))
@settings(max_examples=300, deadline=None)
def test_the_update_makes_b_of_a(
    common: list[ox.Quad], only_a: list[ox.Quad], only_b: list[ox.Quad], quads: int, characters: int
) -> None:
    a, b = MemoryStore(quads=common + only_a), MemoryStore(quads=common + only_b)
    difference = compare(side(a), side(b))
    if difference.flat:
        with pytest.raises(UsageError, match="one graph"):
            list(requests(difference))
        return
    pieces = list(requests(difference, quads=quads, characters=characters))
    assert pieces == list(requests(compare(side(a), side(b)), quads=quads, characters=characters))
    assert bool(pieces) == bool(difference) == (set(a.match()) != set(b.match()))
    assert all(sum(line.endswith(" .") for line in piece.split("\n")) <= quads for piece in pieces)
    joined = MemoryStore(quads=common + only_a)
    if pieces:
        joined.inner.update("".join(pieces))
    for piece in pieces:
        a.inner.update(piece)
    expected = sorted(map(str, b.match()))
    assert sorted(map(str, a.match())) == expected
    assert sorted(map(str, joined.match())) == expected


def test_the_update_of_the_command_makes_one_day_of_another(sample_store: Path, wenmai: Command) -> None:
    whole = open_store(sample_store)
    a, b = as_of(whole, "2018-12-31"), as_of(whole, "2021-12-31")
    words = ("diff", "2018-12-31", "2021-12-31", "--store", sample_store, "--format", "update")
    done = wenmai(*words)
    assert done.returncode == 1
    assert done.stdout.startswith("# request 1\nINSERT DATA {")
    assert done.stdout == wenmai(*words, env={"PYTHONHASHSEED": "7"}).stdout
    a.inner.update(done.stdout)
    equal = [ox.Dataset(each.match()) for each in (a, b)]
    for dataset in equal:
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert equal[0] == equal[1]
    back = wenmai("diff", "2021-12-31", "2018-12-31", "--store", sample_store, "--format", "update", "--facts-only")
    b.inner.update(back.stdout)
    facts = [set(each.match(None, None, None, ox.DefaultGraph())) for each in (b, as_of(whole, "2018-12-31"))]
    assert facts[0] == facts[1]


# --- what is told ----------------------------------------------------------------------------------------------------


def test_nothing_differs(sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    export = tmp_path / "all.trig"
    assert wenmai("export", "--store", sample_store, "--output", export).returncode == 0
    done = wenmai("diff", sample_store, export)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"no difference: {sample_store} and {export}\n", "")
    assert wenmai("diff", sample_store, export, "--format", "update").stdout == ""
    for ending in ("ttl", "nt", "rdf", "jsonld", "nq"):
        flat = tmp_path / f"all.{ending}"
        assert wenmai("export", "--store", sample_store, "--output", flat).returncode == 0
        assert wenmai("diff", flat, sample_store).returncode == 0, ending
    facts = tmp_path / "facts.ttl"
    assert wenmai("export", "--facts-only", "--store", sample_store, "--output", facts).returncode == 0
    assert wenmai("diff", "--facts-only", tmp_path / "all.nt", facts).returncode == 0
    assert wenmai("diff", "--facts-only", sample_store, facts).returncode == 0
    assert wenmai("diff", sample_store, facts).returncode == 1


def test_two_days_of_a_store(sample_store: Path, wenmai: Command) -> None:
    words = ("diff", "2017-04-22", f"{sample_store}@2017-05-02", "--store", sample_store)
    done = wenmai(*words)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "wenmai: 2017-04-22: 3 articles without a date are left out",
        f"wenmai: {sample_store}@2017-05-02: 3 articles without a date are left out",
    ]
    assert "articles  1 added, 0 removed, 0 replaced, 0 read otherwise" in done.stdout
    assert "+ 2017-05-02  申能与腾讯的合作进入第二步  [2017-05-02-shenneng-tencent-follow-up]" in done.stdout
    assert "+ 企业 上海智燃科技有限公司" in done.stdout
    assert done.stdout == wenmai(*words, env={"PYTHONHASHSEED": "3"}).stdout
    found = told(wenmai(*words, "--format", "json"))
    assert [each["kind"] for each in found["articles"]] == ["added"]
    signing = next(each for each in found["entities"] if each["cls"] == "Signing")
    assert signing["status"] == "new"
    date = next(each for each in signing["added"] if each["predicate"] == "onDate")
    assert date["object"] == "2017-04-21"
    assert [each["article"] for each in date["sources"]] == ["2017-05-02-shenneng-tencent-follow-up"]
    assert "4月21日签署" in date["sources"][0]["quote"]


def test_articles_that_are_corrected_taken_out_and_added(tmp_path: Path, wenmai: Command) -> None:
    before = [
        article("a", "2021-01-01", [ENERGY, SHIPS, TEA], ("海棠能源公司", "partnerOf", "远山航运公司", "Asserted")),
        article("b", "2021-01-02", [ENERGY, TEA], ("海棠能源公司", "acquires", "云岭茶叶公司", "Asserted")),
    ]
    after = [
        article("a", "2021-01-01", [ENERGY, SHIPS, TEA], ("海棠能源公司", "partnerOf", "云岭茶叶公司", "Asserted")),
        article("c", "2021-01-03", [TEA, SHIPS], ("云岭茶叶公司", "acquires", "远山航运公司", "Asserted")),
    ]
    one, two = (written(tmp_path / f"{n}.nq", store(*each)) for n, each in enumerate((before, after)))
    found = told(wenmai("diff", one, two, "--format", "json"))
    assert [(a["identifier"], a["kind"]) for a in found["articles"]] == [
        ("a", "replaced"), ("b", "removed"), ("c", "added"),
    ]  # fmt: skip
    by_name = entities(found)
    energy = by_name["海棠能源公司"]
    assert energy["status"] == "changed"
    assert [(f["predicate"], f["object"]) for f in energy["added"]] == [("partnerOf", "云岭茶叶公司")]
    assert [(f["predicate"], f["object"], f["sources"][0]["article"]) for f in energy["withdrawn"]] == [
        ("acquires", "云岭茶叶公司", "b"), ("partnerOf", "远山航运公司", "a"),
    ]  # fmt: skip
    assert [f["predicate"] for f in by_name["云岭茶叶公司"]["added"]] == ["acquires"]
    assert "withdrawn" not in by_name["云岭茶叶公司"]  # that the other is its partner only followed
    assert found["followed"]["withdrawn"] > 0
    for ending in (".ttl", ".jsonld"):  # the same is told of two graphs without graphs in them
        flat = [written(tmp_path / f"{n}{ending}", store(*each)) for n, each in enumerate((before, after))]
        again = told(wenmai("diff", *flat, "--format", "json"))
        assert (again["articles"], again["entities"]) == (found["articles"], found["entities"])


def test_an_entity_that_is_renamed_retyped_or_gone(tmp_path: Path, wenmai: Command) -> None:
    longer = entity("海棠能源集团有限公司", key="海棠能源公司")
    school, body = entity("云岭学院", "Organization"), entity("云岭学院", "EducationalBody")
    before = store(article("a", "2021-01-01", [ENERGY, school, TEA]))
    after = store(article("a", "2021-01-01", [longer, body]))
    done = wenmai("diff", written(tmp_path / "1.nq", before), written(tmp_path / "2.nq", after))
    assert done.returncode == 1
    assert "  ~ 名称  海棠能源公司 → 海棠能源集团有限公司" in done.stdout
    assert "  ~ 类型  组织机构 → 教育科研机构" in done.stdout
    assert "- 企业 云岭茶叶公司" in done.stdout
    assert "articles  0 added, 0 removed, 0 replaced, 1 read otherwise" in done.stdout


def test_a_date_that_changes_and_an_event_that_happened(tmp_path: Path, wenmai: Command) -> None:
    def signing(day: str, status: Any) -> MemoryStore:
        event = entity("签约", "Signing", status=status)
        how: Any = "Planned" if status == "Scheduled" else "Asserted"
        said = ("签约", "onDate", Value(day, "date"), how)
        return store(article("a", "2021-01-01", [event, ENERGY], said, ("签约", "participant", "海棠能源公司", how)))

    one = written(tmp_path / "1.nq", signing("2021-02-01", "Scheduled"))
    two = written(tmp_path / "2.nq", signing("2021-02-03", "Happened"))
    (event,) = told(wenmai("diff", one, two, "--format", "json"))["entities"]
    changed = {turn["predicate"]: (turn["before"], turn["after"]) for turn in event["changed"]}
    assert changed == {"eventStatus": ("Scheduled", "Happened"), "onDate": ("2021-02-01", "2021-02-03")}
    (turn,) = event["modality"]
    assert (turn["predicate"], turn["before"], turn["after"]) == ("participant", "Planned", "Asserted")
    assert turn["sources"][0]["quote"].startswith("签约 participant")
    assert "  ~ 事件状态  计划中 → 已发生" in wenmai("diff", one, two).stdout


@pytest.mark.parametrize(("was", "became"), [("Asserted", "Denied"), ("Planned", "Asserted"), ("Reported", "Asserted")])
def test_a_claim_that_is_said_otherwise(was: Any, became: Any, tmp_path: Path, wenmai: Command) -> None:
    first = article("a", "2021-01-01", [ENERGY, SHIPS], ("海棠能源公司", "acquires", "远山航运公司", was))
    later = article("b", "2021-02-01", [ENERGY, SHIPS], ("海棠能源公司", "acquires", "远山航运公司", became))
    file = written(tmp_path / "x.trig", store(first, later))
    found = told(wenmai("diff", f"{file}@2021-01-15", file, "--format", "json"))
    assert found["a"].endswith("@2021-01-15")
    (turn,) = entities(found)["海棠能源公司"]["modality"]
    assert (turn["before"], turn["after"], turn["object"]) == (was, became, "远山航运公司")
    assert [source["article"] for source in turn["sources"]] == ["b"]
    only = entities(told(wenmai("diff", f"{file}@2020-12-31", f"{file}@2021-01-15", "--format", "json")))
    (fact,) = only["海棠能源公司"]["added"]
    assert (fact["modality"], fact["sources"][0]["modality"]) == ("" if was == "Asserted" else was, was)


def test_stores_of_two_bases_compare_by_names(tmp_path: Path, wenmai: Command) -> None:
    said = ("海棠能源公司", "partnerOf", "远山航运公司", "Asserted")
    one = store(article("a", "2021-01-01", [ENERGY, SHIPS], said))  # type: ignore[arg-type]
    more = article("b", "2021-01-02", [ENERGY, TEA], ("海棠能源公司", "acquires", "云岭茶叶公司", "Asserted"))
    two = store(article("a", "2021-01-01", [ENERGY, SHIPS], said), more, base="http://b.example/")  # type: ignore[arg-type]
    done = wenmai("diff", written(tmp_path / "1.nq", one), written(tmp_path / "2.nq", two), "--format", "json")
    assert "compared by name" in done.stderr
    found = told(done)
    assert [(each["identifier"], each["kind"]) for each in found["articles"]] == [("b", "added")]
    assert found["renumbered"] == 2
    by_name = entities(found)
    assert [fact["predicate"] for fact in by_name["海棠能源公司"]["added"]] == ["acquires"]
    assert "withdrawn" not in by_name["海棠能源公司"]
    assert by_name["云岭茶叶公司"]["status"] == "new"


def test_what_a_build_keeps_for_itself_is_not_compared() -> None:
    made = [store(article("a", "2021-01-01", [ENERGY])) for _ in range(3)]
    node = ox.NamedNode("http://a.example/x")
    made[1].load([ox.Quad(node, node, node, ox.NamedNode(f"{made[1].base}graph/reading"))])
    made[2].load([ox.Quad(node, node, node, ox.NamedNode(f"{made[2].base}graph/curation"))])
    assert not compare(side(made[0]), side(made[1]))
    assert len(compare(side(made[0]), side(made[2])).added) == 1


# --- what cannot be compared ------------------------------------------------------------------------------------------


def test_what_cannot_be_compared_is_told_in_one_line(sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    shutil.copy(sample_store / "store.json", tmp_path / "broken.ttl")
    (tmp_path / "blank.ttl").write_text("_:a <http://a.example/p> 1 .", "utf-8")
    (tmp_path / "one.ttl").write_text("<http://a.example/s> <http://a.example/p> 1 .", "utf-8")
    for words, status, words_told in (
        (("none", sample_store), 4, "none: there is no store"),
        (("none.ttl", sample_store), 4, "none.ttl: there is no such file"),
        (("2017-02-30", "2017-03-01"), 2, "not a day"),
        (("2017-02-01", "2017-03-01"), 4, "wenmai-store: there is no store"),
        ((tmp_path / "broken.ttl", sample_store), 4, "not whole or not what its ending says"),
        ((tmp_path / "blank.ttl", tmp_path / "one.ttl"), 2, "blank nodes"),
        ((tmp_path / "one.ttl", sample_store, "--format", "update"), 2, "one graph"),
        ((sample_store,), 2, "required"),
    ):
        done = wenmai("diff", *words, cwd=tmp_path)
        assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (status, 1, ""), done.stderr
        assert words_told in done.stderr
    assert wenmai("diff", tmp_path / "one.ttl", tmp_path / "one.ttl").returncode == 0


def test_other_peoples_graphs_are_compared_too(tmp_path: Path, wenmai: Command) -> None:
    one, two = tmp_path / "1.ttl", tmp_path / "2.ttl"
    head = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX : <http://a.example/> "
    one.write_text(head + ':x a :T ; skos:prefLabel "甲" ; :p 1 .', "utf-8")
    two.write_text(head + ':x a :T ; skos:prefLabel "乙\\u001b[2J" ; :p 2 .', "utf-8")
    done = wenmai("diff", one, two)
    assert done.returncode == 1
    assert "quads     2 added, 2 removed" in done.stdout
    assert "\x1b" not in done.stdout
    store_a = MemoryStore()
    store_a.inner.bulk_load(path=str(one))
    store_a.inner.update(wenmai("diff", one, two, "--format", "update").stdout)
    expected = MemoryStore()
    expected.inner.bulk_load(path=str(two))
    assert set(store_a.match()) == set(expected.match())
