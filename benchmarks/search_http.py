"""The search over HTTP on stores of several sizes: the real server, words that it was not asked before.

Prints for each size in sentences the median and the slowest twentieth of: a search of names and sentences (the twenty
newest) for words of several kinds, suggestions for the beginning of a name and for pinyin initials, and a batch of ten
reconciliation queries. Ratios are to the smallest size. A store has one name for each ten sentences; texts and names
are those of `text.py`. Budgets: a search 20 ms, suggestions 10 ms at 500,000 sentences.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import text

from wenmai.namespaces import DEFAULT_BASE, RDF, SKOS, WENMAI
from wenmai.store import initials, open_store

_PAIRS = [word for word in text.WORDS if len(word) == 2]
_SINGLE = [word for word in text.WORDS if len(word) == 1]


def things(number: int) -> Iterator[ox.Quad]:
    """Yield the quads of so many companies, each with a name of four to nine characters."""
    draw = random.Random(5)
    for n in range(number):
        node = ox.NamedNode(f"{DEFAULT_BASE}id/org-{n:012x}")
        yield ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(WENMAI + "Company"))
        name = "".join(draw.choices(_PAIRS, k=draw.choice((2, 2, 3, 4)))) + "集团"
        yield ox.Quad(node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(name, language="zh"))


def made(path: Path, size: int) -> list[str]:
    """Make a store of so many sentences and return some of its names."""
    store = open_store(path, write=True, create=True)
    store.load(quad for article in islice(text.articles(0), size // text.SENTENCES) for quad in article)
    store.load(things(size // 10))
    store.publish()
    store.close()
    quads = islice(things(size // 10), 1, 2000, 2)
    return [quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)]


def asked(names: list[str], runs: int) -> Mapping[str, list[tuple[str, str, str]]]:
    """Return the requests of each kind: method, path, body."""

    def search(words: list[str]) -> list[tuple[str, str, str]]:
        return [("GET", "/search?" + urllib.parse.urlencode({"q": each}), "") for each in words]

    def suggest(words: list[str]) -> list[tuple[str, str, str]]:
        return [("GET", "/search/suggest?" + urllib.parse.urlencode({"q": each}), "") for each in words]

    letters = ["".join(group[0] for group in initials.of(name).split()) for name in names]
    batches = [
        {f"q{n}": {"query": name[:-2]} for n, name in enumerate(names[at * 10 : at * 10 + 10])} for at in range(runs)
    ]
    return {
        "search: common": search(_PAIRS[:runs]),
        "search: middling": search(_PAIRS[500 : 500 + runs]),
        "search: two words": search([" ".join(_PAIRS[n : n + 2]) for n in range(0, 2 * runs, 2)]),
        "search: one character": search(_SINGLE[200 : 200 + runs]),
        "search: a name": search(names[:runs]),
        "suggest: two characters": suggest([name[:2] for name in names[runs : 2 * runs]]),
        "suggest: two initials": suggest([each[:2] for each in dict.fromkeys(letters)][:runs]),
        "suggest: four initials": suggest([each[:4] for each in dict.fromkeys(letters)][:runs]),
        "reconcile: ten": [("POST", "/reconcile", urllib.parse.urlencode({"queries": json.dumps(b)})) for b in batches],
    }


def timed(connection: http.client.HTTPConnection, request: tuple[str, str, str]) -> float:
    """Return the milliseconds of a request. Raises RuntimeError unless it is answered."""
    method, path, body = request
    head = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    begun = time.perf_counter()
    connection.request(method, path, body or None, head)
    response = connection.getresponse()
    answer = response.read()
    taken = (time.perf_counter() - begun) * 1000
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status} {answer[:200]!r}")
    return taken


def measure(path: Path, names: list[str], runs: int) -> dict[str, tuple[float, float]]:
    """Serve the store and return median and slowest twentieth of each kind, in milliseconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [
        sys.executable,
        "-m",
        "wenmai.cli",
        "serve",
        "--store",
        str(path),
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    with subprocess.Popen(words, env=os.environ) as process:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            for _ in range(200):
                try:
                    connection.request("GET", "/healthz")
                    connection.getresponse().read()
                    break
                except OSError:
                    connection.close()
                    time.sleep(0.1)
            for _ in range(20):  # both workers have opened the store, and read their dictionaries
                timed(connection, ("GET", f"/search?q={urllib.parse.quote('预热')}{_}", ""))
            found = {}
            for kind, requests in asked(names, runs).items():
                times = sorted(timed(connection, request) for request in requests)
                found[kind] = statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]
            return found
        finally:
            process.send_signal(signal.SIGTERM)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,50000,500000", help="sentences, default: %(default)s")
    parser.add_argument("--runs", type=int, default=40, help="requests of each kind, default: %(default)s")
    options = parser.parse_args()
    first: dict[str, tuple[float, float]] = {}
    for size in (int(each) for each in options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "store"
            begun = time.perf_counter()
            names = made(path, size)
            print(f"{size:,} sentences, {size // 10:,} names, made in {time.perf_counter() - begun:.0f} s")
            found = measure(path, names, options.runs)
            first = first or found
            for kind, (median, slow) in found.items():
                ratio = median / first[kind][0]
                print(f"  {kind:<25}{median:>8.2f} ms  95 %: {slow:>8.2f} ms  ratio {ratio:>5.2f}", flush=True)


if __name__ == "__main__":
    main()
