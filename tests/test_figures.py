"""The page of figures is made by one command that measures side by side; every query has a budget."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from compare import figures, page
from compare.figures import Comparison, Row

from conftest import ROOT
from wenmai.query import library

ROWS = (Row("wenmai", 2.0, 40), Row("another", 6.0), Row("a third", None, note="not installed"))
SOME = Comparison("some", "Some work", "What is done.", "ms", False, "wenmai", ROWS, "less than others")


def test_one_command_measures_and_writes_the_page(tmp_path: Path) -> None:
    words = ["-m", "compare", "--quads", "2000", "--only", "load,ask,evidence,export", "--docs", str(tmp_path)]
    path = os.pathsep.join(filter(None, [str(ROOT / "benchmarks"), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, *words, "--ways", "wenmai|pyoxigraph|owlready2"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    for name in ("load", "ask", "evidence", "export"):
        kept = json.loads((tmp_path / "figures" / f"{name}.json").read_text("utf-8"))
        values = {row["way"]: row["value"] for row in kept["rows"]}
        assert list(values) == ["wenmai", "pyoxigraph", "owlready2"]
        assert all(value and value > 0 for way, value in values.items() if (way, name) != ("owlready2", "evidence"))
        assert kept["date"] and "cores" in kept["machine"]
    text = (tmp_path / "figures.md").read_text("utf-8")
    assert "| pyoxigraph |" in text and "![Filling a store](figures/load.svg)" in text
    rows = {row["note"] for row in json.loads((tmp_path / "figures" / "ask.json").read_text("utf-8"))["rows"]}
    assert len(rows) == 1  # all of them found the same number of rows


def test_the_page_shows_factors_and_what_was_not_measured(tmp_path: Path) -> None:
    figures.write(SOME, tmp_path / "figures")
    (read,) = figures.read(tmp_path / "figures", ["none", "some"])
    assert read == SOME
    assert [read.factor(row) for row in read.rows] == [1.0, 3.0, None]
    page.write([read], tmp_path)
    text, picture = (tmp_path / "figures.md").read_text("utf-8"), (tmp_path / "figures" / "some.svg").read_bytes()
    assert "| another | 6 | 3 |  |  |" in text
    assert "| a third | – | – |  | not installed |" in text
    page.write([read], tmp_path)
    assert (tmp_path / "figures" / "some.svg").read_bytes() == picture


def test_every_query_has_a_budget() -> None:
    assert [name for name, query in library().items() if not query.budget or query.budget < 20] == []
