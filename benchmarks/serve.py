"""The server beside `oxigraph serve-read-only` on the same data: small queries, small ones among slow ones, limits.

    .venv/bin/python benchmarks/serve.py [--articles 3000] [--limit 2]

Both serve the same snapshot, one after the other. Small queries are five kinds about 3,000 companies; the first time
none has been asked before, again all of them have. Slow ones come from another address of loopback.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from load import Latencies, get, load
from made import make_store

from wenmai.namespaces import NIF, RDF, SKOS, WENMAI
from wenmai.store import EmbeddedStore

BIN = Path(sys.executable).parent
ALL3 = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
SLOW = f"SELECT (COUNT(*) AS ?n) WHERE {{ {ALL3} }}"
SMALL = "ASK {}"
KINDS = (
    "SELECT ?p ?o {{ <{0}> ?p ?o }}",
    f"SELECT ?o ?n {{{{ <{{0}}> <{WENMAI}partnerOf> ?o . ?o <{SKOS}prefLabel> ?n }}}}",
    f"SELECT ?e ?d {{{{ ?e <{WENMAI}participant> <{{0}}> ; <{WENMAI}onDate> ?d }}}}",
    f"SELECT ?c ?q {{{{ GRAPH ?g {{{{ ?c <{RDF}subject> <{{0}}> ; <{WENMAI}evidence>/<{NIF}anchorOf> ?q }}}} }}}}",
    f"ASK {{{{ <{{0}}> a <{WENMAI}Organization> }}}}",
)
_NO_LIMIT = 60.0
HOSTILE = {
    "triple cartesian COUNT": SLOW,
    "cartesian, sorted": f"SELECT * WHERE {{ {ALL3} }} ORDER BY ?i ?f ?c LIMIT 5",
    "everything sorted": "SELECT * WHERE { ?s ?p ?o . ?x ?y ?o } ORDER BY ?o ?s LIMIT 5",
    "paths between all": "SELECT (COUNT(*) AS ?n) WHERE { ?a (!<http://a>|^!<http://b>)* ?b . ?c (!<http://a>)* ?d }",
    "CONCAT doubled": 'SELECT (STRLEN(?v60) AS ?n) WHERE { BIND("12345678" AS ?v0) '
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(60))
    + " }",
    "VALUES 60^8": "SELECT (COUNT(*) AS ?n) WHERE { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(60)))} }}" for n in range(8))
    + " }",
    "2,000 nested groups": "SELECT * WHERE " + "{" * 2000 + "}" * 2000,
    "path of 1,000 steps": "SELECT * WHERE { ?s " + "/".join(["<http://p>"] * 1000) + " ?o }",
    "1,000 nested lists": "SELECT * WHERE { ?s ?p " + "(" * 1000 + ")" * 1000 + " }",
}


@dataclass(frozen=True)
class Server:
    """A server that is up: where, and as which process."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    def resident(self) -> int:
        """Return its resident memory in bytes; 0 if it has ended."""
        try:
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS:")), 0)


@contextmanager
def running(name: str, store: Path, limit: float, port: int) -> Iterator[Server]:
    """Run one of the two servers until the end of the block."""
    if name == "wenmai":
        command = [BIN / "wenmai", "serve", "--store", store, "--port", str(port), "--timeout", str(limit)]
        path = "/sparql"
    else:
        reader = EmbeddedStore.reader(store)
        copy = Path(tempfile.mkdtemp()) / "db"
        assert reader.snapshot is not None
        shutil.copytree(reader.snapshot, copy)
        reader.close()
        command = [BIN / "oxigraph", "serve-read-only", "--location", copy, "--bind", f"127.0.0.1:{port}"]
        if limit < _NO_LIMIT:  # it keeps a thread for each query until its limit, and ends when there are too many
            command += ["--timeout-s", str(int(limit))]
        path = "/query"
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(400):
                try:
                    load(port, [get(path, SMALL)], 1)
                    break
                except OSError:
                    time.sleep(0.1)
            yield Server(name, port, path, process)
        finally:
            process.terminate()
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()


def small(server: Server, companies: Sequence[str]) -> list[Latencies]:
    """Ask small queries: one connection, then eight, the first time and again."""
    queries = [get(server.path, KINDS[n % len(KINDS)].format(iri)) for n, iri in enumerate(companies)]
    half = len(queries) // 2
    first = [load(server.port, queries[:half], 1), load(server.port, queries[half:], 8)]
    return [*first, load(server.port, queries, 1, 3), load(server.port, queries, 8, 3)]


