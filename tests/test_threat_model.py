"""What the documents on security promise is shown by tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from conftest import ROOT

NAMED = re.compile(r"`(tests/(?:\w+/)*test_\w+\.py)(?:::(test_\w+))?`")


def named(document: str) -> list[tuple[str, str]]:
    return NAMED.findall((ROOT / document).read_text("utf-8"))


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("document", ["SECURITY.md", "THREAT_MODEL.md"])
def test_every_test_that_is_named_exists(document: str) -> None:
    found = named(document)
    assert found
    assert [f"{file}::{name}" for file, name in found if not (ROOT / file).is_file()] == []
    assert [f"{file}::{name}" for file, name in found if name and name not in functions(ROOT / file)] == []


def test_every_promise_names_a_test() -> None:
    promises = (ROOT / "THREAT_MODEL.md").read_text("utf-8").partition("## Promises")[2].partition("## Not promised")[0]
    rows = [line for line in promises.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "| ---"))]
    assert len(rows) > 30
    assert [row for row in rows if not NAMED.search(row)] == []


def test_every_test_of_the_doors_stands_for_a_promise() -> None:
    told = {name for file, name in named("THREAT_MODEL.md") if file == "tests/test_serve_doors.py"}
    allowed = {
        "test_a_name_of_loopback_is_answered",
        "test_a_link_from_another_page_may_be_followed",
        "test_a_connection_goes_on_after_a_body_nobody_wanted",
        "test_the_scheme_of_a_trusted_proxy_makes_the_origin",
        "test_the_log_says_what_became_of_a_worker",
    }
    tests = {name for name in functions(ROOT / "tests" / "test_serve_doors.py") if name.startswith("test_")}
    assert tests - told - allowed == set()
