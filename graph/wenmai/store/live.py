"""The index of a store that is written: told of each commit, it always holds what one made anew would hold.

Where it may have got out of step (after a kill, a load of many quads, a copy of another store's file) it compares:
texts and names by a digest of each, so that only what differs is indexed; counts by counting.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai import folding
from wenmai.namespaces import DCTERMS, NIF, SKOS, WENMAI
from wenmai.store import tally, text
from wenmai.store.index import SCHEMA, Answers, version
from wenmai.store.protocol import ANY, DEFAULT
from wenmai.store.sidecar import INDEX, Sidecar
from wenmai.store.tally import Tally
from wenmai.store.text import Name, Text

if TYPE_CHECKING:
    from wenmai.store.native import NativeStore

_IS_STRING = ox.NamedNode(NIF + "isString")
_IDENTIFIER = ox.NamedNode(DCTERMS + "identifier")
_PUBLISHED_ON = ox.NamedNode(WENMAI + "publishedOn")
_OF_TEXTS = {_IS_STRING, _IDENTIFIER, _PUBLISHED_ON}
_OF_NAMES = {ox.NamedNode(SKOS + "prefLabel"): True, ox.NamedNode(SKOS + "altLabel"): False}
_AT_ONCE = 1000
"""Commits of the store that are one of the file: what a crash leaves to be done again, and a bound for its log."""


class LiveIndex(Answers):
    """The index of a store that is open to write, or in memory: told of its commits, always in step when it is asked.

    `path` None keeps it in memory. `told` is called with what had to be repaired, and what failed: an index that fails
    never stops a build; it is left unclean, and what opens the store next to write repairs it.
    """

    def __init__(self, store: NativeStore, path: Path | None, stamp: str, told: Callable[[str], None]) -> None:
        self._store, self._told = store, told
        self._side = Sidecar(path, SCHEMA, version(store.base), stamp)
        self._stale: set[str] = set()
        self._counts: tally.Counts = Counter()
        self._waiting = 0
        self.sound = True
        if self._side.reason:
            self._stale = {"texts", "names", "tally"}
            try:
                self.settle()
            except sqlite3.DatabaseError:  # its pages are whole, what they say is not
                self._side.renew()
                self._stale = {"texts", "names", "tally"}
                self.settle()
            if self._side.reason != "missing" or next(store.match(), None) is not None:
                self._told(f"{INDEX} was {self._side.reason}; it was brought in line with the store")

    @contextmanager
    def change(self, add: set[ox.Quad], gone: set[ox.Quad]) -> Iterator[None]:
        """Note what changes in a commit of the engine, which is to happen within."""
        if not self.sound:
            yield
            return
        come, went = self._effective(add, gone)
        with self._failing():
            self._side.begin()
        # Until the end of this the index may be behind the engine; if it does not come to the end, it stays unclean.
        sound, self.sound = self.sound, False
        try:
            yield
        except (AttributeError, TypeError, ValueError):  # no quads: the engine was not asked
            self.sound = sound
            raise
        if sound:
            with self._failing():
                self._take(come, went)
                self._waiting += 1
                if self._waiting >= _AT_ONCE:
                    self._commit()
                self.sound = True

    def loading(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Pass on quads that are put in without a look at what is there; the index is brought in step when asked."""
        with self._failing():
            self._side.begin()
        for quad in quads:
            predicate = quad.predicate
            self._stale.add("tally")
            if predicate in _OF_TEXTS:
                self._stale.add("texts")
            elif predicate in _OF_NAMES:
                self._stale.add("names")
            yield quad

    def settle(self) -> None:
        """Bring in step what is not, by comparing it with the store."""
        if not self._stale:
            return
        self._side.begin()
        if "texts" in self._stale:
            self._compare_texts()
        if "names" in self._stale:
            self._compare_names()
        if "tally" in self._stale:
            self._counts = tally.counted(self._store).counts
            self._side.db.execute("DELETE FROM tally")
        self._commit()
        self._stale = set()

    def tally(self) -> Tally | None:
        """Return the counts of the store as it is."""
        with self._failing():
            if self.sound:
                self.settle()
                rows = self._side.db.execute("SELECT kind, key, n FROM tally")
                counts = Counter({(kind, key): n for kind, key, n in rows})
                counts.update(self._counts)
                return Tally(counts)
        return None

    def publish(self, snapshot: str, kept: Iterable[str]) -> None:
        """Show readers all that was changed, and note that `snapshot`, about to be published, is covered.

        `kept` are the snapshots that there are; what is noted of others is dropped.
        """
        with self._failing():
            counts = self.tally()
            if counts is None:
                return
            self._side.begin()
            db = self._side.db
            known = {row[0] for row in db.execute("SELECT snapshot FROM published")}
            db.executemany("DELETE FROM published WHERE snapshot = ?", [(name,) for name in known - set(kept)])
            db.execute("INSERT OR REPLACE INTO published VALUES (?, ?)", (snapshot, counts.as_json()))
            self._commit()

    def close(self, stamp: str | None) -> None:
        """Let go of the file; it is clean if all is in step, and `stamp` is then what it is known by."""
        with self._failing():
            if self.sound and stamp is not None and not self._stale:
                self._commit()
                self._side.close(stamp)
                return
        self._side.close()

    @property
    def changed(self) -> bool:
        """Whether anything was changed since it was opened."""
        return self._side.begun

    def _open(self) -> AbstractContextManager[sqlite3.Connection | None]:
        return self._settled()

    @contextmanager
    def _settled(self) -> Iterator[sqlite3.Connection | None]:
        with self._failing():
            self.settle()
        yield self._side.db if self.sound else None

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Give up on the index for now if the file cannot be written or read: the store goes on without it."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self.sound = False
            with suppress(sqlite3.Error):
                self._side.rollback()
            self._told(f"{INDEX} is out of step ({error}); the next `wenmai build` repairs it")

    def _commit(self) -> None:
        rows = [(kind, key, n) for (kind, key), n in self._counts.items() if n]
        if rows:
            self._side.begin()
        put = "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET n = n + excluded.n"
        self._side.db.executemany(put, rows)
        self._side.commit()
        self._counts, self._waiting = Counter(), 0

    def _effective(self, add: set[ox.Quad], gone: set[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """Return the quads among `add` that are not in the engine, and those among `gone` that are."""
        inner = self._store.inner
        fresh: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph | ox.Triple, bool] = {DEFAULT: False}
        come = []
        for quad in add:
            graph = quad.graph_name
            if graph not in fresh:
                fresh[graph] = next(inner.quads_for_pattern(None, None, None, graph), None) is None
            if fresh[graph] or quad not in inner:
                come.append(quad)
        return come, [quad for quad in gone if quad in inner]

    def _take(self, come: list[ox.Quad], went: list[ox.Quad]) -> None:
        if "tally" not in self._stale:
            self._counts.update(tally.effect(come, self._store.base))
            self._counts.subtract(tally.effect(went, self._store.base))
        db = self._side.db
        texts: dict[tuple[object, object], None] = {}
        for quads, gone in ((went, True), (come, False)):
            for quad in quads:
                predicate = quad.predicate
                if predicate in _OF_NAMES:
                    named = _name(quad)
                    if named is not None:
                        text.drop_name(db, named[0]) if gone else text.put_name(db, *named)
                elif predicate in _OF_TEXTS:
                    texts[quad.graph_name, quad.subject] = None
        for graph, subject in texts:
            if isinstance(graph, ox.NamedNode) and isinstance(subject, ox.NamedNode):
                self._refresh(graph, subject)

    def _refresh(self, graph: ox.NamedNode, subject: ox.NamedNode) -> None:
        """Bring the texts of one article in step."""
        wanted = {found.key: found for found in self._texts(graph, subject)}
        db = self._side.db
        rows = db.execute(
            "SELECT key, identifier, first FROM text WHERE graph = ? AND subject = ?", (graph.value, subject.value)
        ).fetchall()
        for known, identifier, first in rows:
            found = wanted.get(known)
            if found is not None and text.stands(first, found.block):
                del wanted[known]
                if found.identifier != identifier:
                    db.execute("UPDATE text SET identifier = ? WHERE key = ?", (found.identifier, known))
            else:
                text.drop_text(db, known)
        for found in wanted.values():
            text.put_text(db, found)

    def _texts(self, graph: ox.NamedNode, subject: ox.NamedNode) -> list[Text]:
        bodies, identifiers, days = (
            sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))
            for quads in (self._store.match(subject, p, None, graph) for p in (_IS_STRING, _IDENTIFIER, _PUBLISHED_ON))
        )
        told = (*identifiers[:1], ""), (*days[:1], "")
        return [Text(graph.value, subject.value, body, told[0][0], told[1][0]) for body in dict.fromkeys(bodies)]

    def _compare_texts(self) -> None:
        """Bring all texts in step; those that are new are put in by day and identifier, as if they had come so."""
        db = self._side.db
        known = {row[0] for row in db.execute("SELECT key FROM text")}
        there: set[bytes] = set()
        articles: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for quad in self._store.match(None, _IS_STRING, None, ANY):
            graph, subject, body = quad.graph_name, quad.subject, quad.object
            if not isinstance(graph, ox.NamedNode) or not isinstance(subject, ox.NamedNode):
                continue
            if isinstance(body, ox.Literal):
                there.add(text.digest(graph.value, subject.value, body.value))
                articles[graph.value, subject.value] = []
        for gone in known - there:
            text.drop_text(db, gone)
        order = []
        for graph_iri, subject_iri in articles:
            told = self._texts(ox.NamedNode(graph_iri), ox.NamedNode(subject_iri))[0]
            order.append((told.block, told.identifier, graph_iri, subject_iri))
        for *_, graph_iri, subject_iri in sorted(order):
            self._refresh(ox.NamedNode(graph_iri), ox.NamedNode(subject_iri))

    def _compare_names(self) -> None:
        """Bring all names in step; those that are new are put in by length."""
        db = self._side.db
        known = {row[0] for row in db.execute("SELECT key FROM name")}
        there: set[bytes] = set()
        fresh: dict[bytes, Name] = {}
        for predicate in _OF_NAMES:
            for quad in self._store.match(None, predicate, None, DEFAULT):
                named = _name(quad)
                if named is not None:
                    there.add(named[0])
                    if named[0] not in known:
                        fresh[named[0]] = named[1]
        for gone in known - there:
            text.drop_name(db, gone)
        for made, name in sorted(fresh.items(), key=lambda item: (len(folding.key(item[1].label)), item[1].label)):
            text.put_name(db, made, name)


def _name(quad: ox.Quad) -> tuple[bytes, Name] | None:
    """Return the name that a quad of the default graph gives something, with its key."""
    subject, label = quad.subject, quad.object
    if quad.graph_name != DEFAULT or not isinstance(subject, ox.NamedNode) or not isinstance(label, ox.Literal):
        return None
    preferred = _OF_NAMES[quad.predicate]
    made = text.digest(subject.value, "p" if preferred else "a", str(label))
    return made, Name(subject.value, label.value, preferred)
