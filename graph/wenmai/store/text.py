"""The texts and the names of a store as tables of its sidecar: kept, taken out, found.

A text is one `nif:isString` of an article's graph. Its sentences have consecutive numbers from `first` on, and numbers
grow from the newest day to the oldest, within a day as articles come: FTS5 gives rows by number, so that the newest
come first without a sort. Names are numbered by length in the same way. The text itself is kept, packed, because a row
of a contentless FTS5 table is only taken out by giving again what was put in. Segments are merged by sixteen: that
takes two thirds of the time that FTS5's four take, and a search looks at a few more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeVar

from wenmai.folding import fold, key
from wenmai.store import initials
from wenmai.store.grams import either, pairs, phrase, sentences

SCHEMA = """
CREATE TABLE text (first INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, graph TEXT NOT NULL, subject TEXT NOT NULL,
  identifier TEXT NOT NULL, spans BLOB NOT NULL, body BLOB NOT NULL);
CREATE INDEX text_of ON text (graph, subject);
CREATE VIRTUAL TABLE sentence USING fts5 (pairs, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO sentence (sentence, rank) VALUES ('automerge', 16), ('crisismerge', 40);
CREATE TABLE name (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, entity TEXT NOT NULL, label TEXT NOT NULL,
  preferred INTEGER NOT NULL, initials TEXT NOT NULL);
CREATE VIRTUAL TABLE naming USING fts5 (pairs, content = '', tokenize = 'ascii');
CREATE VIRTUAL TABLE initial USING fts5 (pairs, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
"""

_A_DAY = 26
"""Bits for the sentences of one day, 67 million; further ones count as undated."""
_UNDATED = dt.date.max.toordinal()
_A_LENGTH = 40
_LONGEST = 4000
_SORTED = 1000
"""Hits of one day, and names of one length, that are put in order; more come as they came into the store."""
_SORTED_INITIALS = 200
"""The same of names by initials, of which two letters have many."""
_INT = "I"
_TEXT_OF = "SELECT first, key, graph, subject, identifier, spans FROM text WHERE first <= ? ORDER BY first DESC LIMIT 1"

Row = TypeVar("Row")
_Row = tuple[int, str, str, int, str]
"""Of a name: its number, what bears it, as printed, whether it is preferred, its initials."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text to be found: the quad (subject, nif:isString, body, graph), the article's identifier and day."""

    graph: str
    subject: str
    body: str
    identifier: str = ""
    day: str = ""

    @property
    def key(self) -> bytes:
        """What tells this text from all others: the same for the same quad."""
        return digest(self.graph, self.subject, self.body)

    @property
    def block(self) -> int:
        """Which block of numbers its sentences are in: the newest day first, undated texts last."""
        with suppress(ValueError):
            return _UNDATED - dt.date.fromisoformat(self.day).toordinal()
        return _UNDATED


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence found: where it stands in the text with this `key`, in code points."""

    key: bytes
    graph: str
    subject: str
    identifier: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name found, as printed: what bears it, and whether it is preferred."""

    entity: str
    label: str
    preferred: bool


def digest(*parts: str) -> bytes:
    """Return 16 bytes that tell these strings from others."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def put_text(db: sqlite3.Connection, text: Text) -> None:
    """Index a text that is not there yet."""
    spans = list(sentences(text.body))
    first = _free(db, "text", "first", "max(1, length(spans) / 8)", text.block << _A_DAY, _A_DAY)
    if first + len(spans) > (text.block + 1) << _A_DAY:
        first = _free(db, "text", "first", "max(1, length(spans) / 8)", _UNDATED << _A_DAY, 62 - _A_DAY)
    folded = ((number, fold(text.body[begin:end])) for number, (begin, end) in enumerate(spans, first))
    db.executemany("INSERT INTO sentence (rowid, pairs) VALUES (?, ?)", ((number, pairs(f)) for number, f in folded))
    packed = array(_INT, [at for span in spans for at in span]).tobytes()
    body = zlib.compress(text.body.encode(), 1)
    values = (first, text.key, text.graph, text.subject, text.identifier, packed, body)
    db.execute("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def stands(first: int, block: int) -> bool:
    """Tell whether a text whose sentences have numbers from `first` on is in its block."""
    return min(first >> _A_DAY, _UNDATED) == block


def drop_text(db: sqlite3.Connection, known: bytes) -> None:
    """Take a text out of the index by its key, if it is there."""
    row = db.execute("SELECT first, spans, body FROM text WHERE key = ?", (known,)).fetchone()
    if row is None:
        return
    first, body = row[0], _unpacked(row[2])
    folded = ((number, fold(body[begin:end])) for number, (begin, end) in enumerate(_spans(row[1]), first))
    gone = (("delete", number, pairs(f)) for number, f in folded)
    db.executemany("INSERT INTO sentence (sentence, rowid, pairs) VALUES (?, ?, ?)", gone)
    db.execute("DELETE FROM text WHERE first = ?", (first,))


def put_name(db: sqlite3.Connection, known: bytes, name: Name) -> None:
    """Index a name under its key, if it is not there yet."""
    folded = key(name.label)
    number = _free(db, "name", "id", "1", min(len(folded), _LONGEST) << _A_LENGTH, _A_LENGTH)
    letters = initials.of(name.label)
    values = (number, known, name.entity, name.label, name.preferred, letters)
    if db.execute("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?, ?, ?)", values).rowcount:
        db.execute("INSERT INTO naming (rowid, pairs) VALUES (?, ?)", (number, pairs(folded)))
        if letters:
            db.execute("INSERT INTO initial (rowid, pairs) VALUES (?, ?)", (number, initials.pairs(letters)))


def drop_name(db: sqlite3.Connection, known: bytes) -> None:
    """Take a name out of the index by its key, if it is there."""
    row = db.execute("SELECT id, label, initials FROM name WHERE key = ?", (known,)).fetchone()
    if row is not None:
        values = ("delete", row[0], pairs(key(row[1])))
        db.execute("INSERT INTO naming (naming, rowid, pairs) VALUES (?, ?, ?)", values)
        if row[2]:
            values = ("delete", row[0], initials.pairs(row[2]))
            db.execute("INSERT INTO initial (initial, rowid, pairs) VALUES (?, ?, ?)", values)
        db.execute("DELETE FROM name WHERE id = ?", (row[0],))


def find_sentences(db: sqlite3.Connection, words: Iterable[str]) -> Iterator[Passage]:
    """Yield the sentences that hold all folded `words` (none is empty), the newest first, read as they are asked for.

    Within a day they are in order of the articles' identifiers. A few may not hold the words after all: compare.
    """
    query = " AND ".join(phrase(word) for word in words)
    rows = db.execute("SELECT rowid FROM sentence WHERE sentence MATCH ? ORDER BY rowid", (query,))
    for _, day in groupby((row[0] for row in rows), key=lambda number: number >> _A_DAY):
        yield from _by_parts(_passages(db, day), lambda p: (p.identifier, p.subject, p.begin, p.end, p.key))


def find_names(db: sqlite3.Connection, word: str) -> Iterator[Name]:
    """Yield the names that hold a folded word: those that are it, that begin with it, the others; short before long."""
    return _the_best_first(lambda begins, ends: _names(db, "naming", phrase(word, begins=begins, ends=ends)))


def find_initials(db: sqlite3.Connection, word: str) -> Iterator[Name]:
    """Yield the names whose pinyin initials hold `word`, as `initials.typed` gave it, in the order of `find_names`."""

    def found(begins: bool, ends: bool) -> Iterator[_Row]:
        rows = _names(db, "initial", initials.query(word, begins=begins, ends=ends))
        return (row for row in rows if initials.fits(row[4], word, begins=begins, ends=ends))

    return _the_best_first(found, _SORTED_INITIALS)


def _the_best_first(found: Callable[[bool, bool], Iterator[_Row]], size: int = _SORTED) -> Iterator[Name]:
    """Yield each name once: `found` tells which are just that, which begin so, and which hold it."""
    seen: set[int] = set()
    for begins, ends in ((True, True), (True, False), (False, False)):
        for _, alike in groupby(found(begins, ends), key=lambda row: row[0] >> _A_LENGTH):
            fresh = (row for row in alike if row[0] not in seen)
            for row in _by_parts(fresh, lambda row: (row[2], row[1], not row[3]), size):
                seen.add(row[0])
                yield Name(row[1], row[2], bool(row[3]))


def find_similar(db: sqlite3.Connection, word: str, limit: int) -> list[Name]:
    """Return up to `limit` names that share pairs of characters with a folded word, the likest first."""
    query = either(word)
    if not query:
        return list(islice(find_names(db, word), limit))
    text = (
        "SELECT name.entity, name.label, name.preferred FROM naming JOIN name ON name.id = naming.rowid "
        "WHERE naming MATCH ? ORDER BY naming.rank, name.id LIMIT ?"
    )
    return [Name(entity, label, bool(preferred)) for entity, label, preferred in db.execute(text, (query, limit))]


def _names(db: sqlite3.Connection, table: str, query: str) -> Iterator[_Row]:
    # CROSS JOIN keeps SQLite from turning the two around: rows come by number, as they are asked for, without a sort.
    text = (
        f"SELECT name.id, entity, label, preferred, initials FROM {table} CROSS JOIN name ON name.id = {table}.rowid "  # noqa: S608 - a name from above
        f"WHERE {table} MATCH ? ORDER BY {table}.rowid"
    )
    for row in db.execute(text, (query,)):
        if not all(isinstance(row[n], str) for n in (1, 2, 4)):
            raise sqlite3.DatabaseError("the row of a name is damaged")
        yield row


def _passages(db: sqlite3.Connection, numbers: Iterable[int]) -> Iterator[Passage]:
    row: tuple[Any, ...] | None = None
    spans: Sequence[tuple[int, int]] = ()
    for number in numbers:
        if row is None or not row[0] <= number < row[0] + len(spans):
            row = db.execute(_TEXT_OF, (number,)).fetchone()
            if row is not None and not all(isinstance(each, str) for each in row[2:5]):
                raise sqlite3.DatabaseError("the row of a text is damaged")
            spans = _spans(row[5]) if row is not None else ()
        if row is not None and number - row[0] < len(spans):
            yield Passage(*row[1:5], *spans[number - row[0]])


def _by_parts(rows: Iterable[Row], order: Any, size: int = _SORTED) -> Iterator[Row]:
    """Yield `rows` in order, the first `size` of them, then the next as many."""
    rest = iter(rows)
    while part := sorted(islice(rest, size), key=order):
        yield from part


def _spans(packed: bytes) -> list[tuple[int, int]]:
    flat = array(_INT)
    try:
        flat.frombytes(packed)
        return list(zip(flat[::2], flat[1::2], strict=True))
    except (TypeError, ValueError) as error:
        raise sqlite3.DatabaseError(f"offsets are damaged: {error}") from error


def _unpacked(packed: bytes) -> str:
    try:
        return zlib.decompress(packed).decode()
    except (zlib.error, TypeError, ValueError) as error:
        raise sqlite3.DatabaseError(f"a text is damaged: {error}") from error


def _free(db: sqlite3.Connection, table: str, column: str, size: str, lowest: int, bits: int) -> int:
    """Return the number behind the last that `table` uses of the 2**bits from `lowest` on."""
    text = f"SELECT {column} + {size} FROM {table} WHERE {column} >= ? AND {column} < ? ORDER BY {column} DESC LIMIT 1"  # noqa: S608 - names from above
    row = db.execute(text, (lowest, lowest + (1 << bits))).fetchone()
    return row[0] if row is not None else lowest
