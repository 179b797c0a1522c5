"""How building grows: 100, 1,000 and 10,000 articles, what each costs, and what ten times the input costs.

    python benchmarks/growth.py [--sizes 100,1000,10000] [--workers N] [--sample samples]

The articles are the samples with other names in them: copies, no two of which speak of the same firms, people and
roads, so that the graph grows with the input. Ten times the articles should take about ten times as long.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from wenmai.build import build
from wenmai.read import ReadOptions, Source, read, sources
from wenmai.records import Article
from wenmai.resources import folder
from wenmai.statistics import count
from wenmai.store import open_store
from wenmai.workers import available

SYLLABLES = "安邦昌德恩方国海嘉康利民宁平庆荣盛泰伟祥益永裕泽正中卓华信诚达丰和金凯隆明瑞顺通旺兴源远"


def name(number: int) -> str:
    """Return the number-th of some 91,000 names of three characters."""
    base = len(SYLLABLES)
    return SYLLABLES[number % base] + SYLLABLES[number // base % base] + SYLLABLES[number // base // base % base]


def originals(sample: Path) -> list[Article]:
    """Return the sample articles."""
    return [
        item
        for source in sources([sample])
        if isinstance(source, Source)
        for item in read(source, ReadOptions())
        if isinstance(item, Article) and item.lang == "zh"
    ]


def varied(articles: list[Article], size: int) -> Iterator[dict[str, str]]:
    """Yield `size` records: the sample articles in turn, each with names of its own for firms and roads."""
    for number in range(size):
        article = articles[number % len(articles)]
        fresh = name(number)
        text = re.sub(r"(?<![一-鿿])([一-鿿]{2,4})(?=(集团|公司|银行|大学|中心|路\d))", fresh, article.text)
        text = text.replace("有限公司", f"{fresh}有限公司", 1) if fresh not in text else text
        yield {
            "id": f"copy-{number:06}",
            "title": article.title,
            "text": f"{text}\n{fresh}科技有限公司与{name(number + 1)}集团有限公司签署了战略合作协议。\n",
            "date": str(article.date or "2017-04-21"),
        }


def measure(records: list[dict[str, str]], workers: int, place: Path) -> tuple[float, int]:
    """Return the seconds that building `records` takes, and the quads that came of it."""
    source = place / "news.jsonl"
    source.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    began = time.perf_counter()
    report = build([source], place / "store", workers=workers)
    seconds = time.perf_counter() - began
    assert report.built == len(records), report.refused[:3]
    with closing(open_store(place / "store")) as store:
        return seconds, count(store).quads


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--workers", type=int, default=available())
    parser.add_argument("--sample", type=Path, default=folder("samples"))
    options = parser.parse_args()
    articles = originals(options.sample)
    results: list[tuple[int, float, int]] = []
    print(f"{options.workers} workers, {len(articles)} articles varied")
    print(f"{'articles':>9} {'characters':>11} {'seconds':>8} {'articles/s':>10} {'characters/s':>12} {'quads':>10}")
    for size in map(int, options.sizes.split(",")):
        records = list(varied(articles, size))
        characters = sum(len(record["text"]) for record in records)
        with tempfile.TemporaryDirectory() as place:
            seconds, quads = measure(records, options.workers, Path(place))
        results.append((size, seconds, quads))
        print(
            f"{size:>9,} {characters:>11,} {seconds:>8.1f} {size / seconds:>10.1f} "
            f"{characters / seconds:>12,.0f} {quads:>10,}",
            flush=True,
        )
    for (small, before, _), (large, after, _) in pairwise(results):
        print(f"{large / small:g} times the articles take {after / before:.1f} times as long ({small:,} → {large:,})")


if __name__ == "__main__":
    main()
