"""The graph of our own articles, each read with its date: made once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from once import once

ARTICLES = ROOT / "tests" / "gold"


def gold_graph(factory: pytest.TempPathFactory) -> Path:
    """Return the N-Quads of all articles in `tests/gold`."""
    from quality.making import make

    def made(folder: Path) -> None:
        make(ARTICLES, folder / "graph.nq")

    return once(factory, "gold", made) / "graph.nq"
