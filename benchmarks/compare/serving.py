"""Small queries over HTTP: `wenmai serve` beside `oxigraph serve-read-only`, with what benchmarks/serve.py asks."""

from __future__ import annotations

from collections.abc import Callable

from compare.data import Data
from compare.figures import Comparison, Row

NO_LIMIT = 60.0


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
    found: list[Row] = []
    for name in ("wenmai", "oxigraph"):
        with running(name, data.store, NO_LIMIT, free_port()) as server:
            first, first_8, again, again_8 = small(server, companies)
            memory = server.resident() / 2**20
        for title, each in (
            ("first time", first),
            ("first time, 8 connections", first_8),
            ("asked again", again),
            ("asked again, 8 connections", again_8),
        ):
            note = f"p50 {each.percentile(0.5):.2f} ms, p99 {each.percentile(0.99):.2f} ms"
            found.append(
                Row(f"{name}: {title}", each.rate, round(memory), note + (", FAILURES" if each.failed else ""))
            )
    told("; ".join(f"{row.way} {row.value:,.0f}/s" for row in found))
    return Comparison(
        "http",
        "Small queries over HTTP",
        "Five kinds of small query about a company over SPARQL 1.1 Protocol. wenmai's server checks each query, "
        "answers it in a process with limits, and remembers answers of a snapshot; Oxigraph's does neither. Memory is "
        "that of the process that listens, at the end.",
        "requests a second",
        True,
        "wenmai: first time",
        tuple(found),
        "within 1.5 times of Oxigraph's server",
    )
