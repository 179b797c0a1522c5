"""The commands as a person uses them: what they print where, and with which status they end."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import Command, command_line
from wenmai.cli import ask, export, picture

WENMAI = "https://w3id.org/wenmai/ns#"


def one_line(done: subprocess.CompletedProcess[str], status: int) -> str:
    """Return the one line of standard error of a command that ended with `status` and printed nothing else."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("wenmai: ")
    return line


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bild", "x"], "did you mean build?"),
        (["build"], "SOURCE"),
        (["build", "x", "--date", "2017-02-30"], "2017-02-30"),
        (["build", "x", "--workers", "0"], "'0'"),
        (["build", "x", "--bas", "http://a.example/"], "--bas"),
        (["export", "--format", "word"], "word"),
        (["query", "partners", "--timeout", "soon"], "soon"),
        (["view", "--lang", "fr"], "fr"),
    ],
)
def test_a_wrong_word_is_told_in_one_line(words: list[str], told: str, wenmai: Command) -> None:
    assert told in one_line(wenmai(*words), 2)


def test_without_a_command_the_help_is_shown(wenmai: Command) -> None:
    done = wenmai()
    assert done.returncode == 2
    assert "wenmai build" in done.stderr


@pytest.mark.parametrize(
    "words",
    [["export"], ["stats"], ["check"], ["review"], ["report"], ["view"], ["query", "articles"], ["remove", "x"]],
    ids=lambda w: w[0],
)
def test_a_store_that_is_not_there_is_told_with_the_way_to_make_one(
    words: list[str], tmp_path: Path, wenmai: Command
) -> None:
    line = one_line(wenmai(*words, "--store", tmp_path / "none"), 4)
    assert "none" in line
    assert "wenmai build" in line
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_folder_is_left_as_it_is(tmp_path: Path, wenmai: Command, samples: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    for words in (["build", samples], ["export"], ["stats"]):
        assert str(tmp_path) in one_line(wenmai(*words, "--store", tmp_path), 4)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_store_of_a_later_format_names_both_versions(tmp_path: Path, wenmai: Command, samples: Path) -> None:
    store = tmp_path / "store"
    assert wenmai("build", samples, "--store", store).returncode == 0
    marker = store / "store.json"
    settings = json.loads(marker.read_text("utf-8"))
    marker.write_text(json.dumps(settings | {"format": settings["format"] + 1}), "utf-8")
    for words in (["build", samples], ["export"], ["stats"]):
        line = one_line(wenmai(*words, "--store", store), 4)
        assert str(settings["format"]) in line
        assert str(settings["format"] + 1) in line


def test_a_second_writer_is_told_who_holds_the_store(tmp_path: Path, wenmai: Command, samples: Path) -> None:
    store = tmp_path / "store"
    assert wenmai("build", samples, "--store", store).returncode == 0
    first = subprocess.Popen([*command_line(), "build", "-", "--store", str(store)], stdin=subprocess.PIPE)
    try:
        while str(first.pid) not in (store / "lock").read_text("utf-8") and first.poll() is None:
            time.sleep(0.02)
        assert str(first.pid) in one_line(wenmai("build", samples, "--store", store), 4)
        assert wenmai("stats", "--store", store).returncode == 0
    finally:
        first.kill()
        first.communicate()
    assert wenmai("build", samples, "--store", store).returncode == 0


def test_extract_prints_one_object_an_article_with_exact_quotes(samples: Path, wenmai: Command) -> None:
    done = wenmai("extract", samples)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) >= 12
    for article in found:
        assert set(article) == {"id", "title", "date", "text", "mentions", "claims"}
        for mention in article["mentions"]:
            assert set(mention) == {"begin", "end", "text", "class", "name"}
            assert article["text"][mention["begin"] : mention["end"]] == mention["text"]
        for claim in article["claims"]:
            assert set(claim) == {
                "subject",
                "predicate",
                "object",
                "modality",
                "begin",
                "end",
                "quote",
                "confidence",
            }
            assert article["text"][claim["begin"] : claim["end"]] == claim["quote"]
            assert 0 <= claim["confidence"] <= 1
            assert claim["subject"]
            assert claim["object"]
    assert sum(len(article["claims"]) for article in found) > 50


@pytest.mark.parametrize("format", export.FORMATS)
def test_every_format_is_exported_to_output_and_to_a_file_alike(
    format: str, sample_store: Path, tmp_path: Path, wenmai: Command
) -> None:
    target = tmp_path / f"graph{export.FORMATS[format]}"
    target.write_text("old", "utf-8")
    printed = wenmai("export", "--store", sample_store, "--format", format)
    assert printed.returncode == 0, printed.stderr
    assert wenmai("export", "--store", sample_store, "--output", target).returncode == 0
    assert target.read_text("utf-8") == printed.stdout
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def dataset(text: str, format: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(text, format=format))


