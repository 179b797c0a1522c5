"""What looking for near-duplicates costs at 1,000, 10,000 and 100,000 entities, and what ten times the entities cost.

    python benchmarks/review.py [--sizes 1000,10000,100000]

Companies with made-up names, one in ten printed a second time with its city before it; nothing is drawn at random.
What is measured is `wenmai review --kind duplicates` from an open store in memory: reading, blocking, comparing,
ranking.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from itertools import pairwise

import pyoxigraph as ox

from wenmai.namespaces import DCTERMS, DEFAULT_BASE, RDF, SKOS, WENMAI
from wenmai.review import review
from wenmai.store import MemoryStore

SYLLABLES = "安邦昌德恩方国康利民宁平庆荣盛泰伟祥益永裕泽正卓华信诚达丰和金凯隆明瑞顺通旺兴源远鸿博腾飞翔宇辰星岚鹤"
TRADES = (
    "机械",
    "能源",
    "港务",
    "医药",
    "传媒",
    "置业",
    "食品",
    "电子",
    "船舶",
    "水务",
    "仪表",
    "纺织",
    "园林",
    "软件",
)
CITIES = ("上海", "苏州", "合肥", "芜湖", "青岛", "洛阳", "兰州", "哈尔滨", "石家庄", "海口")


def names(count: int) -> Iterator[tuple[int, str]]:
    """Yield numbers and names; each eleventh is the name before it once more, behind that of its city."""
    base, number = len(SYLLABLES), 0
    while number < count:
        made = number * 7919 % base**3
        brand = SYLLABLES[made % base] + SYLLABLES[made // base % base] + SYLLABLES[made // base**2]
        firm = f"{brand}{TRADES[number % len(TRADES)]}有限公司"
        yield number, firm
        number += 1
        if number % 11 == 10 and number < count:
            yield number, CITIES[number % len(CITIES)] + firm
            number += 1


def made_store(count: int) -> MemoryStore:
    """Return a store of that many firms, each mentioned by an article, three of them to an article."""

    def quads() -> Iterator[ox.Quad]:
        company, kind = ox.NamedNode(WENMAI + "Company"), ox.NamedNode(RDF + "type")
        for number, name in names(count):
            node = ox.NamedNode(f"{DEFAULT_BASE}id/org-{number:012x}")
            article = ox.NamedNode(f"{DEFAULT_BASE}id/article-{number // 3:012x}")
            yield ox.Quad(node, kind, company)
            yield ox.Quad(node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(name, language="zh"))
            yield ox.Quad(article, ox.NamedNode(WENMAI + "mentions"), node)
            yield ox.Quad(article, ox.NamedNode(DCTERMS + "identifier"), ox.Literal(f"a{number // 3}"))

    return MemoryStore(DEFAULT_BASE, list(quads()))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000")
    options = parser.parse_args()
    review(made_store(10), ["duplicates"], limit=1)  # the libraries are loaded before anything is measured
    results: list[tuple[int, float]] = []
    print(f"{'entities':>9} {'seconds':>8} {'µs an entity':>13} {'proposed':>9} {'memory':>8}")
    for size in map(int, options.sizes.split(",")):
        store = made_store(size)
        began = time.process_time()
        found = review(store, ["duplicates"], limit=20)
        seconds = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        results.append((size, seconds))
        print(f"{size:>9,} {seconds:>8.2f} {seconds / size * 1e6:>13.0f} {found.total:>9,} {memory:>5,} MB", flush=True)
    for (small, before), (large, after) in pairwise(results):
        print(f"{large / small:g} times the entities take {after / before:.1f} times as long ({small:,} → {large:,})")


if __name__ == "__main__":
    main()
