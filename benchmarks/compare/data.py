"""The data of a run: a made-up archive as a store, as N-Quads and, for what holds no graphs, its facts as N-Triples."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wenmai.store import EmbeddedStore

ASKED = 100
"""Companies that each kind of small query is asked of."""


@dataclass(frozen=True)
class Data:
    """Where it lies; `quads` and `facts` count the two files."""

    folder: Path
    quads: int
    facts: int

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def dataset(self) -> Path:
        return self.folder / "all.nq"

    @property
    def plain(self) -> Path:
        return self.folder / "facts.nt"

    def queries(self) -> dict[str, list[str]]:
        """Return the small queries: `ask` of the facts, `evidence` of the articles' graphs."""
        found: dict[str, list[str]] = json.loads((self.folder / "queries.json").read_text("utf-8"))
        return found


def made(place: Path, quads: int) -> Data:
    """Make the data of about that many quads below `place`, or find it there."""
    import pyoxigraph as ox
    from made import QUADS_AN_ARTICLE, make_store

    from wenmai.store import EmbeddedStore

    folder = place / f"quads-{quads}"
    counts = folder / "counts.json"
    if not counts.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_store(folder / "store", max(1, quads // QUADS_AN_ARTICLE))
        with closing(EmbeddedStore.reader(folder / "store")) as store:
            store.inner.dump(str(folder / "all.nq"), format=ox.RdfFormat.N_QUADS)
            plain = str(folder / "facts.nt")
            store.inner.dump(plain, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
            queries = _small_queries(store)
        (folder / "queries.json").write_text(json.dumps(queries), "utf-8")
        lines = [sum(1 for _ in (folder / name).open("rb")) for name in ("all.nq", "facts.nt")]
        counts.write_text(json.dumps(lines))
    all_of_them, facts = json.loads(counts.read_text())
    return Data(folder, all_of_them, facts)


def _small_queries(store: EmbeddedStore) -> dict[str, list[str]]:
    from serve import KINDS

    from wenmai.namespaces import WENMAI

    rows: Any = store.query(f"SELECT ?s WHERE {{ ?s a <{WENMAI}Company> }} ORDER BY ?s LIMIT {ASKED}")
    companies = [row["s"].value for row in rows]
    return {
        step: [kind.format(iri) for iri in companies for kind in kinds]
        for step, kinds in (("ask", KINDS[:3]), ("evidence", KINDS[3:4]))
    }
