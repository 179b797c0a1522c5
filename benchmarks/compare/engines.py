"""Stores behind one interface, each as its own documentation fills and asks it.

Every one is run in a process of its own (`compare.child`), which imports what it needs and no more. Those that hold
triples alone (`graphs` false) get the facts.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from compare.data import Data
    from wenmai.store.embedded import EmbeddedStore


class Engine(Protocol):
    """A store that is empty when it is made, in a folder of its own."""

    graphs: bool

    def load(self, data: Data) -> None:
        """Fill it; this is timed."""

    def ready(self) -> None:
        """Do what is not filling, so that it may be asked."""

    def ask(self, text: str) -> int:
        """Return how many rows a SELECT gives, each of them as objects of the library."""

    def export(self, path: Path) -> str:
        """Write all that it holds and return what kind of file that is."""

    def close(self) -> None:
        """End what was started."""


class Ready:
    """An engine that may be asked as soon as it is filled."""

    def ready(self) -> None:
        """Do nothing."""


class Wenmai(Ready):
    """A store on disk with its index of texts and names, published; asked through `wenmai.open`, limits and all."""

    graphs = True

    def __init__(self, folder: Path) -> None:
        self._path = folder / "wenmai"

    def load(self, data: Data) -> None:
        import wenmai

        store = self._filled(data)
        store.publish()
        store.close()
        self._graph = wenmai.open(self._path)

    def _filled(self, data: Data) -> EmbeddedStore:
        from wenmai.store import open_store
        from wenmai.store.embedded import EmbeddedStore

        store = open_store(self._path, write=True, create=True)
        assert isinstance(store, EmbeddedStore)
        with data.dataset.open("rb") as file:
            store.load_text(iter(lambda: file.read(1 << 20), b""))
        return store

    def ask(self, text: str) -> int:
        return len(self._graph.query(text).rows)

    def export(self, path: Path) -> str:
        from export import exported

        exported(self._path, path)
        return "sorted Turtle, by the command"

    def close(self) -> None:
        self._graph.close()


class WenmaiStore(Wenmai):
    """The same store filled without its index and counts, and asked in this process, without limits."""

    def load(self, data: Data) -> None:
        self._writer = self._filled(data)
        self._writer.flush()

    def ready(self) -> None:
        import wenmai

        self._writer.publish()
        self._writer.close()
        self._graph = wenmai.open(self._path)
        self._store = self._graph.store

    def ask(self, text: str) -> int:
        answer: Any = self._store.query(text)
        return len([tuple(solution) for solution in answer])


class Pyoxigraph(Ready):
    """The engine alone, on disk."""

    graphs = True

    def __init__(self, folder: Path) -> None:
        self._path = folder / "pyoxigraph"

    def load(self, data: Data) -> None:
        import pyoxigraph as ox

        self._store = ox.Store(str(self._path))
        self._store.bulk_load(path=str(data.dataset), format=ox.RdfFormat.N_QUADS)
        self._store.flush()

    def ready(self) -> None:
        import pyoxigraph as ox

        del self._store  # a store that is only read answers in half the time of one that may be written
        self._store = ox.Store.read_only(str(self._path))

    def ask(self, text: str) -> int:
        answer: Any = self._store.query(text)
        return len([tuple(solution) for solution in answer])

    def export(self, path: Path) -> str:
        import pyoxigraph as ox

        self._store.dump(str(path), format=ox.RdfFormat.N_QUADS)
        return "N-Quads in the engine's order"

    def close(self) -> None:
        del self._store


class Rdflib(Ready):
    """rdflib's own store, in memory."""

    graphs = True
    store, formats = "default", ("nquads", "trig")

    def __init__(self, folder: Path) -> None:
        from rdflib import Dataset

        self._held = Dataset(store=self.store, default_union=False)

    def load(self, data: Data) -> None:
        self._held.parse(str(data.dataset), format=self.formats[0])

    def ask(self, text: str) -> int:
        return len(list(self._held.query(text)))

    def export(self, path: Path) -> str:
        self._held.serialize(str(path), format=self.formats[1])
        return "TriG, sorted" if self.store == "default" else "TriG"

    def close(self) -> None:
        self._held.close()


class Oxrdflib(Rdflib):
    """rdflib over Oxigraph in memory, with Oxigraph's parsers and writers."""

    store, formats = "Oxigraph", ("ox-nquads", "ox-trig")


class OxrdflibOnDisk(Oxrdflib):
    """The same over Oxigraph on disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._held.store.open(str(folder / "oxrdflib"))


class Owlready2(Ready):
    """owlready2's quadstore, on SQLite; what it reads of N-Quads is triples, so it gets the facts."""

    graphs = False

    def __init__(self, folder: Path) -> None:
        import owlready2

        self._world: Any = owlready2.World(filename=str(folder / "quadstore.sqlite3"))  # type: ignore[no-untyped-call]  # no types

    def load(self, data: Data) -> None:
        with data.plain.open("rb") as stream:
            self._world.get_ontology("http://localhost:8000/facts#").load(fileobj=stream)
        self._world.save()

    def ask(self, text: str) -> int:
        return len(list(self._world.sparql(text, error_on_undefined_entities=False)))

    def export(self, path: Path) -> str:
        self._world.as_rdflib_graph().serialize(str(path), format="nt")
        return "N-Triples"

    def close(self) -> None:
        self._world.close()


class Kglab(Ready):
    """kglab's KnowledgeGraph, an rdflib graph in memory: the facts."""

    graphs = False

    def __init__(self, folder: Path) -> None:
        import kglab  # type: ignore[import-not-found, unused-ignore]  # measured where it is

        self._graph = kglab.KnowledgeGraph()

    def load(self, data: Data) -> None:
        self._graph.load_rdf(str(data.plain), format="nt")

    def ask(self, text: str) -> int:
        return len(list(self._graph.query(text)))

    def export(self, path: Path) -> str:
        self._graph.save_rdf(str(path), format="ttl")
        return "sorted Turtle"

    def close(self) -> None:
        pass


def _oxigraph(folder: Path) -> Engine:
    from compare.servers import Oxigraph

    return Oxigraph(folder)


def _virtuoso(folder: Path) -> Engine:
    from compare.servers import Virtuoso

    return Virtuoso(folder)


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "wenmai": Wenmai,
    "wenmai, in the process": WenmaiStore,
    "pyoxigraph": Pyoxigraph,
    "Oxigraph server": _oxigraph,
    "Virtuoso": _virtuoso,
    "oxrdflib, on disk": OxrdflibOnDisk,
    "oxrdflib, in memory": Oxrdflib,
    "rdflib, in memory": Rdflib,
    "kglab, in memory": Kglab,
    "owlready2": Owlready2,
}
PROGRAMS = {"Virtuoso": ("virtuoso-t", "isql-vt")}
"""What has to be on the PATH, by engine."""


def missing(engine: str) -> str:
    """Return why an engine cannot be measured here; empty if it can. Of Python packages the child tells."""
    lacking = [program for program in PROGRAMS.get(engine, ()) if shutil.which(program) is None]
    return f"not measured: {', '.join(lacking)} is not installed" if lacking else ""