def test_exports_say_the_same(sample_store: Path, wenmai: Command) -> None:
    def exported(*words: str) -> str:
        done = wenmai("export", "--store", sample_store, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    quads = dataset(exported("--format", "nquads"), ox.RdfFormat.N_QUADS)
    assert dataset(exported("--format", "trig"), ox.RdfFormat.TRIG) == quads
    # Flattened, the names that each article prints are the labels of the entity; they are not said twice.
    flat = {ox.Quad(*quad.triple) for quad in quads if quad.predicate.value != WENMAI + "nameAsPrinted"}
    assert dataset(exported(), ox.RdfFormat.TURTLE) == flat
    assert dataset(exported("--format", "ntriples"), ox.RdfFormat.N_TRIPLES) == flat
    assert dataset(exported("--format", "jsonld"), ox.RdfFormat.JSON_LD) == flat
    assert dataset(exported("--format", "rdfxml"), ox.RdfFormat.RDF_XML) == flat
    facts = {quad for quad in quads if quad.graph_name == ox.DefaultGraph()}
    assert dataset(exported("--facts-only", "--format", "nquads"), ox.RdfFormat.N_QUADS) == facts
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)]


def test_one_article_is_exported_by_its_identifier(sample_store: Path, wenmai: Command) -> None:
    rows = wenmai("query", "articles", "--store", sample_store, "--format", "csv").stdout
    identifier = next(csv.DictReader(io.StringIO(rows)))["id"]
    done = wenmai("export", "--store", sample_store, "--article", identifier, "--format", "nquads")
    assert done.returncode == 0, done.stderr
    graphs = {str(quad.graph_name) for quad in dataset(done.stdout, ox.RdfFormat.N_QUADS)}
    assert len([name for name in graphs if "/graph/article-" in name]) == 1
    assert "nowhere" in one_line(wenmai("export", "--store", sample_store, "--article", "nowhere"), 2)


