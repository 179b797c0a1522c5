"""What all articles together show of the ids they give, as look-ups: each costs what it gives.

The tables are those of `registry`, which fills them; here they are only read, as well while another process writes.
"""

from __future__ import annotations

import sqlite3

from wenmai.records import Link

_NEVER = "9999"
_LINKS = "SELECT id, own, target, score, reasons, taken FROM link JOIN article ON number = link.article"


class Known:
    """Answers from an open connection to a registry."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def bearers(self, kind: str, family: str, form: str) -> list[str]:
        """Return the ids that some article calls so (`kind` form), or whose full names make that short form (short)."""
        found = self._db.execute("SELECT b FROM tally WHERE kind = ? AND a = ? ORDER BY b", (kind, f"{family}\t{form}"))
        return [own for (own,) in found]

    def values(self, kind: str, own: str) -> dict[str, int]:
        """Return what articles show of an id (`class`, `year`, `near`, `post`), each with the number of articles."""
        return dict(self._db.execute("SELECT b, n FROM tally WHERE kind = ? AND a = ?", (kind, own)))

    def has(self, kind: str, a: str, b: str) -> bool:
        """Tell whether some article shows the row."""
        found = self._db.execute("SELECT 1 FROM tally WHERE kind = ? AND a = ? AND b = ?", (kind, a, b))
        return found.fetchone() is not None

    def origin(self, own: str) -> tuple[str, ...]:
        """Return what an id that an article gives is minted from; empty if none gives it."""
        return tuple(next(iter(self.values("origin", own)), "").split("\t"))

    def links(self, article: str) -> list[Link]:
        """Return how the entities of an article were linked, in order."""
        return [link for _, link in self._links((article,), "article.id = ?")]

    def links_of(self, target: str) -> list[tuple[str, Link]]:
        """Return (article's id, link) of all that was taken for an entity, or might be, in order."""
        return self._links((target,), "target = ?")

    def doubts(self, least: float) -> list[tuple[str, Link]]:
        """Return (article's id, link) of the candidates of this score or a higher one that were not taken, in order."""
        return self._links((least,), "NOT taken AND score >= ?")

    def _links(self, given: tuple[str | float, ...], where: str) -> list[tuple[str, Link]]:
        rows = self._db.execute(f"{_LINKS} WHERE {where} ORDER BY id, own, score DESC, target", given)
        return [
            (name, Link(own, target, score, tuple(reasons.split()), bool(taken)))
            for name, own, target, score, reasons, taken in rows
        ]

    def person(self, node: str) -> str:
        """Return the node that stands for the person of `node`: of all that are one, the one told of first."""
        return self._first_of(self._together(node))

    def homes(self, name: str) -> list[tuple[str, str]]:
        """Return (node, body's id) of the people of a name, in order."""
        found = self._db.execute("SELECT b FROM tally WHERE kind = 'home' AND a = ? ORDER BY b", (name,))
        return [(node, body) for (both,) in found for node, body in [both.split("\t")]]

    def _together(self, node: str) -> set[str]:
        found, waiting = {node}, [node]
        while waiting:
            beside = self._db.execute("SELECT b FROM tally WHERE kind = 'edge' AND a = ?", (waiting.pop(),))
            new = {other for (other,) in beside} - found
            found |= new
            waiting += new
        return found

    def _first_of(self, nodes: set[str]) -> str:
        return min(nodes, key=lambda node: (self._first_day(node), node))

    def _first_day(self, node: str) -> str:
        (day,) = self._db.execute("SELECT MIN(day) FROM person WHERE node = ?", (node,)).fetchone()
        return day or _NEVER
