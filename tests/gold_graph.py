"""The graph of articles that are annotated, each read with its date: made once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from once import once

ARTICLES = ROOT / "tests" / "gold"


def gold_graph(factory: pytest.TempPathFactory, articles: Path = ARTICLES) -> Path:
    """Return the N-Quads of all articles in a folder of articles with what is to be found in them."""
    from quality.making import make

    def made(folder: Path) -> None:
        make(articles, folder / "graph.nq")

    return once(factory, "gold" if articles == ARTICLES else "development", made) / "graph.nq"
