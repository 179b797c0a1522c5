"""Small queries over HTTP: `wenmai serve` beside `oxigraph serve-read-only`, with what benchmarks/serve.py asks."""

from __future__ import annotations

from collections.abc import Callable

from load import Latencies

from compare.data import Data
from compare.figures import Comparison, Row

NO_LIMIT = 60.0
TITLES = ("the first time", "the first time, 8 connections", "again", "again, 8 connections")


def compare(data: Data, told: Callable[[str], object]) -> Comparison:
    """Ask both servers, one after the other, over one connection and over eight; requests a second."""
    from serve import running, small

    from serving import free_port
    from wenmai.namespaces import WENMAI
    from wenmai.store import EmbeddedStore

    reader = EmbeddedStore.reader(data.store)
    rows = reader.query(f"SELECT ?s WHERE {{ ?s a <{WENMAI}Company> }} LIMIT 2000")
    companies = [row["s"].value for row in rows]  # type: ignore[union-attr]  # a SELECT gives rows
    reader.close()
    each: dict[str, list[Latencies]] = {}
    memory: dict[str, float] = {}
    for name in ("wenmai", "oxigraph"):
        with running(name, data.store, NO_LIMIT, free_port()) as server:
            each[name] = small(server, companies)
            memory[name] = server.resident() / 2**20
    found = []
    for title, ours, theirs in zip(TITLES, each["wenmai"], each["oxigraph"], strict=True):
        p50 = f"p50 {ours.percentile(0.5):.2f} ms; oxigraph {theirs.rate:,.0f}, p50 {theirs.percentile(0.5):.2f} ms"
        failed = ", FAILURES" if ours.failed or theirs.failed else ""
        note = f"{p50}: × {ours.rate / theirs.rate:.2f}{failed}"
        found.append(Row(title, ours.rate, round(memory["wenmai"]), note))
    told("; ".join(f"{row.way} {row.value:,.0f}/s" for row in found))
    return Comparison(
        "http",
        "Small queries over HTTP",
        "Five kinds of small query about a company over SPARQL 1.1 Protocol. wenmai's server checks each query, "
        "answers it in a process with limits, and remembers answers of a snapshot; Oxigraph's does neither. Memory is "
        "that of the process that listens, at the end; the factor in a note is wenmai's to Oxigraph's.",
        "requests a second",
        True,
        "",
        tuple(found),
        "within 1.5 times of Oxigraph's server",
        columns=("way", "value", "memory", "note"),
    )