def among_slow(server: Server, companies: Sequence[str], slow: int) -> Latencies:
    """Ask small queries over two connections while another client keeps `slow` slow ones on the way."""
    queries = [get(server.path, KINDS[n % len(KINDS)].format(iri)) for n, iri in enumerate(companies)]
    ends = time.monotonic() + 6

    def flood(number: int) -> None:
        while time.monotonic() < ends:
            try:
                load(server.port, [get(server.path, f"{SLOW} # {number} {time.monotonic()}")], 1, source="127.0.0.2")
            except OSError:
                return
            time.sleep(0.05)

    threads = [threading.Thread(target=flood, args=(number,), daemon=True) for number in range(slow)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    return load(server.port, queries, 2, 4)


def hostile(store: Path, name: str, limit: float, port: int) -> list[tuple[str, str, float, float, int]]:
    """Ask each hostile query of a fresh server; return status, seconds, milliseconds of the next, growth in MB."""
    rows = []
    for title, query in HOSTILE.items():
        with running(name, store, limit, port) as server:
            load(port, [get(server.path, "SELECT * WHERE { ?s ?p ?o } LIMIT 5")], 1)
            before = server.resident()
            status, seconds = _asked(server, query, 4 * limit + 6)
            after = server.resident()
            _, following = _asked(server, SMALL, 5)
            alive = server.process.poll() is None
            rows.append(
                (title, status if alive else f"{status}, dead", seconds, following * 1000, (after - before) >> 20)
            )
    return rows


def _asked(server: Server, query: str, patience: float) -> tuple[str, float]:
    """Return the status of an answer, and whether it is one, as a word, and the seconds it took."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience)
    try:
        connection.request("POST", server.path, query, {"Content-Type": "application/sparql-query"})
        response = connection.getresponse()
        body = response.read()
        whole = response.status != 200 or body.rstrip().endswith(b"}")
        return f"{response.status}" + ("" if whole else ", cut"), time.perf_counter() - begun
    except (OSError, http.client.HTTPException) as error:
        return ("none" if isinstance(error, TimeoutError) else "broken"), time.perf_counter() - begun
    finally:
        connection.close()


def _cells(each: Latencies) -> str:
    return f"{'':8}{each.rate:>10,.0f}{each.percentile(0.5):>8.2f}{each.percentile(0.99):>8.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000, help="3,000 make a million quads")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds a query may take")
    parser.add_argument("--store", type=Path, help="a store made before, by this benchmark's --articles")
    parser.add_argument("--port", type=int, default=7955)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    store = options.store or folder / "store"
    if not options.store:
        print(f"{make_store(store, options.articles):,} quads")
    reader = EmbeddedStore.reader(store)
    rows = reader.query(f"SELECT ?s WHERE {{ ?s a <{WENMAI}Company> }} LIMIT 3000")
    companies = [row["s"].value for row in rows]  # type: ignore[union-attr]  # a SELECT gives rows
    reader.close()
    figures = {}
    for name in ("oxigraph", "wenmai"):
        with running(name, store, _NO_LIMIT, options.port) as server:
            figures[name] = small(server, companies)
        with running(name, store, _NO_LIMIT, options.port) as server:
            figures[name].append(among_slow(server, companies, 30))
    titles = ("first time, 1 connection", "first time, 8", "again, 1", "again, 8", "among 30 slow queries, 2")
    head = f"{'a second':>10}{'p50 ms':>8}{'p99 ms':>8}"
    print(f"{'small queries':28}{'oxigraph':>8}{head}{'wenmai':>8}{head}{'ratio':>7}")
    for title, one, other in zip(titles, figures["oxigraph"], figures["wenmai"], strict=True):
        failed = f"  {other.failed} failed" if other.failed else ""
        print(f"{title:28}{_cells(one)}{_cells(other)}{other.rate / one.rate:>7.2f}{failed}")
    head = f"{'s':>7}{'next ms':>9}{'+MB':>7}"
    print(f"\n{f'limit {options.limit:g} s':26}{'oxigraph':>12}{head}{'wenmai':>12}{head}")
    each = [hostile(store, name, options.limit, options.port) for name in ("oxigraph", "wenmai")]
    for one_row, other_row in zip(*each, strict=True):
        cells = "".join(f"{s:>12}{t:>7.2f}{n:>9.1f}{m:>7}" for _, s, t, n, m in (one_row, other_row))
        print(f"{one_row[0]:26}{cells}")
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
