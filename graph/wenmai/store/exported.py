"""A file of RDF as a store that is only read: what `wenmai export` wrote, or anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from wenmai.errors import StoreError
from wenmai.namespaces import DEFAULT_BASE, WENMAI
from wenmai.store.native import NativeStore

DATASETS = {".trig": ox.RdfFormat.TRIG, ".nq": ox.RdfFormat.N_QUADS}
"""Endings of files that hold a dataset with its graphs; `--store` takes these."""

FORMATS = DATASETS | {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""Endings of all files that can be read."""


class FileStore(NativeStore):
    """The dataset of a file, read into memory whole."""

    def __init__(self, path: Path) -> None:
        inner = ox.Store()
        try:
            inner.bulk_load(path=str(path), format=FORMATS[path.suffix.lower()], base_iri=path.absolute().as_uri())
        except KeyError:
            raise StoreError(f"{path}: a file of RDF ends in {', '.join(FORMATS)}; rename it or export again") from None
        except (SyntaxError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise StoreError(f"{path}: the file is not whole or not what its ending says ({reason})") from error
        except OSError as error:
            raise StoreError(f"{path}: the file cannot be read ({error.strerror or error})") from error
        super().__init__(inner, _base(inner), str(path))

    def _refuse(self, *_: object) -> NoReturn:
        raise StoreError(f"{self.location}: an export is only read; build into a store folder")

    def commit(self, add: Iterable[ox.Quad], remove: Iterable[ox.Quad] = ()) -> None:
        """Raise StoreError: a file is only read."""
        self._refuse()

    def update(self, text: str, base: str) -> None:
        """Raise StoreError: a file is only read."""
        self._refuse()

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Raise StoreError: a file is only read."""
        self._refuse()

    def publish(self) -> None:
        """Raise StoreError: a file is only read."""
        self._refuse()

    def index(self) -> None:
        """Return None: a file is read for a few answers, and has no index."""

    def tally(self) -> None:
        """Return None: what a file holds is counted when it is asked for."""

    def beside(self, name: str) -> None:
        """Return None: nothing of the store's lies beside a file."""

    def log(self, event: str, fields: Mapping[str, object]) -> None:
        """Do nothing: a file keeps no log."""


def _base(inner: ox.Store) -> str:
    """Return the IRI that the store had which was written, as its articles' IRIs show it."""
    article = next(inner.quads_for_pattern(None, None, ox.NamedNode(WENMAI + "Article")), None)
    if article is None or not isinstance(article.subject, ox.NamedNode):
        return DEFAULT_BASE
    head, found, _ = article.subject.value.rpartition("id/")
    return head if found else DEFAULT_BASE
