"""From articles to a graph: wenmai's build beside a plain pipeline of jieba.posseg and rdflib, on the same articles.

The plain pipeline finds nothing: it tags the words, then puts the very quads that wenmai made into an rdflib Dataset
and writes them, so that both end with the same graph in a file. That is the least that any such pipeline has to do.
"""

from __future__ import annotations

import importlib.util
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from compare.figures import Comparison, Row


def compare(articles: int, told: Callable[[str], object]) -> Comparison:
    """Build that many articles both ways; characters a second from files to a graph in a file."""
    from archive import articles as made

    records = list(made(articles))
    characters = sum(len(record["text"]) for record in records)
    with tempfile.TemporaryDirectory() as place:
        rows = [*_wenmai(records, characters, Path(place)), *_plain(records, characters, Path(place))]
    told("; ".join(f"{row.way}: {row.value and round(row.value)} ({row.note})" for row in rows))
    return Comparison(
        "build",
        "From articles to a graph",
        "The same articles, with names of their own, into a graph in a file. jieba.posseg only tags words; the "
        "pipeline of jieba and rdflib tags them and writes the quads that wenmai found, which it is given.",
        "characters a second",
        True,
        "wenmai, one process",
        tuple(rows),
        "ahead of the pipeline by rdflib",
        size=f"{articles:,} articles, {characters:,} characters",
    )


def _wenmai(records: list[dict[str, str]], characters: int, place: Path) -> list[Row]:
    """Build with one process and with all there are; the first store is left for the other way."""
    from wenmai.build import build
    from wenmai.workers import available

    source = place / "news.jsonl"
    source.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    first = place / "first.jsonl"
    first.write_text(json.dumps(records[0], ensure_ascii=False), "utf-8")
    build([first], place / "first", workers=1)  # what is read once is read by now, as with jieba's dictionary below
    rows = []
    for way, workers in (("wenmai, one process", 1), (f"wenmai, {available()} processes", available())):
        begun = time.perf_counter()
        report = build([source], place / f"store-{workers}", workers=workers)
        took = time.perf_counter() - begun
        note = f"{report.built / took:,.0f} articles a second"
        rows.append(Row(way, characters / took, note=note))
    return rows


def _plain(records: list[dict[str, str]], characters: int, place: Path) -> list[Row]:
    if importlib.util.find_spec("jieba") is None:
        return [Row("jieba.posseg and rdflib", None, note="not measured: jieba is not installed (the extra bench)")]
    import jieba.posseg
    import pyoxigraph as ox
    from rdflib import Dataset

    from wenmai.store import open_store

    jieba.setLogLevel(60)
    list(jieba.posseg.cut("开始"))
    begun = time.perf_counter()
    words = sum(len(list(jieba.posseg.cut(record["text"]))) for record in records)
    tagging = time.perf_counter() - begun
    with closing(open_store(place / "store-1")) as store:
        lines = ox.serialize(store.match(), format=ox.RdfFormat.N_QUADS) or b""
    begun = time.perf_counter()
    graph = Dataset()
    graph.parse(data=lines.decode(), format="nquads")
    graph.serialize(str(place / "plain.trig"), format="trig")
    writing = time.perf_counter() - begun
    count = lines.count(b"\n")
    return [
        Row("jieba.posseg alone", characters / tagging, note=f"{words:,} words, no facts"),
        Row("jieba.posseg and rdflib", characters / (tagging + writing), note=f"{count:,} quads, which it is given"),
    ]
