"""What all articles together show of the ids they give: counted, so that an article can come, change and go.

A file beside the store (SQLite), or memory. Every row follows from the articles' readings: the registry of a store can
be made anew from them, and `put` and `drop` in any order leave the same rows. The cost of an article follows from what
it shows; what it changes for others is noted in `dirty`: the articles whose links have to be looked at again.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from wenmai.records import Link, Resolution
from wenmai.resolve import profile
from wenmai.resolve.known import Known
from wenmai.resolve.mint import mint
from wenmai.resolve.profile import Row

VERSION = "registry 1"
FILE = "registry.db"
"""The name of the file beside a store."""
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, shown BLOB NOT NULL);
CREATE TABLE tally (kind TEXT, a TEXT, b TEXT, n INTEGER NOT NULL, PRIMARY KEY (kind, a, b)) WITHOUT ROWID;
CREATE INDEX forms_of ON tally (b, kind, a) WHERE kind IN ('form', 'short');
CREATE TABLE waiting (article INTEGER, own TEXT, form TEXT, PRIMARY KEY (article, own)) WITHOUT ROWID;
CREATE INDEX waiting_form ON waiting (form, article);
CREATE TABLE link (article INTEGER, own TEXT, target TEXT, score REAL, reasons TEXT, taken INTEGER, open INTEGER,
    PRIMARY KEY (article, own, target)) WITHOUT ROWID;
CREATE INDEX link_target ON link (target, article);
CREATE TABLE person (article INTEGER, own TEXT, node TEXT, name TEXT, body TEXT, day TEXT,
    PRIMARY KEY (article, own, node)) WITHOUT ROWID;
CREATE INDEX person_node ON person (node, day, article);
CREATE INDEX person_name ON person (name, node);
CREATE TABLE dirty (article INTEGER PRIMARY KEY);
"""
_DEEP = 4  # steps down from a form to the short forms of what bears it


