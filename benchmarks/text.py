"""The index of texts on stores of several sizes: building it, asking it, keeping it in step, and counts.

Prints for each size in sentences: making the index from the store (time, size), one article more (the commit with the
index, beside the bare engine's), the twenty newest hits for words of several kinds (beside SPARQL's CONTAINS), and the
statistics from kept counts beside counting. Ratios are to the smallest size. Texts are made of 20,000 words of one to
three characters, drawn by Zipf's law with a fixed seed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate, islice
from pathlib import Path

import pyoxigraph as ox

from wenmai.namespaces import DCTERMS, DEFAULT_BASE, NIF, RDF, WENMAI, XSD
from wenmai.query.search import search
from wenmai.statistics import count, told
from wenmai.store import Store, open_store
from wenmai.store.tally import counted

SENTENCES = 20
"""In an article."""
_LETTERS = [chr(0x4E00 + n * 5) for n in range(3000)]
_DRAW = random.Random(7)
WORDS = ["".join(_DRAW.choices(_LETTERS, k=_DRAW.choice((1, 2, 2, 2, 3)))) for _ in range(20_000)]
WEIGHTS = list(accumulate(1 / (n + 5) for n in range(20_000)))
RARE = "\u9f98\u9f99"
"""A word that stands in one article of 500."""
_PAIRS = [word for word in WORDS if len(word) == 2]
QUERIES = {
    "common": _PAIRS[0],
    "name": _PAIRS[500],
    "rare": RARE,
    "two words": f"{_PAIRS[1]} {_PAIRS[4]}",
    "one character": WORDS[900][0],
}


clock = time.perf_counter


def articles(seed: int) -> Iterator[list[ox.Quad]]:
    """Yield articles without end, as the lines of their node."""
    draw = random.Random(seed)
    number = 0
    while True:
        body = "".join(
            "".join(draw.choices(WORDS, cum_weights=WEIGHTS, k=draw.randint(10, 30))) + "。" for _ in range(SENTENCES)
        )
        if number % 500 == 0:
            body += RARE + "。"
        day = (dt.date(2012, 1, 1) + dt.timedelta(days=draw.randrange(3000))).isoformat()
        name = f"{seed}-{number}"
        subject = ox.NamedNode(f"{DEFAULT_BASE}id/article-{name}")
        graph = ox.NamedNode(f"{DEFAULT_BASE}graph/article-{name}")
        lines = (
            (RDF + "type", ox.NamedNode(WENMAI + "Article")),
            (DCTERMS + "identifier", ox.Literal(name)),
            (DCTERMS + "title", ox.Literal(body[:12], language="zh")),
            (NIF + "isString", ox.Literal(body)),
            (WENMAI + "publishedOn", ox.Literal(day, datatype=ox.NamedNode(XSD + "date"))),
        )
        quads = [ox.Quad(subject, ox.NamedNode(predicate), value, graph) for predicate, value in lines]
        yield quads + [ox.Quad(q.subject, q.predicate, q.object) for q in quads if "nif" not in q.predicate.value]
        number += 1


def milliseconds(work: Callable[[], object], runs: int) -> float:
    """Return the median time of `work`."""
    found = []
    for _ in range(runs):
        begun = clock()
        work()
        found.append(clock() - begun)
    return statistics.median(found) * 1000


def one_more(store: Store, bare: ox.Store, seed: int, articles_timed: int) -> tuple[float, float]:
    """Return the mean milliseconds of committing an article, with the index and on the engine alone."""
    more = list(islice(articles(seed), articles_timed))
    begun = clock()
    for quads in more:
        store.commit(quads)
    with_index = clock() - begun
    begun = clock()
    for quads in more:
        bare.extend(set(quads))
    alone = clock() - begun
    return with_index * 1000 / articles_timed, alone * 1000 / articles_timed


def by_sparql(store: Store, words: str) -> int:
    """Return how many of the twenty newest articles SPARQL finds that hold the words."""
    tests = "".join(f'FILTER(CONTAINS(?t, "{word}")) ' for word in words.split())
    answer = store.query(
        f"SELECT ?a ?t ?d {{ GRAPH ?g {{ ?a <{NIF}isString> ?t ; <{WENMAI}publishedOn> ?d {tests} }} }} "
        "ORDER BY DESC(?d) LIMIT 20"
    )
    return sum(1 for _ in answer) if isinstance(answer, ox.QuerySolutions) else 0


def ask(path: Path, runs: int) -> None:
    """Time searches and statistics on what was published at `path`."""
    store = open_store(path)
    for kind, words in QUERIES.items():
        ours = milliseconds(partial(search, store, words, 20), runs)
        theirs = milliseconds(partial(by_sparql, store, words), 3)
        hits = len(search(store, words, 20))
        print(f"  {kind:<14}{hits:>3} hits {ours:>8.2f} ms; SPARQL {theirs:>8.1f} ms, {theirs / ours:.0f} times that")
    kept, now = milliseconds(partial(count, store), runs), milliseconds(lambda: told(counted(store)), 3)
    print(f"  statistics {kept:.2f} ms; counting {now:.1f} ms, {now / kept:.0f} times that")
    store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,50000,500000", help="sentences, default: %(default)s")
    parser.add_argument("--runs", type=int, default=15, help="runs of each search, default: %(default)s")
    parser.add_argument("--more", type=int, default=500, help="articles put in one by one, default: %(default)s")
    parser.add_argument("--cpu", action="store_true", help="time of the processor, on a machine with other work to do")
    options = parser.parse_args()
    if options.cpu:
        globals()["clock"] = time.thread_time
    first: float | None = None
    for size in (int(text) for text in options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "store"
            store = open_store(path, write=True, create=True)
            store.load(quad for article in islice(articles(0), size // SENTENCES) for quad in article)
            begun = clock()
            store.publish()
            made = clock() - begun
            large = sum(file.stat().st_size for file in path.glob("index.db*")) / 1e6
            print(f"{size:,} sentences\n  made in {made:.2f} s ({made * 1000 * SENTENCES / size:.2f} ms an article)")
            bare = ox.Store(f"{folder}/bare")
            bare.bulk_extend(quad for article in islice(articles(0), size // SENTENCES) for quad in article)
            both, alone = one_more(store, bare, 1, options.more)
            first = first or both - alone
            ratio = (both - alone) / first
            print(f"  one more article {both:.2f} ms, of that the index {both - alone:.2f} ms; ratio {ratio:.2f}")
            store.publish()
            store.close()
            print(f"  index.db {(path / 'index.db').stat().st_size / 1e6:.1f} MB (while it was written {large:.1f})")
            ask(path, options.runs)


if __name__ == "__main__":
    main()
