"""A graph opened to ask: what `wenmai.open` returns.

with wenmai.open("wenmai-store") as graph:
    for row in graph.query("partners", org="申能"):
        print(row["partner_name"], row["quote"])
    dataset = graph.rdflib()
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from wenmai.errors import UsageError
from wenmai.query import DEFAULT_TIMEOUT, Asker, Result, run
from wenmai.store import Store, open_store
from wenmai.store.native import NativeStore

if TYPE_CHECKING:
    from pandas import DataFrame
    from rdflib import Dataset

    from wenmai.query.search import NameHit, SentenceHit


class Archive:
    """A store opened to read. What it shows does not change, whatever is built meanwhile; open again to see more.

    Queries run in a process of their own, which is kept for the next one. With `as_of` it shows what the articles
    published until that day say; that process makes this view, and `store` and `rdflib()` make it in this one.
    """

    def __init__(self, store: Store, as_of: dt.date | None = None) -> None:
        self._opened = store
        self.as_of = as_of
        self._asker = Asker()

    @cached_property
    def store(self) -> Store:
        """The store that is shown, for the functions that take one. Raises StoreError."""
        if self.as_of is None:
            return self._opened
        from wenmai.history.asof import as_of

        return as_of(self._opened, self.as_of)

    @property
    def base(self) -> str:
        """The IRI that the IRIs of this graph begin with."""
        return self._opened.base

    def query(self, query: str, *, timeout: float = DEFAULT_TIMEOUT, **params: str | Sequence[str]) -> Result:
        """Answer a library query, a `.rq` file or a SPARQL text within `timeout` seconds.

        `params` are names or IRIs, dates, texts, numbers. The result gives a dict for each row, and the RDF terms by
        `.rows` and `.triples`. Raises UsageError, LimitError, StoreError.
        """
        return run(self._opened, query, params, timeout, as_of=self.as_of, asker=self._asker)

    def frame(self, query: str, *, timeout: float = DEFAULT_TIMEOUT, **params: str | Sequence[str]) -> DataFrame:
        """Answer a query as `query` does, as a pandas DataFrame with a column a variable.

            graph.frame("partners", org="申能").groupby("partner_name")["published"].max()

        A column of dates has the dtype `datetime64[s]`, of whole numbers `Int64`, of others `Float64`, of truth values
        `boolean`, each where all of its values are such; any other is `string`, IRIs whole, months and years as they
        stand. A CONSTRUCT gives subject, predicate, object. Raises UsageError without pandas, which is an extra
        (`pip install 'wenmai[frames]'`), and for an ASK; LimitError, StoreError.
        """
        from wenmai.query.frame import pandas

        pandas()  # before the query is asked
        return self.query(query, timeout=timeout, **params).frame()

    def analyse(self, name: str, **params: str | Sequence[str]) -> Result:
        """Carry out a named analysis, as `wenmai analyse` does.

            for row in graph.analyse("paths", from_="马化腾", to="申能"):
                print(row["source_name"], row["relation"], row["target_name"], row["quote"])

        Gives rows as `query` does, all of them; what the reader should know is in `notes`. `from` and `class`, which
        are no names in Python, are given as `from_` and `class_`. Raises UsageError, LimitError, StoreError.
        """
        from wenmai.analyse import run as analysed

        given = {key.rstrip("_").replace("_", "-"): value for key, value in params.items()}
        return analysed(self.store, name, given).result(self.base)

    def ask(self, query: str, *, timeout: float = DEFAULT_TIMEOUT, **params: str | Sequence[str]) -> bool:
        """Answer an ASK with yes or no. Raises UsageError for a query of another kind, LimitError, StoreError."""
        answer = self.query(query, timeout=timeout, **params).boolean
        if answer is None:
            raise UsageError("ask() takes an ASK query; use query() for the others")
        return answer

    def search(self, text: str, limit: int = 20) -> list[SentenceHit]:
        """Return up to `limit` sentences that hold all words of `text`, of the newest articles first.

        What stands in quotation marks is one word. Raises UsageError, StoreError.
        """
        from wenmai.query.search import search

        return search(self.store, text, limit)

    def names(self, text: str, limit: int = 20) -> list[NameHit]:
        """Return up to `limit` things with a name that holds `text`, the best first. Raises UsageError, StoreError."""
        from wenmai.query.search import names

        return names(self.store, text, limit)

    def rdflib(self) -> Dataset:
        """Return an rdflib Dataset over the same store, not copied and read-only; it lives as long as this object.

        Its default graph holds the facts; a graph for each article holds its claims. Raises UsageError on a server.
        """
        from wenmai.store.facade import dataset

        if not isinstance(self.store, NativeStore):
            raise UsageError(
                f"{self.store.location}: rdflib() reads a store on disk or in memory; use rdflib's SPARQLStore here"
            )
        return dataset(self.store.inner, self.base)

    def close(self) -> None:
        """Let go of the store, and of the process that answered queries."""
        self._asker.close()
        for store in (self._opened, self.__dict__.get("store", self._opened)):
            store.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def open_archive(location: str | Path, as_of: str | dt.date | None = None) -> Archive:
    """Open the graph at `location` to ask: a store folder, a server's URL or its settings file, an export.

    `as_of`: as the articles until that day say it. Raises UsageError for what is no day, StoreError.
    """
    if as_of is None:
        return Archive(open_store(location))
    from wenmai.history.asof import day_of

    return Archive(open_store(location), day_of(as_of))