class Registry(Known):
    """The registry at `path`, or in memory. Use it in one thread; `save` keeps what was done since, `undo` forgets it.

    A file that is damaged or of another version is begun anew: compare `digests` with the store's.
    """

    def __init__(self, path: Path | None = None) -> None:
        try:
            super().__init__(_opened(path))
        except sqlite3.DatabaseError:
            if path is None:
                raise
            for ending in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            super().__init__(_opened(path))

    def save(self) -> None:
        """Keep what was done since the last `save`."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def undo(self) -> None:
        """Forget what was done since the last `save`."""
        self._db.execute("ROLLBACK")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Forget what was not saved and close the file, which is then one file that anybody may read."""
        self._db.execute("ROLLBACK")
        with suppress(sqlite3.OperationalError):  # somebody reads it
            self._db.execute("PRAGMA journal_mode = DELETE").fetchall()
        self._db.close()

    def begin(self, run: str) -> bool:
        """Note that the registry is at work in `run` (one run of the machine); tell if another run was cut off.

        A process that is killed leaves what it wrote with the system; a power cut may take the last changes of the
        store and not those noted here.
        """
        before = self._db.execute("SELECT value FROM meta WHERE key = 'run'").fetchone()
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('run', ?)", (run,))
        self.save()
        return before is not None and before != (run,)

    def end(self) -> None:
        """Note that all is on the disk, here and in the store."""
        self._db.execute("DELETE FROM meta WHERE key = 'run'")
        self.save()

    def digests(self) -> dict[str, str]:
        """Return the ids of the articles counted, each with the digest of the reading that was counted."""
        return dict(self._db.execute("SELECT id, digest FROM article"))

    def put(self, resolution: Resolution, digest: str) -> None:
        """Count an article in place of what was counted of it before."""
        shown = profile.rows(resolution)
        number, before = self._article(resolution.article.id)
        blob = zlib.compress(json.dumps(sorted(shown), ensure_ascii=False).encode(), 1)
        if number is None:
            statement = "INSERT INTO article (id, digest, shown) VALUES (?, ?, ?) RETURNING number"
            (number,) = self._db.execute(statement, (resolution.article.id, digest, blob)).fetchone()
        else:
            self._db.execute("UPDATE article SET digest = ?, shown = ? WHERE number = ?", (digest, blob, number))
        self._count(number, before, shown)
        waiting = {
            (number, entity.id, "\t".join(form)) for entity in resolution.entities if (form := profile.waits(entity))
        }
        self._db.execute("DELETE FROM waiting WHERE article = ?", (number,))
        self._db.executemany("INSERT INTO waiting VALUES (?, ?, ?)", sorted(waiting))

    def drop(self, article: str) -> None:
        """Take back all that was counted of an article; nothing happens if it was not counted."""
        number, before = self._article(article)
        if number is None:
            return
        self._count(number, before, set())
        self.people(article, ())
        for table, column in (("waiting", "article"), ("link", "article"), ("dirty", "article"), ("article", "number")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))  # noqa: S608 - names from above

    def dirty(self) -> list[str]:
        """Return the articles whose links may have changed by what others show, in order of id."""
        return [
            name
            for (name,) in self._db.execute("SELECT id FROM dirty JOIN article ON number = dirty.article ORDER BY id")
        ]

    def mark(self, articles: Iterable[str]) -> None:
        """Note articles whose links have to be looked at."""
        self._db.executemany(
            "INSERT OR IGNORE INTO dirty SELECT number FROM article WHERE id = ?", ((name,) for name in articles)
        )

    def settled(self, article: str) -> None:
        """Note that an article's links were looked at."""
        self._db.execute("DELETE FROM dirty WHERE article = (SELECT number FROM article WHERE id = ?)", (article,))

    def note_links(self, article: str, links: Iterable[Link], open_: Iterable[str]) -> None:
        """Keep how the entities of an article were linked; `open_` are ids whose link hangs on more than names."""
        number = self._number(article)
        undecided = set(open_)
        self._db.execute("DELETE FROM link WHERE article = ?", (number,))
        self._db.executemany(
            "INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (number, link.own, link.target, link.score, " ".join(link.reasons), link.taken, link.own in undecided)
                for link in links
            ),
        )

    # ---- people ----

    def people(self, article: str, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
        """Count the people of an article: (own id, node, name's key, body's id, day), a node for each body.

        Two nodes of one person in one article are one person in all. A person of no body has the empty node.
        """
        number = self._number(article)
        old = set(self._db.execute("SELECT own, node, name, body, day FROM person WHERE article = ?", (number,)))
        new = set(rows)
        if old == new:
            return
        touched = sorted({row[1] for row in old ^ new} - {""})
        before = self._whole(touched)
        self._db.execute("DELETE FROM person WHERE article = ?", (number,))
        self._db.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)", ((number, *row) for row in sorted(new)))
        self._change(self._edges(old), -1)
        self._change(self._edges(new), 1)
        homes = {("home", row[2], f"{row[1]}\t{row[3]}") for row in old if row[3]}
        now = {("home", row[2], f"{row[1]}\t{row[3]}") for row in new if row[3]}
        moved = self._change(homes - now, -1) | self._change(now - homes, 1)
        after = self._whole([*touched, *before])
        changed = {node for node in before.keys() | after.keys() if before.get(node) != after.get(node)}
        self._mark_nodes(changed)
        # Whoever is named without a body may be one of them.
        names = {row[1] for row in moved} | ({row[2] for row in old | new} if changed else set())
        statement = "INSERT OR IGNORE INTO dirty SELECT article FROM person WHERE name = ? AND node = ''"
        self._db.executemany(statement, ((name,) for name in sorted(names)))
        self._db.execute("DELETE FROM dirty WHERE article = ?", (number,))

    def _whole(self, nodes: Iterable[str]) -> dict[str, str]:
        """Return the nodes that are one with any of `nodes`, each with the one that stands for it."""
        found: dict[str, str] = {}
        for node in nodes:
            if node not in found:
                together = self._together(node)
                found |= dict.fromkeys(together, self._first_of(together))
        return found

    @staticmethod
    def _edges(rows: set[tuple[str, str, str, str, str]]) -> set[Row]:
        nodes: dict[str, list[str]] = {}
        for own, node, *_ in sorted(rows):
            if node:
                nodes.setdefault(own, []).append(node)
        pairs = ((group[0], other) for group in nodes.values() for other in group[1:])
        return {("edge", *pair) for one, other in pairs for pair in ((one, other), (other, one))}

    def _mark_nodes(self, nodes: Iterable[str]) -> None:
        statement = "INSERT OR IGNORE INTO dirty SELECT article FROM person WHERE node = ?"
        self._db.executemany(statement, ((node,) for node in sorted(nodes)))

    # ---- counting ----

    def _number(self, name: str) -> int | None:
        found = self._db.execute("SELECT number FROM article WHERE id = ?", (name,)).fetchone()
        return found[0] if found else None

    def _article(self, name: str) -> tuple[int | None, set[Row]]:
        found = self._db.execute("SELECT number, shown FROM article WHERE id = ?", (name,)).fetchone()
        if found is None:
            return None, set()
        return found[0], {(kind, a, b) for kind, a, b in json.loads(zlib.decompress(found[1]))}

    def _count(self, number: int, before: set[Row], shown: set[Row]) -> None:
        changed = self._change(before - shown, -1) | self._change(shown - before, 1)
        for row in sorted(changed):
            self._mark(row)
        self._db.execute("DELETE FROM dirty WHERE article = ?", (number,))

    def _change(self, rows: Iterable[Row], by: int) -> set[Row]:
        """Add `by` (1 or -1) to the counts of `rows`; return those that came to be or went."""
        found = set()
        for row in rows:
            if by > 0:
                statement = "INSERT INTO tally VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n"
                (n,) = self._db.execute(statement, row).fetchone()
                if n == 1:
                    found.add(row)
                continue
            statement = "UPDATE tally SET n = n - 1 WHERE kind = ? AND a = ? AND b = ? RETURNING n"
            if self._db.execute(statement, row).fetchone() == (0,):
                self._db.execute("DELETE FROM tally WHERE kind = ? AND a = ? AND b = ?", row)
                found.add(row)
        return found

    def _mark(self, row: Row) -> None:
        """Note the articles whose links hang on a row that came or went."""
        kind, a, _ = row
        if kind in ("form", "short"):
            self._mark_below(a, _DEEP)
        elif kind in ("class", "bar"):
            for form in self._forms(a):
                self._mark_below(form, _DEEP)
        elif kind in ("year", "near", "post"):
            # These tell only where names do not.
            statement = "INSERT OR IGNORE INTO dirty SELECT article FROM link WHERE target = ? AND open"
            self._db.execute(statement, (a,))

    def _forms(self, own: str) -> list[str]:
        found = self._db.execute(
            "SELECT DISTINCT a FROM tally WHERE b = ? AND kind IN ('form', 'short') ORDER BY a", (own,)
        )
        return [form for (form,) in found]

    def _mark_below(self, form: str, deep: int) -> None:
        """Note the articles that call something `form` alone, and those of the short forms of what is called so."""
        self._db.execute("INSERT OR IGNORE INTO dirty SELECT article FROM waiting WHERE form = ?", (form,))
        if deep:
            for below in self._forms(mint(*form.split("\t"))):
                if below != form:
                    self._mark_below(below, deep - 1)


def _opened(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
            db.executescript(f"BEGIN; {_SCHEMA}")
            db.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
            db.execute("COMMIT")
        if db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() != (VERSION,):
            raise sqlite3.DatabaseError("another version")
        db.execute("BEGIN")
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db
