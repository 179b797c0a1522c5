"""`--as-of`: the graph as the articles until a day say it, from the real command and in Python."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

import wenmai as library
from conftest import Command
from history_graph import article, entity, store
from wenmai.errors import LimitError, UsageError
from wenmai.history import as_of
from wenmai.namespaces import PREFIXES
from wenmai.query import run
from wenmai.reason import check
from wenmai.store import MemoryStore, Store, open_store
from wenmai.triples import iris

UNDATED = "2020-10-28-page.txt"


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory, wenmai: Command, samples: Path) -> Path:
    """Return a store of the samples that have a date, all of them from one folder."""
    folder = tmp_path_factory.mktemp("dated")
    shutil.copytree(samples, folder / "news")
    (folder / "news" / UNDATED).unlink()
    assert wenmai("build", folder / "news", "--store", folder / "store").returncode == 0
    return folder / "store"


def lines(found: Store) -> list[str]:
    return sorted(str(quad) for quad in found.match() if not iris.is_private(quad.graph_name))


def by_names(found: Store) -> set[tuple[str, str, str]]:
    """Return what the default graph says of entities, with names in the place of IRIs."""
    label = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
    default = ox.DefaultGraph()
    names = {
        quad.subject: quad.object.value
        for quad in found.match(None, label, None, default)
        if isinstance(quad.object, ox.Literal) and quad.object.language == "zh"
    }
    return {
        (names[quad.subject], quad.predicate.value, names.get(quad.object, str(quad.object)))  # type: ignore[arg-type]
        for quad in found.match(None, None, None, default)
        if quad.subject in names
    }


def test_the_last_day_is_the_whole_store_and_the_day_before_the_first_is_empty(dated: Path) -> None:
    whole = open_store(dated)
    last = as_of(whole, "2024-12-31")
    assert lines(last) == lines(whole)
    assert (last.undated, last.notes) == (0, ())
    assert check(last) == []
    assert lines(as_of(whole, "2017-04-20")) == []
    assert as_of(whole, "2017-04-20").articles == 0


@pytest.mark.parametrize("day", ["2017-04-21", "2018-12-31", "2020-09-08", "2022-01-01"])
def test_a_day_between_is_sound_and_grows_with_the_days(day: str, dated: Path) -> None:
    whole = open_store(dated)
    past = as_of(whole, day)
    assert check(past) == []
    articles = {q.graph_name for q in past.match() if "article-" in str(q.graph_name)}
    assert 0 < len(articles) == past.articles < as_of(whole, "2024-12-31").articles
    kept = {quad for quad in whole.match() if quad.graph_name in articles}
    assert kept == {quad for quad in past.match() if quad.graph_name in articles}


def test_a_day_is_what_its_articles_alone_give(dated: Path, tmp_path: Path, wenmai: Command, samples: Path) -> None:
    news = tmp_path / "until-2018"
    news.mkdir()
    for path in samples.iterdir():
        if path.name[:4] in ("2017", "2018"):
            shutil.copy(path, news)
    assert wenmai("build", news, "--store", tmp_path / "alone").returncode == 0
    alone, past = by_names(open_store(tmp_path / "alone")), by_names(as_of(open_store(dated), "2018-12-31"))
    assert len(alone) > 300
    assert past == alone


def test_the_commands_say_what_is_left_out(sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    told = "wenmai: 3 articles without a date are left out\n"
    when = ("--as-of", "2017-04-21", "--store", sample_store)
    done = wenmai("query", "articles", "--format", "csv", *when)
    assert (done.returncode, done.stderr) == (0, told)
    assert {line.partition(",")[0] for line in done.stdout.splitlines()[1:]} == {"2017-04-21"}
    done = wenmai("view", "--output", tmp_path / "page.html", *when)
    assert (done.returncode, done.stderr) == (0, told)
    whole = wenmai("view", "--output", tmp_path / "whole.html", "--store", sample_store)
    assert int(done.stdout.split()[1]) < int(whole.stdout.split()[1])
    done = wenmai("export", "--output", tmp_path / "then.trig", *when)
    assert (done.returncode, done.stderr, done.stdout) == (0, told, "")
    again = wenmai("query", "articles", "--format", "csv", "--store", tmp_path / "then.trig")
    assert again.stdout == wenmai("query", "articles", "--format", "csv", *when).stdout
    assert wenmai("query", "articles", "--as-of", "2017-02-30").returncode == 2


def test_a_fact_is_known_from_its_day_on(sample_store: Path, wenmai: Command) -> None:
    query = 'ASK { ?a wenmai:mentions ?org . ?org skos:prefLabel "上海智燃科技有限公司"@zh }'
    for day, status in (("2017-05-01", 1), ("2017-05-02", 0)):
        assert wenmai("query", query, "--as-of", day, "--store", sample_store).returncode == status


def test_limits_hold_while_the_view_is_made(sample_store: Path, wenmai: Command) -> None:
    words = ("query", "articles", "--store", sample_store, "--as-of", "2024-12-31", "--timeout", "0.01")
    done = wenmai(*words)
    assert done.returncode == 5
    assert "longer than 0.01 s" in done.stderr
    day = dt.date(2024, 12, 31)
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises(LimitError, match=r"longer than 3 s"):
        run(sample_store, endless, timeout=3, as_of=day)
    large = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    with pytest.raises(LimitError, match="memory"):
        run(sample_store, large, as_of=day, memory=1 << 30)


def test_in_python(sample_store: Path) -> None:
    with library.open(sample_store, as_of="2017-04-22") as graph:
        rows = list(graph.query("articles"))
        assert len(rows) == 6
        assert len(list(graph.rdflib().triples((None, None, None)))) < 1500
        assert not graph.ask("ASK { ?x wenmai:acquires ?y }")
    with pytest.raises(UsageError, match="not a day"):
        library.open(sample_store, as_of="April 2017")


def test_curation_holds_for_every_day_and_what_a_build_keeps_for_itself_for_none() -> None:
    made = store(article("a1", "2021-01-01", [entity("海棠公司")]), article("a2", "2021-02-01", [entity("远山公司")]))
    base, node = made.base, ox.NamedNode("http://a.example/x")
    for name in ("curation", "reading", "else"):
        made.load([ox.Quad(node, node, ox.Literal(name), ox.NamedNode(f"{base}graph/{name}"))])
    past = as_of(made, "2021-01-15")
    graphs = {str(quad.graph_name).rpartition("/")[2].rstrip(">") for quad in past.match()} - {"DEFAULT"}
    assert "curation" in graphs
    assert not graphs & {"reading", "else"}
    assert len([name for name in graphs if name.startswith("article-")]) == 1


def test_a_server_gives_the_same_view(server: str) -> None:
    made = store(
        *(article(f"a{n}", f"2021-01-{n:02}", [entity("海棠公司"), entity(f"第{n}公司")]) for n in range(1, 29)),
        article("b", None, [entity("远山公司")]),
    )
    remote = open_store(server)
    remote.load(made.match())
    assert lines(as_of(remote, "2021-01-15")) == lines(as_of(made, "2021-01-15"))
    assert as_of(remote, "2021-01-15").notes == ("1 article without a date is left out",)
    assert len(run(remote, "articles", as_of=as_of(made, "2021-01-15").day)) == 15


def test_a_store_in_memory_is_asked_as_of_a_day_too() -> None:
    made = store(article("a1", "2021-01-01", [entity("海棠公司")]), article("a2", "2021-02-01", [entity("远山公司")]))
    assert isinstance(made, MemoryStore)
    assert len(run(made, "articles", as_of=as_of(made, "2021-01-31").day)) == 1
    assert len(run(made, "articles")) == 2
