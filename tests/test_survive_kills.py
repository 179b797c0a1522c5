"""A build that is killed, interrupted or asked to end: whole articles, and the next one does the rest."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kills import Trial, write

from conftest import Command, command_line, exported

WENMAI = "https://w3id.org/wenmai/ns#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
TORN = f"""ASK {{
  {{ ?a a <{WENMAI}Article> FILTER NOT EXISTS {{ GRAPH ?g {{ ?a a <{WENMAI}Article> ; <{NIF}isString> ?t }} }} }}
  UNION {{ GRAPH ?g {{ ?a a <{WENMAI}Article> }} FILTER NOT EXISTS {{ ?a a <{WENMAI}Article> }} }}
  UNION {{ GRAPH ?g {{
    ?a <{NIF}isString> ?text . ?span <{NIF}beginIndex> ?b ; <{NIF}endIndex> ?e ; <{NIF}anchorOf> ?words
    FILTER(SUBSTR(?text, ?b + 1, ?e - ?b) != STR(?words)) }} }}
}}"""
"""True of a store in which an article is in one place and not in the other, or a quote does not stand in its text."""


def start(*words: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*command_line(), *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_kills_at_random_moments_leave_whole_articles_and_the_build_goes_on(tmp_path: Path, wenmai: Command) -> None:
    trial, chance = Trial(write(tmp_path / "news.jsonl", 100), tmp_path), random.Random(8)
    trial.undisturbed(kills=6)
    kills, articles = 0, set()
    while kills < 6:
        outcome = trial.kill_once(chance)
        if outcome is None:
            assert trial.finish() == trial.expected
            trial.again()
            continue
        kills += 1
        articles.add(outcome.articles)
        assert (outcome.published, outcome.committed) == (0, 0), outcome
        if kills % 3 == 0 and (trial.store / "current").exists():
            assert wenmai("check", "--store", trial.store).returncode == 0
    assert trial.finish() == trial.expected
    assert articles & set(range(2, 100)), "no kill fell into the midst of a build"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, wenmai: Command) -> tuple[Path, str]:
    """Return a file of 100 articles and the export of a store that they were built into undisturbed."""
    place = tmp_path_factory.mktemp("whole")
    source = write(place / "news.jsonl", 100)
    done = wenmai("build", source, "--store", place / "store")
    assert done.returncode == 0, done.stderr
    return source, exported(wenmai, place / "store")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_asked_to_end_ends_soon_and_says_what_is_safe(
    number: signal.Signals, whole: tuple[Path, str], tmp_path: Path, wenmai: Command
) -> None:
    (source, expected), store = whole, tmp_path / "store"
    with start("build", source, "--store", store, "--workers", "1") as process:
        while not (store / "current").exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.2)
        os.kill(process.pid, number)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    (line,) = told.splitlines()
    assert line.startswith("wenmai: interrupted; ")
    assert wenmai("check", "--store", store).returncode == 0
    done = wenmai("build", source, "--store", store)
    assert done.returncode == 0, done.stderr
    assert exported(wenmai, store) == expected


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_query_that_is_asked_to_end_ends_with_its_process(number: signal.Signals, sample_store: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with start("query", text, "--store", sample_store, "--timeout", "100") as process:
        worker = children(process.pid)
        while not worker and process.poll() is None:
            time.sleep(0.02)
            worker = children(process.pid)
        time.sleep(0.3)
        os.kill(process.pid, number)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130, told
    assert told.splitlines() == ["wenmai: interrupted"]
    assert worker
    assert not any(runs(child) for child in worker)


def children(parent: int) -> list[int]:
    """Return the processes that `parent` started."""
    try:
        return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def runs(process: int) -> bool:
    """Tell whether a process is there and not just waiting to be counted among the dead."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_build_is_refused_and_a_note_of_the_dead_does_no_harm(tmp_path: Path, wenmai: Command) -> None:
    source, store = write(tmp_path / "news.jsonl", 200), tmp_path / "store"
    one = write(tmp_path / "one.jsonl", 1)
    with start("build", source, "--store", store, "--workers", "1") as process:
        while not (store / "current").exists() and process.poll() is None:
            time.sleep(0.01)
        for words in (["build", one], ["remove", "kill-00000"]):
            done = wenmai(*words, "--store", store)
            assert done.returncode == 4
            assert f"process {process.pid} on " in done.stderr
            assert len(done.stderr.splitlines()) == 1
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert f'"pid": {process.pid}' in (store / "lock").read_text()  # the note is there, the lock is not
    assert wenmai("build", one, "--store", store).returncode == 0
    (store / "lock").write_text('{"pid": 1, "host": "elsewhere", "since": "2020"}')
    assert wenmai("build", one, "--store", store).returncode == 0


def test_readers_during_a_build_see_no_torn_article(tmp_path: Path) -> None:
    """A hundred readings while articles come in and are corrected and published, each a store that is whole."""
    from contextlib import closing

    from wenmai.reason import check
    from wenmai.store import open_store

    store = tmp_path / "store"
    parts = [write(tmp_path / f"news{number}.jsonl", 10 * number) for number in range(1, 5)]
    script = (
        "import sys\nfrom wenmai.build import build\n"
        "for part in [*sys.argv[2:], *sys.argv[-2:1:-1]]:\n    build([part], sys.argv[1], workers=1)\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen([*command, str(store), *map(str, parts)]) as process:
        while not (store / "current").exists() and process.poll() is None:
            time.sleep(0.01)
        counts = []
        for number in range(100):
            with closing(open_store(store)) as reader:
                if number % 20 == 0:
                    assert check(reader) == []
                assert not bool(reader.query(TORN))
                graphs = reader.query(f"SELECT ?a {{ GRAPH ?g {{ ?a a <{WENMAI}Article> }} }}")
                counts.append(sum(1 for _ in graphs))  # type: ignore[misc, union-attr]
        assert process.wait() == 0
    assert counts == sorted(counts)
