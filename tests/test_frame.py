"""Answers as pandas frames, with columns of the types their values have; pandas itself is an extra."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import wenmai
from wenmai.archive import Archive
from wenmai.errors import UsageError

pd = pytest.importorskip("pandas", reason="pandas is not installed: pip install 'wenmai[frames]'")


@pytest.fixture(scope="module")
def archive(sample_store: Path) -> Iterator[Archive]:
    with wenmai.open(sample_store) as opened:
        yield opened


def dtypes(frame: object) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in frame.dtypes.items()}  # type: ignore[attr-defined]


def test_a_library_query_gives_dates_numbers_and_texts(archive: Archive) -> None:
    frame = archive.frame("evidence", subject="申能", predicate="partnerOf", object="腾讯")
    kinds = dtypes(frame)
    assert kinds["published"] == "datetime64[s]" and kinds["begin"] == "Int64" and kinds["confidence"] == "Float64"
    assert kinds["quote"] == "string"
    assert frame["published"].max() == pd.Timestamp("2017-05-02") and frame["begin"].min() == 11
    assert len(frame) == len(archive.query("evidence", subject="申能", predicate="partnerOf", object="腾讯"))


def test_a_column_has_a_type_only_where_all_its_values_do(archive: Archive) -> None:
    frame = archive.frame(
        """SELECT * { VALUES (?day ?mixed ?number ?truth ?gap ?old ?wide) {
             ("2017-04-21"^^xsd:date "2017-04"^^xsd:gYearMonth 1 true 1 "0221-01-01"^^xsd:date 1)
             ("2018-01-01"^^xsd:date "2017-04-21"^^xsd:date 2.5 false UNDEF "9999-12-31"^^xsd:date 99999999999999999999)
           } } ORDER BY ?day"""
    )
    kinds = dtypes(frame)
    assert kinds == {
        "day": "datetime64[s]",
        "mixed": "string",
        "number": "Float64",
        "truth": "boolean",
        "gap": "Int64",
        "old": "datetime64[s]",
        "wide": "string",
    }
    assert list(frame["mixed"]) == ["2017-04", "2017-04-21"] and list(frame["number"]) == [1.0, 2.5]
    assert frame["gap"].isna().tolist() == [False, True] and frame["old"].dt.year.tolist() == [221, 9999]


def test_no_rows_still_have_columns(archive: Archive) -> None:
    frame = archive.frame("SELECT ?a ?b { ?a wenmai:noSuch ?b }")
    assert list(frame.columns) == ["a", "b"] and len(frame) == 0


def test_triples_are_a_frame_and_a_yes_is_none(archive: Archive) -> None:
    frame = archive.frame("CONSTRUCT { ?a wenmai:partnerOf ?b } WHERE { ?a wenmai:partnerOf ?b }")
    assert list(frame.columns) == ["subject", "predicate", "object"] and len(frame) > 4
    with pytest.raises(UsageError, match="ask"):
        archive.frame("ASK { ?a ?b ?c }")


def test_what_an_analysis_finds_is_a_frame(archive: Archive) -> None:
    frame = archive.analyse("pagerank").frame()
    assert dtypes(frame)["value"] == "Float64" and frame["value"].is_monotonic_decreasing


def test_without_pandas_the_extra_is_named(sample_store: Path) -> None:
    text = f"""
import sys
sys.modules["pandas"] = None
import wenmai
from wenmai.errors import UsageError
try:
    wenmai.open({str(sample_store)!r}).frame("articles")
except UsageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert "pip install 'wenmai[frames]'" in done.stdout, done.stderr
