"""An export as a store: asked, not written; what is no export is told."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

import wenmai as library
from conftest import Command
from wenmai.errors import StoreError
from wenmai.store import open_store

pytestmark = pytest.mark.usefixtures("no_tagger")


@pytest.mark.parametrize("ending", ["trig", "nq"])
def test_an_export_answers_what_the_store_answers(
    ending: str, sample_store: Path, tmp_path: Path, wenmai: Command
) -> None:
    export = tmp_path / f"all.{ending}"
    assert wenmai("export", "--store", sample_store, "--output", export).returncode == 0
    for words in (("query", "posts", "--format", "csv"), ("query", "planned-denied"), ("stats",), ("check",)):
        here, there = (wenmai(*words, "--store", where) for where in (export, sample_store))
        assert (here.returncode, here.stdout) == (there.returncode, there.stdout)
    with library.open(export) as graph:
        assert graph.base == "http://localhost:8000/"
        assert len(graph.query("articles")) == len(library.open(sample_store).query("articles"))


def test_an_export_keeps_the_base_of_its_store(tmp_path: Path, samples: Path, wenmai: Command) -> None:
    store, export = tmp_path / "store", tmp_path / "all.nq"
    article = samples / "2018-03-02-lingjiang-health.txt"
    assert wenmai("build", article, "--store", store, "--base", "http://b.example/kg/").returncode == 0
    assert wenmai("export", "--store", store, "--output", export).returncode == 0
    assert open_store(export).base == "http://b.example/kg/"


def test_an_export_is_not_written(tmp_path: Path, samples: Path, wenmai: Command) -> None:
    export = tmp_path / "all.trig"
    export.write_text("<http://a.example/s> <http://a.example/p> 1 .", "utf-8")
    store = open_store(export)
    node = ox.NamedNode("http://a.example/s")
    with pytest.raises(StoreError, match="only read"):
        store.commit([])
    with pytest.raises(StoreError, match="only read"):
        store.load([])
    with pytest.raises(StoreError, match="only read"):
        store.publish()
    assert len(list(store.match(node))) == 1
    assert wenmai("build", samples, "--store", export).returncode == 4
    assert export.read_text("utf-8").startswith("<http://a.example/s>")
    export.write_text("<http://a.example/s> <http://a.example/p>", "utf-8")
    done = wenmai("query", "articles", "--store", export)
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
    assert "not whole" in done.stderr