def test_an_export_that_fails_leaves_the_file_as_it_was(sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    target = tmp_path / "graph.ttl"
    target.write_text("old", "utf-8")
    one_line(wenmai("export", "--store", sample_store, "--article", "nowhere", "--output", target), 2)
    assert target.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.ttl"]
    one_line(wenmai("export", "--store", sample_store, "--output", tmp_path / "no" / "graph.ttl"), 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_in_one_line(sample_store: Path, wenmai: Command) -> None:
    assert "space" in one_line(wenmai("export", "--store", sample_store, "--output", "/dev/full"), 4)


def test_a_reader_that_goes_away_is_no_error(sample_store: Path) -> None:
    with subprocess.Popen(
        [*command_line(), "export", "--store", str(sample_store)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("format", ["table", "csv", "tsv", "json", "xml"])
def test_a_library_query_is_answered_in_every_format(format: str, sample_store: Path, wenmai: Command) -> None:
    done = wenmai("query", "partners", "--param", "org=申能", "--store", sample_store, "--format", format)
    assert done.returncode == 0, done.stderr
    assert "腾讯" in done.stdout


def test_queries_come_as_text_from_a_file_and_from_input(sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    text = "ASK { ?a wenmai:partnerOf ?b }"
    (tmp_path / "ask.rq").write_text(text, "utf-8")
    for query, given in ((text, None), (tmp_path / "ask.rq", None), ("-", text)):
        done = wenmai("query", query, "--store", sample_store, input=given)
        assert (done.returncode, done.stdout.strip()) == (0, "true"), done.stderr
    done = wenmai("query", "ASK { ?a wenmai:acquires ?a }", "--store", sample_store)
    assert (done.returncode, done.stdout.strip()) == (1, "false")
    done = wenmai(
        "query", "CONSTRUCT { ?a wenmai:partnerOf ?b } WHERE { ?a wenmai:partnerOf ?b }", "--store", sample_store
    )
    assert done.returncode == 0
    assert dataset(done.stdout, ox.RdfFormat.TURTLE)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["partner"], 2, "partners"),
        (["partners"], 2, "org"),
        (["partners", "--param", "organisation=申能"], 2, "organisation"),
        (["partners", "--param", "org"], 2, "NAME=VALUE"),
        (["SELCT ?s { ?s ?p ?o }"], 2, "line 1"),
        (["SELECT ?s { ?s ?p ?o"], 2, "line 1"),
        (["SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }"], 2, "SERVICE"),
        (["INSERT DATA { <a:a> <a:b> <a:c> }"], 2, ""),
        (["SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "1"], 5, "1 s"),
        (["nowhere.rq"], 2, "nowhere.rq"),
    ],
)
def test_a_query_that_is_not_right_is_told_in_one_line(
    words: list[str], status: int, told: str, sample_store: Path, wenmai: Command
) -> None:
    assert told in one_line(wenmai("query", *words, "--store", sample_store), status)


def test_the_library_is_listed_and_each_query_shown(wenmai: Command) -> None:
    done = wenmai("queries")
    assert done.returncode == 0
    names = [line.split()[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert len(names) >= 20
    assert "partners" in names
    assert "SELECT" in wenmai("queries", "partners").stdout
    assert "there is no query" in one_line(wenmai("queries", "nothing"), 2)


def test_stats_count(sample_store: Path, wenmai: Command) -> None:
    done = wenmai("stats", "--store", sample_store)
    assert done.returncode == 0, done.stderr
    assert "partnerOf" in done.stdout
    counted = json.loads(wenmai("stats", "--store", sample_store, "--json").stdout)
    quads = dataset(wenmai("export", "--store", sample_store, "--format", "nquads").stdout, ox.RdfFormat.N_QUADS)
    assert counted["quads"] == len(quads)
    assert counted["articles"] == len({q.subject for q in quads if str(q.object) == f"<{WENMAI}Article>"})
    claims = {q.subject for q in quads if str(q.object) == f"<{WENMAI}Claim>"}
    assert sum(counted["claims"].values()) == len(claims)
    assert counted["first"] <= counted["last"]
    assert "EventStatus" not in counted["classes"]


def test_check_finds_nothing_in_the_samples(sample_store: Path, wenmai: Command) -> None:
    done = wenmai("check", "--store", sample_store)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    # What articles say against each other is told, and is no fault of the store.
    assert "2 contradictions: `wenmai review --kind contradictions" in done.stderr
    machine = wenmai("check", "--store", sample_store, "--json")
    assert (machine.returncode, json.loads(machine.stdout)) == (0, {"findings": [], "contradictions": 2})


@pytest.mark.parametrize("format", ["html", "graphml", "gexf", "svg"])
def test_view_writes_every_format(format: str, sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    done = wenmai("view", "--store", sample_store, "--format", format, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (written,) = tmp_path.iterdir()
    assert written.name == f"wenmai{picture.FORMATS[format]}"
    text = written.read_text("utf-8")
    assert "申能" in text or json.dumps("申能").strip('"') in text


def test_view_draws_around_a_focus(sample_store: Path, tmp_path: Path, wenmai: Command) -> None:
    target = tmp_path / "focus.svg"
    done = wenmai("view", "--store", sample_store, "--focus", "申能", "--depth", "1", "--output", target)
    assert done.returncode == 0, done.stderr
    assert "腾讯" in target.read_text("utf-8")
    assert "nobody" in one_line(wenmai("view", "--store", sample_store, "--focus", "nobody", "--output", target), 2)


def test_the_lists_of_formats_are_those_of_the_rooms() -> None:
    from wenmai import query, triples, view

    assert list(export.FORMATS) == list(triples.FORMATS)
    assert ask.FORMATS == query.FORMATS
    assert tuple(picture.FORMATS) == view.FORMATS


def test_progress_is_shown_on_a_terminal_only(samples: Path, tmp_path: Path) -> None:
    shown, terminal = pty.openpty()
    words = [*command_line(), "build", str(samples / "2020-10-28-page.txt"), "--store", str(tmp_path / "store")]
    seen = bytearray()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=terminal) as build:
        os.close(terminal)
        with suppress(OSError):  # the terminal is gone when the build is
            while more := os.read(shown, 100_000):
                seen += more
        out, _ = build.communicate()
    os.close(shown)
    assert build.returncode == 0
    assert b"\x1b" in seen
    assert b"\x1b" not in out


def test_demo_does_all_of_it(tmp_path: Path, wenmai: Command) -> None:
    for _ in range(2):
        done = wenmai("demo", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    assert "腾讯" in done.stdout
    assert (tmp_path / "demo" / "graph.ttl").stat().st_size > 10_000
    assert "<html" in (tmp_path / "demo" / "network.html").read_text("utf-8")
    assert wenmai("stats", "--store", "demo/store", cwd=tmp_path).returncode == 0


def test_demo_touches_nothing_that_is_not_its_own(tmp_path: Path, wenmai: Command) -> None:
    (tmp_path / "demo" / "store").mkdir(parents=True)
    (tmp_path / "demo" / "store" / "letter.txt").write_text("mine", "utf-8")
    one_line(wenmai("demo", cwd=tmp_path), 4)
    assert (tmp_path / "demo" / "store" / "letter.txt").read_text("utf-8") == "mine"
