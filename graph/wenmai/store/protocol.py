"""What a store is to the rest of the house: quads in by atomic commits, quads and answers out.

A store holds one RDF dataset: the default graph and named graphs. Implementations: memory, embedded (Oxigraph on
disk), remote (SPARQL 1.1 protocol). This module knows none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

import pyoxigraph as ox

if TYPE_CHECKING:
    from wenmai.store.index import Index
    from wenmai.store.tally import Tally

GraphName: TypeAlias = ox.NamedNode | ox.DefaultGraph
Answer: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


@dataclass(frozen=True, slots=True)
class Graphs:
    """The dataset a query is asked of (SPARQL 1.1 Protocol, 2.1.4): IRIs of the graphs that make up its default graph,
    and of its named graphs. It stands in place of what the query itself says by FROM; without any it is the store's."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default or self.named)


STORED = Graphs()
"""The dataset of the store, or the one that the query names."""
ANY: None = None
"""Any graph, the default graph included."""
DEFAULT = ox.DefaultGraph()
"""The default graph and no other."""


@runtime_checkable
class Store(Protocol):
    """One RDF dataset. `base` is the IRI its own IRIs begin with, `location` where it is, for messages.

    Every method may raise StoreError with one line that names the location and what to do.
    """

    base: str
    location: str

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.Literal | None = None,
        graph: GraphName | None = ANY,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that match; None matches every term, `ANY` every graph, `DEFAULT` the default graph."""
        ...

    def query(self, text: str, graphs: Graphs = STORED) -> Answer:
        """Answer a trusted SPARQL query in this process, without a limit. Others go through `wenmai.query.run`.

        Raises SyntaxError for a query that is none.
        """
        ...

    def commit(self, add: Iterable[ox.Quad], remove: Iterable[ox.Quad] = ()) -> None:
        """Take out `remove` and put in `add`, both or neither; a quad that is in both stays."""
        ...

    def update(self, text: str, base: str) -> None:
        """Run a trusted SPARQL update, relative IRIs taken from `base`. Raises SyntaxError for a text that is none.

        What it changes is what it says: nothing is inferred or linked anew by it.
        """
        ...

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Put in many quads fast. Atomic only through `commit`: use it to fill a store that is new."""
        ...

    def flush(self) -> None:
        """Return when all that was committed is on the disk."""
        ...

    def publish(self) -> None:
        """Show readers all that was committed so far."""
        ...

    def log(self, event: str, fields: Mapping[str, object]) -> None:
        """Note an event with the clock time in the store's log, which is not part of the dataset."""
        ...

    def beside(self, name: str) -> Path | None:
        """Return where a file of this name lies in the store's folder; None for a store that has no folder."""

    def index(self) -> Index | None:
        """Return what answers searches of texts and names; None where there is none that covers what this store shows.

        What it finds may be ahead of what this store shows, so look it up here.
        """
        ...

    def tally(self) -> Tally | None:
        """Return the counts of what this store shows if they are kept; None if they would have to be counted."""
        ...

    def close(self) -> None:
        """Let go of files, locks and connections; a second call does nothing."""
        ...


def update_text(add: Iterable[ox.Quad], remove: Iterable[ox.Quad]) -> str:
    """Return one SPARQL update that takes out `remove`, then puts in `add`; empty if there is nothing to do."""
    parts = []
    for verb, quads in (("DELETE DATA", remove), ("INSERT DATA", add)):
        block = "\n".join(_pattern(quad) for quad in quads)
        if block:
            parts.append(f"{verb} {{\n{block}\n}}")
    return " ;\n".join(parts)


def _pattern(quad: ox.Quad) -> str:
    triple = f"{quad.subject} {quad.predicate} {quad.object} ."
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return triple
    return f"GRAPH {quad.graph_name} {{ {triple} }}"
