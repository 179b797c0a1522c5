"""Building the articles with the wenmai that is on the path, each with its own date, and the speed of reading alone.

Run as a program, it serves for the tree of another commit: `python -m quality.making GOLD OUT [PREFIX]`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quality.gold import read

if TYPE_CHECKING:
    from wenmai.records import Article


def make(folder: Path, out: Path, prefix: str = "") -> list[Article]:
    """Write the graph of the articles of `folder` to `out` as N-Quads; return the articles that were read."""
    import pyoxigraph as ox

    from wenmai.build import build
    from wenmai.read import ReadOptions, Source, sources
    from wenmai.read import read as read_source
    from wenmai.records import Article
    from wenmai.store import MemoryStore

    store = MemoryStore("http://localhost:8000/")
    articles = []
    for gold in read(folder, prefix):
        options = ReadOptions(date=gold.date)
        report = build([gold.path], store, options=options)
        if report.refused:
            raise ValueError(f"{gold.path}: {report.refused[0].reason}")
        found = [s for s in sources([gold.path]) if isinstance(s, Source)]
        articles += [a for s in found for a in read_source(s, options) if isinstance(a, Article)]
    with out.open("wb") as stream:
        ox.serialize(store.match(), stream, format=ox.RdfFormat.N_QUADS)
    return articles


def speed(articles: Sequence[Article]) -> float:
    """Return characters extracted a second, on one core, after an article that warms up."""
    from wenmai.extract import default_extractor

    extractor = default_extractor()
    extractor.extract(articles[0])
    begun = time.perf_counter()
    for article in articles:
        extractor.extract(article)
    return sum(len(a.text) for a in articles) / (time.perf_counter() - begun)


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
    sys.stdout.write(json.dumps({"characters_a_second": speed(made)}) + "\n")
