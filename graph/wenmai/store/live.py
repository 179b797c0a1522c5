"""The index of a store that is written: told of each commit, it always holds what one made anew would hold.

Where it may have got out of step (after a kill, a load of many quads, a copy of another store's file) it compares:
texts and names by a digest of each, so that only what differs is indexed; counts by counting.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from wenmai import folding
from wenmai.namespaces import DCTERMS, NIF, SKOS, WENMAI
from wenmai.store import tally, text
from wenmai.store.index import SCHEMA, Answers, version
from wenmai.store.protocol import ANY, DEFAULT
from wenmai.store.sidecar import DAMAGE, INDEX, Sidecar
from wenmai.store.tally import Tally
from wenmai.store.text import Name, Text

if TYPE_CHECKING:
    from wenmai.store.native import NativeStore

_IS_STRING = ox.NamedNode(NIF + "isString")
_IDENTIFIER = ox.NamedNode(DCTERMS + "identifier")
_PUBLISHED_ON = ox.NamedNode(WENMAI + "publishedOn")
_OF_TEXTS = {_IS_STRING, _IDENTIFIER, _PUBLISHED_ON}
_OF_NAMES = {ox.NamedNode(SKOS + "prefLabel"): True, ox.NamedNode(SKOS + "altLabel"): False}
_ALL = frozenset({"texts", "names", "tally"})
"""What an index is made of, each in step with the store or stale."""
_AT_ONCE = 200
"""Commits of the store that are one of the file: together they cost less, and a crash leaves no more to do again."""


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
        self._touched: dict[tuple[object, object], None] = {}
        self._named: dict[bytes, Name | None] = {}
        self._waiting = 0
        self.sound = True
        if self._side.reason:
            self._stale = set(_ALL)
            try:
                self.settle()
            except sqlite3.DatabaseError:  # its pages are whole, what they say is not
                self._side.renew()
                self._stale = set(_ALL)
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
        rest = iter(quads)
        for quad in rest:
            predicate = quad.predicate
            self._stale.add("tally")
            if predicate in _OF_TEXTS:
                self._stale.add("texts")
            elif predicate in _OF_NAMES:
                self._stale.add("names")
            yield quad
            if len(self._stale) == len(_ALL):  # nothing more is to be learned; looking costs half a load
                yield from rest

    @contextmanager
    def anything(self) -> Iterator[None]:
        """Expect any change of the engine, which is to happen within; what differs is found by comparing when asked."""
        with self._failing():
            self._side.begin()
        self._stale |= _ALL
        yield

    def settle(self) -> None:
        """Bring in step what is not: put in what waits, compare the rest with the store."""
        if not (self._stale or self._touched or self._named):
            return
        self._side.begin()
        if "texts" in self._stale:
            self._compare_texts()
        if "names" in self._stale:
            self._compare_names()
        if "tally" in self._stale:
            self._counts = tally.counted(self._store).counts
            self._side.db.execute("DELETE FROM tally")
        self._put_texts(self._touched)
        self._put_names()
        self._touched, self._stale = {}, set()

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
                if self.changed:
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
        except (*DAMAGE, OSError) as error:
            self.sound = False
            with suppress(sqlite3.Error):
                self._side.rollback()
            self._told(f"{INDEX} is out of step ({error}); the next `wenmai build` repairs it")

    def _commit(self) -> None:
        self.settle()
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
        for quads, gone in ((went, True), (come, False)):
            for quad in quads:
                predicate = quad.predicate
                if predicate in _OF_NAMES:
                    named = _name(quad)
                    if named is not None:
                        self._named[named[0]] = None if gone else named[1]
                elif predicate in _OF_TEXTS:
                    self._touched[quad.graph_name, quad.subject] = None

    def _put_texts(self, articles: Iterable[tuple[object, object]]) -> None:
        """Bring the texts of some articles, each a graph and a subject, in step with the store."""
        db = self._side.db
        gone: list[tuple[int, bytes]] = []
        fresh: list[Text] = []
        for graph, subject in articles:
            if not isinstance(graph, ox.NamedNode) or not isinstance(subject, ox.NamedNode):
                continue
            wanted = {found.key: found for found in self._texts(graph, subject)}
            query = "SELECT first, key, identifier FROM text WHERE graph = ? AND subject = ?"
            for first, known, identifier in db.execute(query, (graph.value, subject.value)).fetchall():
                found = wanted.get(known)
                if found is None or not text.stands(first, found.block):
                    gone.append((first, known))
                    continue
                del wanted[known]
                if found.identifier != identifier:
                    db.execute("UPDATE text SET identifier = ? WHERE key = ?", (found.identifier, known))
            fresh += wanted.values()
        for _, known in sorted(gone):
            text.drop_text(db, known)
        for found in sorted(fresh, key=_order):
            text.put_text(db, found)

    def _put_names(self) -> None:
        """Put in and take out the names that wait."""
        db = self._side.db
        for known in sorted(known for known, name in self._named.items() if name is None):
            text.drop_name(db, known)
        fresh = [(known, name) for known, name in self._named.items() if name is not None]
        # FTS5 starts a new segment whenever a row's number is lower than the one before: by length they only grow.
        for known, name in sorted(fresh, key=lambda item: (len(folding.key(item[1].label)), item[1].label, item[0])):
            text.put_name(db, known, name)
        self._named = {}

    def _texts(self, graph: ox.NamedNode, subject: ox.NamedNode) -> list[Text]:
        """Return the texts of an article as the store has them."""
        bodies, identifiers, days = (
            sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))
            for quads in (self._store.match(subject, p, None, graph) for p in (_IS_STRING, _IDENTIFIER, _PUBLISHED_ON))
        )
        identifier, day = (*identifiers, "")[0], (*days, "")[0]
        return [Text(graph.value, subject.value, body, identifier, day) for body in dict.fromkeys(bodies)]

    def _compare_texts(self) -> None:
        """Bring all texts in step; those that are new are put in by day and identifier, as if they had come so."""
        db = self._side.db
        there: set[bytes] = set()
        articles: dict[tuple[str, str], None] = {}
        for quad in self._store.match(None, _IS_STRING, None, ANY):
            graph, subject, body = quad.graph_name, quad.subject, quad.object
            if isinstance(graph, ox.NamedNode) and isinstance(subject, ox.NamedNode) and isinstance(body, ox.Literal):
                there.add(text.digest(graph.value, subject.value, body.value))
                articles[graph.value, subject.value] = None
        for _, known in sorted(row for row in db.execute("SELECT first, key FROM text") if row[1] not in there):
            text.drop_text(db, known)
        order = []
        for graph_iri, subject_iri in articles:
            one = self._texts(ox.NamedNode(graph_iri), ox.NamedNode(subject_iri))[0]
            order.append((one.block, one.identifier, graph_iri, subject_iri))
        rest = ((ox.NamedNode(graph_iri), ox.NamedNode(subject_iri)) for *_, graph_iri, subject_iri in sorted(order))
        while some := list(islice(rest, _AT_ONCE)):
            self._put_texts(some)

    def _compare_names(self) -> None:
        """Let all names wait that the store and the index do not share."""
        named = (_name(quad) for p in _OF_NAMES for quad in self._store.match(None, p, None, DEFAULT))
        there = {pair[0]: pair[1] for pair in named if pair is not None}
        known = {row[0] for row in self._side.db.execute("SELECT key FROM name")}
        self._named = {made: name for made, name in there.items() if made not in known}
        self._named |= dict.fromkeys(known - there.keys())


def _order(found: Text) -> tuple[int, str, str, str]:
    return found.block, found.identifier, found.graph, found.subject


def _name(quad: ox.Quad) -> tuple[bytes, Name] | None:
    """Return the name that a quad of the default graph gives something, with its key."""
    subject, label = quad.subject, quad.object
    if quad.graph_name != DEFAULT or not isinstance(subject, ox.NamedNode) or not isinstance(label, ox.Literal):
        return None
    preferred = _OF_NAMES[quad.predicate]
    made = text.digest(subject.value, "p" if preferred else "a", str(label))
    return made, Name(subject.value, label.value, preferred)
