"""The examples of the named queries, asked of the sample articles as a new user would."""

from __future__ import annotations

from pathlib import Path

import pytest

from wenmai.build import build
from wenmai.query import library, run
from wenmai.resources import folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("samples") / "store"
    build([folder("samples")], path)
    return path


@pytest.mark.parametrize("name", list(library()))
def test_the_example_finds_something_in_the_samples(name: str, store: Path) -> None:
    result = run(store, name, library()[name].example)
    assert result.boolean if result.kind == "ask" else len(result) > 0
