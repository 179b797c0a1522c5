"""--min-confidence: what is not sure enough is neither kept by build nor drawn by view."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, Command

ARTICLES = ROOT / "tests" / "gold"
LOW = "SELECT (COUNT(?c) AS ?n) { GRAPH ?g { ?c wenmai:confidence ?x FILTER(?x < 0.9) } }"
ALL = "SELECT (COUNT(?c) AS ?n) { GRAPH ?g { ?c a wenmai:Claim } }"
LOOSE = "SELECT (COUNT(?p) AS ?n) { GRAPH ?g { ?p wenmai:postTitle ?t } FILTER NOT EXISTS { ?x wenmai:holdsPost ?p } }"


def articles() -> list[Path]:
    return sorted(ARTICLES.glob("a0*.txt"))


def number(wenmai: Command, store: Path, query: str) -> int:
    done = wenmai("query", "--store", store, "--format", "csv", query)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


@pytest.fixture(scope="module")
def stores(wenmai: Command, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two stores of the same articles: all that is claimed, and what is claimed with 0.9 or more."""
    folder = tmp_path_factory.mktemp("stores")
    for name, least in (("all", "0"), ("sure", "0.9")):
        words = ("build", *articles(), "--date", "2020-06-11", "--store", folder / name, "--min-confidence", least)
        done = wenmai(*words)
        assert done.returncode == 0, done.stderr
        assert ("not sure enough" in done.stdout) == (name == "sure")
    return folder / "all", folder / "sure"


def test_a_store_of_sure_claims_has_no_other(wenmai: Command, stores: tuple[Path, Path]) -> None:
    whole, sure = stores
    assert number(wenmai, whole, LOW) > 0 == number(wenmai, sure, LOW)
    assert number(wenmai, sure, ALL) == number(wenmai, whole, ALL) - number(wenmai, whole, LOW)
    assert number(wenmai, sure, LOOSE) == 0
    assert wenmai("check", "--store", sure).returncode == 0


def test_the_same_threshold_changes_nothing_and_another_reads_anew(wenmai: Command, stores: tuple[Path, Path]) -> None:
    words = ("build", articles()[0], "--date", "2020-06-11", "--store", stores[1])
    assert "1 unchanged" in wenmai(*words, "--min-confidence", "0.90").stdout
    assert "replaced" in wenmai(*words).stdout
    assert "replaced" in wenmai(*words, "--min-confidence", "0.9").stdout


def test_a_picture_of_sure_claims_is_that_of_the_store_of_sure_claims(
    wenmai: Command, stores: tuple[Path, Path], tmp_path: Path
) -> None:
    told: list[str] = []
    for store, least in ((stores[0], "0"), (stores[0], "0.9"), (stores[1], "0")):
        output = tmp_path / f"{len(told)}.graphml"
        done = wenmai("view", "--store", store, "--min-confidence", least, "--output", output)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.partition(": ")[2])
    assert told[0] != told[1] == told[2]


@pytest.mark.parametrize("value", ["2", "-0.1", "abc", "nan", ""])
@pytest.mark.parametrize("command", ["build", "view"])
def test_a_threshold_that_is_no_share_is_a_clear_error(wenmai: Command, command: str, value: str) -> None:
    done = wenmai(*([command, "x.txt"] if command == "build" else [command]), f"--min-confidence={value}")
    assert done.returncode == 2
    assert "is not a number from 0 to 1" in done.stderr
    assert "Traceback" not in done.stderr
