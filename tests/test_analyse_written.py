"""What analyses write: a graph of its own, apart from the facts; what check, export and backup make of it."""

from __future__ import annotations

import io
import shutil
from contextlib import closing
from pathlib import Path

import pytest

import wenmai as package
from conftest import Command
from wenmai.analyse import find
from wenmai.analyse.given import Given
from wenmai.analyse.written import write
from wenmai.curate.curator import Curator
from wenmai.history.asof import as_of
from wenmai.reason import check
from wenmai.store import Store, open_store
from wenmai.store.backup import backup
from wenmai.store.restore import restore
from wenmai.triples.export import export
from wenmai.view import facts


@pytest.fixture
def mine(sample_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_store, tmp_path / "store"))


def written(store: Store, name: str, **params: str) -> tuple[str, int]:
    """Analyse a store that is open to write and write what is found, as `--write` does."""
    analysis = find(name)
    given = Given(analysis, params, store)
    return write(store, analysis, analysis.run(store, given), given.settings())


def quads(store: Store, graph: str = "") -> set[str]:
    return {str(quad) for quad in store.match() if graph in str(quad.graph_name)}


_SCORES = """SELECT ?name ?value { GRAPH ?g { ?run a wenmai:AnalysisRun ; wenmai:analysis "pagerank" .
    ?score a sosa:Observation ; prov:wasGeneratedBy ?run ;
           sosa:hasFeatureOfInterest ?thing ; sosa:hasSimpleResult ?value }
  ?thing skos:prefLabel ?name FILTER(LANG(?name) = "zh") }"""
_GROUPS = (
    "SELECT (COUNT(?t) AS ?n) { GRAPH ?g { ?c a prov:Collection ; prov:hadMember ?t } } GROUP BY ?c ORDER BY DESC(?n)"
)
_RUN = """SELECT ?settings ?n ?day { GRAPH ?g { ?r wenmai:analysis "pagerank" ; wenmai:analysisSettings ?settings ;
  prov:used ?state . ?state <http://rdfs.org/ns/void#documents> ?n ; dcterms:date ?day } }"""


def test_the_command_writes_into_a_graph_of_its_own_and_publishes(mine: Path, wenmai: Command) -> None:
    with closing(open_store(mine)) as before:
        old = quads(before)
    done = wenmai("analyse", "pagerank", "--store", mine, "--write", "--limit", "1", "--as-of", "2024-03-15")
    assert done.returncode == 0 and "/graph/analysis-pagerank: " in done.stderr and len(done.stdout.splitlines()) == 3
    assert '"event": "analysis"' in (mine / "log.jsonl").read_text("utf-8").splitlines()[-1]
    with package.open(mine) as archive:
        assert old == {quad for quad in quads(archive.store) if "/graph/analysis-" not in quad}
        (about,) = archive.query(_RUN)
        assert about["settings"] == "damping=85 projection=all as-of=2024-03-15"
        assert (about["n"], str(about["day"])) == (21, "2024-03-15")
    dropped = wenmai("analyse", "pagerank", "--store", mine, "--drop")
    assert dropped.returncode == 0 and "taken out" in dropped.stderr
    with closing(open_store(mine)) as after:
        assert quads(after) == old


def test_what_is_written_is_what_was_found(mine: Path) -> None:
    with closing(open_store(mine, write=True)) as store:
        for name in ("pagerank", "communities"):
            written(store, name)
    with package.open(mine) as archive:
        found, table = list(archive.query(_SCORES)), list(archive.analyse("pagerank"))
        assert {(row["name"], row["value"]) for row in found} == {(row["name"], row["value"]) for row in table}
        sizes = [row["things"] for row in archive.analyse("communities")]
        assert [row["n"] for row in archive.query(_GROUPS)] == sizes
        past = as_of(archive.store, "2018-01-01")
        assert quads(past) and not quads(past, "analysis-")


def test_the_same_again_changes_nothing_and_other_settings_replace_it(mine: Path) -> None:
    with closing(open_store(mine, write=True)) as store:
        graph, size = written(store, "degree")
        whole, snapshots = quads(store), sorted((mine / "snapshots").iterdir())
        assert written(store, "degree") == (graph, size)
        assert quads(store) == whole and sorted((mine / "snapshots").iterdir()) == snapshots
        written(store, "degree", projection="who-with-whom")
        (settings,) = [quad for quad in quads(store, graph) if "analysisSettings" in quad]
        assert "projection=who-with-whom" in settings
        assert len(quads(store, graph)) < size


def test_check_tells_an_analysis_that_is_older_than_the_articles_or_damaged(mine: Path) -> None:
    with closing(open_store(mine, write=True)) as store:
        written(store, "bridges")
        with closing(Curator(store, "编辑")) as curator:
            curator.rename(_id(store, "凌江大学"), "云帆大学")
        store.update(
            "PREFIX sosa: <http://www.w3.org/ns/sosa/> WITH <http://localhost:8000/graph/analysis-bridges> "
            "DELETE { ?s sosa:hasFeatureOfInterest ?t ; sosa:hasSimpleResult ?v } "
            "INSERT { ?s sosa:hasFeatureOfInterest <http://localhost:8000/id/org-000000000000> } "
            "WHERE { ?s sosa:hasFeatureOfInterest ?t ; sosa:hasSimpleResult ?v FILTER(?v = 16) }",
            store.base,
        )
        told = [(finding.severity, finding.message) for finding in check(store)]
        assert [severity for severity, _ in told] == ["error", "error", "warning"]
        for words in (
            "org-000000000000 is spoken of but nowhere described",
            "a number about a thing is one decimal",
            "the articles have changed since it was made; make it again: `wenmai analyse bridges --write`",
        ):
            assert any(words in message for _, message in told), words
        written(store, "bridges")
        assert check(store) == []


def _id(store: Store, name: str) -> str:
    (found,) = facts.find(store, name)
    return found.rpartition("/")[2]


def test_a_backup_and_the_flat_export_keep_it(mine: Path, tmp_path: Path) -> None:
    with closing(open_store(mine, write=True)) as store:
        written(store, "bridges")
    backup(mine, tmp_path / "kept")
    restore(tmp_path / "kept", tmp_path / "again")
    turtles = []
    for place in (mine, tmp_path / "again"):
        with closing(open_store(place)) as store:
            out = io.BytesIO()
            export(store, "turtle", out)
            turtles.append(out.getvalue().decode())
    assert turtles[0] == turtles[1]
    assert "a sosa:Observation" in turtles[0] and turtles[0].count("wenmai:analysisSettings") == 1
